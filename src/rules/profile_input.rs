//! What a person may say of themselves: each field with what is wrong with it.

use super::claims_input::{is_birthdate, is_block, is_line};
use super::registration::is_web_address;
use crate::protocol::{EditableClaim, StandardClaims};

/// The fields of a form, as they were filled in. It holds what a person may set and nothing else
/// (`security.md` R111).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile(Vec<(EditableClaim, String)>);

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileProblem {
    /// It has too many characters, or some that nobody sees.
    Text,
    /// It is no https address.
    Https,
    /// It is no http or https address.
    WebAddress,
    /// It is no date of birth.
    Birthdate,
    /// It is no language tag.
    Language,
    /// It is no time zone.
    TimeZone,
    /// It is no telephone number.
    Phone,
}

impl Profile {
    /// What was filled in: `field` gives the text of each. White space around it does not count,
    /// and lines end as they do everywhere but in forms.
    pub fn new(field: impl Fn(EditableClaim) -> String) -> Self {
        let filled = |claim| (claim, field(claim).replace("\r\n", "\n").trim().to_owned());
        Self(EditableClaim::ALL.into_iter().map(filled).collect())
    }

    /// What one field holds.
    pub fn text(&self, claim: EditableClaim) -> &str {
        let found = self.0.iter().find(|(named, _)| *named == claim);
        found.map_or("", |(_, text)| text.as_str())
    }

    /// The fields in the order of the page.
    pub fn fields(&self) -> &[(EditableClaim, String)] {
        &self.0
    }

    /// Everything that is wrong; empty when nothing is. What stands in `before` and was left as it
    /// is passes: an operator may have said more than a person may.
    pub fn problems(&self, before: &StandardClaims) -> Vec<(EditableClaim, ProfileProblem)> {
        let changed = self
            .0
            .iter()
            .filter(|(claim, text)| !text.is_empty() && claim.of(before) != Some(text.as_str()));
        changed.filter_map(|(claim, text)| Some((*claim, problem(*claim, text)?))).collect()
    }

    /// `before` with these fields. A telephone number that changed is not verified.
    pub fn applied_to(&self, before: &StandardClaims) -> StandardClaims {
        let mut claims = before.clone();
        for (claim, text) in &self.0 {
            claim.set(&mut claims, (!text.is_empty()).then(|| text.clone()));
        }
        if claims.phone_number != before.phone_number {
            claims.phone_number_verified = claims.phone_number.as_ref().map(|_| false);
        }
        claims
    }
}

fn problem(claim: EditableClaim, text: &str) -> Option<ProfileProblem> {
    use EditableClaim as C;
    use ProfileProblem as P;
    let (is_fit, problem) = match claim {
        C::Picture => (is_web_address(text) && text.starts_with("https://"), P::Https),
        C::Profile | C::Website => (is_web_address(text), P::WebAddress),
        C::Birthdate => (is_birthdate(text), P::Birthdate),
        C::Locale => (is_language(text), P::Language),
        C::Zoneinfo => (is_time_zone(text), P::TimeZone),
        C::PhoneNumber => (is_phone_number(text), P::Phone),
        _ if claim.has_lines() => (is_block(text), P::Text),
        _ => (is_line(text), P::Text),
    };
    (!is_fit).then_some(problem)
}

/// The shape of a BCP 47 tag, as `en` or `en-GB`.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let is_first = |part: &str| {
        (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    text.len() <= 35 && parts.next().is_some_and(is_first) && parts.all(is_part)
}

/// The shape of a name in the time zone database, as `Europe/Paris` or `UTC`. The database grows,
/// so no list stands here.
fn is_time_zone(text: &str) -> bool {
    let is_part = |part: &str| {
        (1..=32).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte))
    };
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.split('/').count() <= 3
        && text.split('/').all(is_part)
}

/// Digits, as many as E.164 allows, with the signs that people put between them, and an extension
/// (RFC 3966), which OpenID Connect Core §5.1 asks for.
fn is_phone_number(text: &str) -> bool {
    let (number, extension) = text.split_once(";ext=").unwrap_or((text, "0"));
    let number = number.strip_prefix('+').unwrap_or(number);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (3..=15).contains(&digits)
        && number.len() <= 40
        && number.bytes().all(|byte| byte.is_ascii_digit() || b" ().-/".contains(&byte))
        && (1..=10).contains(&extension.len())
        && is_digits(extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(fields: &[(EditableClaim, &str)]) -> Profile {
        let text = |claim| fields.iter().find(|(named, _)| *named == claim).map(|(_, text)| *text);
        Profile::new(|claim| text(claim).unwrap_or_default().to_owned())
    }

    #[test]
    fn each_field_has_its_own_rule() {
        use EditableClaim as C;
        for (claim, good, bad) in [
            (C::Name, "Ada Lovelace", "a\u{202E}b"),
            (C::Picture, "https://example.com/a.png", "http://example.com/a.png"),
            (C::Website, "http://example.com", "javascript:x"),
            (C::Birthdate, "0000-12-10", "10.12.1815"),
            (C::Locale, "zh-Hans-CN", "english please"),
            (C::Locale, "en", "e"),
            (C::Zoneinfo, "America/Argentina/Ushuaia", "Paris time"),
            (C::Zoneinfo, "Etc/GMT+2", "/"),
            (C::PhoneNumber, "+44 (20) 7946-0000;ext=12", "call me"),
            (C::PhoneNumber, "112", "+1 234 567 890 123 456"),
            (C::Formatted, "1 Example Street\r\nLondon", "a\u{0}"),
        ] {
            let before = StandardClaims::default();
            assert_eq!(filled(&[(claim, good)]).problems(&before), [], "{good}");
            let problems = filled(&[(claim, bad)]).problems(&before);
            assert_eq!(problems.len(), 1, "{bad}");
            assert_eq!(problems[0].0, claim);
        }
    }

    #[test]
    fn what_stood_there_before_may_stay_and_empty_takes_away() {
        let before = StandardClaims {
            picture: Some("http://example.com/a.png".to_owned()),
            nickname: Some("ada".to_owned()),
            ..StandardClaims::default()
        };
        let profile = filled(&[(EditableClaim::Picture, "http://example.com/a.png")]);
        assert_eq!(profile.problems(&before), []);
        let after = profile.applied_to(&before);
        assert_eq!((after.picture, after.nickname), (before.picture, None));
    }

    #[test]
    fn another_telephone_number_is_not_verified() {
        let before = StandardClaims {
            phone_number: Some("+33 1".to_owned()),
            phone_number_verified: Some(true),
            ..StandardClaims::default()
        };
        for (number, is_verified) in [("+33 1", Some(true)), ("+33 2", Some(false)), ("", None)] {
            let after = filled(&[(EditableClaim::PhoneNumber, number)]).applied_to(&before);
            assert_eq!(after.phone_number_verified, is_verified, "{number}");
        }
    }
}
