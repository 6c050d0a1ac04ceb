use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, cookies, reference};
use super::forms::{after_post, csrf, read};
use crate::app::interaction::{self, EnrolForm};
use crate::app::passkey_sign_in::{self, PasskeyForm};
use crate::app::{enrolment, second_factor};
use crate::base::Secret;
use crate::protocol::Parameters;

fn text(form: &Parameters, name: &'static str) -> String {
    form.one(name).ok().flatten().unwrap_or_default().to_owned()
}

fn answered(form: &Parameters) -> PasskeyForm {
    PasskeyForm {
        ticket: text(form, "ticket"),
        answer: Secret::new(text(form, "answer")),
        is_remembered: form.one("remember").ok().flatten() == Some("1"),
        trusts_device: form.one("trust").ok().flatten().is_some(),
        csrf: csrf(form).to_owned(),
    }
}

fn made(form: &Parameters) -> EnrolForm {
    EnrolForm {
        ticket: text(form, "ticket"),
        answer: text(form, "answer"),
        name: text(form, "name"),
    }
}

pub(super) async fn sign_in(
    http: HttpRequest,
    id: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    let form = match read(&http, payload, &site).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let caller = reference::caller(&http, &site);
    let sent = cookies::read(&http, &site);
    let answer = answered(&form);
    let result = passkey_sign_in::sign_in(&site.issuer, &id, &sent, answer, caller).await;
    after_post(&http, &site, &id, result)
}

/// A passkey after the password.
pub(super) async fn confirm(
    http: HttpRequest,
    id: Path<String>,
    payload: Payload,
    site: Data<Site>,
) -> HttpResponse {
    let form = match read(&http, payload, &site).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let caller = reference::caller(&http, &site);
    let sent = cookies::read(&http, &site);
    let answer = answered(&form);
    let result = second_factor::submit_passkey(&site.issuer, &id, &sent, answer, caller).await;
    after_post(&http, &site, &id, result)
}

/// A new passkey of a person who must have a second factor.
pub(super) async fn set_up(
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
    let (csrf, caller) = (csrf(&form), reference::caller(&http, &site));
    let made = made(&form);
    let result = enrolment::set_up_passkey(&site.issuer, &id, &sent, csrf, made, caller).await;
    after_post(&http, &site, &id, result)
}

pub(super) async fn enrol(
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
    let (csrf, caller) = (csrf(&form), reference::caller(&http, &site));
    let made = made(&form);
    let result = interaction::enrol_passkey(&site.issuer, &id, &sent, csrf, made, caller).await;
    after_post(&http, &site, &id, result)
}

pub(super) async fn decline(
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
    let result = interaction::decline_passkey(&site.issuer, &id, &sent, csrf(&form)).await;
    after_post(&http, &site, &id, result)
}
