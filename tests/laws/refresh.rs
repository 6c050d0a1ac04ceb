use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use tessera::base::{GrantId, SeededEntropy, Timestamp};
use tessera::domain::{Client, Grant, GrantFacts, GrantedBy, REFRESH_GRACE, RefreshState};
use tessera::protocol::token::RefreshToken;
use tessera::protocol::{ClaimsRequest, Parameters, ScopeSet};
use tessera::rules::client_auth::{Assertion, AuthenticatedClient, authenticate, read};
use tessera::rules::token::{RefreshRequest, RefreshVerdict, judge_refresh};

use super::strategies::{NOW, client, signed_in};

const IDLE: Duration = Duration::from_secs(600);
const ABSOLUTE: Duration = Duration::from_secs(1_500);

/// What happens to a family of refresh tokens.
#[derive(Debug, Clone)]
enum Step {
    /// The token of so many generations before the newest is shown.
    Show(u32),
    /// Time passes.
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => Just(Step::Show(0)),
        2 => Just(Step::Show(1)),
        1 => (2_u32..5).prop_map(Step::Show),
        3 => (0_u64..40).prop_map(Step::Wait),
        1 => (500_u64..700).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..30)
}

/// The rule as `security.md` R29, R30 and R33 tell it, with a long memory.
struct Model {
    /// When each generation began, the first at zero.
    began: Vec<Timestamp>,
    used_at: Timestamp,
    is_dead: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Expected {
    /// The next generation begins.
    New,
    /// The newest generation is given once more.
    Again,
    Refused,
    Killed,
}

impl Model {
    fn show(&mut self, generation: usize, now: Timestamp) -> Expected {
        let is_over = now >= self.used_at + IDLE || now >= NOW + ABSOLUTE;
        if self.is_dead || is_over {
            return Expected::Refused;
        }
        let newest = self.began.len() - 1;
        if generation == newest {
            self.began.push(now);
            self.used_at = now;
            return Expected::New;
        }
        let is_recent = now < self.began[generation + 1] + REFRESH_GRACE;
        match is_recent {
            true if generation + 1 == newest => Expected::Again,
            true => Expected::Refused,
            false => {
                self.is_dead = true;
                Expected::Killed
            }
        }
    }
}

fn family(client: &Client) -> GrantFacts {
    let account = signed_in(1, Duration::ZERO);
    let grant = Grant {
        id: GrantId::new(NOW, &SeededEntropy::new(3)),
        client: client.id,
        person: Some(GrantedBy {
            user: account.user.id,
            session: account.session.id,
            auth_time: NOW,
            acr: "urn:tessera:acr:1".to_owned(),
            amr: vec!["pwd".to_owned()],
        }),
        scopes: ScopeSet::parse("openid offline_access").expect("scopes"),
        resources: Vec::new(),
        claims: ClaimsRequest::default(),
        nonce: None,
        code: None,
        generation: 0,
        refresh: Some(RefreshState {
            is_offline: true,
            rotated_at: Vec::new(),
            idle_expires_at: NOW + IDLE,
            expires_at: NOW + ABSOLUTE,
        }),
        created_at: NOW,
        expires_at: NOW + ABSOLUTE,
        revoked_at: None,
    };
    let (grant, user) = (Arc::new(grant), account.user);
    GrantFacts { grant, session: None, user: Some(user), consent: None }
}

fn show(
    client: &AuthenticatedClient,
    facts: &GrantFacts,
    generation: u32,
    now: Timestamp,
) -> RefreshVerdict {
    let token = RefreshToken { grant: facts.grant.id, generation, tag: [0; 32] };
    let request = RefreshRequest { token, scopes: None, resources: Vec::new() };
    judge_refresh(&request, client, Some(facts), IDLE, now)
}

/// What the database does with a verdict.
fn apply(facts: &mut GrantFacts, verdict: RefreshVerdict, now: Timestamp) -> Expected {
    match verdict {
        RefreshVerdict::Refuse(_) => Expected::Refused,
        RefreshVerdict::Reuse(_) => {
            Arc::make_mut(&mut facts.grant).revoked_at = Some(now);
            Expected::Killed
        }
        RefreshVerdict::Renew(renewal) => {
            let grant = Arc::make_mut(&mut facts.grant);
            let before = std::mem::replace(&mut grant.generation, renewal.generation);
            let is_new = renewal.next.is_some();
            assert_eq!(renewal.generation, before + u32::from(is_new));
            grant.refresh = renewal.next.or(grant.refresh.take());
            if is_new { Expected::New } else { Expected::Again }
        }
    }
}

fn let_in(client: Client) -> AuthenticatedClient {
    let form = Parameters::from_pairs([("client_id".to_owned(), client.client_id.clone())]);
    let claim = read(None, &form).expect("a claim");
    authenticate(&claim, Some(Arc::new(client)), Assertion::None, NOW).expect("a public client")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// r29, r30: whatever is shown whenever, the verdicts are those of the rule, and of all tokens
    /// that were ever given at most one can begin a new generation.
    #[test]
    fn a_family_of_refresh_tokens_never_has_two_live_branches(steps in steps()) {
        let mut registered = client(true, true, true);
        registered.metadata.grant_types = Some(vec!["refresh_token".to_owned()]);
        let mut facts = family(&registered);
        let client = let_in(registered);
        let mut model = Model { began: vec![NOW], used_at: NOW, is_dead: false };
        let mut now = NOW;
        for step in steps {
            match step {
                Step::Wait(seconds) => now = now + Duration::from_secs(seconds),
                Step::Show(behind) => {
                    let generation = facts.grant.generation.saturating_sub(behind);
                    let verdict = show(&client, &facts, generation, now);
                    let place = usize::try_from(generation).expect("small");
                    let expected = model.show(place, now);
                    prop_assert_eq!(apply(&mut facts, verdict, now), expected);
                }
            }
            let begins = |generation: &u32| {
                let verdict = show(&client, &facts, *generation, now);
                matches!(verdict, RefreshVerdict::Renew(renewal) if renewal.next.is_some())
            };
            // One that was never given is worth nothing, whatever comes later.
            let live: Vec<u32> = (0..=facts.grant.generation + 3).filter(begins).collect();
            prop_assert!(live.is_empty() || live == [facts.grant.generation], "{live:?}");
        }
    }
}
