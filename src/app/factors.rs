//! The second factors of a person: setting them up, and checking what a person shows. Nothing here
//! knows on which page that happens.

use std::time::Duration;

use crate::app::mail::{self, Recipient};
use crate::app::{Caller, Fault, Issuer, audit};
use crate::base::{Digest, Secret, Timestamp, UserId};
use crate::credentials::{RecoveryCode, TotpSeed, TypedCode, is_code_of, newest_step};
use crate::domain::{Actor, AuditRecord, Event, Factors, Letter, TotpCredential, User};
use crate::pages::{Mail, MailFactor};
use crate::store::{Db, audit as rows, copy, factors, users};

pub use crate::domain::Way;

/// How many recovery codes a person gets.
const RECOVERY_CODES: usize = 10;
/// So many are few: their person hears of it.
const FEW_CODES: u32 = 3;

/// Why a code was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeRefusal {
    /// Wrong, too old, or used before.
    Wrong,
    /// Too many failures: how long to wait.
    TooMany(Duration),
}

/// What an authenticator app is told.
pub struct TotpOffer {
    /// The key for typing it in: base32.
    pub key: Secret<String>,
    /// The same as an `otpauth:` address, for a QR code.
    pub uri: Secret<String>,
}

/// What became of an authenticator app that was to be set up.
pub enum Enrolment {
    /// It is set up, and these recovery codes are to be shown once.
    Done(Vec<RecoveryCode>),
    /// The code does not show that the app has the key.
    WrongCode,
    /// The person has an authenticator app already.
    AlreadyThere,
}

/// The second factors of `user`.
///
/// # Errors
/// When the store fails.
pub async fn find(issuer: &Issuer, user: UserId) -> Result<Factors, Fault> {
    Ok(issuer.store.read(move |db| factors::find_factors(db, user)).await?)
}

/// A new seed, sealed for `user`. It counts for nothing before [`confirm_totp`]; the caller keeps
/// it until then where nobody but this person in this browser gets at it.
pub fn begin_totp(issuer: &Issuer, user: UserId) -> Vec<u8> {
    let seed = TotpSeed::generate(issuer.entropy.as_ref());
    issuer.sealer.seal(&context(user), seed.bytes(), issuer.entropy.as_ref())
}

/// What the app is told of a seed that was begun.
///
/// # Errors
/// When the seed does not open: it was not sealed for this person.
pub fn totp_offer(issuer: &Issuer, user: &User, sealed: &[u8]) -> Result<TotpOffer, Fault> {
    let key = open(issuer, user.id, sealed)?.to_text();
    let brand = &issuer.settings.brand;
    let mut uri = url::Url::parse("otpauth://totp/")
        .map_err(|_| Fault::Broken("an otpauth address does not parse"))?;
    // The path is the label as apps show it: issuer, colon, account.
    uri.set_path(&format!("{brand}:{}", user.username));
    uri.query_pairs_mut().append_pair("secret", key.expose()).append_pair("issuer", brand);
    // Authenticator apps take a plus in a query for itself.
    let uri = Secret::new(String::from(uri).replace('+', "%20"));
    Ok(TotpOffer { key, uri })
}

/// Sets up an authenticator app, once a code shows that it has the key, with new recovery codes.
///
/// # Errors
/// When the store fails, or the seed was not sealed for this person.
pub async fn confirm_totp(
    issuer: &Issuer,
    user: UserId,
    sealed: Vec<u8>,
    label: &str,
    typed: &str,
    caller: Caller,
) -> Result<Enrolment, Fault> {
    let now = issuer.now();
    let seed = open(issuer, user, &sealed)?;
    let step = TypedCode::parse(typed).and_then(|typed| is_code_of(&seed, &typed, now));
    let Some(last_step) = step else { return Ok(Enrolment::WrongCode) };
    let label = label.chars().take(100).collect();
    let credential = TotpCredential {
        user,
        sealed_seed: sealed,
        last_step,
        label,
        confirmed_at: now,
        used_at: now,
    };
    let codes = generate_codes(issuer);
    let digests: Vec<Digest> = codes.iter().map(|code| code.digest(user)).collect();
    let row = caller.row(issuer, Actor::User(user), &Event::TotpSetUp { user });
    let told = Mail::FactorAdded { factor: MailFactor::Totp };
    let letter = issuer.notice(user, &told, caller).await?;
    let noted = row.clone();
    let is_new = issuer
        .store
        .write("set up an authenticator app", move |db| {
            if !factors::insert_totp(db, &credential)? {
                return Ok(false);
            }
            factors::replace_recovery_codes(db, user, &digests, now)?;
            rows::record(db, &noted)?;
            mail::put(db, letter.as_ref(), now)?;
            Ok(true)
        })
        .await?;
    if !is_new {
        return Ok(Enrolment::AlreadyThere);
    }
    audit::log(&row);
    issuer.wake_outbox();
    Ok(Enrolment::Done(codes))
}

/// New recovery codes in place of all old ones, to be shown once.
///
/// # Errors
/// When the store fails.
pub async fn new_recovery_codes(
    issuer: &Issuer,
    user: UserId,
    caller: Caller,
) -> Result<Vec<RecoveryCode>, Fault> {
    let (codes, now) = (generate_codes(issuer), issuer.now());
    let digests: Vec<Digest> = codes.iter().map(|code| code.digest(user)).collect();
    let row = caller.row(issuer, Actor::User(user), &Event::RecoveryCodesMade { user });
    let letter = issuer.notice(user, &Mail::RecoveryCodesMade, caller).await?;
    let noted = row.clone();
    issuer
        .store
        .write("new recovery codes", move |db| {
            factors::replace_recovery_codes(db, user, &digests, now)?;
            rows::record(db, &noted)?;
            mail::put(db, letter.as_ref(), now)
        })
        .await?;
    audit::log(&row);
    issuer.wake_outbox();
    Ok(codes)
}

/// Checks a code and uses it up. Failures count on the account, whatever its way, its browser and
/// its interaction (`security.md` R57, R76); a right password takes none of them back.
///
/// # Errors
/// When the store fails, or the seed does not open.
pub async fn check(
    issuer: &Issuer,
    user: UserId,
    way: Way,
    typed: &Secret<String>,
    caller: Caller,
    now: Timestamp,
) -> Result<Result<(), CodeRefusal>, Fault> {
    let reserved = match issuer.throttle.reserve(account_of(user), caller.network, now).await? {
        Ok(reserved) => reserved,
        Err(wait) => {
            if issuer.throttle.is_news(account_of(user), caller.network).await {
                let event = Event::SignInThrottled { user: Some(user) };
                let row = caller.row(issuer, Actor::Anonymous, &event);
                audit::record(&issuer.store, row).await?;
            }
            return Ok(Err(CodeRefusal::TooMany(wait)));
        }
    };
    let shown = Event::FactorShown { user, way: way.as_str() };
    let row = caller.row(issuer, Actor::User(user), &shown);
    let is_right = match way {
        Way::Totp => use_totp(issuer, user, typed, row.clone(), now).await?,
        Way::RecoveryCode => use_recovery_code(issuer, user, typed, row.clone(), caller).await?,
        // Nothing that is typed is one.
        Way::Passkey => false,
    };
    if is_right {
        issuer.throttle.succeeded(reserved).await?;
        audit::log(&row);
        return Ok(Ok(()));
    }
    let refused = Event::FactorRefused { user, way: way.as_str() };
    audit::record(&issuer.store, caller.row(issuer, Actor::Anonymous, &refused)).await?;
    Ok(Err(CodeRefusal::Wrong))
}

/// The count of failed codes is one of its own: who does not know the password cannot use it to
/// keep the owner out (`security.md` R58).
fn account_of(user: UserId) -> Digest {
    Digest::of(&[b"second factor/".as_slice(), user.as_bytes()].concat())
}

async fn use_totp(
    issuer: &Issuer,
    user: UserId,
    typed: &Secret<String>,
    row: AuditRecord,
    now: Timestamp,
) -> Result<bool, Fault> {
    let Some(typed) = TypedCode::parse(typed.expose()) else { return Ok(false) };
    let Some(credential) = find(issuer, user).await?.totp else { return Ok(false) };
    let seed = open(issuer, user, &credential.sealed_seed)?;
    let Some(step) = is_code_of(&seed, &typed, now) else { return Ok(false) };
    let accept = move |db: &mut Db| {
        // After a restore or a fail-over it is not known which steps were used before.
        let not_before = copy::not_before(db)?;
        let is_known = not_before.is_none_or(|before| step > newest_step(before));
        let is_accepted = is_known && factors::accept_totp_step(db, user, step, now)?;
        if is_accepted {
            rows::record(db, &row)?;
        }
        Ok(is_accepted)
    };
    Ok(issuer.store.write("accept a one-time password", accept).await?)
}

async fn use_recovery_code(
    issuer: &Issuer,
    user: UserId,
    typed: &Secret<String>,
    row: AuditRecord,
    caller: Caller,
) -> Result<bool, Fault> {
    let Some(code) = RecoveryCode::parse(typed.expose()) else { return Ok(false) };
    let (digest, now) = (code.digest(user), row.at);
    let warnings = warnings(issuer, user, caller).await?;
    let take = move |db: &mut _| {
        let is_taken = factors::use_recovery_code(db, user, &digest, now)?;
        if is_taken {
            rows::record(db, &row)?;
            let left = factors::find_factors(db, user)?.recovery_codes;
            let warning = usize::try_from(left).ok().and_then(|left| warnings.get(left));
            mail::put(db, warning, now)?;
        }
        Ok(is_taken)
    };
    let is_taken = issuer.store.write("use a recovery code", take).await?;
    if is_taken {
        issuer.wake_outbox();
    }
    Ok(is_taken)
}

/// The mails that say that no recovery code is left, one, and so on. How many are left is known
/// within the transaction alone, and mails are written before it. There are as many uses as there
/// are codes, so these mails are not counted.
async fn warnings(issuer: &Issuer, user: UserId, caller: Caller) -> Result<Vec<Letter>, Fault> {
    let Some(post) = &issuer.post else { return Ok(Vec::new()) };
    let found = issuer.store.read(move |db| users::find_user(db, user)).await?;
    let Some(to) = found.as_ref().and_then(Recipient::of) else { return Ok(Vec::new()) };
    let to = Recipient { network: Some(caller.network.to_string()), ..to };
    let write = |left| post.letter(&to, &Mail::RecoveryCodesLow { left }, issuer.now());
    (0..=FEW_CODES).map(write).collect()
}

pub(super) fn generate_codes(issuer: &Issuer) -> Vec<RecoveryCode> {
    (0..RECOVERY_CODES).map(|_| RecoveryCode::generate(issuer.entropy.as_ref())).collect()
}

fn open(issuer: &Issuer, user: UserId, sealed: &[u8]) -> Result<TotpSeed, Fault> {
    Ok(TotpSeed::from_bytes(issuer.sealer.open(&context(user), sealed)?))
}

fn context(user: UserId) -> String {
    format!("totp_credentials/sealed_seed/{user}")
}
