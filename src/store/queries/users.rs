//! Accounts and their groups.

use diesel::prelude::*;

use super::proofs;
use super::row::{Place, at, maybe_at, to_json};
use crate::base::{Subject, Timestamp, UserId};
use crate::domain::{Identifier, ProofKind, User};
use crate::protocol::StandardClaims;
use crate::store::db::each;
use crate::store::db::schema::{memberships, users};
use crate::store::{Db, StoreError};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
pub(super) struct UserRow {
    id: Vec<u8>,
    subject: String,
    username: String,
    email: Option<String>,
    is_email_verified: bool,
    password_hash: Option<String>,
    claims: String,
    is_admin: bool,
    disabled_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
    delete_after: Option<i64>,
    must_change_password: bool,
}

impl UserRow {
    fn of(user: &User) -> Result<Self, StoreError> {
        Ok(Self {
            id: user.id.to_bytes(),
            subject: user.subject.as_str().to_owned(),
            username: user.username.clone(),
            email: user.email.clone(),
            is_email_verified: user.is_email_verified,
            password_hash: user.password_hash.clone(),
            claims: to_json(&user.claims)?,
            is_admin: user.is_admin,
            disabled_at: user.disabled_at.map(Timestamp::as_millis),
            created_at: user.created_at.as_millis(),
            updated_at: user.updated_at.as_millis(),
            delete_after: user.delete_after.map(Timestamp::as_millis),
            must_change_password: user.must_change_password,
        })
    }

    pub(super) fn into_user(self, groups: Vec<String>) -> Result<User, StoreError> {
        let place = Place::new("users", &self.id);
        Ok(User {
            id: place.user("id", &self.id)?,
            subject: Subject::from_text(&self.subject).map_err(|_| place.corrupt("subject"))?,
            claims: place.json("claims", &self.claims)?,
            username: self.username,
            email: self.email,
            is_email_verified: self.is_email_verified,
            password_hash: self.password_hash,
            groups,
            is_admin: self.is_admin,
            disabled_at: maybe_at(self.disabled_at),
            delete_after: maybe_at(self.delete_after),
            must_change_password: self.must_change_password,
            created_at: at(self.created_at),
            updated_at: at(self.updated_at),
        })
    }
}

/// A row of a person with one of their groups, or with none when they are in none.
type Member = (UserRow, Option<String>);

/// The people of such rows, of which those of one person follow each other.
fn people(members: Vec<Member>) -> Result<Vec<User>, StoreError> {
    let mut people: Vec<(UserRow, Vec<String>)> = Vec::new();
    for (row, group) in members {
        match people.last_mut() {
            Some((last, groups)) if last.id == row.id => groups.extend(group),
            _ => people.push((row, group.into_iter().collect())),
        }
    }
    people.into_iter().map(|(row, groups)| row.into_user(groups)).collect()
}

/// Stores a new account with its groups.
///
/// # Errors
/// [`StoreError::Unique`] when the username or the e-mail address is taken, be it by the other of
/// both: what a person types must name one account.
pub fn insert_user(db: &mut Db, user: &User) -> Result<(), StoreError> {
    let row = UserRow::of(user)?;
    let crossed: i64 = each!(db, c => users::table
        .filter(users::username.nullable().eq(&row.email).or(users::email.eq(&row.username)))
        .count()
        .get_result(c))?;
    if crossed > 0 {
        return Err(StoreError::Unique("users.email".to_owned()));
    }
    each!(db, c => diesel::insert_into(users::table).values(&row).execute(c))?;
    insert_groups(db, user.id, &user.groups)
}

fn insert_groups(db: &mut Db, user: UserId, groups: &[String]) -> Result<(), StoreError> {
    for group in groups {
        let row = (memberships::user_id.eq(user.to_bytes()), memberships::group_name.eq(group));
        each!(db, c => diesel::insert_into(memberships::table).values(row).execute(c))?;
    }
    Ok(())
}

/// An account by its id.
///
/// # Errors
/// When the store fails.
pub fn find_user(db: &mut Db, id: UserId) -> Result<Option<User>, StoreError> {
    let members: Vec<Member> = each!(db, c => users::table
        .left_join(memberships::table)
        .filter(users::id.eq(id.to_bytes()))
        .order(memberships::group_name)
        .select((UserRow::as_select(), memberships::group_name.nullable()))
        .load(c))?;
    Ok(people(members)?.pop())
}

/// An account by what a person types: one statement, whichever of the two it is, so that both
/// take as long.
///
/// # Errors
/// When the store fails.
pub fn find_user_by_identifier(
    db: &mut Db,
    identifier: &Identifier,
) -> Result<Option<User>, StoreError> {
    let text = identifier.as_str();
    let members: Vec<Member> = each!(db, c => users::table
        .left_join(memberships::table)
        .filter(users::username.eq(text).or(users::email.eq(text)))
        .order((users::id, memberships::group_name))
        .select((UserRow::as_select(), memberships::group_name.nullable()))
        .load(c))?;
    Ok(people(members)?.pop())
}

/// Every account, by username.
///
/// # Errors
/// When the store fails.
pub fn list_users(db: &mut Db) -> Result<Vec<User>, StoreError> {
    people(each!(db, c => users::table
        .left_join(memberships::table)
        .order((users::username, memberships::group_name))
        .select((UserRow::as_select(), memberships::group_name.nullable()))
        .load(c))?)
}

/// Those who administer and may sign in, by username.
///
/// # Errors
/// When the store fails.
pub fn list_admins(db: &mut Db) -> Result<Vec<User>, StoreError> {
    people(each!(db, c => users::table
        .left_join(memberships::table)
        .filter(users::is_admin.eq(true).and(users::disabled_at.is_null()))
        .order((users::username, memberships::group_name))
        .select((UserRow::as_select(), memberships::group_name.nullable()))
        .load(c))?)
}

/// Whether anybody may open the console.
///
/// # Errors
/// When the store fails.
pub fn has_admin(db: &mut Db) -> Result<bool, StoreError> {
    let found: i64 =
        each!(db, c => users::table.filter(users::is_admin.eq(true)).count().get_result(c))?;
    Ok(found > 0)
}

/// How many accounts there are.
///
/// # Errors
/// When the store fails.
pub fn count_users(db: &mut Db) -> Result<i64, StoreError> {
    Ok(each!(db, c => users::table.count().get_result(c))?)
}

/// Stores an account's new values and groups.
///
/// # Errors
/// [`StoreError::Unique`] when the username or the e-mail address is taken.
pub fn update_user(db: &mut Db, user: &User) -> Result<(), StoreError> {
    let row = UserRow::of(user)?;
    each!(db, c => diesel::update(users::table.find(user.id.to_bytes())).set(&row).execute(c))?;
    set_user_groups(db, user.id, &user.groups)
}

/// Replaces an account's groups.
///
/// # Errors
/// When the store fails.
pub fn set_user_groups(db: &mut Db, user: UserId, groups: &[String]) -> Result<(), StoreError> {
    let own = memberships::table.filter(memberships::user_id.eq(user.to_bytes()));
    each!(db, c => diesel::delete(own).execute(c))?;
    insert_groups(db, user, groups)
}

/// Replaces a password hash, if it still is `before`.
///
/// # Errors
/// When the store fails.
pub fn replace_password_hash(
    db: &mut Db,
    id: UserId,
    before: &str,
    hash: &str,
) -> Result<bool, StoreError> {
    let row = users::table.find(id.to_bytes()).filter(users::password_hash.eq(before));
    let changed = each!(db, c => diesel::update(row)
        .set(users::password_hash.eq(Some(hash))).execute(c))?;
    Ok(changed == 1)
}

/// Makes every other transaction that holds this account wait for this one, so that what is
/// counted of it stays true until the end. False when there is no such account.
///
/// # Errors
/// When the store fails.
pub fn hold_user(db: &mut Db, id: UserId) -> Result<bool, StoreError> {
    let unchanged = users::username.eq(users::username);
    let row = users::table.find(id.to_bytes());
    Ok(each!(db, c => diesel::update(row).set(unchanged).execute(c))? == 1)
}

/// Has nothing open to an account before its person has chosen a new password. False for an
/// account without one.
///
/// # Errors
/// When the store fails.
pub fn demand_new_password(db: &mut Db, id: UserId) -> Result<bool, StoreError> {
    let row = users::table.find(id.to_bytes()).filter(users::password_hash.is_not_null());
    let value = users::must_change_password.eq(true);
    Ok(each!(db, c => diesel::update(row).set(value).execute(c))? == 1)
}

/// Sets a new password hash, which is then no more due, and cancels what would set another, or another
/// address: whoever asked for it may be the reason for the new password (`security.md` R67).
///
/// # Errors
/// When the store fails.
pub fn set_user_password(db: &mut Db, id: UserId, hash: &str) -> Result<bool, StoreError> {
    proofs::cancel_proofs(db, id, &ProofKind::NEW_PASSWORD)?;
    proofs::cancel_proofs(db, id, &[ProofKind::EmailAddress])?;
    let values = (users::password_hash.eq(Some(hash)), users::must_change_password.eq(false));
    let changed =
        each!(db, c => diesel::update(users::table.find(id.to_bytes())).set(values).execute(c))?;
    super::trusted_devices::delete_devices_of_user(db, id)?;
    Ok(changed == 1)
}

/// Gives an account another address, which somebody proved, and cancels what was sent to the one
/// before (`security.md` R67). A username that is the address before goes along: it must not open
/// the account to whoever has that address next.
///
/// # Errors
/// [`StoreError::Unique`] when another account has the address, be it as its username: what a
/// person types must name one account.
pub fn set_user_email(
    db: &mut Db,
    id: UserId,
    address: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    proofs::cancel_proofs(db, id, &ProofKind::NEW_PASSWORD)?;
    let crossed: i64 = each!(db, c => users::table
        .filter(users::username.eq(address).and(users::id.ne(id.to_bytes())))
        .count()
        .get_result(c))?;
    if crossed > 0 {
        return Err(StoreError::Unique("users.email".to_owned()));
    }
    let is_named_so =
        users::table.find(id.to_bytes()).filter(users::email.eq(users::username.nullable()));
    each!(db, c => diesel::update(is_named_so).set(users::username.eq(address)).execute(c))?;
    let values = (
        users::email.eq(Some(address)),
        users::is_email_verified.eq(true),
        users::updated_at.eq(now.as_millis()),
    );
    let changed =
        each!(db, c => diesel::update(users::table.find(id.to_bytes())).set(values).execute(c))?;
    Ok(changed == 1)
}

/// Notes that somebody proved the address of an account, if it still is that one.
///
/// # Errors
/// When the store fails.
pub fn verify_user_email(
    db: &mut Db,
    id: UserId,
    address: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let row = users::table.find(id.to_bytes()).filter(users::email.eq(address));
    let values = (users::is_email_verified.eq(true), users::updated_at.eq(now.as_millis()));
    Ok(each!(db, c => diesel::update(row).set(values).execute(c))? == 1)
}

/// Replaces an account's claims.
///
/// # Errors
/// When the store fails.
pub fn set_user_claims(
    db: &mut Db,
    id: UserId,
    claims: &StandardClaims,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let values = (users::claims.eq(to_json(claims)?), users::updated_at.eq(now.as_millis()));
    let changed =
        each!(db, c => diesel::update(users::table.find(id.to_bytes())).set(values).execute(c))?;
    Ok(changed == 1)
}

/// Disables an account, or lets it in again.
///
/// # Errors
/// When the store fails.
pub fn set_user_disabled(
    db: &mut Db,
    id: UserId,
    disabled_at: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let value = users::disabled_at.eq(disabled_at.map(Timestamp::as_millis));
    let changed =
        each!(db, c => diesel::update(users::table.find(id.to_bytes())).set(value).execute(c))?;
    Ok(changed == 1)
}

/// Sets when an account goes, if its deletion was not asked for before.
///
/// # Errors
/// When the store fails.
pub fn ask_deletion(db: &mut Db, id: UserId, at: Timestamp) -> Result<bool, StoreError> {
    let staying = users::table.find(id.to_bytes()).filter(users::delete_after.is_null());
    let value = users::delete_after.eq(Some(at.as_millis()));
    Ok(each!(db, c => diesel::update(staying).set(value).execute(c))? == 1)
}

/// Lets an account stay. False when nobody had asked for its deletion.
///
/// # Errors
/// When the store fails.
pub fn withdraw_deletion(db: &mut Db, id: UserId) -> Result<bool, StoreError> {
    let going = users::table.find(id.to_bytes()).filter(users::delete_after.is_not_null());
    let value = users::delete_after.eq(None::<i64>);
    Ok(each!(db, c => diesel::update(going).set(value).execute(c))? == 1)
}

/// The accounts whose time to go has come, at most `limit`.
///
/// # Errors
/// When the store fails.
pub fn list_due_deletions(
    db: &mut Db,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<UserId>, StoreError> {
    let due: Vec<Vec<u8>> = each!(db, c => users::table
        .filter(users::delete_after.le(now.as_millis()))
        .select(users::id)
        .limit(limit)
        .load(c))?;
    due.iter().map(|id| Place::new("users", id).user("id", id)).collect()
}

/// Removes an account whose time to go has come: one conditional statement, because its person may
/// keep it at the same moment.
///
/// # Errors
/// When the store fails.
pub fn delete_due_user(db: &mut Db, id: UserId, now: Timestamp) -> Result<bool, StoreError> {
    let due = users::table.find(id.to_bytes()).filter(users::delete_after.le(now.as_millis()));
    Ok(each!(db, c => diesel::delete(due).execute(c))? == 1)
}

/// Removes an account and all that hangs on it.
///
/// # Errors
/// When the store fails.
pub fn delete_user(db: &mut Db, id: UserId) -> Result<bool, StoreError> {
    let changed = each!(db, c => diesel::delete(users::table.find(id.to_bytes())).execute(c))?;
    Ok(changed == 1)
}
