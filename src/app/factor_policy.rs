//! What a sign-in must be worth for one person: what is asked for, and what the operator demands.

use crate::app::Issuer;
use crate::app::browser::Browser;
use crate::domain::User;
use crate::rules::authorize::SignedIn;
use crate::rules::session::{TWO_FACTORS, level_of};

/// What a session of `user` must be worth, where `asked` would do for anybody.
pub(super) fn demanded_of(issuer: &Issuer, user: &User, asked: u8) -> u8 {
    if issuer.settings.mfa.requires_two_of(user) { asked.max(TWO_FACTORS) } else { asked }
}

/// The same for each account of a browser.
pub(super) fn demanded_of_each(issuer: &Issuer, browser: &Browser, asked: u8) -> Vec<u8> {
    browser.signed_in.iter().map(|one| demanded_of(issuer, &one.user, asked)).collect()
}

/// Whether a session is worth what the operator demands of its person. It may be older than the
/// demand (`security.md` R80).
pub(super) fn is_enough(issuer: &Issuer, signed_in: &SignedIn) -> bool {
    level_of(&signed_in.session) >= demanded_of(issuer, &signed_in.user, 0)
}
