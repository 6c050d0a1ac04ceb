//! What an operator may say of a person: the standard claims (OpenID Connect Core §5.1), checked
//! before they are stored, because apps show them and put them into their own databases.

use super::registration::{MetadataProblem, is_plain_text, is_web_address};
use crate::protocol::StandardClaims;

const MAX_TEXT: usize = 255;
/// An address has several lines, and a line break is a control character there is no way around.
const MAX_ADDRESS: usize = 1000;

/// Everything that is wrong with `claims`; empty when nothing is.
pub fn check(claims: &StandardClaims) -> Vec<MetadataProblem> {
    let mut problems = Vec::new();
    let mut expect = |is_fit: bool, member: &'static str, problem: &str| {
        if !is_fit {
            problems.push(MetadataProblem::new(member, problem));
        }
    };
    for (member, text) in texts(claims) {
        let is_fit = text.as_deref().is_none_or(is_line);
        expect(is_fit, member, "must be 1 to 255 characters, none of them invisible");
    }
    for (member, link) in links(claims) {
        let is_fit = link.as_deref().is_none_or(is_web_address);
        expect(is_fit, member, "must be an http or https address");
    }
    let is_date = claims.birthdate.as_deref().is_none_or(is_birthdate);
    expect(is_date, "birthdate", "must be YYYY-MM-DD, 0000-MM-DD or YYYY");
    let is_address = claims.address.as_ref().is_none_or(|address| {
        let parts = [
            &address.formatted,
            &address.street_address,
            &address.locality,
            &address.region,
            &address.postal_code,
            &address.country,
        ];
        parts.into_iter().flatten().all(|part| is_block(part))
    });
    expect(is_address, "address", "each part must be 1 to 1000 characters, none of them invisible");
    problems
}

fn texts(claims: &StandardClaims) -> [(&'static str, &Option<String>); 9] {
    [
        ("name", &claims.name),
        ("given_name", &claims.given_name),
        ("family_name", &claims.family_name),
        ("middle_name", &claims.middle_name),
        ("nickname", &claims.nickname),
        ("gender", &claims.gender),
        ("zoneinfo", &claims.zoneinfo),
        ("locale", &claims.locale),
        ("phone_number", &claims.phone_number),
    ]
}

fn links(claims: &StandardClaims) -> [(&'static str, &Option<String>); 3] {
    [("profile", &claims.profile), ("picture", &claims.picture), ("website", &claims.website)]
}

pub(super) fn is_line(text: &str) -> bool {
    !text.trim().is_empty() && is_plain_text(text, MAX_TEXT)
}

/// OpenID Connect Core §5.1.1: the parts of an address may hold line breaks.
pub(super) fn is_block(text: &str) -> bool {
    let is_short = text.chars().count() <= MAX_ADDRESS;
    let mut lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    !text.trim().is_empty() && is_short && lines.all(|line| is_plain_text(line, MAX_ADDRESS))
}

/// `YYYY-MM-DD`, with `0000` for a year that is not told, or `YYYY` alone.
pub(super) fn is_birthdate(text: &str) -> bool {
    let number = |part: &str, length: usize| {
        let is_number = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { part.parse::<i32>().ok() } else { None }
    };
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else {
        return parts.len() == 1 && number(text, 4).is_some_and(|year| year > 0);
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    // A leap year stands in for the year that is not told.
    let year = if year == 0 { 2000 } else { year };
    let month = u8::try_from(month).ok().and_then(|month| time::Month::try_from(month).ok());
    let day = u8::try_from(day).unwrap_or(0);
    month.is_some_and(|month| time::Date::from_calendar_date(year, month, day).is_ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wrong(claims: serde_json::Value) -> Vec<&'static str> {
        let claims: StandardClaims = serde_json::from_value(claims).unwrap();
        check(&claims).into_iter().map(|problem| problem.member).collect()
    }

    #[test]
    fn a_full_set_passes() {
        let claims = json!({
            "name": "Ada Lovelace", "given_name": "Ada", "family_name": "Lovelace",
            "profile": "https://example.com/ada", "picture": "https://example.com/ada.png",
            "website": "http://example.com", "birthdate": "1815-12-10", "zoneinfo": "Europe/London",
            "locale": "en-GB", "phone_number": "+44 20 7946 0000", "phone_number_verified": true,
            "address": { "formatted": "12 St James's Square\nLondon", "country": "UK" },
        });
        assert_eq!(wrong(claims), [""; 0]);
    }

    #[test]
    fn everything_wrong_is_named_at_once() {
        let claims = json!({
            "name": "a\u{202E}b", "nickname": "", "profile": "javascript:x",
            "birthdate": "1815-13-10", "address": { "formatted": "a\u{0}" },
        });
        assert_eq!(wrong(claims), ["name", "nickname", "profile", "birthdate", "address"]);
    }

    #[test]
    fn birthdates() {
        for good in ["1815-12-10", "0000-02-29", "2000"] {
            assert!(is_birthdate(good), "{good}");
        }
        for bad in ["", "0000", "1815-2-1", "2001-02-29", "1815-12", "10.12.1815", "+815-12-10"] {
            assert!(!is_birthdate(bad), "{bad}");
        }
    }
}
