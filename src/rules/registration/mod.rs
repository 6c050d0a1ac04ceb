//! What a client may register (RFC 7591 §2, OpenID Connect Registration §2), and what is wrong
//! with what it wants to register: everything at once.

mod addresses;
mod credentials;
mod encryption;
mod flows;
mod itself;
mod members;
mod sector;
mod texts;
mod told;

pub use itself::{Granted, ask_for_itself};
pub use members::{MEMBERS, read};
pub use sector::lists_all;
pub(super) use texts::{is_plain_text, is_web_address};
pub use told::told;

use crate::base::Secret;
use crate::protocol::{AuthMethod, ClientMetadata};

/// What the installation allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegistrationPolicy {
    /// Plain http may go anywhere.
    pub is_dev: bool,
}

/// One thing that is wrong with client metadata.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{member}: {}{problem}", value.as_ref().map(|value| format!("{value:?} ")).unwrap_or_default())]
pub struct MetadataProblem {
    /// The member of the metadata.
    pub member: &'static str,
    /// Which of its values, when it has several. It never holds a secret.
    pub value: Option<String>,
    /// What is wrong and what to write instead. It repeats no input.
    pub problem: String,
}

impl MetadataProblem {
    /// Something that is wrong with a member as a whole.
    pub fn new(member: &'static str, problem: impl Into<String>) -> Self {
        Self { member, value: None, problem: problem.into() }
    }
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
        auth_method(&self.metadata).has_secret()
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
const MAX_URI: usize = 2000;

/// Checks what a client wants to register. Whether its keys can be used is for whoever can parse
/// keys to say.
///
/// # Errors
/// Everything that is wrong with it, at least one problem.
pub fn check(
    mut metadata: ClientMetadata,
    policy: RegistrationPolicy,
) -> Result<CheckedMetadata, Vec<MetadataProblem>> {
    let mut problems = Problems(Vec::new());
    credentials::check(&metadata, &mut problems);
    flows::check(&metadata, &mut problems);
    addresses::check(&metadata, policy, &mut problems);
    sector::check(&metadata, &mut problems);
    encryption::check(&metadata, &mut problems);
    texts::check(&metadata, &mut problems);
    members::check(&metadata, &mut problems);
    if !problems.0.is_empty() {
        return Err(problems.0);
    }
    encryption::fill_in(&mut metadata);
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
        self.0.push(MetadataProblem::new(member, problem));
    }

    fn add_if(&mut self, is_wrong: bool, member: &'static str, problem: &str) {
        if is_wrong {
            self.add(member, problem);
        }
    }

    fn add_about(&mut self, member: &'static str, value: &str, problem: impl Into<String>) {
        let value = Some(value.to_owned());
        self.0.push(MetadataProblem { member, value, problem: problem.into() });
    }
}

fn auth_method(metadata: &ClientMetadata) -> AuthMethod {
    metadata.token_endpoint_auth_method.unwrap_or(AuthMethod::ClientSecretBasic)
}

fn has_keys(metadata: &ClientMetadata) -> bool {
    metadata.jwks.is_some() || metadata.jwks_uri.is_some()
}

#[cfg(test)]
mod tests;
