use std::collections::BTreeSet;

use super::*;
use crate::jose::{ClientKeySet, JoseError};

/// An RSA key of 1024 bits in PKCS#8, made for this test alone.
const RSA_1024: &str = "\
     MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBALSrLKtHYtNL0u63_431Xlpe_qDBsIoJfX-sITpE\
     AOStOogkdnYgfQPriwlqp1Q0ppeEkQkQNa7oyXzXB-yBgPuzrPN-dYPdk0e6rG8ge-NeHXnl39uFYTW50PxGzkyH\
     8rNFJWXmePv-9cw6RGMftl7ns_lCk69_Io2N9HCpdvspAgMBAAECgYAjLRDNaGC9cw3mnLyNDzEHt2csNYoB1kcx\
     DHqLtaHW5EN5LmBCL6Enmjy_4JwjsPyek5kJgrZxD7HrNJK-YZiTFWoS1-CWKffG8MdrCrH7y4JSKP37OCUxOgDa\
     BX9QlGEjuKWtOa6HjWkhp2EM2nyYRWP6OppK0DfLHFTPZJ2fYQJBANzj7oLsaUwgpF2Bj0XHx17mc_MXZFBLjAYv\
     UWHOkSZSCa3f_Mf5mx5QKpXCvOcd9M9qOMI98EuDOXw0-HtjrMsCQQDRYp1CaI-u3GP0ZJQOH6z661AxsmR3XQ7-\
     i0bvZ510NhZgB9IZm3ECVq70OLJZJevmm52KWxhj4Yx7rjiXvs1bAkB5Xf-KDi2Y94J4Ihy_oZJI8WSaF6s1dxz7\
     tPoJPH-CR6cr0xtIITx6vl93o-U5M7t0T4_aIkAqrXJjbZNt8IlbAkBBougpKR3hcrTip6TByKww_BLngUR9Jm7M\
     3FwgMBrrkwjwkYMLA-8pDINLi3pc98Y7RAzeki_TH6EqJDMZXnaBAkEAtlPIWtevLtDJ6rBNVUCMXi2e9de_mlBx\
     IL5Tn4U4LakfATJDSYPl-SNX4ZtiB50ZrUM9aLwShVW_65AetOK9jQ\
     ";

#[test]
fn r52_small_keys_and_other_kinds_are_refused() {
    let small = from_base64url(RSA_1024).unwrap();
    for algorithm in [RS256, PS256] {
        let refused = KeyPair::from_pkcs8(algorithm, &small).map(drop);
        assert_eq!(refused, Err(JoseError::TooSmall));
    }
    for kind in [RS256, ES256, ES384, EdDSA] {
        let pair = RING.signing_key(kind, NOW).unwrap();
        let pkcs8 = pair.pair().to_pkcs8().unwrap();
        for other in [RS256, ES256, ES384, EdDSA] {
            let read = KeyPair::from_pkcs8(other, pkcs8.expose());
            assert_eq!(read.is_ok(), kind == other, "{kind} read as {other}");
        }
    }
    assert_eq!(KeyPair::from_pkcs8(EdDSA, b"").map(drop), Err(JoseError::Unreadable));
}

#[test]
fn r52_a_key_has_the_size_that_its_algorithm_asks_for() {
    for (algorithm, member, bytes) in
        [(RS256, "n", 256), (PS256, "n", 256), (ES256, "x", 32), (ES384, "x", 48), (EdDSA, "x", 32)]
    {
        let key = RING.signing_key(algorithm, NOW).unwrap();
        let text = key.pair().public_jwk()[member].as_str().unwrap().to_owned();
        assert_eq!(from_base64url(&text).unwrap().len(), bytes, "{algorithm}");
    }
}

#[test]
fn r52_only_public_members_are_published() {
    let jwks = RING.jwks(NOW);
    let keys = jwks["keys"].as_array().unwrap();
    assert_eq!(keys.len(), ALL.len());
    assert_eq!(keys[0]["kty"], "RSA", "some relying parties look no further");
    for key in keys {
        let members: Vec<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
        let mut known = match key["kty"].as_str().unwrap() {
            "RSA" => vec!["alg", "e", "kid", "kty", "n", "use"],
            "EC" => vec!["alg", "crv", "kid", "kty", "use", "x", "y"],
            _ => vec!["alg", "crv", "kid", "kty", "use", "x"],
        };
        known.sort_unstable();
        assert_eq!(members, known);
    }
    let kids: BTreeSet<&str> = keys.iter().filter_map(|key| key["kid"].as_str()).collect();
    assert_eq!(kids.len(), ALL.len());
    assert!(ClientKeySet::parse(&jwks).is_ok(), "others' keys are looked at no less closely");
    assert!(!format!("{:?}", RING.signing_key(EdDSA, NOW).unwrap().pair()).contains("seed"));
}

#[test]
fn r52_one_key_under_two_algorithms_has_two_names() {
    let pkcs8 = RING.signing_key(RS256, NOW).unwrap().pair().to_pkcs8().unwrap();
    let kid = |algorithm| KeyPair::from_pkcs8(algorithm, pkcs8.expose()).unwrap().kid().to_owned();
    assert_ne!(kid(RS256), kid(PS256));
    assert_eq!(kid(RS256), super::kid(RS256), "and each is always the same");
}

#[test]
fn r52_the_newest_key_in_force_signs() {
    let key = |from: i64, until: Option<i64>| {
        let pair = KeyPair::generate(EdDSA).unwrap();
        let until = until.map(Timestamp::from_seconds);
        SigningKey::new(pair, Timestamp::from_seconds(from), until)
    };
    let (old, new, gone) = (key(0, None), key(100, None), key(100, Some(200)));
    let kids = [&old, &new, &gone].map(|key| key.kid().to_owned());
    let ring = KeyRing::new(vec![new, old]);
    let signs = |ring: &KeyRing, at| {
        ring.signing_key(EdDSA, Timestamp::from_seconds(at)).map(|key| key.kid().to_owned())
    };
    assert_eq!(signs(&ring, -1), None);
    assert_eq!(signs(&ring, 99), Some(kids[0].clone()));
    assert_eq!(signs(&ring, 100), Some(kids[1].clone()));
    let first = |at| ring.jwks(Timestamp::from_seconds(at))["keys"][0]["kid"].clone();
    assert_eq!((first(99), first(100)), (kids[0].clone().into(), kids[1].clone().into()));
    let ring = KeyRing::new(vec![gone]);
    assert_eq!(signs(&ring, 199), Some(kids[2].clone()));
    assert_eq!(signs(&ring, 200), None, "a retired key signs no more");
    assert!(ring.find(&kids[2]).is_some(), "and still verifies");
    assert_eq!(ring.signing_key(RS256, NOW).map(|key| key.kid().to_owned()), None);
}
