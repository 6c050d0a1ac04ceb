//! The second step of a sign-in: what was proven first waits in the interaction and opens nothing
//! (`security.md` R77), until a second factor makes a session of it.

use std::time::Duration;

use crate::app::browser::{CookieChanges, Cookies};
use crate::app::factors::{self, CodeRefusal, Way};
use crate::app::finish::Arrival;
use crate::app::interaction::{
    Due, Missing, Proven, Visit, account_info, advance, open, open_form,
};
use crate::app::outcome::{FactorQuestion, FactorStep, Reply, Step, WaysStep};
use crate::app::passkey_sign_in::{PasskeyForm, prove};
use crate::app::passkeys::{self, PasskeyAsk, ask, judge};
use crate::app::sign_in::open_session;
use crate::app::trusted_devices::trust;
use crate::app::{Caller, Fault, Issuer, audit, factor_policy};
use crate::base::{InteractionId, Secret};
use crate::domain::{Actor, Event};
use crate::rules::authorize::SignInReason;
use crate::rules::session::Proof;

/// What a person typed.
pub struct CodeForm {
    /// The code.
    pub code: Secret<String>,
    /// Whether they want this device not to be asked again.
    pub trusts_device: bool,
    /// The form's token.
    pub csrf: String,
}

/// Shows the page for one way, when a second factor is due and the person has that way.
///
/// # Errors
/// When the store or the keys fail.
pub async fn show_way(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    way: Way,
) -> Result<Reply, Fault> {
    let visit = match open(issuer, address, cookies).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    match due_unless_finished(issuer, &visit).await? {
        Some(Due::SecondFactor(missing)) => {
            factor_page(issuer, &visit, &missing, Some(way), None).await
        }
        _ => advance(issuer, visit, Arrival::AfterForm).await,
    }
}

/// Shows the ways to choose from, when a second factor is due and there is a choice. Nobody learns
/// of them before the first factor was right (`security.md` R61).
///
/// # Errors
/// When the store or the keys fail.
pub async fn show_ways(issuer: &Issuer, address: &str, cookies: &Cookies) -> Result<Reply, Fault> {
    let visit = match open(issuer, address, cookies).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    match due_unless_finished(issuer, &visit).await? {
        Some(Due::SecondFactor(missing)) if missing.factors.ways().len() > 1 => {
            let (account, ways) = (account_info(&missing.user), missing.factors.ways());
            Ok(visit.page(issuer, Step::Ways(WaysStep { account, ways })))
        }
        _ => advance(issuer, visit, Arrival::AfterForm).await,
    }
}

/// Tries a code and goes on with the interaction.
///
/// # Errors
/// When the store or the keys fail.
pub async fn submit(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    form: CodeForm,
    way: Way,
    caller: Caller,
) -> Result<Reply, Fault> {
    let visit = match open_form(issuer, address, cookies, &form.csrf).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    let Some(Due::SecondFactor(missing)) = due_unless_finished(issuer, &visit).await? else {
        return advance(issuer, visit, Arrival::AfterForm).await;
    };
    let user = missing.user.id;
    match factors::check(issuer, user, way, &form.code, caller, visit.now).await? {
        Ok(()) => {
            let shown = Shown { way, trusts_device: form.trusts_device };
            accept(issuer, visit, *missing, shown, caller).await
        }
        Err(refusal) => factor_page(issuer, &visit, &missing, Some(way), Some(refusal)).await,
    }
}

/// Tries a passkey of the person whose password was right. No count of the account stands in its
/// way (`security.md` R58).
///
/// # Errors
/// When the store or the keys fail.
pub async fn submit_passkey(
    issuer: &Issuer,
    address: &str,
    cookies: &Cookies,
    form: PasskeyForm,
    caller: Caller,
) -> Result<Reply, Fault> {
    let visit = match open_form(issuer, address, cookies, &form.csrf).await? {
        Ok(visit) => visit,
        Err(reply) => return Ok(reply),
    };
    let Some(Due::SecondFactor(missing)) = due_unless_finished(issuer, &visit).await? else {
        return advance(issuer, visit, Arrival::AfterForm).await;
    };
    let way = Way::Passkey;
    if let Err(wait) = issuer.throttle.reserve_network(caller.network).await {
        let refusal = Some(CodeRefusal::TooMany(wait));
        return factor_page(issuer, &visit, &missing, Some(way), refusal).await;
    }
    let user = missing.user.id;
    let context = context(visit.row.id);
    if prove(issuer, &context, &form, Some(user), visit.now).await?.is_err() {
        let refused = Event::FactorRefused { user, way: way.as_str() };
        audit::record(&issuer.store, caller.row(issuer, Actor::Anonymous, &refused)).await?;
        return factor_page(issuer, &visit, &missing, Some(way), Some(CodeRefusal::Wrong)).await;
    }
    issuer.throttle.network_succeeded(caller.network).await;
    let shown = Event::FactorShown { user, way: way.as_str() };
    audit::record(&issuer.store, caller.row(issuer, Actor::User(user), &shown)).await?;
    let shown = Shown { way, trusts_device: form.trusts_device };
    accept(issuer, visit, *missing, shown, caller).await
}

/// What is due; nothing when the answer was given already.
pub(super) async fn due_unless_finished(
    issuer: &Issuer,
    visit: &Visit,
) -> Result<Option<Due>, Fault> {
    if visit.row.replay(visit.now).is_some() {
        return Ok(None);
    }
    Ok(Some(visit.due(issuer).await?))
}

/// A second factor that was shown.
pub(super) struct Shown {
    /// In which way.
    pub(super) way: Way,
    /// Whether its person wants this device not to be asked again.
    pub(super) trusts_device: bool,
}

/// Makes a session of both factors, and a trusted device of this one if that is wanted and may be.
pub(super) async fn accept(
    issuer: &Issuer,
    visit: Visit,
    missing: Missing,
    shown: Shown,
    caller: Caller,
) -> Result<Reply, Fault> {
    let Shown { way, trusts_device } = shown;
    let may_trust = trust_offered(issuer, &visit, &missing.proven, way).is_some();
    let trusted = if trusts_device && may_trust {
        trust(issuer, &visit.browser, missing.user.id, caller, visit.now).await?
    } else {
        CookieChanges::default()
    };
    let (proof, reason) = match missing.proven {
        Proven::Password(first, reason) => (Proof::by_password_and(&first, way), reason),
        Proven::Session(index) => {
            let session = &visit.account(index).session;
            (Proof::of_step_up(session, way), SignInReason::Confirm(index))
        }
    };
    let user = missing.user;
    let reply = open_session(issuer, visit, reason, user, (proof, false), caller).await?;
    Ok(Reply { cookies: trusted.then(reply.cookies), ..reply })
}

/// A recovery code makes no trusted device: whoever uses one up has lost something.
fn trust_offered(issuer: &Issuer, visit: &Visit, proven: &Proven, way: Way) -> Option<Duration> {
    factor_policy::trust_offered(issuer, visit, proven).filter(|_| way != Way::RecoveryCode)
}

/// The page that asks for a second factor: in the way that was `chosen`, if the person has it, else
/// in the one that was last used.
pub(super) async fn factor_page(
    issuer: &Issuer,
    visit: &Visit,
    missing: &Missing,
    chosen: Option<Way>,
    refusal: Option<CodeRefusal>,
) -> Result<Reply, Fault> {
    let ways = missing.factors.ways();
    let wanted = visit.wants_passkey().then_some(Way::Passkey);
    let has = |way: &Way| ways.contains(way);
    let way = chosen.filter(has).or(wanted.filter(has)).or(ways.first().copied());
    let question = match way {
        Some(Way::Passkey) => match question(issuer, visit, missing).await? {
            Some(asked) => FactorQuestion::Passkey(asked),
            None => FactorQuestion::Totp,
        },
        Some(Way::RecoveryCode) => FactorQuestion::RecoveryCode,
        Some(Way::Totp) | None => FactorQuestion::Totp,
    };
    let step = FactorStep {
        account: account_info(&missing.user),
        is_step_up: matches!(missing.proven, Proven::Session(_)),
        question,
        has_other_way: ways.len() > 1,
        trust_for: way.and_then(|way| trust_offered(issuer, visit, &missing.proven, way)),
        refusal,
    };
    Ok(visit.page(issuer, Step::Factor(step)))
}

fn context(interaction: InteractionId) -> String {
    format!("passkey/confirm/{interaction}")
}

/// The question for a passkey of this person; none where there can be no passkeys.
async fn question(
    issuer: &Issuer,
    visit: &Visit,
    missing: &Missing,
) -> Result<Option<PasskeyAsk>, Fault> {
    let Some(judge) = judge(issuer) else { return Ok(None) };
    let own = passkeys::list(issuer, missing.user.id).await?;
    let made =
        judge.begin_confirmation(&own).map_err(|_| Fault::Broken("a passkey can be asked for"))?;
    ask(issuer, &context(visit.row.id), made, visit.now).map(Some)
}
