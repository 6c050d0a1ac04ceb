//! What a request object says (OpenID Connect Core §6.1, RFC 9101 §4).

use std::time::Duration;

use serde_json::{Map, Value};

use crate::base::Timestamp;
use crate::domain::Client;
use crate::protocol::{ErrorCode, OAuthError, Parameters};

/// What a verified request object says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectFacts<'a> {
    /// Who made it.
    pub iss: Option<&'a str>,
    /// Whom it is for; empty when it does not say.
    pub aud: &'a [String],
    /// When it stops to count.
    pub exp: Option<Timestamp>,
    /// When it begins to count.
    pub nbf: Option<Timestamp>,
}

/// How far clocks may differ.
const LEEWAY: Duration = Duration::from_secs(30);

/// The members that are about the object itself.
const ABOUT_ITSELF: [&str; 6] = ["iss", "aud", "exp", "nbf", "iat", "jti"];

/// Judges a verified request object and turns its members into parameters.
///
/// # Errors
/// `invalid_request_object`, when it is another client's, for somebody else, not of this time, or
/// holds what is no parameter.
pub fn open(
    claims: &Map<String, Value>,
    facts: &ObjectFacts<'_>,
    client: &Client,
    issuer: &str,
    now: Timestamp,
) -> Result<Parameters, OAuthError> {
    let refuse = |description| Err(OAuthError::new(ErrorCode::InvalidRequestObject, description));
    if facts.iss.is_some_and(|iss| iss != client.client_id) {
        return refuse("iss of the request object is not the client");
    }
    if !facts.aud.is_empty() && !facts.aud.iter().any(|aud| aud == issuer) {
        return refuse("aud of the request object is not this provider");
    }
    if facts.exp.is_some_and(|exp| now >= exp + LEEWAY) {
        return refuse("the request object has expired");
    }
    if facts.nbf.is_some_and(|nbf| nbf > now + LEEWAY) {
        return refuse("the request object does not count yet");
    }
    // RFC 9101 §5: the client stands inside as well as outside, when it stands inside at all.
    let named = claims.get("client_id");
    if named.is_some_and(|named| named.as_str() != Some(&client.client_id)) {
        return refuse("client_id inside the request object is another");
    }
    let mut pairs = vec![("client_id".to_owned(), client.client_id.clone())];
    let about_itself = |name: &str| ABOUT_ITSELF.contains(&name) || name == "client_id";
    for (name, value) in claims.iter().filter(|(name, _)| !about_itself(name)) {
        match texts(value) {
            Some(texts) => pairs.extend(texts.into_iter().map(|text| (name.clone(), text))),
            None => return refuse("a member of the request object is no parameter"),
        }
    }
    Ok(Parameters::from_pairs(pairs))
}

/// A member as parameters: texts as they are, numbers and objects as JSON (`max_age`, `claims`),
/// a list as one parameter for each of its items (`resource`).
fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Number(_) | Value::Bool(_) | Value::Object(_) => Some(vec![value.to_string()]),
        Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        Value::Null => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(claims: Value) -> Result<Parameters, OAuthError> {
        let Value::Object(claims) = claims else { panic!("an object") };
        let facts = ObjectFacts { iss: None, aud: &[], exp: None, nbf: None };
        let client = crate::rules::testing::client(json!({}));
        open(&claims, &facts, &client, "https://id.example", Timestamp::from_seconds(1000))
    }

    #[test]
    fn members_become_parameters() {
        let params = read(json!({
            "iss": "app", "exp": 5, "state": "s", "max_age": 0, "claims": { "userinfo": {} },
            "resource": ["https://a.example", "https://b.example"],
        }))
        .unwrap();
        assert_eq!(params.one("state"), Ok(Some("s")));
        assert_eq!(params.one("max_age"), Ok(Some("0")));
        assert_eq!(params.one("claims"), Ok(Some(r#"{"userinfo":{}}"#)));
        assert_eq!(params.all("resource").len(), 2);
        assert_eq!(params.one("exp"), Ok(None));
    }

    #[test]
    fn what_is_no_parameter_is_refused() {
        for claims in
            [json!({ "state": null }), json!({ "state": [1] }), json!({ "client_id": "other" })]
        {
            assert!(read(claims.clone()).is_err(), "{claims}");
        }
    }

    #[test]
    fn another_audience_issuer_or_time_is_refused() {
        let client = crate::rules::testing::client(json!({}));
        let now = Timestamp::from_seconds(1000);
        let aud = ["https://other.example".to_owned()];
        let good = ObjectFacts { iss: Some(&client.client_id), aud: &[], exp: None, nbf: None };
        let check = |facts| open(&Map::new(), &facts, &client, "https://id.example", now);
        assert!(check(good).is_ok());
        assert!(check(ObjectFacts { iss: Some("other"), ..good }).is_err());
        assert!(check(ObjectFacts { aud: &aud, ..good }).is_err());
        let late = Some(Timestamp::from_seconds(900));
        assert!(check(ObjectFacts { exp: late, ..good }).is_err());
        let early = Some(Timestamp::from_seconds(1060));
        assert!(check(ObjectFacts { nbf: early, ..good }).is_err());
        let soon = Some(Timestamp::from_seconds(1008));
        assert!(check(ObjectFacts { nbf: soon, ..good }).is_ok());
    }
}
