//! Who may make an account of their own.

use url::Host;

use crate::domain::Identifier;

/// What the operator allows. The handlers ask it, not the pages (`security.md` R65).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SignUpPolicy {
    /// Nobody: accounts are made by the operator.
    #[default]
    Off,
    /// Everybody who reads the mail of an address.
    Open,
    /// Who reads the mail of an address at exactly one of these domains, which are in lower case
    /// and in their ASCII form.
    Domains(Vec<String>),
}

impl SignUpPolicy {
    /// Whether anybody may.
    pub fn is_on(&self) -> bool {
        *self != Self::Off
    }

    /// Whether the owner of `address` may.
    pub fn admits(&self, address: &Identifier) -> bool {
        match self {
            Self::Off => false,
            Self::Open => address.is_email(),
            Self::Domains(domains) => {
                domain_of(address).is_some_and(|domain| domains.contains(&domain))
            }
        }
    }
}

/// The domain of an address in its ASCII form (RFC 5890 §2.3.2.1). The parser would decode a
/// percent sign, which mail servers do not.
fn domain_of(address: &Identifier) -> Option<String> {
    let (_, domain) = address.as_str().split_once('@')?;
    match Host::parse(domain) {
        Ok(Host::Domain(name)) if !domain.contains('%') => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Identifier {
        Identifier::parse_email(text).expect("an address")
    }

    #[test]
    fn r62_a_domain_is_compared_whole_and_in_one_spelling() {
        let domains = vec!["example.com".to_owned(), "xn--bcher-kva.example".to_owned()];
        let policy = SignUpPolicy::Domains(domains);
        for text in
            ["ada@example.com", " Ada@EXAMPLE.com ", "ada@bücher.example", "ada@ＥＸＡＭＰＬＥ.com"]
        {
            assert!(policy.admits(&address(text)), "{text}");
        }
        for text in [
            "ada@sub.example.com",
            "ada@example.com.evil.example",
            "ada@evilexample.com",
            "ada@example.com.",
            "ada@exa%6dple.com",
            "ada@127.0.0.1",
            "ada@[::1]",
            "example.com@evil.example",
        ] {
            assert!(!policy.admits(&address(text)), "{text}");
        }
    }

    #[test]
    fn r65_off_admits_nobody_and_open_every_address() {
        assert!(!SignUpPolicy::Off.is_on() && !SignUpPolicy::Off.admits(&address("a@example.com")));
        assert!(SignUpPolicy::Open.is_on() && SignUpPolicy::Open.admits(&address("a@example.com")));
    }
}
