//! `/account/delete` and `/account/keep`: the end of an account, and the change of mind.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::login::account_view;
use super::super::{Site, answer, cookies, errors};
use super::{date, enter, enter_by_form, own_shell, recent};
use crate::app::account::{self as app, AccountPage, Entered};
use crate::base::Timestamp;
use crate::pages::{AccountView, DeletePage, DeletionPendingPage, Shell};

pub(super) async fn show(http: HttpRequest, site: Data<Site>) -> HttpResponse {
    let entered = match enter(&http, &site, AccountPage::Delete).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let Some(account) = account(&entered) else { return errors::fault_page(&http, Some(&site)) };
    let shell = own_shell(&http, &site, &entered);
    match entered.delete_after() {
        Ok(Some(at)) => {
            let form = ("/account/keep".to_owned(), entered.csrf.clone());
            let response = pending(&http, shell, account, at, Some(form));
            return cookies::apply(response, entered.cookies, &site);
        }
        Ok(None) => {}
        Err(fault) => return errors::fault(&http, &site, &fault),
    }
    if let Err(response) = recent(&http, &site, &entered, AccountPage::Delete).await {
        return response;
    }
    let page = DeletePage { shell, csrf: entered.csrf, account, days: app::DELETION_DAYS };
    cookies::apply(errors::page(&http, StatusCode::OK, &page), entered.cookies, &site)
}

/// Asks for the deletion. The person is signed out with it, so the answer is the last page.
pub(super) async fn ask(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let (entered, _) = match enter_by_form(&http, payload, &site, AccountPage::Delete).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    if let Err(response) = recent(&http, &site, &entered, AccountPage::Delete).await {
        return response;
    }
    let Some(account) = account(&entered) else { return errors::fault_page(&http, Some(&site)) };
    match app::ask_deletion(&site.issuer, &entered).await {
        Ok((at, changes)) => {
            let shell = own_shell(&http, &site, &entered);
            cookies::apply(pending(&http, shell, account, at, None), changes, &site)
        }
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

pub(super) async fn keep(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let (entered, _) = match enter_by_form(&http, payload, &site, AccountPage::Delete).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    match app::keep_account(&site.issuer, &entered).await {
        Ok(true) => answer::see_other("/account?done=kept"),
        Ok(false) => answer::see_other(AccountPage::Home.path()),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}

fn account(entered: &Entered) -> Option<AccountView> {
    entered.accounts.first().cloned().map(account_view)
}

/// The page of an account that will go at `at`.
fn pending(
    http: &HttpRequest,
    shell: Shell,
    account: AccountView,
    at: Timestamp,
    keep: Option<(String, String)>,
) -> HttpResponse {
    let page = DeletionPendingPage { shell, account, day: date(at), keep };
    errors::page(http, StatusCode::OK, &page)
}
