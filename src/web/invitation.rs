//! `/invitation/{link}`: an account for somebody whom an operator invited. Opening it by GET changes
//! nothing (`security.md` R70).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload, ServiceConfig, get, post, resource, route};
use actix_web::{HttpRequest, HttpResponse};

use super::setup::{first_ways, made, way_error};
use super::shell::shell;
use super::{Site, cookies, errors, reference, request};
use crate::app::invitations::{self, Accepted, InvitationForm, InvitationRefusal, Offer, Shown};
use crate::app::outcome::Stop;
use crate::app::passwords::MIN_OF_ONLY_FACTOR;
use crate::pages::{FirstPasskeyView, InvitationPage, SetupError, SignUpGonePage};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(
        resource("/invitation/{link}")
            .route(get().to(show))
            .route(post().to(accept))
            .default_service(route().to(errors::method_not_allowed)),
    );
}

async fn show(http: HttpRequest, link: Path<String>, site: Data<Site>) -> HttpResponse {
    let sent = cookies::read(&http, &site);
    match invitations::show(&site.issuer, &link, &sent).await {
        Ok(Shown::Offer(offer)) => page(&http, &site, *offer, String::new(), None),
        Ok(Shown::Gone) => gone(&http, &site),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

async fn accept(
    http: HttpRequest,
    link: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    if !request::is_from_own_page(&http, site.issuer.url()) {
        return errors::stop(&http, &site, Stop::Forged);
    }
    let form = match request::form(&http, payload).await {
        Ok(form) => form,
        Err(unreadable) => return errors::refused(&http, unreadable.status()),
    };
    let text = |name| form.one(name).ok().flatten().unwrap_or_default().to_owned();
    let name = text("name");
    let typed = InvitationForm { csrf: text("csrf"), name: name.clone(), ways: first_ways(&form) };
    let (sent, caller) = (cookies::read(&http, &site), reference::caller(&http, &site));
    match invitations::accept(&site.issuer, &link, &sent, typed, caller).await {
        Ok(Accepted::Account(changes, codes)) => made(&http, &site, changes, &codes),
        Ok(Accepted::Refused(refusal, offer)) => {
            page(&http, &site, *offer, name.chars().take(255).collect(), Some(refusal))
        }
        Ok(Accepted::Gone) => gone(&http, &site),
        Ok(Accepted::Forged) => errors::stop(&http, &site, Stop::Forged),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

fn page(
    http: &HttpRequest,
    site: &Site,
    offer: Offer,
    typed: String,
    refusal: Option<InvitationRefusal>,
) -> HttpResponse {
    let error = refusal.map(|refusal| match refusal {
        InvitationRefusal::Name => SetupError::Name,
        InvitationRefusal::Taken => SetupError::Taken,
        InvitationRefusal::Way(refusal) => way_error(refusal),
    });
    let (status, wait) = match error {
        None => (StatusCode::OK, None),
        Some(SetupError::Busy(wait)) => (StatusCode::TOO_MANY_REQUESTS, Some(wait)),
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, None),
    };
    let form = offer.form;
    let subject = form.subject;
    let view = InvitationPage {
        shell: shell(http, Some(site), None),
        action: http.path().to_owned(),
        csrf: form.csrf,
        email: offer.email,
        username: offer.username,
        is_name_fixed: offer.name.is_some(),
        name: offer.name.unwrap_or(typed),
        passkey: form.ask.map(|ask| FirstPasskeyView {
            options: ask.options,
            ticket: ask.ticket,
            subject,
        }),
        min_length: MIN_OF_ONLY_FACTOR,
        error,
    };
    let mut response = errors::page(http, status, &view);
    if let Some(wait) = wait {
        errors::set_retry_after(&mut response, wait);
    }
    cookies::apply(response, form.cookies, site)
}

fn gone(http: &HttpRequest, site: &Site) -> HttpResponse {
    let page = SignUpGonePage { shell: shell(http, Some(site), None), is_invitation: true };
    errors::page(http, StatusCode::NOT_FOUND, &page)
}
