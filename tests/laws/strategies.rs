//! Inputs for the laws.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use tessera::base::{
    ClientRowId, Digest, Entropy, SeededEntropy, SessionId, Subject, Timestamp, UserId,
};
use tessera::domain::{
    Authentication, Client, ClientOrigin, ClientSecrets, Evidence, Session, User,
};
use tessera::protocol::{AuthMethod, ClientMetadata, Parameters, StandardClaims};
use tessera::rules::authorize::SignedIn;

/// The instant at which every law is judged.
pub(super) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

pub(super) const REGISTERED: [&str; 5] = [
    "https://app.example/callback",
    "https://app.example/callback?tenant=a",
    "http://127.0.0.1/done",
    "http://localhost:4000/done",
    "com.example.app:/done",
];

pub(super) fn client(is_public: bool, is_first_party: bool, is_enabled: bool) -> Client {
    let entropy = SeededEntropy::new(7);
    let method = if is_public { AuthMethod::None } else { AuthMethod::ClientSecretBasic };
    Client {
        id: ClientRowId::new(NOW, &entropy),
        client_id: "app".to_owned(),
        metadata: ClientMetadata {
            redirect_uris: REGISTERED.map(str::to_owned).to_vec(),
            token_endpoint_auth_method: Some(method),
            first_party: is_first_party,
            resources: vec!["https://api.example/".to_owned()],
            ..ClientMetadata::default()
        },
        secrets: ClientSecrets::default(),
        sealed_secrets: None,
        origin: ClientOrigin::Operator,
        used_at: None,
        disabled_at: (!is_enabled).then_some(NOW),
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(super) fn clients() -> impl Strategy<Value = Client> {
    (any::<bool>(), any::<bool>(), prop::bool::weighted(0.9)).prop_map(
        |(is_public, is_first_party, is_enabled)| client(is_public, is_first_party, is_enabled),
    )
}

/// A parameter value that may be right, nearly right, or anything.
fn value(right: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(right).prop_map(str::to_owned),
        1 => "\\PC{0,24}",
        1 => (prop::sample::select(right), "\\PC{1,3}").prop_map(|(a, b)| format!("{a}{b}")),
    ]
}

const URIS: &[&str] = &[
    "https://app.example/callback",
    "https://app.example/callback?tenant=a",
    "https://app.example/callback/",
    "https://app.example.evil.example/callback",
    "https://app.example@evil.example/callback",
    "https://APP.example/callback",
    "http://127.0.0.1:9999/done",
    "http://127.0.0.1:9999@evil.example/done",
    "http://localhost/done",
    "http://localhost.evil.example/done",
    "com.example.app:/done",
    "com.example.app://done",
];

/// Authorization requests: mostly plausible, in any order, with repetitions now and then.
pub(super) fn requests() -> impl Strategy<Value = Vec<(String, String)>> {
    let field = |name: &'static str, right: &'static [&'static str]| {
        prop::option::weighted(0.8, value(right).prop_map(move |value| (name.to_owned(), value)))
    };
    let fields = (
        field("client_id", &["app"]),
        field("redirect_uri", URIS),
        field("response_type", &["code", "code id_token", "token"]),
        field("scope", &["openid", "openid profile email", "openid offline_access x"]),
        field("state", &["af0ifjsldkj", "a b&c=d#e%\r\nX: y"]),
        field("prompt", &["none", "login", "consent", "select_account", "none login", "new"]),
        field("max_age", &["0", "1", "10000", "-1", "1e3"]),
        field("code_challenge", &["E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"]),
        field("code_challenge_method", &["S256", "plain"]),
        field("response_mode", &["query", "form_post", "fragment"]),
        field("resource", &["https://api.example/", "https://other.example/"]),
    );
    (fields, prop::option::weighted(0.1, 0_usize..11), any::<u8>()).prop_map(|(f, twice, seed)| {
        let mut pairs: Vec<(String, String)> =
            [f.0, f.1, f.2, f.3, f.4, f.5, f.6, f.7, f.8, f.9, f.10]
                .into_iter()
                .flatten()
                .collect();
        if let Some(again) = twice.and_then(|index| pairs.get(index).cloned()) {
            pairs.push(again);
        }
        if !pairs.is_empty() {
            let by = usize::from(seed) % pairs.len();
            pairs.rotate_left(by);
        }
        pairs
    })
}

pub(super) fn parameters(pairs: &[(String, String)]) -> Parameters {
    Parameters::from_pairs(pairs.iter().cloned())
}

fn user(seed: u64) -> User {
    let entropy = SeededEntropy::new(seed);
    User {
        id: UserId::new(NOW, &entropy),
        subject: Subject::new(&entropy),
        username: format!("user{seed}"),
        email: None,
        is_email_verified: false,
        password_hash: None,
        claims: StandardClaims::default(),
        groups: Vec::new(),
        is_admin: false,
        disabled_at: None,
        delete_after: None,
        must_change_password: false,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// A live session of its own user, proven `age` ago.
pub(super) fn signed_in(seed: u64, age: Duration) -> SignedIn {
    let entropy: &dyn Entropy = &SeededEntropy::new(seed);
    let user = user(seed);
    let session = Session {
        id: SessionId::new(NOW, entropy),
        user: user.id,
        secret_digest: Digest::of(&entropy.bytes::<32>()),
        created_at: NOW - age,
        authenticated_at: NOW - age,
        amr: vec!["pwd".to_owned()],
        acr: "urn:tessera:acr:1".to_owned(),
        is_remembered: false,
        last_seen_at: NOW - age,
        idle_expires_at: NOW + Duration::from_secs(60),
        absolute_expires_at: NOW + Duration::from_secs(60),
        ended: None,
        seen_from: Default::default(),
    };
    SignedIn { session: Arc::new(session), user: Arc::new(user) }
}

/// None to three accounts in one browser.
pub(super) fn browsers() -> impl Strategy<Value = Vec<SignedIn>> {
    prop::collection::vec(0_u64..20_000, 0..4).prop_map(|ages| {
        (1_u64..).zip(ages).map(|(seed, age)| signed_in(seed, Duration::from_secs(age))).collect()
    })
}

/// Evidence about any of the sessions, or about one that is not there.
pub(super) fn evidence(sessions: &[SignedIn]) -> impl Strategy<Value = Evidence> + use<> {
    let mut known = sessions.to_vec();
    known.push(signed_in(99, Duration::ZERO));
    let pick = prop::option::of((prop::sample::select(known), 0_u64..7200));
    (pick.clone(), pick, any::<bool>()).prop_map(|(made, chosen, wants_other_account)| Evidence {
        authentication: made.map(|(one, age)| Authentication {
            session: one.session.id,
            user: one.user.id,
            at: NOW - Duration::from_secs(age),
        }),
        chosen: chosen.map(|(one, age)| (one.session.id, NOW - Duration::from_secs(age))),
        wants_other_account,
        ..Evidence::default()
    })
}
