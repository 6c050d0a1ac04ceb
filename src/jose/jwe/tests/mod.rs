//! What is encrypted can be read by the owner of the key, and by nobody else. The half that reads
//! stands here alone.

mod known_answers;

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, ECDH_P384, PrivateKey};
use aws_lc_rs::cipher::{DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::key_wrap::{self, AesKek, KeyWrap as _};
use aws_lc_rs::rsa::{
    KeySize, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey,
};
use serde_json::{Map, Value, json};

use super::content::cbc_tag;
use super::content_key::derive;
use super::*;
use crate::base::from_base64url;
use crate::jose::ClientKeySet;
use crate::jose::jwk::read_public_key;
use crate::protocol::KeyManagementAlgorithm::{EcdhEs, EcdhEsA128Kw, EcdhEsA256Kw, RsaOaep256};
use crate::protocol::json::parse_object;

const JWT: &str = "eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl";

/// The private half of a client's key.
enum Owner {
    Rsa(PrivateDecryptingKey),
    Ec(PrivateKey),
}

fn rsa_owner() -> (Owner, Value) {
    use aws_lc_rs::encoding::AsDer as _;
    use aws_lc_rs::signature::{KeyPair as _, RsaKeyPair};
    let private = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
    let pair = RsaKeyPair::from_pkcs8(private.as_der().unwrap().as_ref()).unwrap();
    let n = to_base64url(pair.public_key().modulus().big_endian_without_leading_zero());
    (Owner::Rsa(private), json!({ "kty": "RSA", "n": n, "e": "AQAB" }))
}

fn ec_owner(crv: &str) -> (Owner, Value) {
    let (curve, size) = if crv == "P-256" { (&ECDH_P256, 32) } else { (&ECDH_P384, 48) };
    let private = PrivateKey::generate(curve).unwrap();
    let point = private.compute_public_key().unwrap();
    let (x, y) = point.as_ref()[1..].split_at(size);
    let jwk = json!({ "kty": "EC", "crv": crv, "x": to_base64url(x), "y": to_base64url(y) });
    (Owner::Ec(private), jwk)
}

fn key_of(jwk: &Value, alg: KeyManagementAlgorithm) -> ClientEncryptionKey {
    let set = ClientKeySet::parse(&json!({ "keys": [jwk] })).unwrap();
    set.encryption_key(alg).unwrap().clone()
}

fn header_of(jwe: &str) -> Map<String, Value> {
    parse_object(&from_base64url(jwe.split('.').next().unwrap()).unwrap()).unwrap()
}

/// Reads a JWE with the private key; `None` when it was made for another or changed on its way.
fn decrypt(jwe: &str, owner: &Owner) -> Option<Vec<u8>> {
    let parts: Vec<&str> = jwe.split('.').collect();
    let [header, encrypted, iv, text, tag] = parts.try_into().ok()?;
    let bytes = |text: &str| from_base64url(text).ok();
    let members = parse_object(&bytes(header)?)?;
    let enc: ContentEncryption = members["enc"].as_str()?.parse().ok()?;
    let key = recover(&members, &bytes(encrypted)?, enc, owner)?;
    open(enc, &key, &bytes(iv)?, header.as_bytes(), (bytes(text)?, &bytes(tag)?))
}

fn recover(
    header: &Map<String, Value>,
    encrypted: &[u8],
    enc: ContentEncryption,
    owner: &Owner,
) -> Option<Vec<u8>> {
    let alg: KeyManagementAlgorithm = header["alg"].as_str()?.parse().ok()?;
    let length = super::content::key_length(enc);
    let private = match owner {
        Owner::Rsa(private) => {
            let private = OaepPrivateDecryptingKey::new(private.clone()).ok()?;
            let mut key = vec![0; private.min_output_size()];
            let key = private.decrypt(&OAEP_SHA256_MGF1SHA256, encrypted, &mut key, None);
            return key.ok().map(|key| key.to_vec());
        }
        Owner::Ec(private) => private,
    };
    let epk = read_public_key(header["epk"].as_object()?).ok()??;
    let agreed = |name: &str, length| derive(private, &epk, name, ["", ""], length).ok();
    let unwrap = |cipher, length| {
        let wrapping = AesKek::new(cipher, agreed(alg.as_str(), length)?.expose()).ok()?;
        let mut key = vec![0; encrypted.len()];
        wrapping.unwrap(encrypted, &mut key).ok().map(|key| key.to_vec())
    };
    match alg {
        RsaOaep256 => None,
        EcdhEs => {
            encrypted.is_empty().then(|| agreed(enc.as_str(), length))?.map(|k| k.expose().clone())
        }
        EcdhEsA128Kw => unwrap(&key_wrap::AES_128, 16),
        EcdhEsA256Kw => unwrap(&key_wrap::AES_256, 32),
    }
}

fn open(
    enc: ContentEncryption,
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    (mut text, tag): (Vec<u8>, &[u8]),
) -> Option<Vec<u8>> {
    let gcm = match enc {
        ContentEncryption::A128Gcm => &AES_128_GCM,
        ContentEncryption::A256Gcm => &AES_256_GCM,
        ContentEncryption::A128CbcHs256 => {
            if cbc_tag(&key[..16], iv, aad, &text) != tag {
                return None;
            }
            let cipher = UnboundCipherKey::new(&aws_lc_rs::cipher::AES_128, &key[16..]).ok()?;
            let vector: [u8; 16] = iv.try_into().ok()?;
            let vector = DecryptionContext::Iv128(FixedLength::from(vector));
            let cipher = PaddedBlockDecryptingKey::cbc_pkcs7(cipher).ok()?;
            return cipher.decrypt(&mut text, vector).ok().map(|content| content.to_vec());
        }
    };
    let key = LessSafeKey::new(UnboundKey::new(gcm, key).ok()?);
    let nonce = Nonce::try_assume_unique_for_key(iv).ok()?;
    text.extend(tag);
    key.open_in_place(nonce, Aad::from(aad), &mut text).ok().map(|content| content.to_vec())
}

#[test]
fn every_combination_is_read_by_the_owner_of_the_key_alone() {
    let owners = [rsa_owner(), ec_owner("P-256"), ec_owner("P-384")];
    let strangers = [rsa_owner(), ec_owner("P-256"), ec_owner("P-384")];
    for ((owner, jwk), (stranger, _)) in owners.iter().zip(&strangers) {
        for alg in KeyManagementAlgorithm::ALL {
            for enc in ContentEncryption::ALL {
                if (jwk["kty"] == "RSA") != (alg == RsaOaep256) {
                    continue;
                }
                let key = key_of(jwk, alg);
                for content in [JWT.as_bytes(), b"", &[7; 16], &[9; 6000]] {
                    let jwe = encrypt(JweContent::Json(content), &key, alg, enc).unwrap();
                    assert_eq!(decrypt(&jwe, owner).as_deref(), Some(content), "{alg} {enc}");
                    assert_eq!(decrypt(&jwe, stranger), None, "{alg} {enc}");
                }
            }
        }
    }
}

#[test]
fn the_header_says_what_the_recipient_needs_and_nothing_else() {
    let (_, mut jwk) = ec_owner("P-384");
    let enc = ContentEncryption::default();
    let jwe = encrypt(JweContent::SignedJwt(JWT), &key_of(&jwk, EcdhEs), EcdhEs, enc).unwrap();
    let mut header = header_of(&jwe);
    let epk = header.remove("epk").unwrap();
    assert_eq!((&epk["kty"], &epk["crv"]), (&json!("EC"), &json!("P-384")));
    assert_eq!(epk.as_object().unwrap().len(), 4, "no private member");
    let expected = json!({ "alg": "ECDH-ES", "enc": "A128CBC-HS256", "cty": "JWT" });
    assert_eq!(Value::Object(header), expected);
    jwk["kid"] = json!("enc-1");
    let key = key_of(&jwk, EcdhEsA128Kw);
    let jwe = encrypt(JweContent::Json(b"{}"), &key, EcdhEsA128Kw, enc).unwrap();
    let header = header_of(&jwe);
    assert_eq!(header["kid"], "enc-1");
    assert!(!header.contains_key("cty"), "a JSON object is no JWT");
}

#[test]
fn r49_nothing_is_compressed() {
    let (_, jwk) = ec_owner("P-256");
    for enc in ContentEncryption::ALL {
        let content = JweContent::Json(&[b'x'; 4096]);
        let jwe = encrypt(content, &key_of(&jwk, EcdhEs), EcdhEs, enc).unwrap();
        assert!(!header_of(&jwe).contains_key("zip"));
        let text = from_base64url(jwe.split('.').nth(3).unwrap()).unwrap();
        assert!(text.len() >= 4096);
    }
}

#[test]
fn r49_a_key_serves_no_other_algorithm_than_its_own() {
    let enc = ContentEncryption::A256Gcm;
    let (_, rsa) = rsa_owner();
    let (_, mut ec) = ec_owner("P-256");
    let content = JweContent::SignedJwt(JWT);
    let refused = encrypt(content, &key_of(&rsa, RsaOaep256), EcdhEs, enc);
    assert_eq!(refused, Err(JoseError::WrongKind));
    let refused = encrypt(content, &key_of(&ec, EcdhEs), RsaOaep256, enc);
    assert_eq!(refused, Err(JoseError::WrongKind));
    ec["alg"] = json!("ECDH-ES+A256KW");
    let refused = encrypt(content, &key_of(&ec, EcdhEsA256Kw), EcdhEsA128Kw, enc);
    assert_eq!(refused, Err(JoseError::WrongKind));
}

#[test]
fn nothing_is_the_same_twice() {
    let (_, rsa) = rsa_owner();
    let (_, ec) = ec_owner("P-256");
    for (jwk, alg) in [(&rsa, RsaOaep256), (&ec, EcdhEs), (&ec, EcdhEsA128Kw), (&ec, EcdhEsA256Kw)]
    {
        for enc in ContentEncryption::ALL {
            let key = key_of(jwk, alg);
            let [one, two] =
                [0, 1].map(|_| encrypt(JweContent::SignedJwt(JWT), &key, alg, enc).unwrap());
            for (part, (one, two)) in one.split('.').zip(two.split('.')).enumerate() {
                let may_repeat = (part == 0 && alg == RsaOaep256) || (part == 1 && alg == EcdhEs);
                assert!(may_repeat || one != two, "part {part} of {alg} {enc}");
            }
        }
    }
}

#[test]
fn a_change_on_the_way_is_noticed() {
    let (owner, jwk) = ec_owner("P-256");
    for enc in ContentEncryption::ALL {
        let key = key_of(&jwk, EcdhEsA256Kw);
        let jwe = encrypt(JweContent::SignedJwt(JWT), &key, EcdhEsA256Kw, enc).unwrap();
        let parts: Vec<&str> = jwe.split('.').collect();
        for part in 1..5 {
            let mut bytes = from_base64url(parts[part]).unwrap();
            bytes[1] ^= 1;
            let changed = to_base64url(&bytes);
            let mut parts = parts.clone();
            parts[part] = &changed;
            assert_eq!(decrypt(&parts.join("."), &owner), None, "{enc} part {part}");
        }
        let header = header_of(&jwe);
        let spaced = to_base64url(json!(header).to_string().replacen(',', ", ", 1).as_bytes());
        let changed = [&spaced, parts[1], parts[2], parts[3], parts[4]].join(".");
        assert_eq!(decrypt(&changed, &owner), None, "{enc}: the header is authenticated");
    }
}
