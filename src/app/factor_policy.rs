//! What a sign-in must be worth for one person: what is asked for, and what the operator demands.

use std::time::Duration;

use crate::app::Issuer;
use crate::app::browser::Browser;
use crate::app::interaction::{Proven, Visit};
use crate::domain::{Factors, User};
use crate::rules::authorize::{SignInReason, SignedIn};
use crate::rules::session::{TWO_FACTORS, level_of};

/// What a session of `user` must be worth, where `asked` would do for anybody. What the operator
/// demands is met on a device that they trust; what is asked for is not.
fn demanded_of(issuer: &Issuer, browser: &Browser, user: &User, asked: u8) -> u8 {
    let is_met = browser.devices.are_trusted_by(user.id);
    if !is_met && issuer.settings.mfa.requires_two_of(user) {
        asked.max(TWO_FACTORS)
    } else {
        asked
    }
}

/// The same for each account of a browser.
pub(super) fn demanded_of_each(issuer: &Issuer, browser: &Browser, asked: u8) -> Vec<u8> {
    browser.signed_in.iter().map(|one| demanded_of(issuer, browser, &one.user, asked)).collect()
}

/// Whether a session is worth what the operator demands of its person. It may be older than the
/// demand (`security.md` R80).
pub(super) fn is_enough(issuer: &Issuer, browser: &Browser, signed_in: &SignedIn) -> bool {
    level_of(&signed_in.session) >= demanded_of(issuer, browser, &signed_in.user, 0)
}

/// Whether a right password of `user` is not enough to open a session. A trusted device spares the
/// second factor, but not where somebody who is signed in is asked to confirm: that is asked for
/// because a device may be in other hands.
pub(super) fn owes_second_factor(
    issuer: &Issuer,
    visit: &Visit,
    reason: SignInReason,
    user: &User,
    factors: &Factors,
) -> bool {
    let is_confirmation = matches!(reason, SignInReason::Confirm(_));
    let is_spared = !is_confirmation && visit.browser.devices.are_trusted_by(user.id);
    let is_due = factors.are_set_up() || issuer.settings.mfa.requires_two_of(user);
    visit.asked_level() >= TWO_FACTORS || (is_due && !is_spared)
}

/// For how long the device may be trusted after the second factor that is due: not where the app
/// asks for two factors, which trust would not spare, nor where somebody is asked to confirm.
pub(super) fn trust_offered(issuer: &Issuer, visit: &Visit, proven: &Proven) -> Option<Duration> {
    let is_sign_in = matches!(proven, Proven::Password(_, reason) if !matches!(reason, SignInReason::Confirm(_)));
    let stays = issuer.settings.mfa.trust_device_for;
    (is_sign_in && visit.asked_level() < TWO_FACTORS && !stays.is_zero()).then_some(stays)
}
