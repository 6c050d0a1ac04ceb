//! Proofs: links and codes that count once. A newer one takes the place of the older, and each is
//! used up by one conditional statement (`security.md` R67, R68).

use diesel::prelude::*;

use super::row::{Place, at, maybe_at, number, to_json};
use crate::base::{Digest, Timestamp, UserId};
use crate::domain::{Proof, ProofKind};
use crate::store::db::each;
use crate::store::db::schema::proofs;
use crate::store::{Db, StoreError};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = proofs, primary_key(kind, holder), treat_none_as_null = true)]
struct ProofRow {
    kind: String,
    holder: String,
    user_id: Option<Vec<u8>>,
    address: Option<String>,
    link_digest: String,
    code_digest: Option<String>,
    tries: i32,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
    invited: Option<String>,
}

impl ProofRow {
    fn new(proof: &Proof) -> Result<Self, StoreError> {
        Ok(Self {
            kind: proof.kind.as_str().to_owned(),
            holder: proof.holder(),
            user_id: proof.user.map(UserId::to_bytes),
            address: proof.address.clone(),
            link_digest: proof.link_digest.to_text(),
            code_digest: proof.code_digest.map(Digest::to_text),
            tries: number(proof.tries),
            created_at: proof.created_at.as_millis(),
            expires_at: proof.expires_at.as_millis(),
            used_at: proof.used_at.map(Timestamp::as_millis),
            invited: proof.invited.as_ref().map(to_json).transpose()?,
        })
    }

    fn into_proof(self) -> Result<Proof, StoreError> {
        // An error message must not hold an address.
        let place = Place::new("proofs", self.user_id.as_deref().unwrap_or_default());
        let user = self.user_id.as_ref().map(|user| place.user("user_id", user));
        let code = self.code_digest.as_ref().map(|code| place.digest("code_digest", code));
        let invited = self.invited.as_ref().map(|text| place.json("invited", text));
        Ok(Proof {
            kind: ProofKind::parse(&self.kind).ok_or_else(|| place.corrupt("kind"))?,
            user: user.transpose()?,
            link_digest: place.digest("link_digest", &self.link_digest)?,
            code_digest: code.transpose()?,
            tries: place.count("tries", self.tries)?,
            address: self.address,
            created_at: at(self.created_at),
            expires_at: at(self.expires_at),
            used_at: maybe_at(self.used_at),
            invited: invited.transpose()?,
        })
    }
}

/// Stores a proof in place of the one of the same kind that its holder had.
///
/// # Errors
/// When the account is gone, or the store fails.
pub fn put_proof(db: &mut Db, proof: &Proof) -> Result<(), StoreError> {
    let row = ProofRow::new(proof)?;
    each!(db, c => diesel::insert_into(proofs::table)
        .values(&row)
        .on_conflict((proofs::kind, proofs::holder))
        .do_update()
        .set(&row)
        .execute(c))?;
    Ok(())
}

/// The proof behind a link, when it still counts. To look changes nothing (`security.md` R70).
///
/// # Errors
/// When the store fails.
pub fn find_proof(
    db: &mut Db,
    kinds: &[ProofKind],
    link: &Digest,
    now: Timestamp,
) -> Result<Option<Proof>, StoreError> {
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    let row: Option<ProofRow> = each!(db, c => proofs::table
        .filter(proofs::link_digest.eq(link.to_text()).and(proofs::kind.eq_any(&kinds)))
        .filter(proofs::used_at.is_null().and(proofs::expires_at.gt(now.as_millis())))
        .select(ProofRow::as_select())
        .first(c)
        .optional())?;
    row.map(ProofRow::into_proof).transpose()
}

/// The proof of a kind that an account has and that still counts.
///
/// # Errors
/// When the store fails.
pub fn find_open_proof(
    db: &mut Db,
    kind: ProofKind,
    user: UserId,
    now: Timestamp,
) -> Result<Option<Proof>, StoreError> {
    let row: Option<ProofRow> = each!(db, c => proofs::table
        .filter(proofs::kind.eq(kind.as_str()).and(proofs::holder.eq(user.to_string())))
        .filter(proofs::used_at.is_null().and(proofs::expires_at.gt(now.as_millis())))
        .select(ProofRow::as_select())
        .first(c)
        .optional())?;
    row.map(ProofRow::into_proof).transpose()
}

/// Counts a try of the code of a holder, before it is compared: a parallel burst gets no more
/// tries than a patient attacker. None when there is no code that still counts.
///
/// # Errors
/// When the store fails.
pub fn try_code(
    db: &mut Db,
    kind: ProofKind,
    holder: &str,
    now: Timestamp,
) -> Result<Option<Proof>, StoreError> {
    let open = proofs::table
        .filter(proofs::kind.eq(kind.as_str()).and(proofs::holder.eq(holder)))
        .filter(proofs::used_at.is_null().and(proofs::expires_at.gt(now.as_millis())))
        .filter(proofs::code_digest.is_not_null())
        .filter(proofs::tries.lt(number(Proof::MAX_TRIES)));
    let row: Option<ProofRow> = each!(db, c => diesel::update(open)
        .set(proofs::tries.eq(proofs::tries + 1))
        .returning(ProofRow::as_returning())
        .get_result(c)
        .optional())?;
    row.map(ProofRow::into_proof).transpose()
}

/// Uses a proof up, in the transaction of what it is good for. None when it was used, replaced or
/// cancelled meanwhile, or is too old: of many who hold it one wins.
///
/// # Errors
/// When the store fails.
pub fn use_proof(
    db: &mut Db,
    kind: ProofKind,
    link: &Digest,
    now: Timestamp,
) -> Result<Option<Proof>, StoreError> {
    let unused = proofs::table
        .filter(proofs::link_digest.eq(link.to_text()).and(proofs::kind.eq(kind.as_str())))
        .filter(proofs::used_at.is_null().and(proofs::expires_at.gt(now.as_millis())));
    let row: Option<ProofRow> = each!(db, c => diesel::update(unused)
        .set(proofs::used_at.eq(Some(now.as_millis())))
        .returning(ProofRow::as_returning())
        .get_result(c)
        .optional())?;
    row.map(ProofRow::into_proof).transpose()
}

/// The proofs of a kind that still count, by holder.
///
/// # Errors
/// When the store fails.
pub fn list_open(db: &mut Db, kind: ProofKind, now: Timestamp) -> Result<Vec<Proof>, StoreError> {
    let rows: Vec<ProofRow> = each!(db, c => proofs::table
        .filter(proofs::kind.eq(kind.as_str()))
        .filter(proofs::used_at.is_null().and(proofs::expires_at.gt(now.as_millis())))
        .order(proofs::holder)
        .select(ProofRow::as_select())
        .load(c))?;
    rows.into_iter().map(ProofRow::into_proof).collect()
}

/// Withdraws the proof of a holder. False when they have none that counts.
///
/// # Errors
/// When the store fails.
pub fn withdraw_proof(
    db: &mut Db,
    kind: ProofKind,
    holder: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let open = proofs::table
        .filter(proofs::kind.eq(kind.as_str()).and(proofs::holder.eq(holder)))
        .filter(proofs::used_at.is_null().and(proofs::expires_at.gt(now.as_millis())));
    Ok(each!(db, c => diesel::delete(open).execute(c))? == 1)
}

/// Cancels the proofs of an account that were not used.
///
/// # Errors
/// When the store fails.
pub fn cancel_proofs(db: &mut Db, user: UserId, kinds: &[ProofKind]) -> Result<(), StoreError> {
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    let unused = proofs::table
        .filter(proofs::user_id.eq(user.to_bytes()).and(proofs::used_at.is_null()))
        .filter(proofs::kind.eq_any(&kinds));
    each!(db, c => diesel::delete(unused).execute(c))?;
    Ok(())
}

/// Removes proofs that have ended anyway, at most `limit`.
///
/// # Errors
/// When the store fails.
pub fn purge_proofs(db: &mut Db, now: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let over: Vec<String> = each!(db, c => proofs::table
        .filter(proofs::expires_at.lt(now.as_millis()))
        .select(proofs::link_digest)
        .limit(limit)
        .load(c))?;
    let over = proofs::table.filter(proofs::link_digest.eq_any(&over));
    Ok(each!(db, c => diesel::delete(over).execute(c))?)
}
