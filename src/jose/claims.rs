//! Reading claims by their types: no text where a number belongs, no number out of reason
//! (`security.md` R45).

use serde_json::{Map, Value};

use super::verify::VerifyError;
use crate::base::Timestamp;

/// Whom a JWT is for (RFC 7519 §4.1.3). Some rules care whether it was an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// One text.
    One(String),
    /// An array of texts, at least one.
    Many(Vec<String>),
}

impl Audience {
    /// Every audience that is named.
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }

    /// Whether `audience` is among them, byte for byte.
    pub fn contains(&self, audience: &str) -> bool {
        self.as_slice().iter().any(|one| one == audience)
    }
}

pub(super) fn text(claims: &Map<String, Value>, name: &'static str) -> Result<String, VerifyError> {
    optional_text(claims, name)?.ok_or(VerifyError::Claim(name))
}

pub(super) fn optional_text(
    claims: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<String>, VerifyError> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(VerifyError::Claim(name)),
    }
}

pub(super) fn numeric_date(
    claims: &Map<String, Value>,
    name: &'static str,
) -> Result<Timestamp, VerifyError> {
    optional_date(claims, name)?.ok_or(VerifyError::Claim(name))
}

/// A NumericDate in whole, positive seconds within reason: no text, no fraction.
pub(super) fn optional_date(
    claims: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<Timestamp>, VerifyError> {
    const YEAR_9999: i64 = 253_402_300_799;
    let Some(value) = claims.get(name) else { return Ok(None) };
    let seconds = value.as_i64().filter(|seconds| (0..=YEAR_9999).contains(seconds));
    let seconds = seconds.ok_or(VerifyError::Claim(name))?;
    Ok(Some(Timestamp::from_seconds(seconds)))
}

pub(super) fn audience(claims: &Map<String, Value>) -> Result<Audience, VerifyError> {
    optional_audience(claims)?.ok_or(VerifyError::Claim("aud"))
}

pub(super) fn optional_audience(
    claims: &Map<String, Value>,
) -> Result<Option<Audience>, VerifyError> {
    match claims.get("aud") {
        None => Ok(None),
        Some(Value::String(one)) => Ok(Some(Audience::One(one.clone()))),
        Some(Value::Array(many)) if !many.is_empty() => {
            let many = many.iter().map(|one| one.as_str().map(str::to_owned));
            many.collect::<Option<_>>()
                .map(|many| Some(Audience::Many(many)))
                .ok_or(VerifyError::Claim("aud"))
        }
        Some(_) => Err(VerifyError::Claim("aud")),
    }
}
