use super::{digest, form, over, passkey_context, remove_link};
use crate::app::browser::{Browser, CookieChanges, Cookies};
use crate::app::new_account::{self, Arrival, FirstWays, NewAccount, WayForm, WayRefusal};
use crate::app::users::{Profile, UserProblem};
use crate::app::{Caller, Fault, Issuer, audit};
use crate::credentials::RecoveryCode;
use crate::domain::{Event, User};
use crate::protocol::StandardClaims;
use crate::store::{Db, StoreError, setup, users as user_rows};

/// What a person typed, and what their browser made.
pub struct AdminForm {
    /// The form's token.
    pub csrf: String,
    /// Name for signing in.
    pub username: String,
    /// E-mail address.
    pub email: String,
    /// Full name; may be empty.
    pub name: String,
    /// Their first ways in.
    pub ways: FirstWays,
}

/// Why no account is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetupRefusal {
    /// The username cannot be.
    Username,
    /// The e-mail address cannot be.
    Email,
    /// The name cannot be.
    Name,
    /// Another account has the username or the address.
    Taken,
    /// There is no way in.
    Way(WayRefusal),
}

/// What came of the form.
pub enum Made {
    /// There is an administrator, who is signed in here. The codes are to be shown once.
    Admin(CookieChanges, Vec<RecoveryCode>),
    /// Something cannot be, and the link still counts.
    Refused(SetupRefusal, WayForm),
    /// The link does not count. Whether there is an administrator.
    Over(bool),
    /// The form is none of this browser's.
    Forged,
}

/// Makes the first administrator with what the link allows once, and signs them in.
///
/// # Errors
/// When the store fails.
pub async fn create_admin(
    issuer: &Issuer,
    token: &str,
    cookies: &Cookies,
    typed: AdminForm,
    caller: Caller,
) -> Result<Made, Fault> {
    let browser = Browser::load(issuer, cookies, issuer.now()).await?;
    let is_own = browser.key.as_ref().is_some_and(|key| key.accepts_csrf(issuer, &typed.csrf));
    if !is_own {
        return Ok(Made::Forged);
    }
    if let Some(is_set_up) = over(issuer, token).await? {
        return Ok(Made::Over(is_set_up));
    }
    let admin = match prepare(issuer, token, typed).await? {
        Ok(admin) => admin,
        Err(refusal) => return Ok(Made::Refused(refusal, form(issuer, token, &browser)?)),
    };
    let changes = match store(issuer, token, &browser, &admin, caller).await {
        Ok(Some(changes)) => changes,
        Ok(None) => return Ok(Made::Over(over(issuer, token).await?.unwrap_or(false))),
        Err(StoreError::Unique(_)) => {
            return Ok(Made::Refused(SetupRefusal::Taken, form(issuer, token, &browser)?));
        }
        Err(error) => return Err(error.into()),
    };
    if let Err(error) = remove_link(&issuer.settings.setup_link_file) {
        tracing::warn!(%error, "the used setup link could not be removed from its file");
    }
    Ok(Made::Admin(changes, admin.codes))
}

/// Checks everything.
async fn prepare(
    issuer: &Issuer,
    token: &str,
    typed: AdminForm,
) -> Result<Result<NewAccount, SetupRefusal>, Fault> {
    let user = match check_names(issuer, &typed) {
        Ok(user) => user,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let context = |subject: &str| passkey_context(token, subject);
    let made = new_account::prepare(issuer, user, typed.ways, context).await?;
    Ok(made.map_err(SetupRefusal::Way))
}

/// The account without its ways in.
fn check_names(issuer: &Issuer, typed: &AdminForm) -> Result<User, SetupRefusal> {
    let name = Some(typed.name.trim().to_owned()).filter(|name| !name.is_empty());
    let profile = Profile {
        username: &typed.username,
        email: &typed.email,
        is_email_verified: false,
        is_admin: true,
        groups: &[],
        claims: StandardClaims { name, ..StandardClaims::default() },
    };
    match profile.into_user(issuer.clock.as_ref(), issuer.entropy.as_ref()) {
        Ok(user) => Ok(user),
        Err(UserProblem::Invalid(problems)) => {
            let is_about = |member| problems.iter().any(|problem| problem.member == member);
            Err(match () {
                () if is_about("username") => SetupRefusal::Username,
                () if is_about("email") => SetupRefusal::Email,
                () => SetupRefusal::Name,
            })
        }
        Err(_) => Err(SetupRefusal::Username),
    }
}

/// Everything in one transaction; none, and nothing is changed, when the link does not count.
async fn store(
    issuer: &Issuer,
    token: &str,
    browser: &Browser,
    admin: &NewAccount,
    caller: Caller,
) -> Result<Option<CookieChanges>, StoreError> {
    let how = Event::SetupFinished { user: admin.user.id };
    let (arrival, cookie) = Arrival::of(issuer, browser, admin, how, caller);
    let (stored, link, now) = (arrival.clone(), digest(token), issuer.now());
    let made = issuer.store.write("make the first administrator", move |db: &mut Db| {
        if user_rows::has_admin(db)? || !setup::use_setup_link(db, &link, now)? {
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
