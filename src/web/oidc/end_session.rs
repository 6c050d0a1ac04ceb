use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::shell::shell;
use super::super::{HandOff, Site, answer, cookies, errors, login, request};
use crate::app::outcome::Stop;
use crate::app::sign_out::{self, AskView, Onward, SignOut};
use crate::pages::{SignOutPage, SignedOutPage};
use crate::protocol::Parameters;

/// RP-Initiated Logout §2 asks for GET and POST.
pub(super) async fn get(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    match request::query(&http) {
        Ok(params) => serve(&http, &site, &params, false).await,
        Err(unreadable) => errors::refused(&http, unreadable.status()),
    }
}

/// From an app, or from our own question.
pub(super) async fn post(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    match request::form(&http, payload).await {
        Ok(params) => serve(&http, &site, &params, true).await,
        Err(unreadable) => errors::refused(&http, unreadable.status()),
    }
}

async fn serve(
    http: &HttpRequest,
    site: &Site,
    params: &Parameters,
    is_post: bool,
) -> HttpResponse {
    let sent = cookies::read(http, site);
    let (decision, changes) =
        match sign_out::end_session(&site.issuer, params, is_post, &sent).await {
            Ok(done) => done,
            Err(fault) => return errors::fault(http, site, &fault),
        };
    let response = match decision {
        SignOut::Ask(view) => ask(http, site, *view),
        SignOut::Done(onward) => done(http, site, onward),
        SignOut::Forged => errors::stop(http, site, Stop::Forged),
        SignOut::Refused(_) => errors::refused(http, StatusCode::BAD_REQUEST),
    };
    cookies::apply(response, changes, site)
}

fn ask(http: &HttpRequest, site: &Site, view: AskView) -> HttpResponse {
    let hidden = view.hidden.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let page = SignOutPage {
        shell: shell(http, Some(site), None),
        action: "/end_session".to_owned(),
        csrf: view.csrf,
        accounts: view.accounts.into_iter().map(login::account_view).collect(),
        app_name: view.app_name,
        apps_told: Vec::new(),
        hidden,
    };
    errors::page(http, StatusCode::OK, &page)
}

fn done(http: &HttpRequest, site: &Site, onward: Option<Onward>) -> HttpResponse {
    match onward {
        Some(onward) if onward.is_after_form && site.hand_off == HandOff::Page => {
            let to = Some((Some(onward.app_name), onward.url.clone()));
            let page = SignedOutPage { shell: shell(http, Some(site), None), continue_to: to };
            let mut response = errors::page(http, StatusCode::OK, &page);
            answer::set_refresh(&mut response, &onward.url);
            response
        }
        Some(onward) => answer::see_other(&onward.url),
        None => {
            let page = SignedOutPage { shell: shell(http, Some(site), None), continue_to: None };
            errors::page(http, StatusCode::OK, &page)
        }
    }
}
