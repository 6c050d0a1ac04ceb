use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::shell::shell;
use super::super::{
    HandOff, Site, answer, cookies, errors, login, reference, request, security_headers,
};
use crate::app::outcome::Stop;
use crate::app::sign_out::{self, AskView, Done, SignOut};
use crate::pages::{SignOutPage, SignedOutPage};
use crate::protocol::Parameters;

/// How long the frames of a signed-out page have before the browser moves on.
const FRAMES_WITHIN: Duration = Duration::from_secs(2);

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
        Ok(params) if params.one("csrf") != Ok(None) && !is_own(&http, &site) => {
            errors::stop(&http, &site, Stop::Forged)
        }
        Ok(params) => serve(&http, &site, &params, true).await,
        Err(unreadable) => errors::refused(&http, unreadable.status()),
    }
}

fn is_own(http: &HttpRequest, site: &Site) -> bool {
    request::is_from_own_page(http, site.issuer.url())
}

async fn serve(
    http: &HttpRequest,
    site: &Site,
    params: &Parameters,
    is_post: bool,
) -> HttpResponse {
    let sent = cookies::read(http, site);
    let caller = reference::caller(http, site);
    let (decision, changes) =
        match sign_out::end_session(&site.issuer, params, is_post, &sent, caller).await {
            Ok(done) => done,
            Err(fault) => return errors::fault(http, site, &fault),
        };
    let response = match decision {
        SignOut::Ask(view) => ask(http, site, *view),
        SignOut::Done(end) => done(http, site, end),
        SignOut::ByGet(path) => answer::see_other(&path),
        SignOut::Forged => errors::stop(http, site, Stop::Forged),
        SignOut::Refused(_) => errors::refused(http, StatusCode::BAD_REQUEST),
    };
    cookies::apply(response, changes, site)
}

fn ask(http: &HttpRequest, site: &Site, view: AskView) -> HttpResponse {
    let hidden = view.hidden.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let page = SignOutPage {
        shell: shell(http, Some(site), view.languages.as_deref()),
        action: "/end_session".to_owned(),
        csrf: view.csrf,
        accounts: view.accounts.into_iter().map(login::account_view).collect(),
        app_name: view.app_name,
        apps_told: view.apps_told,
        hidden,
    };
    errors::page(http, StatusCode::OK, &page)
}

/// The signed-out page, unless the app may have its person back at once. With frames the browser
/// waits for them a little; without, it goes on by itself as after every form of ours.
fn done(http: &HttpRequest, site: &Site, done: Done) -> HttpResponse {
    let moves_on = done.onward.as_ref().filter(|onward| !onward.needs_click);
    if let Some(onward) = moves_on {
        let needs_page = onward.is_after_form || !done.frames.is_empty();
        if !needs_page || site.hand_off == HandOff::Redirect {
            return answer::see_other(&onward.url);
        }
    }
    let refresh = moves_on.map(|onward| onward.url.clone());
    let page = SignedOutPage {
        shell: shell(http, Some(site), done.ui_locales.as_deref()),
        apps_told: done.apps_told,
        frames: done.frames.iter().map(|frame| frame.url.clone()).collect(),
        continue_to: done.onward.map(|onward| (Some(onward.app_name), onward.url)),
    };
    let mut response = errors::page(http, StatusCode::OK, &page);
    if let Some(url) = refresh {
        let wait = if done.frames.is_empty() { Duration::ZERO } else { FRAMES_WITHIN };
        answer::set_refresh(&mut response, &url, wait);
    }
    let origins = done.frames.into_iter().map(|frame| frame.origin);
    if let Ok(policy) = HeaderValue::from_str(&security_headers::with_frames(origins)) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
