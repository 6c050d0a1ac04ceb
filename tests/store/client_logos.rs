use tessera::store::{client_logos, clients};

use super::backends::Bench;
use super::records::{HOUR, MINUTE, NOW, client, digest};

const LOGO: &str = "https://app.example.com/logo.png";

pub(super) async fn a_logo_is_due_until_it_is_kept(bench: Bench) {
    let mut app = client("app");
    app.metadata.logo_uri = Some(LOGO.to_owned());
    let stored = app.clone();
    bench.write(move |db| clients::insert_client(db, &stored)).await;
    let due = |at| bench.read(move |db| client_logos::list_due_logos(db, at, 9));
    let found = due(NOW).await.remove(0);
    assert_eq!((found.client, found.source.as_str(), found.tries), (app.id, LOGO, 0));
    // One that was made without a logo is never due.
    bench.write(|db| clients::insert_client(db, &client("plain"))).await;
    assert_eq!(due(NOW + HOUR).await.len(), 1);

    let (one, again) = (found.clone(), found.due_again(NOW));
    assert!(bench.write(move |db| client_logos::claim_logo(db, &one, again)).await);
    assert_eq!(due(NOW).await, []);
    let later = due(NOW + MINUTE).await.remove(0);
    assert_eq!(later.tries, 1);

    let png = digest("png");
    let kept = move |db: &mut _| client_logos::keep_logo(db, &later, &digest("png"), b"pixels");
    assert!(bench.write(kept).await);
    assert_eq!(due(NOW + 1000 * HOUR).await, []);
    let id = app.id;
    assert_eq!(bench.read(move |db| client_logos::find_logo_digest(db, id)).await, Some(png));
    let bytes = bench.read(move |db| client_logos::find_logo(db, &png)).await;
    assert_eq!(bytes.as_deref(), Some(&b"pixels"[..]));

    // The same address stays fetched, another is fetched anew, and none is none.
    for (logo, is_kept, is_due) in [
        (Some(LOGO), true, false),
        (Some("https://app.example.com/new.png"), false, true),
        (None, false, false),
    ] {
        app.metadata.logo_uri = logo.map(str::to_owned);
        let changed = app.clone();
        assert!(bench.write(move |db| clients::update_client(db, &changed)).await);
        let found = bench.read(move |db| client_logos::find_logo_digest(db, id)).await;
        assert_eq!((found.is_some(), !due(NOW + HOUR).await.is_empty()), (is_kept, is_due));
    }
    assert_eq!(bench.read(move |db| client_logos::find_logo(db, &png)).await, None);
    // What was fetched for the address before comes too late.
    let late = move |db: &mut _| client_logos::keep_logo(db, &found, &png, b"late");
    assert!(!bench.write(late).await);
}

pub(super) async fn of_many_processes_one_fetches_a_logo(bench: Bench) {
    let mut app = client("app");
    app.metadata.logo_uri = Some(LOGO.to_owned());
    bench.write(move |db| clients::insert_client(db, &app)).await;
    let due = bench.read(|db| client_logos::list_due_logos(db, NOW, 9)).await.remove(0);
    let tries = (0..20).map(|_| {
        let (store, due) = (bench.second(), due.clone());
        let claim = move |db: &mut _| client_logos::claim_logo(db, &due, due.due_again(NOW));
        async move { store.write("claim", claim).await.unwrap() }
    });
    let won = futures_util::future::join_all(tries).await;
    assert_eq!(won.into_iter().filter(|is_won| *is_won).count(), 1);
}
