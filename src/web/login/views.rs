use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::super::account::{date, password_error};
use super::super::shell::shell;
use super::super::{Site, errors};
use super::factor_views::{self, Around};
use super::sign_up;
use crate::app::account::PasswordRefusal;
use crate::app::outcome::{
    AccountInfo, AppInfo, ConsentStep, NewPasswordStep, PasskeyOfferStep, SignInRefusal,
    SignInStep, Step, StepView,
};
use crate::pages::{
    AccountView, AppView, ChooserPage, ConsentPage, DeletionPendingPage, DuePasswordPage,
    PasskeyOfferPage, PasskeyView, RecoveryCodesPage, ScopeView, Shell, SignInError, SignInPage,
    SignInReason,
};

/// A page of an interaction.
pub(in crate::web) fn step(http: &HttpRequest, site: &Site, view: StepView) -> HttpResponse {
    let shell = shell(http, Some(site), view.languages.as_deref());
    let base = format!("/i/{}", view.id);
    let app = view.app.map(app_view);
    match view.step {
        Step::SignIn(step) => sign_in(http, shell, app, view.csrf, &base, step),
        Step::Choose(accounts) => {
            let page = ChooserPage {
                shell,
                app,
                action: format!("{base}/account"),
                csrf: view.csrf,
                is_already_signed_in: accounts.len() == 1,
                accounts: accounts.into_iter().map(account_view).collect(),
            };
            errors::page(http, StatusCode::OK, &page)
        }
        Step::SignUp(step) => {
            sign_up::address_page(http, Around { shell, app, csrf: view.csrf, base }, step)
        }
        Step::SignUpCode(step) => {
            sign_up::code_page(http, Around { shell, app, csrf: view.csrf, base }, step)
        }
        Step::OfferPasskey(step) => passkey_offer(http, shell, view.csrf, &base, step),
        Step::Factor(step) => {
            factor_views::factor(http, Around { shell, app, csrf: view.csrf, base }, step)
        }
        Step::Ways(step) => {
            factor_views::ways(http, Around { shell, app, csrf: view.csrf, base }, step)
        }
        Step::Enrol(step) => {
            factor_views::enrol(http, Around { shell, app, csrf: view.csrf, base }, step)
        }
        Step::RecoveryCodes(codes) => {
            let codes = codes.iter().map(|code| code.to_text().expose().clone()).collect();
            errors::page(http, StatusCode::OK, &RecoveryCodesPage { shell, codes, onward: base })
        }
        Step::NewPassword(step) => new_password(http, shell, view.csrf, &base, step),
        Step::Keep(step) => {
            let page = DeletionPendingPage {
                shell,
                account: account_view(step.account),
                day: date(step.delete_after),
                keep: Some((format!("{base}/keep"), view.csrf)),
            };
            errors::page(http, StatusCode::OK, &page)
        }
        Step::Consent(step) => consent(http, shell, app, view.csrf, &base, step),
    }
}

fn sign_in(
    http: &HttpRequest,
    shell: Shell,
    app: Option<AppView>,
    csrf: String,
    base: &str,
    step: SignInStep,
) -> HttpResponse {
    let (status, wait) = match step.refusal {
        None | Some(SignInRefusal::Stale) => (StatusCode::OK, None),
        Some(SignInRefusal::Incomplete | SignInRefusal::Wrong | SignInRefusal::Passkey) => {
            (StatusCode::UNPROCESSABLE_ENTITY, None)
        }
        Some(SignInRefusal::TooMany(wait) | SignInRefusal::Busy(wait)) => {
            (StatusCode::TOO_MANY_REQUESTS, Some(wait))
        }
    };
    let error = match step.refusal {
        None | Some(SignInRefusal::Stale) => None,
        Some(SignInRefusal::Incomplete) => Some(SignInError::SignInIncomplete),
        Some(SignInRefusal::Wrong) => Some(SignInError::WrongCredentials),
        Some(SignInRefusal::Passkey) => Some(SignInError::PasskeyRefused),
        Some(SignInRefusal::TooMany(retry_after)) => {
            Some(SignInError::TooManyTries { retry_after })
        }
        Some(SignInRefusal::Busy(retry_after)) => Some(SignInError::Busy { retry_after }),
    };
    let reason = match (step.refusal, step.is_confirmation) {
        (Some(SignInRefusal::Stale), _) => Some(SignInReason::StaleForm),
        (_, true) => Some(SignInReason::StepUp),
        (_, false) => None,
    };
    let page = SignInPage {
        shell,
        app,
        action: format!("{base}/sign-in"),
        csrf,
        identifier: step.identifier,
        is_identifier_fixed: step.is_confirmation,
        remember: step.is_remembered,
        reason,
        error,
        passkey: step.passkey.zip(step.rp_id).map(|(ask, rp_id)| PasskeyView {
            action: format!("{base}/passkey/sign-in"),
            options: ask.options,
            ticket: ask.ticket,
            rp_id,
            unknown_credential: step.unknown_credential,
        }),
        recover_href: format!("/recover?from={}", base.trim_start_matches("/i/")),
        back_to_accounts: step.may_choose.then(|| format!("{base}/account")),
        sign_up_href: step.may_sign_up.then(|| format!("{base}/sign-up")),
    };
    let mut response = errors::page(http, status, &page);
    if let Some(wait) = wait {
        errors::set_retry_after(&mut response, wait);
    }
    response
}

fn new_password(
    http: &HttpRequest,
    shell: Shell,
    csrf: String,
    base: &str,
    step: NewPasswordStep,
) -> HttpResponse {
    let (status, wait) = match step.refusal {
        None => (StatusCode::OK, None),
        Some(PasswordRefusal::TooMany(wait) | PasswordRefusal::Busy(wait)) => {
            (StatusCode::TOO_MANY_REQUESTS, Some(wait))
        }
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, None),
    };
    let page = DuePasswordPage {
        shell,
        account: account_view(step.account),
        action: format!("{base}/new-password"),
        csrf,
        min_length: step.min_length,
        error: step.refusal.map(password_error),
    };
    let mut response = errors::page(http, status, &page);
    if let Some(wait) = wait {
        errors::set_retry_after(&mut response, wait);
    }
    response
}

fn passkey_offer(
    http: &HttpRequest,
    shell: Shell,
    csrf: String,
    base: &str,
    step: PasskeyOfferStep,
) -> HttpResponse {
    let is_refused = step.refusal.is_some();
    let page = PasskeyOfferPage {
        shell,
        account: account_view(step.account),
        action: format!("{base}/passkey/enrol"),
        decline_action: format!("{base}/passkey/decline"),
        csrf,
        options: step.ask.options,
        ticket: step.ask.ticket,
        is_refused,
    };
    let status = if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    errors::page(http, status, &page)
}

const DAY: u64 = 24 * 60 * 60;

fn consent(
    http: &HttpRequest,
    shell: Shell,
    app: Option<AppView>,
    csrf: String,
    base: &str,
    step: ConsentStep,
) -> HttpResponse {
    let Some(app) = app else { return errors::refused(http, StatusCode::BAD_REQUEST) };
    let page = ConsentPage {
        shell,
        app,
        account: account_view(step.account),
        scopes: step
            .scopes
            .into_iter()
            .map(|(scope, is_new)| ScopeView { scope, is_new })
            .collect(),
        action: format!("{base}/consent"),
        csrf,
        switch_action: format!("{base}/account"),
        keeps_access_for_days: step
            .keeps_access_for
            .map(|period| u128::from(period.as_secs().div_ceil(DAY))),
    };
    errors::page(http, StatusCode::OK, &page)
}

fn app_view(app: AppInfo) -> AppView {
    AppView {
        name: app.name,
        host: app.host,
        logo: app.logo.map(|digest| format!("/logo/{}", digest.to_text())),
        is_unverified: app.is_unverified,
        policy_uri: app.policy_uri,
        tos_uri: app.tos_uri,
    }
}

/// An account for the templates.
pub(in crate::web) fn account_view(account: AccountInfo) -> AccountView {
    AccountView { name: account.name, username: account.username, email: account.email }
}
