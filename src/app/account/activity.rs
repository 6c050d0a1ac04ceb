//! What happened to a person's account of late, from the audit trail.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::Value;

use super::Entered;
use crate::app::{Fault, Issuer};
use crate::base::{
    AuditId, Timestamp, UserId, constant_time_eq, from_base64url, hmac_sha256, to_base64url,
};
use crate::credentials::Purpose;
use crate::domain::{AuditRecord, EventKind};
use crate::pages::ActivityKind;
use crate::store::audit::OfAccount;
use crate::store::{StoreError, audit as rows, clients};

/// How far back a person looks.
const SHOWN_FOR: Duration = Duration::from_secs(90 * 24 * 60 * 60);
/// Rows of one page.
const PAGE: usize = 25;

/// A page of what happened, the newest first.
pub struct Activity {
    /// The rows.
    pub lines: Vec<ActivityLine>,
    /// Where the next page begins, if there is one: opaque, and this account's own.
    pub older: Option<String>,
}

/// One thing that happened.
pub struct ActivityLine {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: ActivityKind,
    /// The app's name, where it was about one.
    pub app: Option<String>,
    /// A guess at the browser; may be empty.
    pub device: String,
    /// The network; may be empty.
    pub network: String,
}

/// What happened to the active account in the last 90 days, or what was before the row that
/// `cursor` names. A cursor of another account leads to nothing (`security.md` R86).
///
/// # Errors
/// When the store fails.
pub async fn activity(
    issuer: &Issuer,
    entered: &Entered,
    cursor: Option<&str>,
) -> Result<Activity, Fault> {
    let user = entered.active()?.user.id;
    let before = match cursor.map(|cursor| read_cursor(issuer, user, cursor)) {
        None => None,
        Some(Some(id)) => Some(id),
        Some(None) => return Ok(Activity { lines: Vec::new(), older: None }),
    };
    let kinds = |wanted: fn(Told) -> bool| {
        let all = EventKind::ALL.iter().copied().filter(|kind| wanted(told(*kind)));
        all.map(EventKind::as_str).collect::<Vec<_>>()
    };
    let wanted = OfAccount {
        account: user.to_string(),
        suffered: kinds(|told| !matches!(told, Told::Nothing | Told::OfApp(_))),
        done: kinds(|told| matches!(told, Told::OfApp(_))),
        since: AuditId::first_of(entered.now - SHOWN_FOR),
        before,
    };
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let found = issuer.store.read(move |db| {
        let rows = rows::list_of_account(db, &wanted, limit)?;
        let mut names: HashMap<String, String> = HashMap::new();
        for client_id in rows.iter().filter_map(app_of) {
            if !names.contains_key(client_id)
                && let Some(client) = clients::find_client_by_client_id(db, client_id)?
            {
                names.insert(client_id.to_owned(), client.display_name().to_owned());
            }
        }
        Ok::<_, StoreError>((rows, names))
    });
    let (mut rows, names) = found.await?;
    let has_older = rows.len() > PAGE;
    rows.truncate(PAGE);
    let older = rows.last().filter(|_| has_older).map(|last| cursor_at(issuer, user, last.id));
    let lines = rows.iter().filter_map(|row| line(row, user, &names)).collect();
    Ok(Activity { lines, older })
}

/// What an event means to the person whose account it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Nothing: it is left out.
    Nothing,
    /// This, whoever did it.
    Always(ActivityKind),
    /// The first when they did it, and the second when an operator did.
    By(ActivityKind, ActivityKind),
    /// A sign-in, by what was shown.
    SignIn,
    /// A sign-in that was refused, by why.
    Refused,
    /// This, about an app.
    OfApp(ActivityKind),
}

/// Every event decides here whether it is told.
const fn told(kind: EventKind) -> Told {
    use ActivityKind as Kind;
    match kind {
        EventKind::SignedIn => Told::SignIn,
        EventKind::SignInRefused => Told::Refused,
        EventKind::SignInThrottled => Told::Always(Kind::Throttled),
        EventKind::SignInDisowned => Told::Always(Kind::Disowned),
        EventKind::PasswordShown => Told::Always(Kind::PasswordShown),
        EventKind::FactorRefused => Told::Always(Kind::FactorRefused),
        EventKind::TotpSetUp => Told::Always(Kind::TotpAdded),
        EventKind::RecoveryCodesMade => Told::Always(Kind::CodesMade),
        EventKind::DeviceTrusted => Told::Always(Kind::DeviceTrusted),
        EventKind::DeviceTrustEnded => Told::Always(Kind::DeviceTrustEnded),
        EventKind::FactorsReset => Told::By(Kind::TotpRemoved, Kind::FactorsResetByAdmin),
        EventKind::PasskeyAdded => Told::Always(Kind::PasskeyAdded),
        EventKind::PasskeyRenamed => Told::Always(Kind::PasskeyRenamed),
        EventKind::PasskeyRemoved => Told::Always(Kind::PasskeyRemoved),
        EventKind::SessionsEnded => Told::Always(Kind::SessionsEnded),
        EventKind::SignedOut => Told::Always(Kind::SignedOut),
        EventKind::UserCreated => Told::By(Kind::AccountMade, Kind::AccountMadeByAdmin),
        EventKind::UserDisabled => Told::Always(Kind::Disabled),
        EventKind::UserEnabled => Told::Always(Kind::Enabled),
        EventKind::PasswordSet => Told::By(Kind::PasswordSet, Kind::PasswordSetByAdmin),
        EventKind::RecoveryAsked => Told::Always(Kind::RecoveryAsked),
        EventKind::RecoveryRefused => Told::Always(Kind::RecoveryRefused),
        EventKind::RecoveryLinkMade => Told::Always(Kind::RecoveryLinkMade),
        EventKind::PasswordRecovered => Told::Always(Kind::PasswordRecovered),
        EventKind::EmailAsked => Told::Always(Kind::EmailAsked),
        EventKind::EmailRefused => Told::Always(Kind::EmailRefused),
        EventKind::EmailVerified => Told::Always(Kind::EmailVerified),
        EventKind::EmailChanged => Told::Always(Kind::EmailChanged),
        EventKind::GroupsSet => Told::Always(Kind::GroupsSet),
        EventKind::ProfileChanged => Told::Always(Kind::ProfileChanged),
        EventKind::DataExported => Told::Always(Kind::DataExported),
        EventKind::DeletionAsked => Told::Always(Kind::DeletionAsked),
        EventKind::DeletionWithdrawn => Told::Always(Kind::DeletionWithdrawn),
        EventKind::ConsentGiven => Told::OfApp(Kind::AppAllowed),
        EventKind::ConsentWithdrawn => Told::OfApp(Kind::AppRemoved),
        // A sign-in follows, and says the same.
        EventKind::FactorShown
        | EventKind::SetupFinished
        // It changed nothing.
        | EventKind::PasskeyNotAdded
        // Nobody is there to be told.
        | EventKind::UserDeleted
        // The making of the account stands beside these.
        | EventKind::SignUpAsked
        | EventKind::SignUpRefused
        | EventKind::SignedUp
        | EventKind::InvitationMade
        | EventKind::InvitationWithdrawn
        | EventKind::InvitationAccepted
        // The service's own.
        | EventKind::SetupLinkMade
        | EventKind::ClientCreated
        | EventKind::ClientRegistered
        | EventKind::ClientChanged
        | EventKind::ClientSecretMade
        | EventKind::ClientDeleted
        | EventKind::UnusedClientsDeleted
        | EventKind::ClientRefused
        | EventKind::RegistrationTokenMade
        | EventKind::KeyMade
        | EventKind::KeysRetired
        | EventKind::KeyRemoved
        | EventKind::CodeReplayed
        | EventKind::RefreshTokenReused
        | EventKind::GrantRevoked
        | EventKind::TokenRevoked
        | EventKind::LogoutTold
        | EventKind::LogoutNotTold
        | EventKind::MailSent
        | EventKind::MailNotSent
        | EventKind::BackedUp
        | EventKind::Restored
        | EventKind::FailedOver => Told::Nothing,
    }
}

fn line(row: &AuditRecord, user: UserId, names: &HashMap<String, String>) -> Option<ActivityLine> {
    let event = EventKind::ALL.iter().find(|kind| kind.as_str() == row.event)?;
    let is_other = row.actor_id.as_deref().is_some_and(|actor| actor != user.to_string());
    let is_by_operator = row.actor_kind == "command" || is_other;
    let details = row.told();
    let kind = match told(*event) {
        Told::Nothing => return None,
        Told::Always(kind) | Told::OfApp(kind) => kind,
        Told::By(_, operator) if is_by_operator => operator,
        Told::By(own, _) => own,
        Told::SignIn => sign_in(&details),
        Told::Refused => refused(&details),
    };
    let app = app_of(row).map(|id| names.get(id).map_or(id, String::as_str).to_owned());
    // Where an operator was is theirs.
    let shown =
        |text: Option<&str>| text.filter(|_| !is_by_operator).unwrap_or_default().to_owned();
    let device = details.get(AuditRecord::DEVICE).and_then(Value::as_str);
    Some(ActivityLine {
        at: row.at,
        kind,
        app,
        device: shown(device),
        network: shown(row.network.as_deref()),
    })
}

/// The `client_id` of the app that it is about.
fn app_of(row: &AuditRecord) -> Option<&str> {
    let (kind, id) = row.target.as_ref()?;
    (kind == "client").then_some(id.as_str())
}

/// A sign-in by the methods that were shown (RFC 8176).
fn sign_in(details: &Value) -> ActivityKind {
    let amr: Vec<&str> =
        details["amr"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    match (amr.contains(&"pwd"), amr.contains(&"otp"), amr.contains(&"pop")) {
        (true, _, true) => ActivityKind::SignedInByBoth,
        (true, true, false) => ActivityKind::SignedInByCode,
        (true, false, false) => ActivityKind::SignedInByPassword,
        (false, _, true) => ActivityKind::SignedInByPasskey,
        (false, _, false) => ActivityKind::SignedIn,
    }
}

fn refused(details: &Value) -> ActivityKind {
    match details["why"].as_str() {
        Some("disabled account") | None => ActivityKind::SignInRefused,
        Some(why) if why.contains("passkey") => ActivityKind::PasskeyRefused,
        Some(_) => ActivityKind::PasswordRefused,
    }
}

/// The place behind a row, for the account that it was shown to.
fn cursor_at(issuer: &Issuer, user: UserId, row: AuditId) -> String {
    to_base64url(&[row.as_bytes().as_slice(), &tag(issuer, user, row)].concat())
}

fn read_cursor(issuer: &Issuer, user: UserId, cursor: &str) -> Option<AuditId> {
    let bytes = from_base64url(cursor).ok()?;
    let (id, shown) = bytes.split_at_checked(16)?;
    let id = AuditId::from_bytes(id).ok()?;
    constant_time_eq(shown, &tag(issuer, user, id)).then_some(id)
}

fn tag(issuer: &Issuer, user: UserId, row: AuditId) -> [u8; 32] {
    hmac_sha256(&issuer.purpose_key(Purpose::Cursor), &[user.as_bytes(), row.as_bytes()])
}
