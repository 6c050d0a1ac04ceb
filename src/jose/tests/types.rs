//! No signed answer passes as another kind.

use super::*;
use crate::jose::{JoseError, verify, verify_id_token_hint};

const KINDS: [TokenType; 5] = [
    TokenType::IdToken,
    TokenType::AccessToken,
    TokenType::LogoutToken,
    TokenType::Introspection,
    TokenType::UserInfo,
];

/// The claims of one kind.
fn claims_of(kind: TokenType) -> Value {
    let mut claims = claims();
    let members = claims.as_object_mut().unwrap();
    match kind {
        TokenType::IdToken | TokenType::AccessToken => {}
        TokenType::LogoutToken => drop(members.insert("events".to_owned(), json!({}))),
        TokenType::UserInfo => drop(members.remove("exp")),
        TokenType::Introspection => {
            members.retain(|name, _| matches!(name.as_str(), "iss" | "aud" | "iat"));
            members.insert("token_introspection".to_owned(), json!({ "active": false }));
        }
    }
    claims
}

#[test]
fn r51_each_kind_verifies_as_itself_alone() {
    let key = RING.signing_key(ES256, NOW).unwrap();
    for made in KINDS {
        let token = sign(&key, made, &claims_of(made)).unwrap();
        for expected in KINDS {
            let verified = verify(&RING, &token, expected);
            assert_eq!(verified.is_ok(), made == expected, "{made:?} as {expected:?}");
            assert!(verified.is_ok() || verified == Err(VerifyError::Mismatch));
        }
        assert_eq!(check(&token).is_ok(), made == TokenType::AccessToken);
        let hint = verify_id_token_hint(&RING, &token, ISSUER);
        assert_eq!(hint.is_ok(), made == TokenType::IdToken);
    }
}

#[test]
fn r28_claims_that_could_pass_as_another_kind_are_not_signed() {
    let key = RING.signing_key(ES256, NOW).unwrap();
    let refused = |kind, claims: &Value| {
        assert_eq!(sign(&key, kind, claims), Err(JoseError::WrongClaims), "{kind:?} {claims}");
    };
    for (kind, added) in [
        (TokenType::UserInfo, "exp"),
        (TokenType::LogoutToken, "nonce"),
        (TokenType::Introspection, "exp"),
        (TokenType::Introspection, "sub"),
        (TokenType::IdToken, "events"),
    ] {
        let mut claims = claims_of(kind);
        claims[added] = json!(1_700_000_060);
        refused(kind, &claims);
    }
    for (kind, taken) in [
        (TokenType::IdToken, "exp"),
        (TokenType::LogoutToken, "events"),
        (TokenType::Introspection, "token_introspection"),
    ] {
        let mut claims = claims_of(kind);
        claims.as_object_mut().unwrap().remove(taken);
        refused(kind, &claims);
    }
    KINDS.into_iter().for_each(|kind| refused(kind, &json!(["claims"])));
}

#[test]
fn r51_types_are_those_of_the_specifications() {
    let names = KINDS.map(TokenType::as_str);
    assert_eq!(names, ["JWT", "at+jwt", "logout+jwt", "token-introspection+jwt", "JWT"]);
}
