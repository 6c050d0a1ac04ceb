use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::base::{ConsentId, GrantId, SessionId, Subject, SystemEntropy, Timestamp, UserId};
use crate::domain::{
    Client, ClientSecrets, Consent, Grant, GrantFacts, GrantedBy, RefreshState, Session, User,
};
use crate::protocol::token::RefreshToken;
use crate::protocol::{ClaimsRequest, StandardClaims};
use crate::rules::client_auth::{Assertion, AuthenticatedClient, authenticate};

const NOW: Timestamp = Timestamp::from_seconds(1_000_000);
const IDLE: Duration = Duration::from_secs(3600);

fn client(metadata: serde_json::Value) -> Client {
    let mut client = crate::rules::testing::client(metadata);
    client.secrets =
        ClientSecrets { current: Some(crate::base::Digest::of(b"secret")), previous: None };
    client
}

fn let_in(client: &Client) -> AuthenticatedClient {
    let form = Parameters::from_pairs([("client_id", "app"), ("client_secret", "secret")]);
    let claim = crate::rules::client_auth::read(None, &form).unwrap();
    authenticate(&claim, Some(Arc::new(client.clone())), Assertion::None, NOW).unwrap()
}

fn refreshing() -> Client {
    let scope = "openid email read";
    let grant_types = ["authorization_code", "refresh_token", "client_credentials"];
    client(json!({ "first_party": true, "scope": scope, "grant_types": grant_types }))
}

fn user() -> User {
    User {
        id: UserId::new(NOW, &SystemEntropy),
        subject: Subject::new(&SystemEntropy),
        username: "ada".to_owned(),
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

/// A grant of `client` in its third generation, which began ten seconds ago, five after the one
/// before it.
fn facts(client: &Client) -> GrantFacts {
    let (user, end) = (user(), NOW + Duration::from_secs(86_400));
    let session = Session {
        id: SessionId::new(NOW, &SystemEntropy),
        user: user.id,
        secret_digest: crate::base::Digest::of(b""),
        created_at: NOW,
        authenticated_at: NOW,
        amr: Vec::new(),
        acr: String::new(),
        is_remembered: false,
        last_seen_at: NOW,
        idle_expires_at: end,
        absolute_expires_at: end,
        ended: None,
        seen_from: Default::default(),
    };
    let by = GrantedBy {
        user: user.id,
        session: session.id,
        auth_time: NOW,
        acr: String::new(),
        amr: Vec::new(),
    };
    let grant = Grant {
        id: GrantId::new(NOW, &SystemEntropy),
        client: client.id,
        person: Some(by),
        scopes: ScopeSet::parse("openid email read").unwrap(),
        resources: Vec::new(),
        claims: ClaimsRequest::default(),
        nonce: None,
        code: None,
        generation: 3,
        refresh: Some(RefreshState {
            is_offline: false,
            rotated_at: [15, 10].map(|ago| NOW - Duration::from_secs(ago)).to_vec(),
            idle_expires_at: end,
            expires_at: end,
        }),
        created_at: NOW,
        expires_at: end,
        revoked_at: None,
    };
    let (grant, session, user) = (Arc::new(grant), Arc::new(session), Arc::new(user));
    GrantFacts { grant, session: Some(session), user: Some(user), consent: None }
}

fn grant_of(facts: &mut GrantFacts) -> &mut Grant {
    Arc::make_mut(&mut facts.grant)
}

fn request(facts: &GrantFacts, generation: u32) -> RefreshRequest {
    let token = RefreshToken { grant: facts.grant.id, generation, tag: [0; 32] };
    RefreshRequest { token, scopes: None, resources: Vec::new() }
}

fn judge(client: &Client, facts: &GrantFacts, generation: u32, now: Timestamp) -> RefreshVerdict {
    judge_refresh(&request(facts, generation), &let_in(client), Some(facts), IDLE, now)
}

#[test]
fn r30_the_newest_token_begins_the_next_generation() {
    let client = refreshing();
    let facts = facts(&client);
    let RefreshVerdict::Renew(renewal) = judge(&client, &facts, 3, NOW) else { panic!("renewed") };
    assert_eq!(renewal.generation, 4);
    let next = renewal.next.unwrap();
    assert_eq!(next.rotated_at.last(), Some(&NOW));
    assert_eq!(next.idle_expires_at, NOW + IDLE);
    assert_eq!(next.expires_at, facts.grant.refresh.as_ref().unwrap().expires_at);
}

#[test]
fn r30_a_lost_answer_is_given_again_for_thirty_seconds() {
    let client = refreshing();
    let facts = facts(&client);
    let verdict = judge(&client, &facts, 2, NOW);
    let RefreshVerdict::Renew(renewal) = verdict else { panic!("{verdict:?}") };
    assert_eq!((renewal.generation, renewal.next), (3, None));
    let late = NOW + Duration::from_secs(20);
    assert!(matches!(judge(&client, &facts, 2, late), RefreshVerdict::Reuse(_)));
}

#[test]
fn r30_a_straggler_is_refused_quietly_until_the_grace_is_over() {
    let client = refreshing();
    let facts = facts(&client);
    assert!(matches!(judge(&client, &facts, 1, NOW), RefreshVerdict::Refuse(_)));
    let late = NOW + Duration::from_secs(15);
    assert!(matches!(judge(&client, &facts, 1, late), RefreshVerdict::Reuse(_)));
    assert!(matches!(judge(&client, &facts, 0, NOW), RefreshVerdict::Reuse(_)));
    assert!(matches!(judge(&client, &facts, 4, NOW), RefreshVerdict::Refuse(_)));
}

#[test]
fn a_client_that_does_not_rotate_keeps_its_token() {
    let mut client = refreshing();
    client.metadata.refresh_rotation = Some(false);
    let facts = facts(&client);
    let RefreshVerdict::Renew(renewal) = judge(&client, &facts, 3, NOW) else { panic!("renewed") };
    assert_eq!(renewal.generation, 3);
    assert_eq!(renewal.next.unwrap().rotated_at, facts.grant.refresh.as_ref().unwrap().rotated_at);
}

#[test]
fn r31_everything_is_looked_at_again() {
    let client = refreshing();
    type Change = fn(&mut Client, &mut GrantFacts);
    let changes: [(&str, Change); 7] = [
        ("another client", |_, facts| grant_of(facts).client = refreshing().id),
        ("revoked", |_, facts| grant_of(facts).revoked_at = Some(NOW)),
        ("disabled user", |_, facts| {
            Arc::make_mut(facts.user.as_mut().unwrap()).disabled_at = Some(NOW);
        }),
        ("no user", |_, facts| facts.user = None),
        ("no session", |_, facts| facts.session = None),
        ("consent withdrawn", |client, _| client.metadata.first_party = false),
        ("scopes gone", |client, _| client.metadata.scope = Some("profile".to_owned())),
    ];
    for (name, change) in changes {
        let (mut client, mut facts) = (client.clone(), facts(&client));
        change(&mut client, &mut facts);
        let verdict = judge(&client, &facts, 3, NOW);
        assert!(matches!(verdict, RefreshVerdict::Refuse(_)), "{name}: {verdict:?}");
    }
}

#[test]
fn r31_consent_covers_the_single_claims_too() {
    let mut client = refreshing();
    client.metadata.first_party = false;
    let mut facts = facts(&client);
    let allowed = |facts: &GrantFacts, scopes: ScopeSet| Consent {
        id: ConsentId::new(NOW, &SystemEntropy),
        user: facts.user.as_ref().unwrap().id,
        client: client.id,
        scopes,
        created_at: NOW,
        updated_at: NOW,
    };
    let is_renewed =
        |facts: &GrantFacts| matches!(judge(&client, facts, 3, NOW), RefreshVerdict::Renew(_));
    facts.consent = Some(Arc::new(allowed(&facts, facts.grant.scopes.clone())));
    assert!(is_renewed(&facts));
    grant_of(&mut facts).claims =
        ClaimsRequest::parse(r#"{"userinfo":{"phone_number":null}}"#).unwrap();
    assert!(!is_renewed(&facts), "what was allowed again is less than what was granted");
    let more = facts.grant.scopes.clone().with("phone");
    facts.consent = Some(Arc::new(allowed(&facts, more)));
    assert!(is_renewed(&facts));
}

#[test]
fn r33_it_ends_unused_and_in_any_case() {
    let client = refreshing();
    let mut facts = facts(&client);
    grant_of(&mut facts).refresh.as_mut().unwrap().idle_expires_at = NOW;
    assert!(matches!(judge(&client, &facts, 3, NOW), RefreshVerdict::Refuse(_)));
    let state = grant_of(&mut facts).refresh.as_mut().unwrap();
    (state.idle_expires_at, state.expires_at) = (NOW + IDLE, NOW);
    assert!(matches!(judge(&client, &facts, 3, NOW), RefreshVerdict::Refuse(_)));
}

#[test]
fn offline_access_outlives_the_session() {
    let client = refreshing();
    let mut facts = facts(&client);
    facts.session = None;
    grant_of(&mut facts).refresh.as_mut().unwrap().is_offline = true;
    assert!(matches!(judge(&client, &facts, 3, NOW), RefreshVerdict::Renew(_)));
}

#[test]
fn scopes_are_narrowed_and_never_widened() {
    let client = refreshing();
    let facts = facts(&client);
    let ask = |scopes: &str| RefreshRequest {
        scopes: Some(ScopeSet::parse(scopes).unwrap()),
        ..request(&facts, 3)
    };
    let judge = |request| judge_refresh(&request, &let_in(&client), Some(&facts), IDLE, NOW);
    let RefreshVerdict::Renew(renewal) = judge(ask("read phone")) else { panic!("renewed") };
    assert_eq!(renewal.reach.scopes.to_string(), "read");
    let RefreshVerdict::Refuse(error) = judge(ask("phone")) else { panic!("refused") };
    assert_eq!(error.code, ErrorCode::InvalidScope);
}

#[test]
fn r27_a_client_speaks_for_itself_without_scopes_of_people() {
    let client = let_in(&refreshing());
    let ask = |scope: &str| {
        let form = [("grant_type", "client_credentials"), ("scope", scope)];
        read(&Parameters::from_pairs(form), &client)
    };
    let Ok(TokenRequest::ClientCredentials(own)) = ask("") else { panic!("granted") };
    assert_eq!(own.reach.scopes.to_string(), "read");
    assert_eq!(ask("openid").unwrap_err().code, ErrorCode::InvalidScope);
    let Ok(TokenRequest::ClientCredentials(own)) = ask("openid read") else { panic!("granted") };
    assert_eq!(own.reach.scopes.to_string(), "read");
    let form = [("grant_type", "password")];
    let refused = read(&Parameters::from_pairs(form), &client).unwrap_err();
    assert_eq!(refused.code, ErrorCode::UnsupportedGrantType);
}
