//! WebFinger (RFC 7033), as OpenID Connect Discovery §2 uses it: whose issuer is asked for by a
//! name that somebody typed. The answer depends on the domain alone, and never on whether there is
//! such a person.

use url::{Host, Origin, Url};

use crate::protocol::Parameters;

/// The one link relation that is served (OpenID Connect Discovery §2).
pub const ISSUER_REL: &str = "http://openid.net/specs/connect/1.0/issuer";

/// What is known of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Descriptor {
    /// The resource, as it was asked for.
    pub subject: String,
    /// Whether the issuer stands in the answer: it does unless other relations were asked for.
    pub names_issuer: bool,
}

/// Why there is no answer (RFC 7033 §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebFingerRefusal {
    /// `resource` is missing, stands several times, or is no URI.
    #[error("resource must stand once, as acct:name@example.com or an https address")]
    Malformed,
    /// Nothing is known of it here.
    #[error("nothing is known of this resource here")]
    Unknown,
}

/// What is to be said of the resource in `parameters` by `issuer`, which speaks for its own host
/// and for `domains`.
///
/// # Errors
/// When there is nothing to say.
pub fn describe(
    parameters: &Parameters,
    issuer: &str,
    domains: &[String],
) -> Result<Descriptor, WebFingerRefusal> {
    let resource = parameters.one("resource").map_err(|_| WebFingerRefusal::Malformed)?;
    let resource = resource.ok_or(WebFingerRefusal::Malformed)?;
    let url = Url::parse(resource).map_err(|_| WebFingerRefusal::Malformed)?;
    let issuer = Url::parse(issuer).map_err(|_| WebFingerRefusal::Unknown)?;
    let is_ours = match url.scheme() {
        "acct" => is_our_account(&url, &issuer, domains)?,
        "https" | "http" => is_our_address(&url, &issuer, domains),
        _ => false,
    };
    if !is_ours {
        return Err(WebFingerRefusal::Unknown);
    }
    // RFC 7033 §4.3: other relations than those asked for may be left out.
    let relations = parameters.all("rel");
    let names_issuer = relations.is_empty() || relations.contains(&ISSUER_REL);
    Ok(Descriptor { subject: resource.to_owned(), names_issuer })
}

/// RFC 7565 §7: `acct:` user `@` host. The last `@` parts them, and the user is not looked at.
fn is_our_account(
    account: &Url,
    issuer: &Url,
    domains: &[String],
) -> Result<bool, WebFingerRefusal> {
    let (user, host) = account.path().rsplit_once('@').ok_or(WebFingerRefusal::Malformed)?;
    if user.is_empty() || host.is_empty() {
        return Err(WebFingerRefusal::Malformed);
    }
    let Ok(host) = Host::parse(host) else { return Ok(false) };
    Ok(issuer.host().is_some_and(|own| own.to_owned() == host) || is_domain(&host, domains))
}

/// OpenID Connect Discovery §2.1.2: an address stands for the host that it names.
fn is_our_address(address: &Url, issuer: &Url, domains: &[String]) -> bool {
    let named = address.origin();
    if named == issuer.origin() {
        return true;
    }
    match named {
        Origin::Tuple(scheme, host, 443) => scheme == "https" && is_domain(&host, domains),
        _ => false,
    }
}

fn is_domain(host: &Host<String>, domains: &[String]) -> bool {
    matches!(host, Host::Domain(name) if domains.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://id.example.com";

    fn ask(pairs: &[(&str, &str)]) -> Result<Descriptor, WebFingerRefusal> {
        let domains = ["example.com".to_owned(), "xn--bcher-kva.example".to_owned()];
        describe(&Parameters::from_pairs(pairs.iter().copied()), ISSUER, &domains)
    }

    #[test]
    fn interop_43_names_of_our_domains_lead_to_the_issuer() {
        for resource in [
            "acct:ada@example.com",
            "acct:nobody@example.com",
            "acct:ada@EXAMPLE.com",
            "ACCT:ada@example.com",
            "acct:ada%40other.example@example.com",
            "acct:ada@other.example@example.com",
            "acct:ada@bücher.example",
            "acct:ada@id.example.com",
            "https://id.example.com",
            "https://id.example.com/ada",
            "https://example.com/",
            "https://example.com:443/ada",
        ] {
            let found = ask(&[("resource", resource)]);
            let expected = Descriptor { subject: resource.to_owned(), names_issuer: true };
            assert_eq!(found, Ok(expected));
        }
    }

    #[test]
    fn interop_43_nothing_is_known_of_others() {
        for resource in [
            "acct:ada@example.org",
            "acct:ada@sub.example.com",
            "acct:ada@example.com.evil.example",
            "acct:ada@example.com:8443",
            "acct:ada@[",
            "https://example.org/",
            "https://example.com:8443/",
            "https://evil.example/@example.com",
            "https://example.com@evil.example/",
            "http://example.com/",
            "http://id.example.com/",
            "mailto:ada@example.com",
            "urn:example.com",
        ] {
            assert_eq!(
                ask(&[("resource", resource)]),
                Err(WebFingerRefusal::Unknown),
                "{resource}"
            );
        }
    }

    #[test]
    fn interop_43_the_resource_stands_once_and_is_a_uri() {
        let good = ("resource", "acct:ada@example.com");
        for pairs in [
            vec![],
            vec![("resource", "")],
            vec![good, good],
            vec![("resource", "ada@example.com")],
            vec![("resource", "acct:ada")],
            vec![("resource", "acct:@example.com")],
            vec![("resource", "acct:ada@")],
            vec![("resource", "https://")],
            vec![("rel", ISSUER_REL)],
        ] {
            assert_eq!(ask(&pairs), Err(WebFingerRefusal::Malformed), "{pairs:?}");
        }
    }

    #[test]
    fn other_relations_have_no_link() {
        let good = ("resource", "acct:ada@example.com");
        let names_issuer = |relations: &[(&'static str, &'static str)]| {
            ask(&[&[good], relations].concat()).unwrap().names_issuer
        };
        assert!(names_issuer(&[("rel", ISSUER_REL)]));
        assert!(names_issuer(&[("rel", "avatar"), ("rel", ISSUER_REL)]));
        assert!(!names_issuer(&[("rel", "avatar")]));
    }
}
