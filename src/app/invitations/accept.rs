use super::find;
use crate::app::browser::{Browser, CookieChanges, Cookies};
use crate::app::new_account::{self, Arrival, FirstWays, NewAccount, WayForm, WayRefusal};
use crate::app::users::{Profile, UserProblem};
use crate::app::{Caller, Fault, Issuer, audit};
use crate::base::Digest;
use crate::credentials::RecoveryCode;
use crate::domain::{Event, Invited, Proof, ProofKind, User};
use crate::protocol::StandardClaims;
use crate::store::{Db, StoreError, proofs as queries};

/// What a person sees of their invitation.
pub struct Offer {
    /// The address that it is for.
    pub email: String,
    /// Name for signing in.
    pub username: String,
    /// Full name; none when the person says it themselves.
    pub name: Option<String>,
    /// The form.
    pub form: WayForm,
}

/// What stands at the address.
pub enum Shown {
    /// The invitation.
    Offer(Box<Offer>),
    /// The link was used, is too old, was replaced or withdrawn.
    Gone,
}

/// What a person typed.
pub struct InvitationForm {
    /// The form's token.
    pub csrf: String,
    /// Full name, where it is asked for; may be empty.
    pub name: String,
    /// Their first ways in.
    pub ways: FirstWays,
}

/// Why no account is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationRefusal {
    /// The name cannot be.
    Name,
    /// Another account has the address or the username since the invitation was made.
    Taken,
    /// There is no way in.
    Way(WayRefusal),
}

/// What came of the form.
pub enum Accepted {
    /// There is an account, and its person is signed in here. The codes are to be shown once.
    Account(CookieChanges, Vec<RecoveryCode>),
    /// Something cannot be, and the invitation still counts.
    Refused(InvitationRefusal, Box<Offer>),
    /// The link does not count.
    Gone,
    /// The form is none of this browser's.
    Forged,
}

/// Looks at an invitation, which changes nothing (`security.md` R70).
///
/// # Errors
/// When the store fails.
pub async fn show(issuer: &Issuer, link: &str, cookies: &Cookies) -> Result<Shown, Fault> {
    let Some((proof, _)) = find(&issuer.store, link, issuer.now()).await? else {
        return Ok(Shown::Gone);
    };
    let browser = Browser::load(issuer, cookies, issuer.now()).await?;
    Ok(offer(issuer, &proof, &browser)?.map_or(Shown::Gone, |offer| Shown::Offer(Box::new(offer))))
}

/// Makes the account that the invitation describes, and signs its person in.
///
/// # Errors
/// When the store fails.
pub async fn accept(
    issuer: &Issuer,
    link: &str,
    cookies: &Cookies,
    form: InvitationForm,
    caller: Caller,
) -> Result<Accepted, Fault> {
    let browser = Browser::load(issuer, cookies, issuer.now()).await?;
    if !browser.key.as_ref().is_some_and(|key| key.accepts_csrf(issuer, &form.csrf)) {
        return Ok(Accepted::Forged);
    }
    let Some((proof, is_mailed)) = find(&issuer.store, link, issuer.now()).await? else {
        return Ok(Accepted::Gone);
    };
    let refused = |refusal| -> Result<Accepted, Fault> {
        let offer = offer(issuer, &proof, &browser)?;
        Ok(offer.map_or(Accepted::Gone, |offer| Accepted::Refused(refusal, Box::new(offer))))
    };
    let user = match account(issuer, &proof, &form.name, is_mailed) {
        Some(Ok(user)) => user,
        Some(Err(refusal)) => return refused(refusal),
        None => return Ok(Accepted::Gone),
    };
    let link = proof.link_digest;
    let made = new_account::prepare(issuer, user, form.ways, |subject| context(&link, subject));
    let account = match made.await? {
        Ok(account) => account,
        Err(refusal) => return refused(InvitationRefusal::Way(refusal)),
    };
    match store(issuer, &proof, &browser, &account, is_mailed, caller).await {
        Ok(Some(changes)) => Ok(Accepted::Account(changes, account.codes)),
        Ok(None) => Ok(Accepted::Gone),
        Err(StoreError::Unique(_)) => refused(InvitationRefusal::Taken),
        Err(error) => Err(error.into()),
    }
}

/// Everything in one transaction; none, and nothing is changed, when the invitation was used or
/// withdrawn meanwhile.
async fn store(
    issuer: &Issuer,
    proof: &Proof,
    browser: &Browser,
    account: &NewAccount,
    is_mailed: bool,
    caller: Caller,
) -> Result<Option<CookieChanges>, StoreError> {
    let way = if is_mailed { "mail" } else { "link" };
    let how = Event::InvitationAccepted { user: account.user.id, way };
    let (arrival, cookie) = Arrival::of(issuer, browser, account, how, caller);
    let (stored, link, now) = (arrival.clone(), proof.link_digest, issuer.now());
    let made = issuer.store.write("accept invitation", move |db: &mut Db| {
        if queries::use_proof(db, ProofKind::Invitation, &link, now)?.is_none() {
            return Ok(false);
        }
        stored.apply(db, now)?;
        Ok(true)
    });
    if !made.await? {
        return Ok(None);
    }
    arrival.rows().iter().for_each(audit::log);
    Ok(Some(arrival.cookies(browser, cookie)))
}

/// The account that is described, without its ways in; none when the row holds no description. The
/// address is proven to whom it was mailed, or when the operator said so.
fn account(
    issuer: &Issuer,
    proof: &Proof,
    typed: &str,
    is_mailed: bool,
) -> Option<Result<User, InvitationRefusal>> {
    let (invited, email) = (proof.invited.as_ref()?, proof.address.as_deref()?);
    let typed = Some(typed.trim().to_owned()).filter(|name| !name.is_empty());
    let profile = profile(invited, email, invited.name.clone().or(typed), is_mailed);
    match profile.into_user(issuer.clock.as_ref(), issuer.entropy.as_ref()) {
        Ok(user) => Some(Ok(user)),
        Err(UserProblem::Invalid(_)) => Some(Err(InvitationRefusal::Name)),
        Err(_) => None,
    }
}

fn profile<'a>(
    invited: &'a Invited,
    email: &'a str,
    name: Option<String>,
    is_mailed: bool,
) -> Profile<'a> {
    Profile {
        username: &invited.username,
        email,
        is_email_verified: is_mailed || invited.is_email_verified,
        is_admin: invited.is_admin,
        groups: &invited.groups,
        claims: StandardClaims { name, ..StandardClaims::default() },
    }
}

fn offer(issuer: &Issuer, proof: &Proof, browser: &Browser) -> Result<Option<Offer>, Fault> {
    let (Some(invited), Some(email)) = (&proof.invited, &proof.address) else { return Ok(None) };
    // The page does not know yet how the person will call themselves: its module fills that in.
    let Some(Ok(somebody)) = account(issuer, proof, "", false) else { return Ok(None) };
    let link = proof.link_digest;
    let form = new_account::form(issuer, browser, |subject| context(&link, subject), somebody)?;
    let (email, username) = (email.clone(), invited.username.clone());
    Ok(Some(Offer { email, username, name: invited.name.clone(), form }))
}

/// A passkey that was made on this page counts for this invitation and this subject.
fn context(link: &Digest, subject: &str) -> String {
    format!("passkey/invitation/{}/{subject}", link.to_text())
}
