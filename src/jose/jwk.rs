//! A public key as a stranger writes it (RFC 7517, RFC 7518 §6, RFC 8037 §2).

use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, VerificationAlgorithm,
};
use serde_json::{Map, Value, json};

use crate::base::{from_base64url, sha256, to_base64url};

/// What kind of key it is, and so which algorithms it fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyKind {
    Rsa,
    P256,
    P384,
    Ed25519,
}

/// A public key that was looked at: of a known kind, on its curve, and not too small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PublicKey {
    pub(super) kind: KeyKind,
    /// The form that the crypto library takes: `SubjectPublicKeyInfo` for RSA, an uncompressed
    /// point, or 32 bytes.
    pub(super) bytes: Vec<u8>,
}

/// Members that hold private or symmetric material (RFC 7518 §6.2.2, §6.3.2, §6.4, and `priv` of
/// newer key types).
const PRIVATE: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// Reads the members that make the key. `None` when its kind is one that is not used here.
///
/// # Errors
/// What is wrong with it, and what to write instead.
pub(super) fn read_public_key(jwk: &Map<String, Value>) -> Result<Option<PublicKey>, &'static str> {
    if PRIVATE.iter().any(|member| jwk.contains_key(*member)) {
        return Err(
            "it holds a private or symmetric key, which is no secret any more: make a new \
                    pair and write its public members alone",
        );
    }
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    match (text("kty"), text("crv")) {
        (None, _) => Err("kty is missing: write RSA, EC or OKP"),
        (Some("oct"), _) => Err("a symmetric key has no place in a public set: leave it out"),
        (Some("RSA"), _) => rsa(jwk).map(Some),
        (Some("EC" | "OKP"), None) => Err("crv is missing: write P-256, P-384 or Ed25519"),
        (Some("EC"), Some("P-256")) => point(jwk, KeyKind::P256, 32).map(Some),
        (Some("EC"), Some("P-384")) => point(jwk, KeyKind::P384, 48).map(Some),
        (Some("OKP"), Some("Ed25519")) => ed25519(jwk).map(Some),
        // RFC 7517 §5: a key that is not understood is as good as not there.
        _ => Ok(None),
    }
}

/// The name that a key has by its members alone: the base64url of SHA-256 over those that make it
/// (RFC 7638 §3). `None` when one is missing or of another type, or the kind is unknown.
pub fn thumbprint(jwk: &Map<String, Value>) -> Option<String> {
    // In the order of their names, without white space.
    let required: &[&str] = match jwk.get("kty")?.as_str()? {
        "RSA" => &["e", "kty", "n"],
        "EC" => &["crv", "kty", "x", "y"],
        "OKP" => &["crv", "kty", "x"],
        _ => return None,
    };
    let member =
        |name: &&str| Some(format!("{}:{}", json!(name), json!(jwk.get(*name)?.as_str()?)));
    let members: Option<Vec<String>> = required.iter().map(member).collect();
    Some(to_base64url(&sha256(format!("{{{}}}", members?.join(",")).as_bytes())))
}

/// A number or coordinate in strict base64url.
fn bytes(jwk: &Map<String, Value>, name: &str) -> Result<Vec<u8>, &'static str> {
    const WRONG: &str = "a member of the key is missing or no base64url without padding: write n \
                         and e, x and y, or x, as RFC 7518 and RFC 8037 say";
    let text = jwk.get(name).and_then(Value::as_str).ok_or(WRONG)?;
    from_base64url(text).map_err(|_| WRONG)
}

fn rsa(jwk: &Map<String, Value>) -> Result<PublicKey, &'static str> {
    const SIZES: std::ops::RangeInclusive<usize> = 2048..=8192;
    let (n, e) = (bytes(jwk, "n")?, bytes(jwk, "e")?);
    // RFC 7518 §6.3.1.1: some libraries write a zero byte in front, which changes nothing.
    let number =
        |bytes: &[u8]| bytes[bytes.iter().take_while(|byte| **byte == 0).count()..].to_vec();
    let (n, e) = (number(&n), number(&e));
    let bits = n.first().map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize);
    if !SIZES.contains(&bits) {
        return Err("an RSA key has 2048 to 8192 bits: make a new one");
    }
    let is_odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    if !is_odd(&n) || !is_odd(&e) || e == [1] || e.len() > 4 {
        return Err("n or e is no number of an RSA key: write e as AQAB, and n as your library \
                    exports it");
    }
    let der: Result<PublicKeyX509Der<'_>, _> = RsaPublicKeyComponents { n, e }.as_der();
    let der = der.map_err(|_| "n and e make no RSA key")?;
    parsed(KeyKind::Rsa, der.as_ref().to_vec()).ok_or("n and e make no RSA key")
}

fn point(jwk: &Map<String, Value>, kind: KeyKind, size: usize) -> Result<PublicKey, &'static str> {
    let (x, y) = (bytes(jwk, "x")?, bytes(jwk, "y")?);
    // RFC 7518 §6.2.1.2: the full size, zeros included.
    if x.len() != size || y.len() != size {
        return Err("x and y have the size of the curve, with the zeros in front: 32 bytes for \
                    P-256, 48 for P-384");
    }
    parsed(kind, [&[4], x.as_slice(), &y].concat()).ok_or("x and y are no point of the curve")
}

fn ed25519(jwk: &Map<String, Value>) -> Result<PublicKey, &'static str> {
    let x = bytes(jwk, "x")?;
    if x.len() != 32 || is_small_order(&x) {
        return Err("x is no Ed25519 key of 32 bytes");
    }
    parsed(KeyKind::Ed25519, x).ok_or("x is no Ed25519 key of 32 bytes")
}

/// The points of small order, in every spelling that a verifier might take: whoever names one as
/// its key lets anyone sign in its name (RFC 8032 §8.9 leaves this to the user of the signature).
fn is_small_order(x: &[u8]) -> bool {
    const ORDER_8: [&str; 2] = [
        "JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU",
        "xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o",
    ];
    let mut x = x.to_vec();
    // The last bit is the sign of the other coordinate.
    x[31] &= 0x7F;
    let is_ends = |first: &[u8], middle: u8, last: u8| {
        first.contains(&x[0]) && x[1..31].iter().all(|byte| *byte == middle) && x[31] == last
    };
    is_ends(&[0, 1], 0, 0)
        || is_ends(&[0xEC, 0xED, 0xEE], 0xFF, 0x7F)
        || ORDER_8.contains(&to_base64url(&x).as_str())
}

/// The crypto library's own look at the key: the point is on its curve, the numbers fit.
fn parsed(kind: KeyKind, bytes: Vec<u8>) -> Option<PublicKey> {
    let algorithm: &'static dyn VerificationAlgorithm = match kind {
        KeyKind::Rsa => &RSA_PKCS1_2048_8192_SHA256,
        KeyKind::P256 => &ECDSA_P256_SHA256_FIXED,
        KeyKind::P384 => &ECDSA_P384_SHA384_FIXED,
        KeyKind::Ed25519 => &ED25519,
    };
    ParsedPublicKey::new(algorithm, &bytes).ok()?;
    Some(PublicKey { kind, bytes })
}
