//! Removes what no longer counts, in small batches that never hold a writer for long.

use std::time::Duration;

use crate::app::{Fault, Issuer, audit, mail};
use crate::base::UserId;
use crate::domain::{Actor, Event, Letter, Occasion, SessionEnd};
use crate::pages::Mail;
use crate::store::clients::{self, Unused};
use crate::store::{
    audit as rows, grants, interactions, login_failures, outbox, passkeys, proofs, pushed_requests,
    registration_tokens, sessions, trusted_devices, used_once, users,
};

/// Rows that one statement removes.
const BATCH: i64 = 500;
/// What waits may be written between two batches.
const BREATH: Duration = Duration::from_millis(20);
/// An interaction's row stays this long after it ended, so that its page can name the app.
const KEEP_INTERACTIONS_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// An ended session's row stays this long, for its grants.
const KEEP_SESSIONS_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How a delivery went can be seen this long.
const KEEP_DELIVERIES_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A client that registered itself and was never used goes after this.
const KEEP_NEW_CLIENTS_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// One that was used goes when it was not for this long.
const KEEP_IDLE_CLIENTS_FOR: Duration = Duration::from_secs(180 * 24 * 60 * 60);

/// Removes everything that no longer counts and says how many rows went, batch after batch: a busy
/// minute leaves many batches behind.
///
/// # Errors
/// When the store does not answer.
pub async fn purge(issuer: &Issuer) -> Result<usize, Fault> {
    let mut all = 0;
    loop {
        let count = purge_batch(issuer).await?;
        all += count;
        // Fewer than one kind may lose at once: nothing is left of any.
        if i64::try_from(count).is_ok_and(|count| count < BATCH) {
            return Ok(all + delete_accounts(issuer).await?);
        }
        tokio::time::sleep(BREATH).await;
    }
}

/// Removes one batch of every kind.
async fn purge_batch(issuer: &Issuer) -> Result<usize, Fault> {
    let now = issuer.now();
    let unused = Unused {
        made_before: now - KEEP_NEW_CLIENTS_FOR,
        used_before: now - KEEP_IDLE_CLIENTS_FOR,
    };
    let occasion = Occasion::inside(Actor::Server, now, issuer.entropy.as_ref());
    let purged = issuer.store.write("purge", move |db| {
        let clients = clients::purge_unused_clients(db, unused, now, BATCH)?;
        let row =
            (clients > 0).then(|| occasion.of(&Event::UnusedClientsDeleted { count: clients }));
        if let Some(row) = &row {
            rows::record(db, row)?;
        }
        let others = interactions::purge_interactions(db, now - KEEP_INTERACTIONS_FOR, BATCH)?
            + grants::purge_grants(db, now, BATCH)?
            + pushed_requests::purge_pushed_requests(db, now, BATCH)?
            + registration_tokens::purge_registration_tokens(db, now, BATCH)?
            + proofs::purge_proofs(db, now, BATCH)?
            + passkeys::purge_challenges(db, now, BATCH)?
            + trusted_devices::purge_devices(db, now, BATCH)?
            + used_once::purge_used_once(db, now, BATCH)?
            + sessions::purge_sessions(db, now - KEEP_SESSIONS_FOR, BATCH)?
            + outbox::purge_outbox(db, now - KEEP_DELIVERIES_FOR, BATCH)?
            + login_failures::purge_failures(db, now, BATCH)?;
        Ok((clients + others, row))
    });
    let (count, row) = purged.await?;
    row.iter().for_each(audit::log);
    Ok(count)
}

/// Removes the accounts whose persons asked for it, once the delay is over, and says how many went.
/// Each goes in a transaction of its own with its row of the trail.
async fn delete_accounts(issuer: &Issuer) -> Result<usize, Fault> {
    let now = issuer.now();
    let due = issuer.store.read(move |db| users::list_due_deletions(db, now, BATCH)).await?;
    let mut count = 0;
    for user in due {
        let occasion = Occasion::inside(Actor::Server, now, issuer.entropy.as_ref());
        let row = occasion.of(&Event::UserDeleted { user });
        let noted = row.clone();
        let letter = farewell(issuer, user).await?;
        let deleted = issuer.store.write("delete account", move |db| {
            // The person may have kept it since.
            let found = users::find_user(db, user)?.and_then(|user| user.delete_after);
            if found.is_none_or(|at| now < at) {
                return Ok(false);
            }
            // Who signed in meanwhile and did not keep it has sessions again.
            sessions::end_sessions_of_user(db, user, SessionEnd::Revoked, now)?;
            let is_deleted = users::delete_due_user(db, user, now)?;
            if is_deleted {
                rows::record(db, &noted)?;
                mail::put(db, letter.as_ref(), now)?;
            }
            Ok(is_deleted)
        });
        if deleted.await? {
            audit::log(&row);
            issuer.wake_outbox();
            count += 1;
        }
    }
    Ok(count)
}

/// The last mail to the owner of an account. Nobody asks for it by a request, so it is not counted.
async fn farewell(issuer: &Issuer, user: UserId) -> Result<Option<Letter>, Fault> {
    let Some(post) = &issuer.post else { return Ok(None) };
    match issuer.store.read(move |db| users::find_user(db, user)).await? {
        Some(user) => post.letter_to(&user, &Mail::AccountDeleted, issuer.now()),
        None => Ok(None),
    }
}
