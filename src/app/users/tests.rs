use std::time::Duration;

use super::*;
use crate::base::{ClientRowId, Digest, GrantId, ManualClock, SeededEntropy, SessionId, Timestamp};
use crate::credentials::Argon2Cost;
use crate::domain::{Client, ClientOrigin, ClientSecrets, CodeState, Grant, GrantedBy, Session};
use crate::protocol::{ClaimsRequest, ClientMetadata, ScopeSet};
use crate::store::{Location, Migrate, clients, grants, session_grants};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

/// A store with one account, which is signed in and has given something to a client.
struct Scene {
    store: Store,
    clock: ManualClock,
    entropy: SeededEntropy,
    passwords: PasswordPool,
    session: SessionId,
    grant: GrantId,
}

impl Scene {
    async fn new() -> Self {
        let store = Store::open(&Location::SqliteMemory, Migrate::Now).unwrap();
        let (clock, entropy) = (ManualClock::new(NOW), SeededEntropy::new(1));
        let passwords = PasswordPool::new(Argon2Cost { memory_kib: 64, passes: 1 }, 1).unwrap();
        let new = NewUser {
            username: "ada".to_owned(),
            email: "ada@example.com".to_owned(),
            is_email_verified: false,
            password: Secret::new("correct horse battery staple".to_owned()),
            is_admin: false,
            groups: Vec::new(),
            claims: StandardClaims::default(),
        };
        let user =
            create(Operator::command(&store, &clock, &entropy), &passwords, new).await.unwrap();
        let client = client(&entropy);
        let session = session(user.id, &entropy);
        let grant = grant(&session, client.id, &entropy);
        let scene = Self { store, clock, entropy, passwords, session: session.id, grant: grant.id };
        let stored = scene.store.write("scene", move |db| {
            clients::insert_client(db, &client)?;
            sessions::insert_session(db, &session)?;
            session_grants::insert_grant_of_live_session(db, &grant, None, NOW).map(drop)
        });
        stored.await.unwrap();
        assert_eq!(scene.live().await, (true, true));
        scene
    }

    fn operator(&self) -> Operator<'_> {
        Operator::command(&self.store, &self.clock, &self.entropy)
    }

    /// Whether the session and the grant are there and count.
    async fn live(&self) -> (bool, bool) {
        let (session, grant) = (self.session, self.grant);
        let found = self.store.read(move |db| {
            let session = sessions::find_session(db, session)?;
            Ok((session, grants::find_grant(db, grant)?))
        });
        let (session, grant) = found.await.unwrap();
        let is_session_live = session.is_some_and(|(session, _)| session.is_live(NOW));
        (is_session_live, grant.is_some_and(|grant| grant.is_live(NOW)))
    }
}

fn client(entropy: &dyn Entropy) -> Client {
    Client {
        id: ClientRowId::new(NOW, entropy),
        client_id: "app".to_owned(),
        metadata: ClientMetadata::default(),
        secrets: ClientSecrets::default(),
        sealed_secrets: None,
        origin: ClientOrigin::Operator,
        used_at: None,
        disabled_at: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn session(user: UserId, entropy: &dyn Entropy) -> Session {
    let end = NOW + Duration::from_secs(60 * 60);
    Session {
        id: SessionId::new(NOW, entropy),
        user,
        secret_digest: Digest::of(b"cookie"),
        created_at: NOW,
        authenticated_at: NOW,
        amr: vec!["pwd".to_owned()],
        acr: "urn:tessera:acr:1".to_owned(),
        is_remembered: false,
        last_seen_at: NOW,
        idle_expires_at: end,
        absolute_expires_at: end,
        ended: None,
        seen_from: Default::default(),
    }
}

fn grant(session: &Session, client: ClientRowId, entropy: &dyn Entropy) -> Grant {
    Grant {
        id: GrantId::new(NOW, entropy),
        client,
        person: Some(GrantedBy {
            user: session.user,
            session: session.id,
            auth_time: NOW,
            acr: session.acr.clone(),
            amr: session.amr.clone(),
        }),
        scopes: ScopeSet::standard(),
        resources: Vec::new(),
        claims: ClaimsRequest::default(),
        nonce: None,
        code: Some(CodeState {
            digest: Digest::of(b"code"),
            redirect_uri: "https://app.example.com/cb".to_owned(),
            challenge: None,
            expires_at: session.idle_expires_at,
            used_at: None,
            wrong_verifiers: 0,
        }),
        generation: 0,
        refresh: None,
        created_at: NOW,
        expires_at: session.idle_expires_at,
        revoked_at: None,
    }
}

#[tokio::test]
async fn disabling_ends_sessions_and_grants_and_enabling_brings_none_back() {
    let scene = Scene::new().await;
    disable(scene.operator(), "ada").await.unwrap();
    assert_eq!(scene.live().await, (false, false));
    enable(scene.operator(), "ada").await.unwrap();
    assert_eq!(scene.live().await, (false, false));
}

#[tokio::test]
async fn disabling_twice_keeps_the_first_instant() {
    let scene = Scene::new().await;
    disable(scene.operator(), "ada").await.unwrap();
    scene.clock.advance(Duration::from_secs(60));
    disable(scene.operator(), "ada").await.unwrap();
    assert_eq!(find(&scene.store, "ada").await.unwrap().disabled_at, Some(NOW));
}

#[tokio::test]
async fn a_new_password_ends_sessions_and_grants() {
    let scene = Scene::new().await;
    let before = find(&scene.store, "ada").await.unwrap().password_hash;
    let password = Secret::new("another horse and battery".to_owned());
    let new = NewPassword { user: "ada@example.com", password };
    set_password(scene.operator(), &scene.passwords, new).await.unwrap();
    assert_eq!(scene.live().await, (false, false));
    assert_ne!(find(&scene.store, "ada").await.unwrap().password_hash, before);
}

#[tokio::test]
async fn a_refused_password_changes_nothing() {
    let scene = Scene::new().await;
    let new = NewPassword { user: "ada", password: Secret::new("short".to_owned()) };
    let refused = set_password(scene.operator(), &scene.passwords, new).await;
    assert!(matches!(refused, Err(UserProblem::Password(_))), "{refused:?}");
    assert_eq!(scene.live().await, (true, true));
}

#[tokio::test]
async fn deleting_leaves_nothing_behind() {
    let scene = Scene::new().await;
    delete(scene.operator(), "ada").await.unwrap();
    assert_eq!(scene.live().await, (false, false));
    assert!(matches!(find(&scene.store, "ada").await, Err(UserProblem::Unknown)));
}

#[tokio::test]
async fn groups_end_nothing() {
    let scene = Scene::new().await;
    let user = set_groups(scene.operator(), "ada", &["staff".to_owned()]).await.unwrap();
    assert_eq!(user.groups, ["staff"]);
    assert_eq!(scene.live().await, (true, true));
}
