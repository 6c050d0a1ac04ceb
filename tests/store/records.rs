//! Records to store. Each call makes a new one, with ids of its own.

use std::time::Duration;

use serde_json::json;
use tessera::base::{
    ClientRowId, ConsentId, Digest, GrantId, InteractionId, SessionId, SigningKeyId, Subject,
    SystemEntropy, Timestamp, UserId,
};
use tessera::domain::{
    Client, ClientOrigin, ClientSecrets, CodeState, Consent, Evidence, Grant, GrantedBy,
    Interaction, Purpose, RefreshState, SeenFrom, Session, SigningKeyRecord, User,
};
use tessera::protocol::pkce::CodeChallenge;
use tessera::protocol::{ClaimsRequest, ScopeSet, SigningAlgorithm};

/// The instant at which every case begins.
pub(super) const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);
pub(super) const MINUTE: Duration = Duration::from_secs(60);
pub(super) const HOUR: Duration = Duration::from_secs(60 * 60);

pub(super) fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

pub(super) fn scopes(text: &str) -> ScopeSet {
    ScopeSet::parse(text).unwrap()
}

pub(super) fn user(username: &str) -> User {
    let claims = json!({ "name": "Ada \u{1F511} O'Neil", "address": { "country": "CH" } });
    User {
        id: UserId::new(NOW, &SystemEntropy),
        subject: Subject::new(&SystemEntropy),
        username: username.to_owned(),
        email: Some(format!("{username}@example.com")),
        is_email_verified: true,
        password_hash: Some("$argon2id$one".to_owned()),
        claims: serde_json::from_value(claims).unwrap(),
        groups: vec!["admins".to_owned(), "staff".to_owned()],
        is_admin: false,
        disabled_at: None,
        delete_after: None,
        must_change_password: false,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(super) fn client(client_id: &str) -> Client {
    let metadata = json!({
        "client_name": "The app",
        "redirect_uris": [format!("https://{client_id}.example.com/back")],
        "client_uri": format!("https://{client_id}.example.com/"),
        "scope": "openid email",
    });
    Client {
        id: ClientRowId::new(NOW, &SystemEntropy),
        client_id: client_id.to_owned(),
        metadata: serde_json::from_value(metadata).unwrap(),
        secrets: ClientSecrets {
            current: Some(digest("current")),
            previous: Some((digest("previous"), NOW + HOUR)),
        },
        sealed_secrets: Some(vec![0, 0xff]),
        origin: ClientOrigin::Dynamic(digest("manage")),
        used_at: None,
        disabled_at: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(super) fn session(user: &User) -> Session {
    Session {
        id: SessionId::new(NOW, &SystemEntropy),
        user: user.id,
        secret_digest: digest("secret"),
        created_at: NOW,
        authenticated_at: NOW,
        amr: vec!["pwd".to_owned()],
        acr: "1".to_owned(),
        is_remembered: true,
        last_seen_at: NOW,
        idle_expires_at: NOW + HOUR,
        absolute_expires_at: NOW + 8 * HOUR,
        ended: None,
        seen_from: SeenFrom {
            device: "Firefox · Linux".to_owned(),
            network: "192.0.2.0".to_owned(),
        },
    }
}

pub(super) fn grant(session: &Session, client: &Client) -> Grant {
    Grant {
        id: GrantId::new(NOW, &SystemEntropy),
        client: client.id,
        person: Some(GrantedBy {
            user: session.user,
            session: session.id,
            auth_time: NOW,
            acr: "1".to_owned(),
            amr: vec!["pwd".to_owned()],
        }),
        scopes: scopes("openid email"),
        resources: vec!["https://api.example.com/".to_owned()],
        claims: ClaimsRequest::parse(r#"{"userinfo":{"name":{"essential":true}}}"#).unwrap(),
        nonce: Some("n-0".to_owned()),
        code: Some(CodeState {
            digest: digest("code"),
            redirect_uri: "https://app.example.com/back".to_owned(),
            challenge: Some(CodeChallenge::parse(&digest("verifier").to_text()).unwrap()),
            expires_at: NOW + MINUTE,
            used_at: None,
            wrong_verifiers: 0,
        }),
        generation: 1,
        refresh: Some(RefreshState {
            is_offline: false,
            rotated_at: vec![NOW],
            idle_expires_at: NOW + MINUTE,
            expires_at: NOW + HOUR,
        }),
        created_at: NOW,
        expires_at: NOW + HOUR,
        revoked_at: None,
    }
}

pub(super) fn consent(user: &User, client: &Client) -> Consent {
    Consent {
        id: ConsentId::new(NOW, &SystemEntropy),
        user: user.id,
        client: client.id,
        scopes: scopes("openid"),
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(super) fn interaction(network: &str) -> Interaction {
    Interaction {
        id: InteractionId::new(NOW, &SystemEntropy),
        address_digest: digest("address"),
        browser_digest: digest("browser"),
        network_digest: digest(network),
        purpose: Purpose::OwnPages,
        evidence: Evidence::default(),
        created_at: NOW,
        expires_at: NOW + HOUR,
        finished: None,
    }
}

pub(super) fn signing_key(algorithm: SigningAlgorithm, place: u32) -> SigningKeyRecord {
    let entropy: &dyn tessera::base::Entropy = &SystemEntropy;
    SigningKeyRecord {
        id: SigningKeyId::new(NOW, entropy),
        kid: entropy.token(),
        algorithm,
        place,
        sealed_private: vec![0, 1, 0xff, 0, b'\''],
        public_jwk: "{}".to_owned(),
        created_at: NOW,
        active_from: NOW,
        retired_at: None,
    }
}
