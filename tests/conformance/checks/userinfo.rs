use reqwest::Response;
use serde_json::Value;

use super::content_type;

/// What userinfo is expected to say.
pub(crate) struct Userinfo<'a> {
    /// The scopes of the request.
    pub(crate) scope: &'a str,
    /// Its `claims` parameter.
    pub(crate) requested: Option<&'a str>,
    /// `sub` of the ID token.
    pub(crate) sub: Option<&'a str>,
}

/// The scopes that open claims (OpenID Connect Core §5.4).
pub(crate) const SCOPES: [&str; 4] = ["profile", "email", "address", "phone"];

/// The claims that a scope opens. Our person has all of them.
pub(crate) fn claims_of(scope: &str) -> &'static [&'static str] {
    match scope {
        "profile" => &[
            "name",
            "given_name",
            "family_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
        ],
        "email" => &["email", "email_verified"],
        "address" => &["address"],
        "phone" => &["phone_number", "phone_number_verified"],
        _ => &[],
    }
}

/// An answer of userinfo (OpenID Connect Core §5.3.2): all that was asked for and nothing else.
pub(crate) async fn check_userinfo(answer: Response, expected: &Userinfo<'_>, now: i64) -> Value {
    assert_eq!(
        (answer.status().as_u16(), content_type(answer.headers())),
        (200, "application/json")
    );
    let claims: Value = answer.json().await.expect("JSON");
    let sub = claims["sub"].as_str().expect("a subject");
    assert!(expected.sub.is_none_or(|expected| expected == sub), "{claims}");
    let mut asked = requested_in(expected.requested, "userinfo");
    asked.extend(expected.scope.split(' ').flat_map(claims_of).map(|name| (*name).to_owned()));
    for name in &asked {
        let value = claims.get(name).unwrap_or_else(|| panic!("{name} is missing: {claims}"));
        check_claim(name, value, now);
    }
    for name in claims.as_object().expect("an object").keys() {
        assert!(name == "sub" || asked.contains(name), "{name} was not asked for");
    }
    claims
}

/// The claims that a `claims` parameter asks for in one place (OpenID Connect Core §5.5).
pub(crate) fn requested_in(parameter: Option<&str>, place: &str) -> Vec<String> {
    let Some(text) = parameter else { return Vec::new() };
    let requested: Value = serde_json::from_str(text).expect("JSON");
    requested[place].as_object().into_iter().flat_map(|names| names.keys().cloned()).collect()
}

/// The type of a standard claim (OpenID Connect Core §5.1).
pub(crate) fn check_claim(name: &str, value: &Value, now: i64) {
    const YEAR_1990: i64 = 631_152_000;
    match name {
        "email_verified" | "phone_number_verified" => {
            assert!(value.is_boolean(), "{name}: {value}")
        }
        "updated_at" => {
            let is_fit = value.as_i64().is_some_and(|at| (YEAR_1990..=now + 300).contains(&at));
            assert!(is_fit, "{name}: {value}");
        }
        "birthdate" => assert!(is_birthdate(value.as_str().unwrap_or_default()), "{value}"),
        "address" => {
            let parts = value.as_object().expect("an object");
            assert!(!parts.is_empty() && parts.values().all(is_text), "{name}: {value}");
        }
        _ => assert!(is_text(value), "{name}: {value}"),
    }
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty() && text != "null")
}

/// A date, a date without its year (`0000`), or a year.
fn is_birthdate(text: &str) -> bool {
    let number = |part: &str, length: usize| {
        (part.len() == length).then(|| part.parse::<u32>().ok()).flatten()
    };
    let is_year = |part: &str| number(part, 4).is_some_and(|year| year == 0 || year >= 1850);
    match text.split('-').collect::<Vec<_>>().as_slice() {
        [year] => number(year, 4).is_some_and(|year| year >= 1850),
        [year, month, day] => {
            is_year(year)
                && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
                && number(day, 2).is_some_and(|day| (1..=31).contains(&day))
        }
        _ => false,
    }
}

#[test]
fn dates_of_birth_have_three_shapes() {
    for fit in ["2000-01-31", "0000-12-01", "1850"] {
        assert!(is_birthdate(fit), "{fit}");
    }
    for wrong in ["", "0000", "1849-01-01", "2000-13-01", "2000-1-1", "2000-01", "01.02.2000"] {
        assert!(!is_birthdate(wrong), "{wrong}");
    }
}
