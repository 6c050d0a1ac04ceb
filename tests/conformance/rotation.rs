//! Our own signing keys change (OpenID Connect Core §10.1.1).

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value;
use tessera::app::KeyKeeper;
use tessera::app::key_rotation::Rotation;
use tessera::base::SystemEntropy;
use tessera::credentials::Sealer;

use super::bench::Bench;
use super::checks::check_jwks;
use super::variant::Variant;
use crate::support::seal_key;

/// What a published key is named, and what it is made of.
fn keys(jwks: &Value) -> BTreeSet<(String, String)> {
    let text = |key: &Value, name: &str| key[name].as_str().unwrap_or_default().to_owned();
    let keys = jwks["keys"].as_array().expect("keys").iter();
    keys.map(|key| (text(key, "kid"), ["n", "x", "y"].map(|name| text(key, name)).concat()))
        .collect()
}

/// `tessera key rotate --now`, in the middle of everything: new names with new keys, and the old
/// ones are still there.
pub(super) async fn oidcc_server_rotate_keys(bench: Rc<Bench>, _: Variant) {
    let before = bench.document("/jwks").await;
    check_jwks(&before);
    let sealer = Sealer::new(seal_key()).expect("a sealer");
    let keeper = KeyKeeper {
        store: &bench.app.store,
        sealer: &sealer,
        clock: bench.app.clock.as_ref(),
        entropy: Arc::new(SystemEntropy),
        settings: bench.app.issuer.settings.key_rotation(),
        actor: tessera::domain::Actor::Command,
    };
    keeper.rotate(Rotation::Now).await.expect("a rotation");
    bench.app.issuer.follow_keys().await.expect("the keys");
    let after = bench.document("/jwks").await;
    check_jwks(&after);
    let (before, after) = (keys(&before), keys(&after));
    assert!(before.is_subset(&after), "the old keys are still there");
    let new: Vec<_> = after.difference(&before).collect();
    // The suite can use RSA and EC alone: one of the new keys is of these.
    assert!(!new.is_empty());
    for (kid, material) in new {
        assert!(before.iter().all(|(name, old)| name != kid && old != material), "{kid}");
    }
}
