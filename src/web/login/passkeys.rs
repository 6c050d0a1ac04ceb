use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, cookies, reference};
use super::forms::{after_post, csrf, read};
use crate::app::interaction::{self, EnrolForm};
use crate::app::passkey_sign_in::{self, PasskeyForm};
use crate::base::Secret;
use crate::protocol::Parameters;

fn text(form: &Parameters, name: &'static str) -> String {
    form.one(name).ok().flatten().unwrap_or_default().to_owned()
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
    let answer = PasskeyForm {
        ticket: text(&form, "ticket"),
        answer: Secret::new(text(&form, "answer")),
        is_remembered: form.one("remember").ok().flatten() == Some("1"),
        csrf: csrf(&form).to_owned(),
    };
    let caller = reference::caller(&http, &site);
    let sent = cookies::read(&http, &site);
    let result = passkey_sign_in::sign_in(&site.issuer, &id, &sent, answer, caller).await;
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
    let made = EnrolForm {
        ticket: text(&form, "ticket"),
        answer: text(&form, "answer"),
        name: text(&form, "name"),
    };
    let sent = cookies::read(&http, &site);
    let (csrf, caller) = (csrf(&form), reference::caller(&http, &site));
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
