use tessera::domain::{Client, User};
use tessera::store::{clients, connected_apps, consents, users};

use super::backends::Bench;
use super::records::{HOUR, NOW, client, consent, scopes, user};

async fn with_user_and_client(bench: &Bench) -> (User, Client) {
    let pair = (user("ada"), client("app"));
    let stored = pair.clone();
    bench
        .write(move |db| {
            users::insert_user(db, &stored.0)?;
            clients::insert_client(db, &stored.1)
        })
        .await;
    pair
}

pub(super) async fn a_later_consent_takes_the_place_of_the_first(bench: Bench) {
    let (ada, app) = with_user_and_client(&bench).await;
    let first = consent(&ada, &app);
    let mut second = consent(&ada, &app);
    second.scopes = scopes("openid email");
    second.created_at = NOW + HOUR;
    second.updated_at = NOW + HOUR;
    for one in [first.clone(), second.clone()] {
        bench.write(move |db| consents::put_consent(db, &one)).await;
    }
    let found = bench.read(move |db| consents::find_consent(db, ada.id, app.id)).await.unwrap();
    assert_eq!(found.scopes, second.scopes);
    assert_eq!((found.id, found.created_at), (first.id, first.created_at));
    assert_eq!(found.updated_at, second.updated_at);
}

pub(super) async fn a_consent_is_taken_back_once(bench: Bench) {
    let (ada, app) = with_user_and_client(&bench).await;
    let given = consent(&ada, &app);
    assert_eq!(bench.read(move |db| consents::find_consent(db, ada.id, app.id)).await, None);
    bench.write(move |db| consents::put_consent(db, &given)).await;
    assert!(bench.write(move |db| connected_apps::withdraw(db, ada.id, app.id, NOW)).await);
    assert!(!bench.write(move |db| connected_apps::withdraw(db, ada.id, app.id, NOW)).await);
    assert_eq!(bench.read(move |db| consents::find_consent(db, ada.id, app.id)).await, None);
}
