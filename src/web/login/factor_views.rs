use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::super::errors;
use super::account_view;
use crate::app::factors::{CodeRefusal, Way};
use crate::app::outcome::{EnrolStep, FactorQuestion, FactorStep, SetUpRefusal, WaysStep};
use crate::pages::{
    AppView, CodeError, CodeKind, CodePage, PasskeyConfirmPage, SetUpError, Shell, TotpSetupPage,
    WayKind, WayView, WaysPage, qr_code,
};

const DAY: u64 = 24 * 60 * 60;

/// What a page of the second factor shows around its own part.
pub(super) struct Around {
    pub(super) shell: Shell,
    pub(super) app: Option<AppView>,
    pub(super) csrf: String,
    /// The address of the interaction.
    pub(super) base: String,
}

/// The page that asks for a second factor.
pub(super) fn factor(http: &HttpRequest, around: Around, step: FactorStep) -> HttpResponse {
    let (status, error, wait) = refusal(step.refusal);
    let Around { shell, app, csrf, base } = around;
    let account = account_view(step.account);
    let other_ways = step.has_other_way.then(|| format!("{base}/ways"));
    let switch_href = format!("{base}/account");
    let is_step_up = step.is_step_up;
    let trust_days = step.trust_for.map(|stays| u128::from(stays.as_secs().div_ceil(DAY)));
    let code = |shell, app, kind, path| CodePage {
        shell,
        app,
        account: account.clone(),
        kind,
        is_step_up,
        action: format!("{base}/{path}"),
        csrf: csrf.clone(),
        error,
        trust_days,
        other_ways: other_ways.clone(),
        switch_href: switch_href.clone(),
    };
    let mut response = match step.question {
        FactorQuestion::Totp => {
            errors::page(http, status, &code(shell, app, CodeKind::Totp, "totp"))
        }
        FactorQuestion::RecoveryCode => {
            errors::page(http, status, &code(shell, app, CodeKind::Recovery, "recovery"))
        }
        FactorQuestion::Passkey(ask) => {
            let page = PasskeyConfirmPage {
                shell,
                app,
                account: account.clone(),
                is_step_up,
                action: format!("{base}/passkey/confirm"),
                csrf: csrf.clone(),
                options: ask.options,
                ticket: ask.ticket,
                error,
                trust_days,
                other_ways,
                switch_href,
            };
            errors::page(http, status, &page)
        }
    };
    if let Some(wait) = wait {
        errors::set_retry_after(&mut response, wait);
    }
    response
}

fn refusal(refusal: Option<CodeRefusal>) -> (StatusCode, Option<CodeError>, Option<Duration>) {
    match refusal {
        None => (StatusCode::OK, None, None),
        Some(CodeRefusal::Wrong) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Some(CodeError::Wrong), None)
        }
        Some(CodeRefusal::TooMany(wait)) => {
            let error = CodeError::TooManyTries { retry_after: wait };
            (StatusCode::TOO_MANY_REQUESTS, Some(error), Some(wait))
        }
    }
}

/// The ways to choose from.
pub(super) fn ways(http: &HttpRequest, around: Around, step: WaysStep) -> HttpResponse {
    let Around { shell, app, base, .. } = around;
    let way = |way| {
        let (kind, path) = match way {
            Way::Passkey => (WayKind::Passkey, "passkey/confirm"),
            Way::Totp => (WayKind::Totp, "totp"),
            Way::RecoveryCode => (WayKind::Recovery, "recovery"),
        };
        WayView { kind, href: format!("{base}/{path}") }
    };
    let page = WaysPage {
        shell,
        app,
        account: account_view(step.account),
        ways: step.ways.into_iter().map(way).collect(),
    };
    errors::page(http, StatusCode::OK, &page)
}

/// The page that sets up a second factor.
pub(super) fn enrol(http: &HttpRequest, around: Around, step: EnrolStep) -> HttpResponse {
    let Around { shell, app, csrf, base } = around;
    let error = step.refusal.map(|refusal| match refusal {
        SetUpRefusal::Code => SetUpError::Code,
        SetUpRefusal::Passkey => SetUpError::Passkey,
    });
    let page = TotpSetupPage {
        shell,
        app,
        account: account_view(step.account),
        qr_code: qr_code(step.offer.uri.expose()),
        key: step.offer.key.expose().clone(),
        action: format!("{base}/set-up-totp"),
        csrf,
        ticket: None,
        passkey: step.passkey.map(|ask| crate::pages::NewPasskeyView {
            action: format!("{base}/passkey/set-up"),
            options: ask.options,
            ticket: ask.ticket,
        }),
        error,
    };
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    errors::page(http, status, &page)
}
