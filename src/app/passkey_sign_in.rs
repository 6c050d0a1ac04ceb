//! The sign-in step by passkey: an assertion becomes a session.

use crate::app::browser::Cookies;
use crate::app::finish::Arrival;
use crate::app::interaction::{Due, Visit, advance, open_form, save};
use crate::app::outcome::{Reply, SignInRefusal, SignInStep, Step};
use crate::app::passkeys::{ask, judge, take_ticket};
use crate::app::sign_in::open_session;
use crate::app::{ClientNetwork, Fault, Issuer};
use crate::base::{InteractionId, Secret, to_base64url};
use crate::credentials::{Assertion, PasskeyError};
use crate::domain::{Evidence, Passkey, User};
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
    /// The form's token.
    pub csrf: String,
}

/// Why an assertion was not accepted. The person sees one sentence; an unknown credential is told
/// to the browser as well, so that it stops offering it.
enum Refusal {
    Wrong,
    Unknown(String),
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
    network: ClientNetwork,
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
    if let Err(wait) = issuer.throttle.reserve_network(network).await {
        return Ok(again(issuer, &visit, reason, SignInRefusal::TooMany(wait), None));
    }
    match prove(issuer, &visit, &form).await? {
        Ok(user) => {
            issuer.throttle.network_succeeded(network).await;
            let proof = Proof::by_passkey(user.id, form.is_remembered, visit.now);
            open_session(issuer, visit, reason, user, (proof, false)).await
        }
        Err(Refusal::Wrong) => Ok(again(issuer, &visit, reason, SignInRefusal::Passkey, None)),
        Err(Refusal::Unknown(id)) => {
            Ok(again(issuer, &visit, reason, SignInRefusal::Passkey, Some(id)))
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

/// Checks the assertion. The challenge is used up first, whatever comes of it.
async fn prove(
    issuer: &Issuer,
    visit: &Visit,
    form: &PasskeyForm,
) -> Result<Result<User, Refusal>, Fault> {
    let Some(judge) = judge(issuer) else { return Ok(Err(Refusal::Wrong)) };
    let context = context(visit.row.id);
    let Some(state) = take_ticket(issuer, &context, &form.ticket, visit.now).await? else {
        return Ok(Err(refused(None, "challenge expired, used, or of another page")));
    };
    let Ok(assertion) = Assertion::parse(form.answer.expose()) else {
        return Ok(Err(refused(None, "not a WebAuthn answer")));
    };
    let Some((passkey, user)) = find(issuer, assertion.credential_id().to_vec()).await? else {
        refused(None, "unknown credential");
        return Ok(Err(Refusal::Unknown(to_base64url(assertion.credential_id()))));
    };
    if !user.is_enabled() {
        return Ok(Err(refused(Some(&user), "disabled account")));
    }
    match judge.finish_sign_in(&state, &assertion, &passkey, &user) {
        Ok(used) => keep(issuer, visit, &passkey, used, user).await,
        Err(error) => {
            if matches!(error, PasskeyError::CountFell) {
                let (id, now) = (passkey.id, visit.now);
                issuer
                    .store
                    .write("record count", move |db| passkeys::record_fallen_count(db, id, now))
                    .await?;
            }
            Ok(Err(refused(Some(&user), &error.to_string())))
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
    visit: &Visit,
    before: &Passkey,
    used: Passkey,
    user: User,
) -> Result<Result<User, Refusal>, Fault> {
    let used = Passkey { last_used_at: Some(visit.now), ..used };
    let (id, count) = (before.id, before.sign_count);
    let is_kept = issuer
        .store
        .write("use passkey", move |db| passkeys::update_used_passkey(db, &used, count))
        .await?;
    if !is_kept {
        return Ok(Err(refused(Some(&user), "removed meanwhile, or two with one counter")));
    }
    tracing::info!(target: "tessera::audit", user = %user.id, passkey = %id, "signed in with a passkey");
    Ok(Ok(user))
}

fn refused(user: Option<&User>, why: &str) -> Refusal {
    let user = user.map(|user| user.id.to_string());
    tracing::info!(target: "tessera::audit", user, why, "passkey sign-in refused");
    Refusal::Wrong
}
