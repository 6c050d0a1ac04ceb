//! How an app hears what is wrong with what it wants to register (RFC 7591 §3.2.2).

use super::MetadataProblem;
use crate::protocol::{ErrorCode, OAuthError};

/// More than this helps nobody.
const LONGEST: usize = 2000;

/// Everything that is wrong in one error. It repeats no value, and its sentence holds no other
/// character than an `error_description` may (RFC 6749 §5.2).
pub fn told(problems: &[MetadataProblem]) -> OAuthError {
    let is_about_redirects = problems.iter().any(|problem| problem.member == "redirect_uris");
    let code = if is_about_redirects {
        ErrorCode::InvalidRedirectUri
    } else {
        ErrorCode::InvalidClientMetadata
    };
    let mut sentences: Vec<String> =
        problems.iter().map(|problem| format!("{}: {}", problem.member, problem.problem)).collect();
    sentences.dedup();
    let allowed = |c: char| matches!(c, ' '..='!' | '#'..='[' | ']'..='~');
    let safe = |c: char| if allowed(c) { c } else { '\'' };
    let description: String = sentences.join("; ").chars().map(safe).take(LONGEST).collect();
    OAuthError { code, description: description.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_and_no_strange_character_is_told() {
        let problems = [
            MetadataProblem::new("scope", "holds \"quotes\" and \\ and …"),
            MetadataProblem {
                member: "redirect_uris",
                value: Some("javascript:alert(1)".to_owned()),
                problem: "has a scheme that is not allowed".to_owned(),
            },
        ];
        let error = told(&problems);
        assert_eq!(error.code, ErrorCode::InvalidRedirectUri);
        assert_eq!(
            error.description,
            "scope: holds 'quotes' and ' and '; redirect_uris: has a scheme that is not allowed"
        );
        assert_eq!(told(&problems[..1]).code, ErrorCode::InvalidClientMetadata);
        let many = vec![MetadataProblem::new("scope", "x".repeat(3000))];
        assert_eq!(told(&many).description.len(), LONGEST);
    }
}
