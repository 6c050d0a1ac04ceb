use tessera::base::{AuditId, Digest, SystemEntropy, Timestamp, UserId};
use tessera::domain::{Actor, AuditRecord, Event, Occasion};
use tessera::rules::audit::Chain;
use tessera::store::audit::{self, OfAccount, Wanted};
use tessera::store::{Db, StoreError};

use super::backends::Bench;
use super::records::{HOUR, NOW};

const KEY: [u8; 32] = [1; 32];

fn row(at: Timestamp) -> AuditRecord {
    let user = UserId::new(at, &SystemEntropy);
    let occasion = Occasion {
        network: Some("192.0.2.0".to_owned()),
        reference: Some("abcdefghijkl".to_owned()),
        ..Occasion::inside(Actor::User(user), at, &SystemEntropy)
    };
    occasion.of(&Event::GroupsSet { user, groups: vec!["staff".to_owned()] })
}

async fn stored(bench: &Bench, at: Timestamp) -> AuditRecord {
    let row = row(at);
    let record = row.clone();
    bench.write(move |db| audit::record(db, &record)).await;
    row
}

/// Seals what waits, as one process does it.
fn seal(db: &mut Db) -> Result<usize, StoreError> {
    let rows = audit::list_unsealed(db, 100)?;
    let mut chain = Chain::after(audit::find_head(db)?.as_ref());
    for row in &rows {
        audit::seal(db, row.id, &chain.seal(row, &KEY))?;
    }
    Ok(rows.len())
}

async fn check(bench: &Bench) -> i64 {
    let mut chain = Chain::after(None);
    for row in bench.read(|db| audit::list_sealed(db, 0, 1000)).await {
        chain.check(&row, &KEY).unwrap();
    }
    chain.head().0
}

pub(super) async fn r125_a_row_is_found_as_stored(bench: Bench) {
    let row = stored(&bench, NOW).await;
    assert_eq!(bench.read(|db| audit::list_unsealed(db, 9)).await, [row]);
    assert_eq!(bench.read(audit::count_unsealed).await, 1);
    assert_eq!(bench.read(audit::find_head).await, None);
}

pub(super) async fn r125_a_late_row_is_sealed_next(bench: Bench) {
    let second = stored(&bench, NOW + HOUR).await;
    assert_eq!(bench.write(seal).await, 1);
    let first = stored(&bench, NOW).await;
    let third = stored(&bench, NOW + 2 * HOUR).await;
    assert_eq!(bench.write(seal).await, 2);
    let sealed = bench.read(|db| audit::list_sealed(db, 0, 9)).await;
    let ids: Vec<_> = sealed.iter().map(|row| row.id).collect();
    assert_eq!(ids, [second.id, first.id, third.id]);
    assert_eq!(check(&bench).await, 3);
    assert_eq!(bench.read(audit::count_unsealed).await, 0);
    let rest = bench.read(|db| audit::list_sealed(db, 2, 9)).await;
    assert_eq!(rest.iter().map(|row| row.id).collect::<Vec<_>>(), [third.id]);
}

pub(super) async fn r125_a_row_and_a_place_are_taken_once(bench: Bench) {
    let (first, second) = (stored(&bench, NOW).await, stored(&bench, NOW + HOUR).await);
    bench.write(seal).await;
    let head = bench.read(audit::find_head).await.unwrap();
    let next = Chain::after(Some(&head)).seal(&first, &KEY);
    let again = bench.refused(move |db| audit::seal(db, first.id, &next)).await;
    assert_eq!(again, StoreError::Conflict);
    let third = stored(&bench, NOW + HOUR).await;
    let taken = bench.refused(move |db| audit::seal(db, third.id, &head)).await;
    assert_eq!(taken, StoreError::Conflict);
    assert_ne!(second.id, third.id);
    bench.write(seal).await;
    assert_eq!(check(&bench).await, 3);
}

/// Many processes add and seal at the same time: each row has one place, and the chain holds.
pub(super) async fn r125_of_many_processes_one_seals_each_row(bench: Bench) {
    let stores = [bench.store.clone(), bench.second(), bench.second()];
    let work = (0..60_usize).map(|number| {
        let store = stores[number % stores.len()].clone();
        async move {
            if number % 3 == 0 {
                // One that loses every try has nothing to seal: others did.
                return drop(store.write("seal", seal).await);
            }
            let row = row(NOW);
            store.write("add", move |db| audit::record(db, &row)).await.unwrap();
        }
    });
    futures_util::future::join_all(work).await;
    bench.write(seal).await;
    assert_eq!(check(&bench).await, 40);
}

pub(super) async fn r125_the_last_rows_of_a_party_are_listed(bench: Bench) {
    let bench = &bench;
    let first = stored(bench, NOW).await;
    let second = stored(bench, NOW + HOUR).await;
    let third = stored(bench, NOW + 2 * HOUR).await;
    let list = |wanted: Wanted, limit| async move {
        let rows = bench.read(move |db| audit::list_last(db, &wanted, limit)).await;
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(list(Wanted::default(), 2).await, [second.id, third.id]);
    let since = Wanted { since: Some(NOW + HOUR), ..Wanted::default() };
    assert_eq!(list(since, 9).await, [second.id, third.id]);
    let party = Wanted { party: first.actor_id.clone(), since: None };
    assert_eq!(list(party, 9).await, [first.id]);
}

pub(super) async fn r125_a_change_that_is_undone_leaves_no_row(bench: Bench) {
    let row = row(NOW);
    let undone = bench.refused(move |db| {
        audit::record(db, &row)?;
        Err::<(), _>(StoreError::Failed("after it".to_owned()))
    });
    assert_eq!(undone.await, StoreError::Failed("after it".to_owned()));
    assert_eq!(bench.read(audit::count_unsealed).await, 0);
    assert_eq!(Chain::after(None).head(), (0, Digest::of(b"tessera/1/audit")));
}

pub(super) async fn r86_the_trail_of_an_account_is_read_in_pages(bench: Bench) {
    let (ada, bob) = (UserId::new(NOW, &SystemEntropy), UserId::new(NOW, &SystemEntropy));
    let by =
        |user, at, event: &Event| Occasion::inside(Actor::User(user), at, &SystemEntropy).of(event);
    let second = std::time::Duration::from_secs(1);
    let client = "notes".to_owned();
    let all = vec![
        by(ada, NOW, &Event::ProfileChanged { user: ada }),
        by(bob, NOW + second, &Event::UserDisabled { user: ada }),
        by(ada, NOW + 2 * second, &Event::UserDisabled { user: bob }),
        by(ada, NOW + 3 * second, &Event::ConsentWithdrawn { user: ada, client }),
        by(bob, NOW + 4 * second, &Event::ProfileChanged { user: bob }),
        by(ada, NOW + 5 * second, &Event::PasskeyNotAdded { user: ada }),
        by(ada, NOW + 6 * second, &Event::ProfileChanged { user: ada }),
    ];
    let rows = all.clone();
    bench.write(move |db| rows.iter().try_for_each(|row| audit::record(db, row))).await;
    let wanted = OfAccount {
        account: ada.to_string(),
        suffered: vec!["profile_changed", "user_disabled"],
        done: vec!["consent_withdrawn"],
        since: AuditId::first_of(NOW),
        before: None,
    };
    let read =
        |wanted: OfAccount, limit| bench.read(move |db| audit::list_of_account(db, &wanted, limit));
    let own = [&all[6], &all[3], &all[1], &all[0]].map(Clone::clone);
    assert_eq!(read(wanted.clone(), 9).await, own);
    assert_eq!(read(wanted.clone(), 2).await, own[..2]);
    let further = OfAccount { before: Some(own[1].id), ..wanted.clone() };
    assert_eq!(read(further, 2).await, own[2..]);
    let later = OfAccount { since: AuditId::first_of(NOW + second), ..wanted };
    assert_eq!(read(later, 9).await, own[..3], "an instant begins with its first id");
}
