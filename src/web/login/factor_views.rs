use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::super::errors;
use super::account_view;
use crate::app::factors::{CodeRefusal, Way};
use crate::app::outcome::{CodeStep, EnrolStep};
use crate::pages::{AppView, CodeError, CodeKind, CodePage, Shell, TotpSetupPage, qr_code};

/// What a page of the second factor shows around its own part.
pub(super) struct Around {
    pub(super) shell: Shell,
    pub(super) app: Option<AppView>,
    pub(super) csrf: String,
    /// The address of the interaction.
    pub(super) base: String,
}

/// The page that asks for a code.
pub(super) fn code(http: &HttpRequest, around: Around, step: CodeStep) -> HttpResponse {
    let Around { shell, app, csrf, base } = around;
    let (totp, recovery) = (format!("{base}/totp"), format!("{base}/recovery"));
    let (kind, action, other) = match step.way {
        Way::Totp => (CodeKind::Totp, totp, step.has_recovery_codes.then_some(recovery)),
        Way::RecoveryCode => (CodeKind::Recovery, recovery, Some(totp)),
    };
    let (status, error, wait) = match step.refusal {
        None => (StatusCode::OK, None, None),
        Some(CodeRefusal::Wrong) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Some(CodeError::Wrong), None)
        }
        Some(CodeRefusal::TooMany(wait)) => {
            let error = CodeError::TooManyTries { retry_after: wait };
            (StatusCode::TOO_MANY_REQUESTS, Some(error), Some(wait))
        }
    };
    let page = CodePage {
        shell,
        app,
        account: account_view(step.account),
        kind,
        is_step_up: step.is_step_up,
        action,
        csrf,
        error,
        other_way: other,
        switch_href: format!("{base}/account"),
    };
    let mut response = errors::page(http, status, &page);
    if let Some(wait) = wait {
        errors::set_retry_after(&mut response, wait);
    }
    response
}

/// The page that sets up an authenticator app.
pub(super) fn enrol(http: &HttpRequest, around: Around, step: EnrolStep) -> HttpResponse {
    let Around { shell, app, csrf, base } = around;
    let page = TotpSetupPage {
        shell,
        app,
        account: account_view(step.account),
        qr_code: qr_code(step.offer.uri.expose()),
        key: step.offer.key.expose().clone(),
        action: format!("{base}/set-up-totp"),
        csrf,
        ticket: None,
        is_wrong: step.is_wrong,
    };
    let status = if step.is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    errors::page(http, status, &page)
}
