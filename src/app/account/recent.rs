//! The guard before everything that changes how a person signs in, or ends their account.

use super::{AccountPage, Entered};
use crate::app::authorize::begin_for_browser;
use crate::app::outcome::Reply;
use crate::app::{Fault, Issuer, factors};
use crate::domain::Purpose;
pub use crate::rules::session::RECENT_FOR;
use crate::rules::session::is_recent;

/// A person proved a short while ago who they are, with the second factor if they have one
/// (`security.md` R71, R81). It can be had from [`RecentSignIn::demand`] alone, and what changes a
/// password, a factor or an address asks for it.
pub struct RecentSignIn(());

impl RecentSignIn {
    /// Lets the person go on, or begins a sign-in as the same person that leads back to `page`:
    /// for a form, the page that shows it. A form that is not let through has changed nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn demand(
        issuer: &Issuer,
        entered: &Entered,
        page: AccountPage,
    ) -> Result<Result<Self, Reply>, Fault> {
        let session = &entered.active()?.session;
        let has_second_factor = factors::find(issuer, session.user).await?.are_set_up();
        if is_recent(session, has_second_factor, entered.now) {
            return Ok(Ok(Self(())));
        }
        let (purpose, network) = (Purpose::Account(page), entered.caller.network);
        begin_for_browser(issuer, purpose, &entered.browser, network).await.map(Err)
    }
}
