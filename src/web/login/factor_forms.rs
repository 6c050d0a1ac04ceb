use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, answer, cookies};
use super::forms::with_language;
use super::posted::Posted;
use crate::app::enrolment;
use crate::app::factors::Way;
use crate::app::second_factor::{self, CodeForm};

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

pub(super) async fn totp(posted: Posted) -> HttpResponse {
    submit(posted, Way::Totp).await
}

pub(super) async fn recovery(posted: Posted) -> HttpResponse {
    submit(posted, Way::RecoveryCode).await
}

async fn submit(posted: Posted, way: Way) -> HttpResponse {
    let Posted { id, sent, caller, .. } = &posted;
    let typed = code_form(&posted);
    posted.answer(second_factor::submit(posted.issuer(), id, sent, typed, way, *caller).await)
}

/// Confirms an authenticator app that is being set up.
pub(super) async fn set_up_totp(posted: Posted) -> HttpResponse {
    let Posted { id, sent, caller, .. } = &posted;
    let typed = code_form(&posted);
    posted.answer(enrolment::set_up_totp(posted.issuer(), id, sent, typed, *caller).await)
}

fn code_form(posted: &Posted) -> CodeForm {
    CodeForm {
        code: posted.secret("code"),
        trusts_device: posted.one("trust").is_some(),
        csrf: posted.text("csrf"),
    }
}
