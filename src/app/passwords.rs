//! New passwords: the one place that says whether one is taken, whoever chooses it and wherever.

use std::time::Duration;

use crate::app::browser::{BrowserKey, Cookies};
use crate::app::{ClientNetwork, Fault, Issuer};
use crate::base::{Secret, UserId};
use crate::credentials::{PasswordError, PasswordHash, PasswordPool, PasswordRule, Verified};
use crate::domain::User;
use crate::store::{Store, factors};

pub use crate::credentials::{Judgement, PasswordProblem, Strength};

/// The least length of a password that is the only factor (`security.md` R54).
pub const MIN_OF_ONLY_FACTOR: usize = PasswordRule::ONLY_FACTOR.min();
/// What one network may have judged within [`WINDOW`]: a person who types asks twice in
/// a second at most.
const MAX_OF_NETWORK: u64 = 600;
pub(super) const WINDOW: Duration = Duration::from_secs(10 * 60);

/// The words of an account that its password must not be made of.
pub(super) fn own_words(user: &User) -> Vec<String> {
    let claims = &user.claims;
    let texts = [
        &user.email,
        &claims.name,
        &claims.given_name,
        &claims.family_name,
        &claims.middle_name,
        &claims.nickname,
    ];
    let texts = texts.into_iter().flatten().cloned();
    std::iter::once(user.username.clone()).chain(texts).collect()
}

/// The rule for the password of an account that may be there already.
///
/// # Errors
/// When the store fails.
pub(super) async fn rule_for(store: &Store, user: UserId) -> Result<PasswordRule, Fault> {
    let factors = store.read(move |db| factors::find_factors(db, user)).await?;
    Ok(PasswordRule::beside(factors.are_set_up()))
}

/// Judges the new password of `user` (`security.md` R54). The inner error is for the person who
/// chose it.
///
/// # Errors
/// When too many wait, or the breach filter cannot be read: then it must not be taken.
pub(super) async fn check(
    passwords: &PasswordPool,
    rule: PasswordRule,
    user: &User,
    password: &Secret<String>,
) -> Result<Result<(), PasswordProblem>, PasswordError> {
    let judged = passwords.judge(password.clone(), rule, own_words(user)).await?;
    Ok(judged.problem.map_or(Ok(()), Err))
}

/// Whether `new` is the password of `user` that must not count any more.
///
/// # Errors
/// When too many wait.
pub(super) async fn is_spent(
    passwords: &PasswordPool,
    user: &User,
    new: &Secret<String>,
) -> Result<bool, PasswordError> {
    if !user.owes_new_password() {
        return Ok(false);
    }
    let old = user.password_hash.clone().map(PasswordHash::new);
    let verified = passwords.verify(new.clone(), old.as_ref()).await?;
    Ok(matches!(verified, Verified::Right { .. }))
}

/// A password that somebody is typing.
pub struct Typed {
    /// As far as it goes.
    pub password: Secret<String>,
    /// The names on the same form.
    pub words: Vec<String>,
    /// The least length that the page asks for.
    pub min: usize,
    /// The form's token.
    pub csrf: String,
}

/// Why nothing is said about what somebody types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JudgeRefusal {
    /// Not a form of ours in this browser.
    Forged,
    /// Too many asked; when to ask again.
    Busy(Duration),
}

/// Whether a network may have one more password judged, for which nobody has proven anything:
/// sign-ins wait for the same threads.
pub(super) async fn may_judge(issuer: &Issuer, network: ClientNetwork) -> bool {
    let key = format!("judged:network:{network}");
    issuer.throttle.count(&key, WINDOW).await <= MAX_OF_NETWORK
}

/// Says what is thought of a password that is being typed. It decides nothing: what is sent in the
/// end is judged again.
///
/// # Errors
/// When the breach filter cannot be read.
pub async fn judge_typed(
    issuer: &Issuer,
    cookies: &Cookies,
    typed: Typed,
    network: ClientNetwork,
) -> Result<Result<Judgement, JudgeRefusal>, Fault> {
    let key = cookies.browser.as_deref().and_then(BrowserKey::parse);
    if !key.is_some_and(|key| key.accepts_csrf(issuer, &typed.csrf)) {
        return Ok(Err(JudgeRefusal::Forged));
    }
    if !may_judge(issuer, network).await {
        return Ok(Err(JudgeRefusal::Busy(WINDOW)));
    }
    let rule = PasswordRule::beside(typed.min == PasswordRule::WITH_SECOND_FACTOR.min());
    match issuer.passwords.judge(typed.password, rule, typed.words).await {
        Ok(judgement) => Ok(Ok(judgement)),
        Err(PasswordError::Busy { retry_after }) => Ok(Err(JudgeRefusal::Busy(retry_after))),
        Err(PasswordError::TooLong) => {
            let problem = Some(PasswordProblem::TooLong);
            Ok(Ok(Judgement { problem, strength: Strength::Strong }))
        }
        Err(error) => Err(error.into()),
    }
}
