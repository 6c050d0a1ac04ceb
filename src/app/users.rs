//! Accounts, as an operator keeps them.

use crate::app::audit::{Operator, log};
use crate::app::user_import::insert;
use crate::app::{Fault, passwords as new_passwords};
use crate::base::{Clock, Entropy, Secret, Subject, Timestamp, UserId};
use crate::credentials::{InvalidHash, PasswordError, PasswordPool, PasswordProblem, PasswordRule};
use crate::domain::{Event, Identifier, InvalidIdentifier, Letter, SessionEnd, User};
use crate::pages::{Mail, MailFactor};
use crate::protocol::StandardClaims;
use crate::rules::claims_input;
use crate::rules::registration::MetadataProblem;
use crate::store::{Db, Store, StoreError, audit, factors, outbox, sessions, users};

/// An account to be made, as the operator wrote it.
pub struct NewUser {
    /// Name for signing in.
    pub username: String,
    /// E-mail address.
    pub email: String,
    /// Whether somebody proved that the address is theirs.
    pub is_email_verified: bool,
    /// The password in the clear.
    pub password: Secret<String>,
    /// May open the console.
    pub is_admin: bool,
    /// Groups it is in.
    pub groups: Vec<String>,
    /// Further standard claims.
    pub claims: StandardClaims,
}

/// A password to be set, as the operator wrote it.
pub struct NewPassword<'a> {
    /// Username or e-mail address of the account.
    pub user: &'a str,
    /// The password in the clear.
    pub password: Secret<String>,
}

/// Why an account is not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum UserProblem {
    /// Something of it cannot be; everything that is wrong.
    #[error("{}", listed(.0))]
    Invalid(Vec<MetadataProblem>),
    /// The password cannot be.
    #[error(transparent)]
    Password(#[from] PasswordProblem),
    /// The password hash of another system cannot be.
    #[error(transparent)]
    Hash(#[from] InvalidHash),
    /// Another account has it.
    #[error("the {0} is taken")]
    Taken(&'static str),
    /// Nobody is invited there.
    #[error("there is no invitation for this address")]
    NotInvited,
    /// There is no such account.
    #[error("there is no such user")]
    Unknown,
    /// It did not work on our side.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Several problems in one line.
pub(super) fn listed(problems: &[MetadataProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl From<StoreError> for UserProblem {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Unique(column) if column.ends_with("username") => Self::Taken("username"),
            StoreError::Unique(column) if column.ends_with("email") => Self::Taken("email address"),
            _ => Self::Fault(error.into()),
        }
    }
}

impl From<PasswordError> for UserProblem {
    fn from(error: PasswordError) -> Self {
        Self::Fault(error.into())
    }
}

/// Makes an account.
///
/// # Errors
/// When something of it cannot be, is taken, or the store fails.
pub async fn create(
    on: Operator<'_>,
    passwords: &PasswordPool,
    new: NewUser,
) -> Result<User, UserProblem> {
    let profile = Profile {
        username: &new.username,
        email: &new.email,
        is_email_verified: new.is_email_verified,
        is_admin: new.is_admin,
        groups: &new.groups,
        claims: new.claims,
    };
    let user = profile.into_user(on.clock, on.entropy)?;
    new_passwords::check(passwords, PasswordRule::ONLY_FACTOR, &user, &new.password).await??;
    let hash = passwords.hash(new.password, on.entropy.bytes()).await?;
    let user = User { password_hash: Some(hash.as_str().to_owned()), ..user };
    insert(on, vec![user.clone()]).await?;
    Ok(user)
}

/// What an account is made of, as the operator wrote it, but for its password.
pub(super) struct Profile<'a> {
    pub(super) username: &'a str,
    pub(super) email: &'a str,
    pub(super) is_email_verified: bool,
    pub(super) is_admin: bool,
    pub(super) groups: &'a [String],
    pub(super) claims: StandardClaims,
}

impl Profile<'_> {
    /// The account without a password, in its normal form.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(super) fn into_user(
        self,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<User, UserProblem> {
        let mut problems = claims_input::check(&self.claims);
        let mut name = |member, parsed: Result<Identifier, InvalidIdentifier>| {
            parsed.map(|name| name.as_str().to_owned()).unwrap_or_else(|problem| {
                problems.push(MetadataProblem::new(member, problem.to_string()));
                String::new()
            })
        };
        // Who made the account of their own is called by their address.
        let own = Identifier::parse(self.username).ok();
        let is_address = own.is_some() && own == Identifier::parse_email(self.email).ok();
        let parse = if is_address { Identifier::parse_email } else { Identifier::parse_name };
        let username = name("username", parse(self.username));
        let email = name("email", Identifier::parse_email(self.email));
        let groups = self.groups.iter().map(|group| name("group", Identifier::parse_name(group)));
        let groups = sorted(groups.collect());
        if !problems.is_empty() {
            return Err(UserProblem::Invalid(problems));
        }
        let now = clock.now();
        Ok(User {
            id: UserId::new(now, entropy),
            subject: Subject::new(entropy),
            username,
            email: Some(email),
            is_email_verified: self.is_email_verified,
            password_hash: None,
            claims: self.claims,
            groups,
            is_admin: self.is_admin,
            disabled_at: None,
            delete_after: None,
            must_change_password: false,
            created_at: now,
            updated_at: now,
        })
    }
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names.dedup();
    names
}

/// Every account, by username.
///
/// # Errors
/// When the store fails.
pub async fn list(store: &Store) -> Result<Vec<User>, UserProblem> {
    Ok(store.read(users::list_users).await?)
}

/// The account with this username or e-mail address.
///
/// # Errors
/// When there is none, or the store fails.
pub async fn find(store: &Store, name: &str) -> Result<User, UserProblem> {
    let name = identifier(name)?;
    let found = store.read(move |db| users::find_user_by_identifier(db, &name)).await?;
    found.ok_or(UserProblem::Unknown)
}

/// Lets nobody sign in to an account any more, and ends its sessions and grants. Its owner gets a
/// mail, when there is a post office.
///
/// # Errors
/// When there is no such account, or the store fails.
pub async fn disable(on: Operator<'_>, name: &str) -> Result<User, UserProblem> {
    let now = on.clock.now();
    let notice = notice(on, name, Mail::AccountDisabled).await?;
    let change = change(on, "disable user", name, move |db, user| {
        put(db, user, notice.as_ref().filter(|_| user.is_enabled()), now)?;
        user.disabled_at = user.disabled_at.or(Some(now));
        users::set_user_disabled(db, user.id, user.disabled_at)?;
        sessions::end_sessions_of_user(db, user.id, SessionEnd::Revoked, now)?;
        Ok(Event::UserDisabled { user: user.id })
    });
    change.await
}

/// Lets a disabled account sign in again.
///
/// # Errors
/// When there is no such account, or the store fails.
pub async fn enable(on: Operator<'_>, name: &str) -> Result<User, UserProblem> {
    let change = change(on, "enable user", name, |db, user| {
        user.disabled_at = None;
        users::set_user_disabled(db, user.id, None)?;
        Ok(Event::UserEnabled { user: user.id })
    });
    change.await
}

/// Sets a new password, and ends the account's sessions and grants. Its owner gets a mail, when
/// there is a post office.
///
/// # Errors
/// When the password cannot be, there is no such account, or the store fails.
pub async fn set_password(
    on: Operator<'_>,
    passwords: &PasswordPool,
    new: NewPassword<'_>,
) -> Result<User, UserProblem> {
    let user = find(on.store, new.user).await?;
    let rule = new_passwords::rule_for(on.store, user.id).await?;
    new_passwords::check(passwords, rule, &user, &new.password).await??;
    let hash = passwords.hash(new.password, on.entropy.bytes()).await?;
    let now = on.clock.now();
    let notice = notice(on, new.user, Mail::PasswordChanged).await?;
    let change = change(on, "set password", new.user, move |db, user| {
        put(db, user, notice.as_ref(), now)?;
        user.password_hash = Some(hash.as_str().to_owned());
        users::set_user_password(db, user.id, hash.as_str())?;
        sessions::end_sessions_of_user(db, user.id, SessionEnd::Revoked, now)?;
        Ok(Event::PasswordSet { user: user.id })
    });
    change.await
}

/// Replaces the groups of an account.
///
/// # Errors
/// When a name cannot be, there is no such account, or the store fails.
pub async fn set_groups(
    on: Operator<'_>,
    name: &str,
    groups: &[String],
) -> Result<User, UserProblem> {
    let parsed = groups.iter().map(|group| {
        Identifier::parse_name(group).map(|name| name.as_str().to_owned()).map_err(|problem| {
            MetadataProblem {
                member: "group",
                value: Some(group.clone()),
                problem: problem.to_string(),
            }
        })
    });
    let groups = parsed.collect::<Result<Vec<_>, _>>();
    let groups = sorted(groups.map_err(|problem| UserProblem::Invalid(vec![problem]))?);
    let change = change(on, "set groups", name, move |db, user| {
        user.groups.clone_from(&groups);
        users::set_user_groups(db, user.id, &groups)?;
        Ok(Event::GroupsSet { user: user.id, groups: groups.clone() })
    });
    change.await
}

/// Removes an account; its sessions, grants and consents go with it, and its apps are told. Its
/// owner gets a mail, when there is a post office.
///
/// # Errors
/// When there is no such account, or the store fails.
pub async fn delete(on: Operator<'_>, name: &str) -> Result<User, UserProblem> {
    let now = on.clock.now();
    let notice = notice(on, name, Mail::AccountDeleted).await?;
    let change = change(on, "delete user", name, move |db, user| {
        put(db, user, notice.as_ref(), now)?;
        sessions::end_sessions_of_user(db, user.id, SessionEnd::Revoked, now)?;
        users::delete_user(db, user.id)?;
        Ok(Event::UserDeleted { user: user.id })
    });
    change.await
}

/// Removes an account's second factors and recovery codes, for a person who lost them, and ends its
/// sessions and grants: whoever found the phone may be signed in. Its owner gets a mail, when there
/// is a post office.
///
/// # Errors
/// When there is no such account, or the store fails.
pub async fn reset_factors(on: Operator<'_>, name: &str) -> Result<User, UserProblem> {
    let now = on.clock.now();
    let notice = notice(on, name, Mail::FactorRemoved { factor: MailFactor::Totp }).await?;
    let change = change(on, "reset factors", name, move |db, user| {
        if factors::delete_factors(db, user.id)? {
            put(db, user, notice.as_ref(), now)?;
        }
        sessions::end_sessions_of_user(db, user.id, SessionEnd::Revoked, now)?;
        Ok(Event::FactorsReset { user: user.id })
    });
    change.await
}

/// A mail to the owner of the account, to be put in with the change that it tells of.
async fn notice(on: Operator<'_>, name: &str, mail: Mail) -> Result<Option<Letter>, UserProblem> {
    let Some(post) = on.post else { return Ok(None) };
    Ok(post.letter_to(&find(on.store, name).await?, &mail, on.clock.now())?)
}

/// Puts in a mail, unless the name belongs to another account by now than when it was written.
fn put(
    db: &mut Db,
    user: &User,
    letter: Option<&Letter>,
    now: Timestamp,
) -> Result<(), StoreError> {
    match letter.filter(|letter| letter.user == Some(user.id)) {
        Some(letter) => outbox::put_mail(db, letter, now),
        None => Ok(()),
    }
}

/// Finds an account, applies `apply` to it and notes what that says, in one transaction.
async fn change(
    on: Operator<'_>,
    what: &'static str,
    name: &str,
    apply: impl Fn(&mut Db, &mut User) -> Result<Event, StoreError> + Send + 'static,
) -> Result<User, UserProblem> {
    let name = identifier(name)?;
    let occasion = on.occasion();
    let changed = on.store.write(what, move |db| {
        let Some(mut user) = users::find_user_by_identifier(db, &name)? else { return Ok(None) };
        let row = occasion.of(&apply(db, &mut user)?);
        audit::record(db, &row)?;
        Ok(Some((user, row)))
    });
    let (user, row) = changed.await?.ok_or(UserProblem::Unknown)?;
    log(&row);
    Ok(user)
}

/// A name that nobody can have belongs to nobody.
fn identifier(name: &str) -> Result<Identifier, UserProblem> {
    Identifier::parse(name).map_err(|_| UserProblem::Unknown)
}

#[cfg(test)]
mod tests;
