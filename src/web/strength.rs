//! What pages ask while somebody types a new password. The password comes in the body and is
//! written nowhere.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload, ServiceConfig, post, resource, route};
use actix_web::{HttpRequest, HttpResponse};

use super::account::typed_problem;
use super::{Site, address, cookies, errors, request, shell};
use crate::app::passwords::{self as app, JudgeRefusal, Judgement, Strength, Typed};
use crate::base::Secret;
use crate::pages::TypedPassword;

/// More names than a form has.
const MAX_WORDS: usize = 10;

pub(super) fn routes(config: &mut ServiceConfig) {
    let refused = route().to(errors::method_not_allowed);
    config.service(resource("/password/strength").route(post().to(judge)).default_service(refused));
}

async fn judge(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    if !request::is_from_own_page(&http, site.issuer.url()) {
        return refused(StatusCode::FORBIDDEN, None);
    }
    let form = match request::form(&http, payload).await {
        Ok(form) => form,
        Err(unreadable) => return refused(unreadable.status(), None),
    };
    let one = |name| form.one(name).ok().flatten().unwrap_or_default();
    let typed = Typed {
        password: Secret::new(one("password").to_owned()),
        words: form.all("word").into_iter().take(MAX_WORDS).map(word).collect(),
        min: one("min").parse().unwrap_or_default(),
        csrf: one("csrf").to_owned(),
    };
    let locale = shell::locale(&http, Some(one("lang")));
    let network = address::network_of(&http, &site.proxies);
    match app::judge_typed(&site.issuer, &cookies::read(&http, &site), typed, network).await {
        Ok(Ok(judgement)) => HttpResponse::Ok()
            .content_type("text/plain; charset=utf-8")
            .body(said(judgement).text(locale)),
        Ok(Err(JudgeRefusal::Forged)) => refused(StatusCode::FORBIDDEN, None),
        Ok(Err(JudgeRefusal::Busy(wait))) => refused(StatusCode::TOO_MANY_REQUESTS, Some(wait)),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

/// No name is longer.
fn word(text: &str) -> String {
    text.chars().take(254).collect()
}

fn said(judgement: Judgement) -> TypedPassword {
    match (judgement.problem, judgement.strength) {
        (Some(problem), _) => TypedPassword::Refused(typed_problem(problem)),
        (None, Strength::Weak) => TypedPassword::Weak,
        (None, Strength::Fair) => TypedPassword::Fair,
        (None, Strength::Good) => TypedPassword::Good,
        (None, Strength::Strong) => TypedPassword::Strong,
    }
}

/// A script reads it, and says nothing then.
fn refused(status: StatusCode, wait: Option<Duration>) -> HttpResponse {
    let mut response = HttpResponse::build(status).finish();
    if let Some(wait) = wait {
        errors::set_retry_after(&mut response, wait);
    }
    response
}
