use serde_json::json;
use tessera::base::{InteractionId, SessionId, SystemEntropy, Timestamp, UserId};
use tessera::domain::{Authentication, Evidence, Interaction, Purpose, REPLAY_FOR};
use tessera::store::interactions;

use super::backends::Bench;
use super::records::{HOUR, MINUTE, NOW, client, digest, interaction, scopes};

async fn stored(bench: &Bench, one: Interaction) -> Interaction {
    let row = one.clone();
    bench.write(move |db| interactions::insert_interaction(db, &row)).await;
    one
}

async fn find(bench: &Bench, id: InteractionId) -> Option<Interaction> {
    bench.read(move |db| interactions::find_interaction(db, id)).await
}

fn proven() -> Evidence {
    let (session, user) = (SessionId::new(NOW, &SystemEntropy), UserId::new(NOW, &SystemEntropy));
    Evidence {
        authentication: Some(Authentication { session, user, at: NOW }),
        consented: Some((user, scopes("openid"), NOW)),
        ..Evidence::default()
    }
}

pub(super) async fn an_interaction_is_found_as_stored(bench: Bench) {
    let mut one = interaction("home");
    let request = json!({
        "client": client("app").id, "redirect_uri": "https://app.example.com/back",
        "response_mode": "query", "state": "a b", "nonce": null, "scopes": scopes("openid"),
        "prompts": [], "max_age": 0, "login_hint": "ada", "ui_locales": null,
        "challenge": null, "resources": [], "received_at": NOW,
    });
    one.purpose = Purpose::Authorize(serde_json::from_value(request).unwrap());
    let one = stored(&bench, one).await;
    assert_eq!(find(&bench, one.id).await, Some(one));
    assert_eq!(find(&bench, InteractionId::new(NOW, &SystemEntropy)).await, None);
}

pub(super) async fn evidence_is_kept_and_ends_the_count(bench: Bench) {
    let (one, other) = (interaction("home"), interaction("home"));
    let (one, _) = (stored(&bench, one).await, stored(&bench, other).await);
    stored(&bench, interaction("elsewhere")).await;
    let count = |since: Timestamp| {
        bench.read(move |db| interactions::count_unproven(db, &digest("home"), since))
    };
    assert_eq!(count(NOW - MINUTE).await, 2);
    assert_eq!(count(NOW).await, 0);
    let (id, evidence) = (one.id, proven());
    let kept = evidence.clone();
    bench.write(move |db| interactions::update_evidence(db, id, &kept)).await;
    assert_eq!(count(NOW - MINUTE).await, 1);
    assert_eq!(find(&bench, id).await.unwrap().evidence, evidence);
    let mut begun_proven = interaction("home");
    begun_proven.evidence = proven();
    stored(&bench, begun_proven).await;
    assert_eq!(count(NOW - MINUTE).await, 1);
}

pub(super) async fn of_many_browsers_one_claims(bench: Bench) {
    let id = stored(&bench, interaction("home")).await.id;
    let second = bench.second();
    let claims: Vec<_> = (0..20)
        .map(|number| {
            let store = if number % 2 == 0 { bench.store.clone() } else { second.clone() };
            tokio::spawn(async move {
                let to = digest(&format!("browser {number}"));
                let claim = move |db: &mut _| {
                    interactions::claim_interaction(db, id, &digest("browser"), &to)
                };
                (to, store.write("test", claim).await.unwrap())
            })
        })
        .collect();
    let mut winners = Vec::new();
    for claim in claims {
        let (to, has_won) = claim.await.unwrap();
        winners.extend(has_won.then_some(to));
    }
    assert_eq!(winners, [find(&bench, id).await.unwrap().browser_digest]);
}

pub(super) async fn of_many_answers_one_is_kept(bench: Bench) {
    let id = stored(&bench, interaction("home")).await.id;
    let answers: Vec<_> = (0..20_u8)
        .map(|number| {
            let store = bench.store.clone();
            tokio::spawn(async move {
                let finish =
                    move |db: &mut _| interactions::finish_interaction(db, id, &[number], NOW);
                store.write("test", finish).await.unwrap().then_some(number)
            })
        })
        .collect();
    let mut winners = Vec::new();
    for answer in answers {
        winners.extend(answer.await.unwrap());
    }
    let kept = find(&bench, id).await.unwrap();
    assert_eq!(kept.replay(NOW).unwrap(), winners);
    assert_eq!(winners.len(), 1);
}

pub(super) async fn an_answer_gives_way_after_a_minute(bench: Bench) {
    let id = stored(&bench, interaction("home")).await.id;
    let finish = |sealed: &'static [u8], at| {
        bench.write(move |db| interactions::finish_interaction(db, id, sealed, at))
    };
    let almost = Timestamp::from_millis((NOW + REPLAY_FOR).as_millis() - 1);
    assert!(finish(b"one", NOW).await);
    assert!(!finish(b"two", almost).await);
    assert!(finish(b"three", NOW + REPLAY_FOR).await);
    let kept = find(&bench, id).await.unwrap().finished.unwrap();
    assert_eq!(kept.sealed, b"three");
    let unknown = InteractionId::new(NOW, &SystemEntropy);
    let finish = move |db: &mut _| interactions::finish_interaction(db, unknown, b"x", NOW);
    assert!(!bench.write(finish).await);
}

pub(super) async fn interactions_are_purged_up_to_a_limit(bench: Bench) {
    let live = stored(&bench, interaction("home")).await;
    for _ in 0..5 {
        let mut over = interaction("home");
        over.expires_at = NOW - HOUR;
        stored(&bench, over).await;
    }
    for removed in [3, 2, 0] {
        assert_eq!(bench.write(|db| interactions::purge_interactions(db, NOW, 3)).await, removed);
    }
    assert!(find(&bench, live.id).await.is_some());
}
