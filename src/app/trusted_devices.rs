//! Devices on which a person is not asked for the second factor again. Trust spares the question and
//! proves nothing: a session says only what was shown in it (`security.md` R79), so an app that asks
//! for two factors gets them on a trusted device as well. What the operator demands of everybody or
//! of a group is met by it: the factor was shown on this device, not long ago.

use crate::app::account::Entered;
use crate::app::browser::{Browser, CookieChanges};
use crate::app::{Caller, Fault, Issuer, audit};
use crate::base::{Digest, Timestamp, UserId, from_base64url};
use crate::domain::{Actor, Event, TrustedDevice};
use crate::rules::session::MAX_ACCOUNTS;
use crate::store::{audit as rows, trusted_devices as queries};

/// What a browser holds: for each person who trusts it a random value of their own.
pub struct BrowserDevices(Vec<(String, TrustedDevice)>);

impl BrowserDevices {
    /// Loads what the cookie proves. A time that the operator shortened since is the one that counts.
    pub(super) async fn load(
        issuer: &Issuer,
        cookie: Option<&str>,
        now: Timestamp,
    ) -> Result<Self, Fault> {
        let is_ours = |text: &&str| from_base64url(text).is_ok_and(|bytes| bytes.len() == 32);
        let parts = cookie.unwrap_or_default().split('.').take(MAX_ACCOUNTS);
        let values: Vec<String> = parts.filter(is_ours).map(str::to_owned).collect();
        if values.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let digests: Vec<Digest> = values.iter().map(|one| Digest::of(one.as_bytes())).collect();
        let found = issuer.store.read(move |db| queries::find_devices(db, &digests, now)).await?;
        let longest = issuer.settings.mfa.trust_device_for;
        let counts = |device: &TrustedDevice| now < device.created_at + longest;
        let held = values.into_iter().filter_map(|value| {
            let matching = found.iter().find(|one| one.digest.matches(value.as_bytes()))?;
            counts(matching).then(|| (value, matching.clone()))
        });
        Ok(Self(held.collect()))
    }

    /// Whether `user` is not to be asked here for what they have shown here before.
    pub(super) fn are_trusted_by(&self, user: UserId) -> bool {
        self.0.iter().any(|(_, device)| device.user == user)
    }
}

/// Has `user` not asked again in this browser: a second factor of theirs was just shown in it.
pub(super) async fn trust(
    issuer: &Issuer,
    browser: &Browser,
    user: UserId,
    caller: Caller,
    now: Timestamp,
) -> Result<CookieChanges, Fault> {
    let (value, stays) = (issuer.entropy.token(), issuer.settings.mfa.trust_device_for);
    let digest = Digest::of(value.as_bytes());
    let device = TrustedDevice { digest, user, created_at: now, expires_at: now + stays };
    let held = &browser.devices.0;
    let before: Vec<Digest> =
        held.iter().filter(|(_, one)| one.user == user).map(|(_, one)| one.digest).collect();
    let row = caller.row(issuer, Actor::User(user), &Event::DeviceTrusted { user });
    let noted = row.clone();
    let trusted = issuer.store.write("trust device", move |db| {
        for old in &before {
            queries::delete_device(db, user, old)?;
        }
        queries::insert_device(db, &device)?;
        rows::record(db, &noted)
    });
    trusted.await?;
    audit::log(&row);
    let others = held.iter().filter(|(_, one)| one.user != user).map(|(value, _)| value.as_str());
    let values: Vec<&str> =
        std::iter::once(value.as_str()).chain(others).take(MAX_ACCOUNTS).collect();
    Ok(CookieChanges { devices: Some((values.join("."), stays)), ..CookieChanges::default() })
}

/// One trusted device, as its person sees it.
pub struct DeviceLine {
    /// What a form names it by. It opens nothing: the cookie's value is not in it.
    pub id: String,
    /// Whether it is the one of this page.
    pub is_this: bool,
    /// Since when it is trusted.
    pub created_at: Timestamp,
    /// When its person is asked again.
    pub expires_at: Timestamp,
}

/// The trusted devices of the active account, the newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(issuer: &Issuer, entered: &Entered) -> Result<Vec<DeviceLine>, Fault> {
    let (user, now) = (entered.user()?, issuer.now());
    let found = issuer.store.read(move |db| queries::list_devices(db, user, now)).await?;
    let held = &entered.devices().0;
    let line = |device: TrustedDevice| DeviceLine {
        id: device.digest.to_text(),
        is_this: held.iter().any(|(_, one)| one.digest == device.digest),
        created_at: device.created_at,
        expires_at: device.expires_at,
    };
    Ok(found.into_iter().map(line).collect())
}

/// Ends the trust in the device that `chosen` names, if it is one of the active account
/// (`security.md` R86).
///
/// # Errors
/// When the store fails.
pub async fn end(
    issuer: &Issuer,
    entered: &Entered,
    chosen: &str,
    caller: Caller,
) -> Result<bool, Fault> {
    let user = entered.user()?;
    let Ok(digest) = Digest::from_text(chosen) else { return Ok(false) };
    let row = caller.row(issuer, Actor::User(user), &Event::DeviceTrustEnded { user });
    let noted = row.clone();
    let ended = issuer.store.write("end trust", move |db| {
        let is_ended = queries::delete_device(db, user, &digest)?;
        if is_ended {
            rows::record(db, &noted)?;
        }
        Ok(is_ended)
    });
    let is_ended = ended.await?;
    if is_ended {
        audit::log(&row);
    }
    Ok(is_ended)
}
