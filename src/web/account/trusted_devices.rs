//! Trusted devices on the page of the sessions.

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::{Site, answer, errors, reference};
use super::{enter_by_form, text, utc};
use crate::app::Fault;
use crate::app::account::{AccountPage, Entered};
use crate::app::trusted_devices::{self, DeviceLine};
use crate::pages::DeviceView;

/// The trusted devices of the active account.
pub(super) async fn views(site: &Site, entered: &Entered) -> Result<Vec<DeviceView>, Fault> {
    let view = |line: DeviceLine| DeviceView {
        id: line.id,
        is_this: line.is_this,
        since: utc(line.created_at),
        until: utc(line.expires_at),
    };
    Ok(trusted_devices::list(&site.issuer, entered).await?.into_iter().map(view).collect())
}

/// Ends the trust in one.
pub(super) async fn end(http: HttpRequest, payload: Payload, site: Data<Site>) -> HttpResponse {
    let (entered, form) = match enter_by_form(&http, payload, &site, AccountPage::Sessions).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let caller = reference::caller(&http, &site);
    match trusted_devices::end(&site.issuer, &entered, &text(&form, "device"), caller).await {
        Ok(_) => answer::see_other(AccountPage::Sessions.path()),
        Err(fault) => errors::fault(&http, &site, &fault),
    }
}
