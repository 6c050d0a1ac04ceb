//! What a client may register (RFC 7591 §2, OpenID Connect Registration §2), and what is wrong
//! with what it wants to register: everything at once.

use url::Url;

use crate::base::Secret;
use crate::protocol::redirect_uri::check_registrable;
use crate::protocol::{AuthMethod, ClientMetadata};

/// What the installation allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegistrationPolicy {
    /// Plain http may go anywhere.
    pub is_dev: bool,
}

/// One thing that is wrong with client metadata.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{member}: {problem}")]
pub struct MetadataProblem {
    /// The member of the metadata.
    pub member: &'static str,
    /// What is wrong and what to write instead. It never holds a secret.
    pub problem: String,
}

/// Metadata that passed every check. It comes from [`check`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedMetadata {
    metadata: ClientMetadata,
    client_id: Option<String>,
    secret: Option<Secret<String>>,
    ignored: Vec<String>,
}

impl CheckedMetadata {
    /// What is stored: without the public name, the secret and members that nothing acts on.
    pub fn metadata(&self) -> &ClientMetadata {
        &self.metadata
    }

    /// The public name, when it was given.
    pub fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    /// The secret to take over, when it was given.
    pub fn secret(&self) -> Option<&Secret<String>> {
        self.secret.as_ref()
    }

    /// Whether the client proves who it is with a secret.
    pub fn has_secret(&self) -> bool {
        self.metadata
            .token_endpoint_auth_method
            .unwrap_or(AuthMethod::ClientSecretBasic)
            .has_secret()
    }

    /// Members that no part of this version acts on.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }
}

/// The shortest secret that may be taken over from elsewhere.
pub const MIN_SECRET_LENGTH: usize = 16;
/// The longest secret that may be taken over from elsewhere.
pub const MAX_SECRET_LENGTH: usize = 256;

const MAX_LIST: usize = 100;
const MAX_NAME: usize = 100;
const MAX_TEXT: usize = 255;
const MAX_URI: usize = 2000;

const CODE_GRANT: &str = "authorization_code";
/// Grant types that metadata written for other providers commonly names. A client may register
/// them; the token endpoint still serves only those it advertises.
const GRANT_TYPES: [&str; 5] = [
    CODE_GRANT,
    "refresh_token",
    "client_credentials",
    "implicit",
    "urn:ietf:params:oauth:grant-type:device_code",
];

/// Checks what a client wants to register.
///
/// # Errors
/// Everything that is wrong with it, at least one problem.
pub fn check(
    mut metadata: ClientMetadata,
    policy: RegistrationPolicy,
) -> Result<CheckedMetadata, Vec<MetadataProblem>> {
    let mut problems = Problems(Vec::new());
    check_credentials(&metadata, &mut problems);
    check_flows(&metadata, &mut problems);
    check_redirect_uris(&metadata, policy, &mut problems);
    check_scope_and_audience(&metadata, &mut problems);
    check_texts(&metadata, &mut problems);
    check_links(&metadata, &mut problems);
    if !problems.0.is_empty() {
        return Err(problems.0);
    }
    Ok(CheckedMetadata {
        client_id: metadata.client_id.take(),
        secret: metadata.client_secret.take(),
        ignored: std::mem::take(&mut metadata.unknown).into_keys().collect(),
        metadata,
    })
}

struct Problems(Vec<MetadataProblem>);

impl Problems {
    fn add(&mut self, member: &'static str, problem: impl Into<String>) {
        self.0.push(MetadataProblem { member, problem: problem.into() });
    }

    fn add_if(&mut self, is_wrong: bool, member: &'static str, problem: &str) {
        if is_wrong {
            self.add(member, problem);
        }
    }
}

fn is_public(metadata: &ClientMetadata) -> bool {
    metadata.token_endpoint_auth_method == Some(AuthMethod::None)
}

fn check_credentials(metadata: &ClientMetadata, problems: &mut Problems) {
    if let Some(id) = &metadata.client_id {
        let is_fit = (1..=MAX_TEXT).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/@".contains(&b));
        let shape = "may hold letters, digits and - . _ ~ : / @, at most 255 characters";
        problems.add_if(!is_fit, "client_id", shape);
    }
    if let Some(secret) = metadata.client_secret.as_ref().map(Secret::expose) {
        let is_fit = (MIN_SECRET_LENGTH..=MAX_SECRET_LENGTH).contains(&secret.len())
            && secret.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        let shape = "must be 16 to 256 printable ASCII characters";
        problems.add_if(!is_fit, "client_secret", shape);
        // A secret that nobody checks would make people believe in it (`security.md` R39).
        let is_idle = is_public(metadata);
        problems.add_if(is_idle, "client_secret", "a public client has none: leave it out");
    }
}

/// RFC 7591 §2.1: response types and grant types must fit each other.
fn check_flows(metadata: &ClientMetadata, problems: &mut Problems) {
    for response in metadata.response_types.iter().flatten().filter(|kind| *kind != "code") {
        problems.add("response_types", format!("{response:?}: this version serves only code"));
    }
    for grant in metadata.grant_types.iter().flatten() {
        if grant == "password" {
            // RFC 9700 §2.4.
            problems.add("grant_types", "password is never served: apps must not see passwords");
        } else if !GRANT_TYPES.contains(&grant.as_str()) {
            let known = GRANT_TYPES.join(", ");
            problems.add("grant_types", format!("{grant:?} is none of {known}"));
        }
    }
    let names_code = metadata.response_types.as_ref().map(|types| has(types, "code"));
    let names_grant = metadata.grant_types.as_ref().map(|types| has(types, CODE_GRANT));
    let is_odd = names_code.unwrap_or(names_grant.unwrap_or(true)) != names_grant.unwrap_or(true);
    let pair = "authorization_code here and code in response_types need each other";
    problems.add_if(is_odd, "grant_types", pair);
    // RFC 6749 §4.4: only a client that can keep a secret may speak for itself.
    let speaks_for_itself =
        metadata.grant_types.as_ref().is_some_and(|types| has(types, "client_credentials"));
    let needs_secret = "client_credentials needs a client with a secret";
    problems.add_if(speaks_for_itself && is_public(metadata), "grant_types", needs_secret);
}

fn has(list: &[String], wanted: &str) -> bool {
    list.iter().any(|one| one == wanted)
}

fn check_redirect_uris(
    metadata: &ClientMetadata,
    policy: RegistrationPolicy,
    problems: &mut Problems,
) {
    let uses_code = metadata.grant_types.as_ref().is_none_or(|types| has(types, CODE_GRANT));
    let is_missing = uses_code && metadata.redirect_uris.is_empty();
    problems.add_if(is_missing, "redirect_uris", "at least one is needed to send people back");
    let lists = [
        ("redirect_uris", &metadata.redirect_uris),
        ("post_logout_redirect_uris", &metadata.post_logout_redirect_uris),
    ];
    for (member, uris) in lists {
        problems.add_if(uris.len() > MAX_LIST, member, "more than 100 addresses");
        for uri in uris.iter().take(MAX_LIST) {
            if let Err(problem) = check_registrable(uri, policy.is_dev) {
                problems.add(member, format!("{uri:?} {problem}"));
            }
        }
    }
}

fn check_scope_and_audience(metadata: &ClientMetadata, problems: &mut Problems) {
    if let Err(problem) = metadata.scopes() {
        problems.add("scope", problem.to_string());
    }
    problems.add_if(metadata.resources.len() > MAX_LIST, "resources", "more than 100 values");
    for resource in metadata.resources.iter().take(MAX_LIST) {
        // RFC 8707 §2: an absolute URI without a fragment.
        let is_fit = is_word(resource) && Url::parse(resource).is_ok() && !resource.contains('#');
        if !is_fit {
            problems.add("resources", format!("{resource:?} is no absolute URI without fragment"));
        }
    }
    if let Some(audience) = &metadata.audience {
        // RFC 7519 §2: a text with a colon in it must be a URI.
        let is_fit = is_word(audience) && (!audience.contains(':') || Url::parse(audience).is_ok());
        problems.add_if(!is_fit, "audience", "must be a word without spaces, or a URI");
    }
}

fn is_word(text: &str) -> bool {
    (1..=MAX_URI).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn check_texts(metadata: &ClientMetadata, problems: &mut Problems) {
    if let Some(name) = &metadata.client_name {
        let is_fit = !name.trim().is_empty() && is_plain_text(name, MAX_NAME);
        let shape = "must be 1 to 100 characters, none of them invisible";
        problems.add_if(!is_fit, "client_name", shape);
    }
    let is_known =
        metadata.application_type.as_deref().is_none_or(|t| ["web", "native"].contains(&t));
    problems.add_if(!is_known, "application_type", "must be web or native");
    let contacts = &metadata.contacts;
    let is_fit = contacts.len() <= MAX_LIST && contacts.iter().all(|c| is_plain_text(c, MAX_TEXT));
    problems.add_if(!is_fit, "contacts", "must be at most 100 texts of at most 255 characters");
}

fn check_links(metadata: &ClientMetadata, problems: &mut Problems) {
    let links = [
        ("client_uri", &metadata.client_uri),
        ("logo_uri", &metadata.logo_uri),
        ("policy_uri", &metadata.policy_uri),
        ("tos_uri", &metadata.tos_uri),
        ("initiate_login_uri", &metadata.initiate_login_uri),
    ];
    for (member, link) in links {
        // People click on these, or their browser loads them.
        if link.as_ref().is_some_and(|link| !is_web_address(link)) {
            problems.add(member, "must be an http or https address");
        }
    }
}

/// Whether `text` has at most `longest` characters, none of which is a control character or
/// turns the direction of writing, which could make one name look like another.
pub(super) fn is_plain_text(text: &str, longest: usize) -> bool {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    text.chars().count() <= longest && !text.chars().any(is_hidden)
}

/// Whether `text` is an http(s) address that a page may link to.
pub(super) fn is_web_address(text: &str) -> bool {
    let is_ours = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    };
    is_word(text) && Url::parse(text).is_ok_and(|url| is_ours(&url))
}

/// The members that this version acts on, for suggesting one when somebody mistypes.
pub const MEMBERS: [&str; 28] = [
    "client_id",
    "client_secret",
    "client_name",
    "redirect_uris",
    "post_logout_redirect_uris",
    "response_types",
    "grant_types",
    "token_endpoint_auth_method",
    "scope",
    "id_token_signed_response_alg",
    "access_token_signed_response_alg",
    "default_max_age",
    "require_auth_time",
    "client_uri",
    "logo_uri",
    "policy_uri",
    "tos_uri",
    "initiate_login_uri",
    "contacts",
    "application_type",
    "first_party",
    "require_pkce",
    "id_token_claims",
    "email_verified",
    "resources",
    "audience",
    "refresh_rotation",
    "client_assertion_audience",
];

#[cfg(test)]
mod tests;
