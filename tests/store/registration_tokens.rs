use tessera::base::{Entropy, RegistrationTokenId, SystemEntropy};
use tessera::domain::RegistrationTokenRecord;
use tessera::store::registration_tokens as tokens;

use super::backends::Bench;
use super::records::{HOUR, NOW, client, digest};

fn token(uses_left: u32) -> RegistrationTokenRecord {
    let entropy: &dyn Entropy = &SystemEntropy;
    RegistrationTokenRecord {
        id: RegistrationTokenId::new(NOW, entropy),
        secret_digest: digest("secret"),
        uses_left,
        created_at: NOW,
        expires_at: NOW + HOUR,
    }
}

async fn stored(bench: &Bench, uses_left: u32) -> RegistrationTokenId {
    let token = token(uses_left);
    let id = token.id;
    bench.write(move |db| tokens::insert_registration_token(db, &token)).await;
    id
}

pub(super) async fn a_registration_token_counts_as_often_as_it_says(bench: Bench) {
    let id = stored(&bench, 2).await;
    let (right, wrong) = (digest("secret"), digest("other"));
    let good = |at| bench.read(move |db| tokens::is_registration_token_good(db, id, &right, at));
    let take =
        |secret, at| bench.write(move |db| tokens::use_registration_token(db, id, &secret, at));
    assert!(good(NOW).await && !good(NOW + HOUR).await);
    assert!(!take(wrong, NOW).await && !take(right, NOW + HOUR).await);
    assert!(take(right, NOW).await && good(NOW).await && take(right, NOW).await);
    assert!(!good(NOW).await && !take(right, NOW).await);
}

/// R96: fifty register at the same time with a token for one.
pub(super) async fn of_fifty_who_register_one_wins(bench: Bench) {
    let id = stored(&bench, 1).await;
    let other = bench.second();
    let tries = (0..50).map(|number| {
        let store = if number % 2 == 0 { other.clone() } else { bench.second() };
        let app = client(&format!("app-{number}"));
        async move {
            let won = store.write("register", move |db| {
                let is_won = tokens::use_registration_token(db, id, &digest("secret"), NOW)?;
                if is_won {
                    tessera::store::clients::insert_client(db, &app)?;
                }
                Ok(is_won)
            });
            won.await.unwrap()
        }
    });
    let won = futures_util::future::join_all(tries).await;
    assert_eq!(won.into_iter().filter(|is_won| *is_won).count(), 1);
    assert_eq!(bench.read(tessera::store::clients::list_clients).await.len(), 1);
}

pub(super) async fn registration_tokens_are_purged_up_to_a_limit(bench: Bench) {
    for _ in 0..3 {
        stored(&bench, 1).await;
    }
    let purge = |at| bench.write(move |db| tokens::purge_registration_tokens(db, at, 2));
    let late = NOW + 2 * HOUR;
    assert_eq!([purge(NOW).await, purge(late).await, purge(late).await], [0, 2, 1]);
}
