//! The sign-in step by passkey: an assertion becomes a session.

use crate::app::browser::Cookies;
use crate::app::finish::Arrival;
use crate::app::interaction::{Due, Visit, advance, open_form, save};
use crate::app::outcome::{Reply, SignInRefusal, SignInStep, Step};
use crate::app::passkeys::{ask, judge, take_ticket};
use crate::app::sign_in::open_session;
use crate::app::{Caller, Fault, Issuer, audit};
use crate::base::{InteractionId, Secret, Timestamp, UserId, to_base64url};
use crate::credentials::{Assertion, PasskeyError};
use crate::domain::{Actor, Event, Evidence, Passkey, Refusal, User};
use crate::rules::authorize::SignInReason;
use crate::rules::session::Proof;
use crate::store::{passkeys, users};

use super::passkeys::PasskeyAsk;

/// What a browser answered.
pub struct PasskeyForm {
    /// The ticket of the page.
    pub ticket: String,
    /// The assertion, as `PublicKeyCredential.toJSON` writes it.
    pub answer: Secret<String>,
    /// Whether they want to stay signed in on this device.
    pub is_remembered: bool,
    /// Whether they want this device not to be asked again, after their password.
    pub trusts_device: bool,
    /// The form's token.
    pub csrf: String,
}

/// An assertion that was not accepted. The person sees one sentence; an unknown credential is told
/// to the browser as well, so that it stops offering it.
pub(super) struct Refused {
    user: Option<UserId>,
    why: Refusal,
    unknown_credential: Option<String>,
}

impl Refused {
    fn because(why: Refusal, user: Option<&User>) -> Self {
        Self { user: user.map(|user| user.id), why, unknown_credential: None }
    }
}

fn context(interaction: InteractionId) -> String {
    format!("passkey/sign-in/{interaction}")
}

/// The question for the sign-in page of `interaction`; none where there can be no passkeys.
pub(super) fn question(issuer: &Issuer, visit: &Visit) -> Option<PasskeyAsk> {
    let made = judge(issuer)?.begin_sign_in().ok()?;
    ask(issuer, &context(visit.row.id), made, visit.now).ok()
}

/// Tries a sign-in by passkey and goes on with the interaction. No count of an account stands in
/// its way: whoever fails with passwords keeps nobody from their passkey (`security.md` R58).
///
/// # Errors
/// When the store or the keys fail.
pub async fn sign_in(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    form: PasskeyForm,
    caller: Caller,
) -> Result<Reply, Fault> {
    let mut visit = match open_form(issuer, address, cookies, &form.csrf).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    let reason = match visit.due(issuer).await? {
        Due::SignIn(reason) if visit.row.replay(visit.now).is_none() => reason,
        _ => return advance(issuer, visit, Arrival::AfterForm).await,
    };
    if visit.row.is_stale(visit.now) {
        let evidence = Evidence { restarted_at: Some(visit.now), ..Evidence::default() };
        save(issuer, &mut visit, evidence).await?;
        return Ok(again(issuer, &visit, reason, SignInRefusal::Stale, None));
    }
    if let Err(wait) = issuer.throttle.reserve_network(caller.network).await {
        return Ok(again(issuer, &visit, reason, SignInRefusal::TooMany(wait), None));
    }
    match prove(issuer, &context(visit.row.id), &form, None, visit.now).await? {
        Ok(user) => {
            issuer.throttle.network_succeeded(caller.network).await;
            let proof = Proof::by_passkey(user.id, form.is_remembered, visit.now);
            open_session(issuer, visit, reason, user, (proof, false), caller).await
        }
        Err(Refused { user, why, unknown_credential }) => {
            let event = Event::SignInRefused { user, why };
            audit::record(&issuer.store, caller.row(issuer, Actor::Anonymous, &event)).await?;
            Ok(again(issuer, &visit, reason, SignInRefusal::Passkey, unknown_credential))
        }
    }
}

fn again(
    issuer: &Issuer,
    visit: &Visit,
    reason: SignInReason,
    refusal: SignInRefusal,
    unknown_credential: Option<String>,
) -> Reply {
    let step =
        SignInStep { refusal: Some(refusal), unknown_credential, ..visit.sign_in_step(reason) };
    visit.page(issuer, Step::SignIn(step))
}

/// Checks the assertion to the question of `context`: of anybody, or of the `expected` person. The
/// challenge is used up first, whatever comes of it.
pub(super) async fn prove(
    issuer: &Issuer,
    context: &str,
    form: &PasskeyForm,
    expected: Option<UserId>,
    now: Timestamp,
) -> Result<Result<User, Refused>, Fault> {
    let refused = |why, user| Ok(Err(Refused::because(why, user)));
    let Some(judge) = judge(issuer) else { return refused(Refusal::WrongPasskey, None) };
    let Some(state) = take_ticket(issuer, context, &form.ticket, now).await? else {
        return refused(Refusal::StaleChallenge, None);
    };
    let Ok(assertion) = Assertion::parse(form.answer.expose()) else {
        return refused(Refusal::UnreadablePasskey, None);
    };
    let Some((passkey, user)) = find(issuer, assertion.credential_id().to_vec()).await? else {
        let unknown_credential = Some(to_base64url(assertion.credential_id()));
        let refused = Refused::because(Refusal::UnknownPasskey, None);
        return Ok(Err(Refused { unknown_credential, ..refused }));
    };
    if !user.is_enabled() {
        return refused(Refusal::DisabledAccount, Some(&user));
    }
    if expected.is_some_and(|expected| expected != user.id) {
        return refused(Refusal::WrongPasskey, Some(&user));
    }
    match judge.finish_sign_in(&state, &assertion, &passkey, &user) {
        Ok(used) => keep(issuer, &passkey, used, user, now).await,
        Err(error) => {
            tracing::debug!(%error, "a passkey did not prove itself");
            if !matches!(error, PasskeyError::CountFell) {
                return refused(Refusal::WrongPasskey, Some(&user));
            }
            let id = passkey.id;
            issuer
                .store
                .write("record count", move |db| passkeys::record_fallen_count(db, id, now))
                .await?;
            refused(Refusal::PasskeyCountFell, Some(&user))
        }
    }
}

async fn find(issuer: &Issuer, credential_id: Vec<u8>) -> Result<Option<(Passkey, User)>, Fault> {
    let found = issuer.store.read(move |db| {
        let Some(passkey) = passkeys::find_passkey(db, &credential_id)? else { return Ok(None) };
        let user = users::find_user(db, passkey.user)?;
        Ok::<_, crate::store::StoreError>(user.map(|user| (passkey, user)))
    });
    Ok(found.await?)
}

/// Keeps the counter and the flags that the passkey showed.
async fn keep(
    issuer: &Issuer,
    before: &Passkey,
    used: Passkey,
    user: User,
    now: Timestamp,
) -> Result<Result<User, Refused>, Fault> {
    let used = Passkey { last_used_at: Some(now), ..used };
    let count = before.sign_count;
    let is_kept = issuer
        .store
        .write("use passkey", move |db| passkeys::update_used_passkey(db, &used, count))
        .await?;
    Ok(if is_kept { Ok(user) } else { Err(Refused::because(Refusal::PasskeyGone, Some(&user))) })
}
