use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tessera::protocol::{AuthorizeParams, Parameters};
use tessera::rules::authorize::{AuthorizePolicy, Hint, Provenance, Submission, check};
use tessera::rules::request_object::{ObjectFacts, open};

use super::strategies::{NOW, client, clients, parameters, requests};

const ISSUER: &str = "https://id.example";
const NOTHING: ObjectFacts<'_> = ObjectFacts { iss: None, aud: &[], exp: None, nbf: None };

fn members() -> impl Strategy<Value = Map<String, Value>> {
    let name = prop_oneof![
        4 => prop::sample::select(vec!["client_id", "iss", "aud", "exp", "nbf", "iat", "jti", "state",
            "scope", "max_age", "claims", "resource", "redirect_uri", "request"]).prop_map(str::to_owned),
        1 => "[a-z_]{1,8}",
    ];
    let value = prop_oneof![
        4 => "\\PC{0,12}".prop_map(Value::from),
        1 => Just(json!("app")),
        1 => any::<i32>().prop_map(Value::from),
        1 => Just(json!({ "userinfo": {} })),
        1 => prop::collection::vec("\\PC{0,6}", 0..3).prop_map(|list| json!(list)),
        1 => Just(json!([1, null])),
        1 => Just(Value::Null),
    ];
    prop::collection::btree_map(name, value, 0..8).prop_map(|map| map.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// r17: whatever a signed object holds, it speaks for its own client, and what is about the
    /// object is no parameter.
    #[test]
    fn an_object_speaks_for_its_own_client_alone(members in members()) {
        let client = client(true, true, true);
        let Ok(opened) = open(&members, &NOTHING, &client, ISSUER, NOW) else {
            let is_odd = |(name, value): (&String, &Value)| {
                value.is_null() || value == &json!([1, null]) || (name == "client_id" && value != "app")
            };
            prop_assert!(members.iter().any(is_odd), "refused without a reason");
            return Ok(());
        };
        prop_assert_eq!(opened.one("client_id"), Ok(Some("app")));
        for name in ["iss", "aud", "exp", "nbf", "iat", "jti"] {
            prop_assert!(opened.all(name).is_empty());
        }
        let known: BTreeSet<&str> = members.keys().map(String::as_str).collect();
        for (name, _) in opened.pairs() {
            prop_assert!(name == "client_id" || known.contains(name.as_str()), "{name}");
        }
    }

    /// A request says the same whether its parameters stand in the query or in an object.
    #[test]
    fn a_signed_request_is_judged_as_the_same_request_in_the_open(pairs in requests(), client in clients()) {
        let names: BTreeSet<&String> = pairs.iter().map(|(name, _)| name).collect();
        let names_its_client = pairs.iter().any(|(name, value)| name == "client_id" && value == "app");
        // An object cannot repeat a member, and leaves out what is empty as the query does.
        if names.len() < pairs.len() || !names_its_client {
            return Ok(());
        }
        let members: Map<String, Value> =
            pairs.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        let opened = open(&members, &NOTHING, &client, ISSUER, NOW).expect("texts are parameters");
        let judge = |parameters: &Parameters| {
            let submission = Submission {
                params: &AuthorizeParams::read(parameters),
                provenance: &Provenance::default(),
                hint: &Hint::None,
                policy: AuthorizePolicy::default(),
                received_at: NOW,
            };
            check(&submission, Some(&client))
        };
        prop_assert_eq!(judge(&opened), judge(&parameters(&pairs)));
    }
}
