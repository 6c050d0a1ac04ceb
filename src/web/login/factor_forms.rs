use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, answer, cookies, reference};
use super::forms::{after_post, csrf, read, with_language};
use crate::app::enrolment;
use crate::app::factors::Way;
use crate::app::second_factor::{self, CodeForm};
use crate::base::Secret;
use crate::protocol::Parameters;

/// The ways to show a second factor, to choose from.
pub(super) async fn show_ways(
    http: HttpRequest,
    id: Path<String>,
    site: Data<Site>,
) -> HttpResponse {
    let sent = cookies::read(&http, &site);
    let result = second_factor::show_ways(&site.issuer, &id, &sent).await;
    with_language(&http, &site, answer::reply(&http, &site, result))
}

pub(super) async fn show_totp(
    http: HttpRequest,
    id: Path<String>,
    site: Data<Site>,
) -> HttpResponse {
    show_way(http, id, site, Way::Totp).await
}

pub(super) async fn show_recovery(
    http: HttpRequest,
    id: Path<String>,
    site: Data<Site>,
) -> HttpResponse {
    show_way(http, id, site, Way::RecoveryCode).await
}

pub(super) async fn show_passkey(
    http: HttpRequest,
    id: Path<String>,
    site: Data<Site>,
) -> HttpResponse {
    show_way(http, id, site, Way::Passkey).await
}

async fn show_way(http: HttpRequest, id: Path<String>, site: Data<Site>, way: Way) -> HttpResponse {
    let sent = cookies::read(&http, &site);
    let result = second_factor::show_way(&site.issuer, &id, &sent, way).await;
    with_language(&http, &site, answer::reply(&http, &site, result))
}

pub(super) async fn totp(
    http: HttpRequest,
    id: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    submit(http, id, payload, site, Way::Totp).await
}

pub(super) async fn recovery(
    http: HttpRequest,
    id: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    submit(http, id, payload, site, Way::RecoveryCode).await
}

async fn submit(
    http: HttpRequest,
    id: Path<String>,
    payload: Payload,
    site: Data<Site>,
    way: Way,
) -> HttpResponse {
    let form = match read(&http, payload, &site).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let caller = reference::caller(&http, &site);
    let sent = cookies::read(&http, &site);
    let typed = code_form(&form);
    let result = second_factor::submit(&site.issuer, &id, &sent, typed, way, caller).await;
    after_post(&http, &site, &id, result)
}

/// Confirms an authenticator app that is being set up.
pub(super) async fn set_up_totp(
    http: HttpRequest,
    id: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    let form = match read(&http, payload, &site).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let sent = cookies::read(&http, &site);
    let caller = reference::caller(&http, &site);
    let result = enrolment::set_up_totp(&site.issuer, &id, &sent, code_form(&form), caller).await;
    after_post(&http, &site, &id, result)
}

fn code_form(form: &Parameters) -> CodeForm {
    let code = form.one("code").ok().flatten().unwrap_or_default().to_owned();
    let trusts_device = form.one("trust").ok().flatten().is_some();
    CodeForm { code: Secret::new(code), trusts_device, csrf: csrf(form).to_owned() }
}
