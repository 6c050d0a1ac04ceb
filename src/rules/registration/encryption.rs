//! Answers that are encrypted to the client (OpenID Connect Registration §2).

use super::{Problems, has_keys};
use crate::protocol::ClientMetadata;

pub(super) fn check(metadata: &ClientMetadata, problems: &mut Problems) {
    let pairs = [
        (
            "id_token_encrypted_response_alg",
            metadata.id_token_encrypted_response_alg,
            "id_token_encrypted_response_enc",
            metadata.id_token_encrypted_response_enc,
        ),
        (
            "userinfo_encrypted_response_alg",
            metadata.userinfo_encrypted_response_alg,
            "userinfo_encrypted_response_enc",
            metadata.userinfo_encrypted_response_enc,
        ),
    ];
    for (alg_member, alg, enc_member, enc) in pairs {
        let is_alone = enc.is_some() && alg.is_none();
        problems.add_if(is_alone, enc_member, "says how but not with which key: name alg as well");
        let needs = "jwks or jwks_uri is needed to encrypt to";
        problems.add_if(alg.is_some() && !has_keys(metadata), alg_member, needs);
    }
}

/// `enc` has a default when there is an `alg`.
pub(super) fn fill_in(metadata: &mut ClientMetadata) {
    if metadata.id_token_encrypted_response_alg.is_some() {
        metadata.id_token_encrypted_response_enc.get_or_insert_default();
    }
    if metadata.userinfo_encrypted_response_alg.is_some() {
        metadata.userinfo_encrypted_response_enc.get_or_insert_default();
    }
}
