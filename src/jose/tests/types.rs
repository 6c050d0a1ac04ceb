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

/// The claims of every kind at once, as far as the kind allows.
fn claims_of(kind: TokenType) -> Value {
    let mut claims = claims();
    if kind == TokenType::UserInfo {
        claims.as_object_mut().unwrap().remove("exp");
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
fn r28_userinfo_that_could_pass_as_an_id_token_is_not_signed() {
    let key = RING.signing_key(ES256, NOW).unwrap();
    let refused = sign(&key, TokenType::UserInfo, &claims());
    assert!(matches!(refused, Err(JoseError::Failed(_))));
    let endless = sign(&key, TokenType::IdToken, &claims_of(TokenType::UserInfo));
    assert!(matches!(endless, Err(JoseError::Failed(_))));
    assert!(matches!(sign(&key, TokenType::AccessToken, &"text"), Err(JoseError::Failed(_))));
}

#[test]
fn r51_types_are_those_of_the_specifications() {
    let names = KINDS.map(TokenType::as_str);
    assert_eq!(names, ["JWT", "at+jwt", "logout+jwt", "token-introspection+jwt", "JWT"]);
}
