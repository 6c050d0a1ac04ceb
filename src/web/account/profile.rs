//! `/account/profile`: what a person tells apps about themselves.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::login::account_view;
use super::super::{Site, answer, cookies, errors};
use super::{enter, enter_by_form, is_done, own_shell, text};
use crate::app::account::{self as app, AccountPage, Entered, Profile, ProfileProblem};
use crate::pages::{ProfileError, ProfileField, ProfilePage};
use crate::protocol::EditableClaim;

pub(super) async fn show(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let entered = match enter(&http, &site, AccountPage::Profile).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    match app::profile(&entered) {
        Ok(profile) => page(&http, &site, entered, &profile, &[]),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

pub(super) async fn change(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let (entered, form) = match enter_by_form(&http, payload, &site, AccountPage::Profile).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let stored = match app::profile(&entered) {
        Ok(stored) => stored,
        Err(fault) => return errors::fault(&http, &site, &fault),
    };
    // An empty field takes away what stood there; one that did not arrive was never emptied.
    let typed = Profile::new(|claim| {
        let is_there = form.has(claim.as_str());
        if is_there { text(&form, claim.as_str()) } else { stored.text(claim).to_owned() }
    });
    match app::change_profile(&site.issuer, &entered, typed.clone()).await {
        Ok(problems) if problems.is_empty() => answer::see_other("/account/profile?done=profile"),
        Ok(problems) => page(&http, &site, entered, &typed, &problems),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

/// The form with what was typed, and what is wrong at its field.
fn page(
    http: &HttpRequest,
    site: &Site,
    entered: Entered,
    profile: &Profile,
    problems: &[(EditableClaim, ProfileProblem)],
) -> HttpResponse {
    let Some(account) = entered.accounts.first().cloned() else {
        return errors::fault_page(http, Some(site));
    };
    let problem = |claim| problems.iter().find(|(wrong, _)| *wrong == claim);
    let field = |(claim, value): &(EditableClaim, String)| ProfileField {
        claim: *claim,
        value: value.clone(),
        error: problem(*claim).map(|(_, problem)| error(*problem)),
    };
    let page = ProfilePage {
        shell: own_shell(http, site, &entered),
        csrf: entered.csrf,
        account: account_view(account),
        fields: profile.fields().iter().map(field).collect(),
        is_done: is_done(http, "profile"),
    };
    let is_fit = problems.is_empty();
    let status = if is_fit { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    cookies::apply(errors::page(http, status, &page), entered.cookies, site)
}

fn error(problem: ProfileProblem) -> ProfileError {
    match problem {
        ProfileProblem::Text => ProfileError::Text,
        ProfileProblem::Https => ProfileError::Https,
        ProfileProblem::WebAddress => ProfileError::WebAddress,
        ProfileProblem::Birthdate => ProfileError::Birthdate,
        ProfileProblem::Language => ProfileError::Language,
        ProfileProblem::TimeZone => ProfileError::TimeZone,
        ProfileProblem::Phone => ProfileError::Phone,
    }
}
