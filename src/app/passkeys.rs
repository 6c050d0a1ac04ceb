//! Passkeys of people: enrolling, listing, naming and removing, wherever a page offers it. A question
//! to a browser travels with the page as a sealed ticket, so that looking at a page stores nothing;
//! what is stored is that its challenge was answered.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::app::{Caller, Fault, Issuer, audit, mail};
use crate::base::{Digest, PasskeyId, Timestamp, UserId, from_base64url, to_base64url};
use crate::credentials::{Ceremony, NewCredential, PasskeyJudge};
use crate::domain::{Actor, AuditRecord, Event, MAX_PASSKEY_NAME, Passkey, User};
use crate::pages::{Mail, MailFactor};
use crate::store::passkeys::Added;
use crate::store::{Db, StoreError, audit as rows, passkeys, users};

/// How long a browser may take (`security.md` R78).
pub const CHALLENGE_FOR: Duration = Duration::from_secs(5 * 60);
/// How long somebody who said "not now" is not asked again.
pub const DECLINED_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// At most this many of one person.
pub const MAX_PASSKEYS: i64 = 20;

/// What a page asks a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyAsk {
    /// The options for `navigator.credentials`, as JSON.
    pub options: String,
    /// Comes back with the answer.
    pub ticket: String,
}

/// What a ticket holds, sealed.
#[derive(Serialize, Deserialize)]
struct Ticket {
    expires_at: Timestamp,
    challenge: String,
    state: String,
}

/// Why a passkey was not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnrolRefusal {
    /// The answer does not hold: expired, used, or wrong in any way.
    Wrong,
    /// They have as many as there may be.
    TooMany,
}

/// The judge for this issuer; none where its address has no domain name.
pub(super) fn judge(issuer: &Issuer) -> Option<PasskeyJudge> {
    PasskeyJudge::new(issuer.url(), &issuer.settings.brand)
}

/// Makes a question for the page that `context` names: its answer counts there alone.
pub(super) fn ask(
    issuer: &Issuer,
    context: &str,
    made: Ceremony,
    now: Timestamp,
) -> Result<PasskeyAsk, Fault> {
    let ticket = Ticket {
        expires_at: now + CHALLENGE_FOR,
        challenge: Digest::of(&made.challenge).to_text(),
        state: made.state,
    };
    let plain = serde_json::to_vec(&ticket).map_err(|_| Fault::Broken("a ticket is JSON"))?;
    let sealed = issuer.sealer.seal(context, &plain, issuer.entropy.as_ref());
    Ok(PasskeyAsk { options: made.options, ticket: to_base64url(&sealed) })
}

/// Takes a ticket and uses its challenge up, before anything else is looked at. None when it is of
/// another page, too old, or was used: one answer for all.
pub(super) async fn take_ticket(
    issuer: &Issuer,
    context: &str,
    ticket: &str,
    now: Timestamp,
) -> Result<Option<String>, Fault> {
    let opened = from_base64url(ticket)
        .ok()
        .and_then(|sealed| issuer.sealer.open(context, &sealed).ok())
        .and_then(|plain| serde_json::from_slice::<Ticket>(plain.expose()).ok());
    let counts = |ticket: &Ticket| {
        now < ticket.expires_at && issuer.may_count(ticket.expires_at - CHALLENGE_FOR)
    };
    let Some(ticket) = opened.filter(counts) else { return Ok(None) };
    let Ok(challenge) = Digest::from_text(&ticket.challenge) else { return Ok(None) };
    let expires_at = ticket.expires_at;
    let is_first = issuer
        .store
        .write("use challenge", move |db| passkeys::use_challenge(db, &challenge, expires_at))
        .await?;
    Ok(is_first.then_some(ticket.state))
}

fn enrolment_context(place: &str, user: UserId) -> String {
    format!("passkey/enrol/{user}/{place}")
}

/// Asks for a new passkey of `user` on the page that `place` names: an interaction, or a session.
/// None where there can be no passkeys. The caller has made sure that it is they who sit there.
///
/// # Errors
/// When the store fails.
pub async fn begin_enrolment(
    issuer: &Issuer,
    place: &str,
    user: &User,
) -> Result<Option<PasskeyAsk>, Fault> {
    let Some(judge) = judge(issuer) else { return Ok(None) };
    let existing = list(issuer, user.id).await?;
    let made = judge
        .begin_enrolment(user, &existing)
        .map_err(|_| Fault::Broken("a passkey can be asked for"))?;
    ask(issuer, &enrolment_context(place, user.id), made, issuer.now()).map(Some)
}

/// Asks for a passkey of somebody who has no account yet. `context` must tell this question from
/// every other one.
pub(super) fn begin_first(
    issuer: &Issuer,
    context: &str,
    user: &User,
) -> Result<Option<PasskeyAsk>, Fault> {
    let Some(judge) = judge(issuer) else { return Ok(None) };
    let made = judge
        .begin_enrolment(user, &[])
        .map_err(|_| Fault::Broken("a passkey can be asked for"))?;
    ask(issuer, context, made, issuer.now()).map(Some)
}

/// The passkey that a browser made for the question of [`begin_first`], for the caller to store
/// with its account; none when it does not hold.
pub(super) async fn finish_first(
    issuer: &Issuer,
    context: &str,
    user: &User,
    (ticket, answer): (&str, &str),
    name: &str,
) -> Result<Option<Passkey>, Fault> {
    let now = issuer.now();
    let Some(judge) = judge(issuer) else { return Ok(None) };
    let Some(state) = take_ticket(issuer, context, ticket, now).await? else { return Ok(None) };
    Ok(match judge.finish_enrolment(&state, answer) {
        Ok(made) => Some(new_passkey(issuer, user, made, tidy_name(name), now)),
        Err(error) => {
            tracing::debug!(%error, "a passkey did not prove itself");
            None
        }
    })
}

/// Adds the passkey that a browser made for the question of [`begin_enrolment`].
///
/// # Errors
/// When the store fails.
pub async fn enrol(
    issuer: &Issuer,
    place: &str,
    user: &User,
    (ticket, answer): (&str, &str),
    name: &str,
    caller: Caller,
) -> Result<Result<Passkey, EnrolRefusal>, Fault> {
    let now = issuer.now();
    let Some(judge) = judge(issuer) else { return Ok(Err(EnrolRefusal::Wrong)) };
    let context = enrolment_context(place, user.id);
    let Some(state) = take_ticket(issuer, &context, ticket, now).await? else {
        return Ok(Err(EnrolRefusal::Wrong));
    };
    let made = match judge.finish_enrolment(&state, answer) {
        Ok(made) => made,
        Err(error) => {
            tracing::debug!(%error, "a passkey did not prove itself");
            let event = Event::PasskeyNotAdded { user: user.id };
            let row = caller.row(issuer, Actor::User(user.id), &event);
            audit::record(&issuer.store, row).await?;
            return Ok(Err(EnrolRefusal::Wrong));
        }
    };
    let passkey = new_passkey(issuer, user, made, tidy_name(name), now);
    let event = Event::PasskeyAdded { user: user.id, passkey: passkey.id };
    let row = caller.row(issuer, Actor::User(user.id), &event);
    let stored = passkey.clone();
    let told = Mail::FactorAdded { factor: MailFactor::Passkey };
    let letter = issuer.notice(user.id, &told, caller).await?;
    let noted = row.clone();
    let added = issuer.store.write("add passkey", move |db| {
        let added = passkeys::add_passkey(db, &stored, MAX_PASSKEYS)?;
        if added == Added::Yes {
            rows::record(db, &noted)?;
            mail::put(db, letter.as_ref(), now)?;
        }
        Ok(added)
    });
    match added.await? {
        Added::Yes => {
            audit::log(&row);
            issuer.wake_outbox();
            Ok(Ok(passkey))
        }
        Added::Known => Ok(Err(EnrolRefusal::Wrong)),
        Added::TooMany => Ok(Err(EnrolRefusal::TooMany)),
    }
}

fn new_passkey(
    issuer: &Issuer,
    user: &User,
    made: NewCredential,
    name: String,
    now: Timestamp,
) -> Passkey {
    Passkey {
        id: PasskeyId::new(now, issuer.entropy.as_ref()),
        user: user.id,
        credential_id: made.credential_id,
        credential: made.credential,
        name,
        sign_count: made.sign_count,
        is_backup_eligible: made.is_backup_eligible,
        is_backed_up: made.is_backed_up,
        created_at: now,
        last_used_at: None,
        count_fell_at: None,
    }
}

/// A name as it is kept: one line, not empty, not too long.
fn tidy_name(name: &str) -> String {
    let words: Vec<&str> = name.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let line = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let line: String = line.chars().take(MAX_PASSKEY_NAME).collect();
    if line.is_empty() { "Passkey".to_owned() } else { line }
}

/// The passkeys of a person, the oldest first.
///
/// # Errors
/// When the store fails.
pub async fn list(issuer: &Issuer, user: UserId) -> Result<Vec<Passkey>, Fault> {
    Ok(issuer.store.read(move |db| passkeys::list_passkeys(db, user)).await?)
}

/// Gives a passkey of `user` another name. False when they have no such passkey.
///
/// # Errors
/// When the store fails.
pub async fn rename(
    issuer: &Issuer,
    user: UserId,
    id: PasskeyId,
    name: &str,
    caller: Caller,
) -> Result<bool, Fault> {
    let name = tidy_name(name);
    let event = Event::PasskeyRenamed { user, passkey: id };
    change(issuer, "rename passkey", caller.row(issuer, Actor::User(user), &event), move |db| {
        passkeys::rename_passkey(db, user, id, &name)
    })
    .await
}

/// What became of a passkey that was to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// It is gone.
    Done,
    /// The person has no such passkey.
    Unknown,
    /// Without it there would be no way to sign in: it stays.
    LastWay,
}

/// Removes a passkey of `user`, unless it is their last way to sign in. The same transaction holds
/// the account, counts and removes: of two who remove the last two passkeys at once, one is refused.
///
/// # Errors
/// When the store fails.
pub async fn remove(
    issuer: &Issuer,
    user: UserId,
    id: PasskeyId,
    caller: Caller,
) -> Result<Removal, Fault> {
    let row = caller.row(issuer, Actor::User(user), &Event::PasskeyRemoved { user, passkey: id });
    let noted = row.clone();
    let now = issuer.now();
    let told = Mail::FactorRemoved { factor: MailFactor::Passkey };
    let letter = issuer.notice(user, &told, caller).await?;
    let removed = issuer.store.write("remove passkey", move |db| {
        users::hold_user(db, user)?;
        let own = passkeys::list_passkeys(db, user)?;
        if !own.iter().any(|one| one.id == id) {
            return Ok(Removal::Unknown);
        }
        if is_last_way(db, user, &own)? {
            return Ok(Removal::LastWay);
        }
        passkeys::delete_passkey(db, user, id)?;
        rows::record(db, &noted)?;
        mail::put(db, letter.as_ref(), now)?;
        Ok(Removal::Done)
    });
    let removed = removed.await?;
    if removed == Removal::Done {
        audit::log(&row);
        issuer.wake_outbox();
    }
    Ok(removed)
}

/// Whether a person could not sign in without the one passkey that they have.
pub(super) fn is_last_way(db: &mut Db, user: UserId, own: &[Passkey]) -> Result<bool, StoreError> {
    let has_password = users::find_user(db, user)?.is_some_and(|user| user.password_hash.is_some());
    Ok(own.len() == 1 && !has_password)
}

/// Applies a change and notes it in the same transaction, if it changed anything.
async fn change(
    issuer: &Issuer,
    what: &'static str,
    row: AuditRecord,
    apply: impl Fn(&mut Db) -> Result<bool, StoreError> + Send + 'static,
) -> Result<bool, Fault> {
    let noted = row.clone();
    let is_changed = issuer.store.write(what, move |db| {
        let is_changed = apply(db)?;
        if is_changed {
            rows::record(db, &noted)?;
        }
        Ok(is_changed)
    });
    let is_changed = is_changed.await?;
    if is_changed {
        audit::log(&row);
    }
    Ok(is_changed)
}

/// What `signalAllAcceptedCredentials` is told, as JSON: the browser forgets what is not in it.
/// None where there can be no passkeys.
///
/// # Errors
/// When the store fails.
pub async fn accepted_credentials(issuer: &Issuer, user: &User) -> Result<Option<String>, Fault> {
    let Some(rp_id) = rp_id(issuer) else { return Ok(None) };
    let ids: Vec<String> =
        list(issuer, user.id).await?.iter().map(|one| to_base64url(&one.credential_id)).collect();
    let told = serde_json::json!({
        "rpId": rp_id, "userId": user_handle(user)?, "allAcceptedCredentialIds": ids,
    });
    Ok(Some(told.to_string()))
}

/// What `signalCurrentUserDetails` is told, as JSON: the names that the browser shows beside the
/// person's passkeys. None where there can be no passkeys.
///
/// # Errors
/// When the subject is no user handle, which does not happen.
pub fn user_details(issuer: &Issuer, user: &User) -> Result<Option<String>, Fault> {
    let Some(rp_id) = rp_id(issuer) else { return Ok(None) };
    let told = serde_json::json!({
        "rpId": rp_id, "userId": user_handle(user)?,
        "name": user.username, "displayName": user.display_name(),
    });
    Ok(Some(told.to_string()))
}

fn user_handle(user: &User) -> Result<String, Fault> {
    let handle = PasskeyJudge::user_handle(&user.subject);
    handle.map(|handle| to_base64url(&handle)).map_err(|_| Fault::Broken("a subject is a handle"))
}

/// The relying party: the issuer's host.
pub(super) fn rp_id(issuer: &Issuer) -> Option<String> {
    url::Url::parse(issuer.url()).ok()?.domain().map(str::to_owned)
}

/// Whether to offer a passkey to somebody who signed in with a password.
pub(super) async fn is_to_be_offered(
    issuer: &Issuer,
    user: UserId,
    now: Timestamp,
) -> Result<bool, Fault> {
    if judge(issuer).is_none() {
        return Ok(false);
    }
    let (has_any, declined_at) = issuer
        .store
        .read(move |db| {
            let has_any = !passkeys::list_passkeys(db, user)?.is_empty();
            Ok::<_, crate::store::StoreError>((has_any, passkeys::passkey_declined_at(db, user)?))
        })
        .await?;
    Ok(!has_any && declined_at.is_none_or(|at| now >= at + DECLINED_FOR))
}
