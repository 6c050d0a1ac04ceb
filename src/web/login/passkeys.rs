use actix_web::HttpResponse;

use super::posted::Posted;
use crate::app::interaction::{self, EnrolForm};
use crate::app::passkey_sign_in::{self, PasskeyForm};
use crate::app::{enrolment, second_factor};

fn answered(posted: &Posted) -> PasskeyForm {
    PasskeyForm {
        ticket: posted.text("ticket"),
        answer: posted.secret("answer"),
        is_remembered: posted.one("remember") == Some("1"),
        trusts_device: posted.one("trust").is_some(),
        csrf: posted.text("csrf"),
    }
}

fn made(posted: &Posted) -> EnrolForm {
    EnrolForm {
        ticket: posted.text("ticket"),
        answer: posted.text("answer"),
        name: posted.text("name"),
    }
}

pub(super) async fn sign_in(posted: Posted) -> HttpResponse {
    let Posted { id, sent, caller, .. } = &posted;
    let answer = answered(&posted);
    posted.answer(passkey_sign_in::sign_in(posted.issuer(), id, sent, answer, *caller).await)
}

/// A passkey after the password.
pub(super) async fn confirm(posted: Posted) -> HttpResponse {
    let Posted { id, sent, caller, .. } = &posted;
    let answer = answered(&posted);
    posted.answer(second_factor::submit_passkey(posted.issuer(), id, sent, answer, *caller).await)
}

/// A new passkey of a person who must have a second factor.
pub(super) async fn set_up(posted: Posted) -> HttpResponse {
    let Posted { id, sent, caller, .. } = &posted;
    let (csrf, made) = (posted.csrf(), made(&posted));
    posted.answer(enrolment::set_up_passkey(posted.issuer(), id, sent, csrf, made, *caller).await)
}

pub(super) async fn enrol(posted: Posted) -> HttpResponse {
    let Posted { id, sent, caller, .. } = &posted;
    let (csrf, made) = (posted.csrf(), made(&posted));
    posted.answer(interaction::enrol_passkey(posted.issuer(), id, sent, csrf, made, *caller).await)
}

pub(super) async fn decline(posted: Posted) -> HttpResponse {
    let (id, sent, csrf) = (&posted.id, &posted.sent, posted.csrf());
    posted.answer(interaction::decline_passkey(posted.issuer(), id, sent, csrf).await)
}
