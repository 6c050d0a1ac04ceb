//! Client metadata: the names of RFC 7591 and OpenID Connect Registration, and ours.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ContentEncryption, KeyManagementAlgorithm};
use super::{ScopeSet, SigningAlgorithm};
use crate::base::Secret;

/// How a client authenticates at the token endpoint (OpenID Connect Core §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// The secret in the `Authorization` header. A client registered with it may post it too.
    ClientSecretBasic,
    /// The secret in the form. A client registered with it may use the header too.
    ClientSecretPost,
    /// A JWT under the secret (RFC 7523 §2.2, with HMAC).
    ClientSecretJwt,
    /// A JWT under a private key of its own (RFC 7523 §2.2).
    PrivateKeyJwt,
    /// A public client: it has no secret.
    None,
}

impl AuthMethod {
    /// Every method that is served, the default first.
    pub const ALL: [Self; 5] = [
        Self::ClientSecretBasic,
        Self::ClientSecretPost,
        Self::ClientSecretJwt,
        Self::PrivateKeyJwt,
        Self::None,
    ];

    /// The name in metadata.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::ClientSecretJwt => "client_secret_jwt",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::None => "none",
        }
    }

    /// Whether it stands on a secret that both sides know.
    pub const fn has_secret(self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost | Self::ClientSecretJwt)
    }
}

/// Where the claims of the granted scopes stand (`contract.md`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdTokenClaims {
    /// In the ID token and in userinfo.
    #[default]
    Full,
    /// In userinfo alone (OpenID Connect Core §5.4).
    Lean,
}

/// What a client is told of `email_verified` (`contract.md`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmailVerifiedPolicy {
    /// What the account says.
    #[default]
    Actual,
    /// Always `true`.
    True,
    /// Nothing.
    Omit,
}

/// Which audience a client assertion must name (`contract.md`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssertionAudience {
    /// The issuer alone.
    #[default]
    Issuer,
    /// The issuer or the token endpoint.
    IssuerOrTokenEndpoint,
}

/// Which `sub` an app sees (OpenID Connect Core §8).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectType {
    /// The same as every other app.
    #[default]
    Public,
    /// One of its own: two apps cannot tell that they know the same person.
    Pairwise,
}

/// What an operator or an app says of a client. Read it with serde; `rules::registration` checks
/// it and fills the defaults in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientMetadata {
    /// Public name; made when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Secret to take over from elsewhere; made when absent. Never stored in this form.
    #[serde(skip_serializing)]
    pub client_secret: Option<Secret<String>>,
    /// Name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    /// Where answers may go.
    pub redirect_uris: Vec<String>,
    /// Where a person may go after signing out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub post_logout_redirect_uris: Vec<String>,
    /// `code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_types: Option<Vec<String>>,
    /// `authorization_code` and others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_types: Option<Vec<String>>,
    /// How it authenticates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_method: Option<AuthMethod>,
    /// What it may ask for; absent means all standard scopes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Its public keys, by value (RFC 7591 §2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Value>,
    /// Its public keys, by reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// The one algorithm of its assertions; absent: any that is served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_signing_alg: Option<String>,
    /// Whether it sees the same `sub` as others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_type: Option<SubjectType>,
    /// Where the list of redirect URIs lies that share one pairwise `sub`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector_identifier_uri: Option<String>,
    /// Where its request objects lie.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub request_uris: Vec<String>,
    /// The one algorithm of its request objects; absent: any that is served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_object_signing_alg: Option<SigningAlgorithm>,
    /// Whether it must sign its requests (RFC 9101 §10.5).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub require_signed_request_object: bool,
    /// Whether it must push its requests (RFC 9126 §6).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub require_pushed_authorization_requests: bool,
    /// Sign its userinfo answers with this; absent: plain JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_signed_response_alg: Option<SigningAlgorithm>,
    /// Encrypt its ID tokens with this (OpenID Connect Registration §2); absent: signed alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_encrypted_response_alg: Option<KeyManagementAlgorithm>,
    /// How the content of those is encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_encrypted_response_enc: Option<ContentEncryption>,
    /// Encrypt its userinfo answers with this; absent: not encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_encrypted_response_alg: Option<KeyManagementAlgorithm>,
    /// How the content of those is encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_encrypted_response_enc: Option<ContentEncryption>,
    /// Sign its introspection answers with this when it asks for a JWT (RFC 9701 §6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection_signed_response_alg: Option<SigningAlgorithm>,
    /// The `acr` values it wants when the request does not say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub default_acr_values: Vec<String>,
    /// The least `acr` that it is content with, whatever a request says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_acr: Option<String>,
    /// Shown in a hidden frame when its session ends (Front-Channel Logout §2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frontchannel_logout_uri: Option<String>,
    /// Whether that address needs `iss` and `sid`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub frontchannel_logout_session_required: bool,
    /// Told by us directly when its session ends (Back-Channel Logout §2.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
    /// Whether the logout token needs `sid`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub backchannel_logout_session_required: bool,
    /// Names the software across its installations (RFC 7591 §2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub software_id: Option<String>,
    /// The version of that software.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub software_version: Option<String>,
    /// Algorithm of its ID tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_signed_response_alg: Option<SigningAlgorithm>,
    /// Algorithm of its JWT access tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token_signed_response_alg: Option<SigningAlgorithm>,
    /// Sign in again after this many seconds, when the request does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_max_age: Option<u32>,
    /// Always put `auth_time` into the ID token.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub require_auth_time: bool,
    /// The app's home page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    /// The app's logo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    /// The app's privacy policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    /// The app's terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
    /// Where the app begins a sign-in by itself (OpenID Connect Core §4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initiate_login_uri: Option<String>,
    /// People to write to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
    /// `web` or `native`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_type: Option<String>,
    /// No consent page.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub first_party: bool,
    /// PKCE or nothing. Public clients must in any case.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub require_pkce: bool,
    /// Where claims stand.
    pub id_token_claims: IdTokenClaims,
    /// What is said of `email_verified`.
    pub email_verified: EmailVerifiedPolicy,
    /// The APIs it may ask tokens for (RFC 8707).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// The audience of its access tokens when it asks for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// Whether refresh tokens rotate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_rotation: Option<bool>,
    /// Which audience its assertions must name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_assertion_audience: Option<AssertionAudience>,
    /// Members that no part of this version acts on. They are named in a warning, and not stored.
    #[serde(flatten, skip_serializing)]
    pub unknown: BTreeMap<String, Value>,
}

impl ClientMetadata {
    /// The scopes it may ask for, before a check: the standard ones when none are named.
    ///
    /// # Errors
    /// When `scope` is malformed.
    pub fn scopes(&self) -> Result<ScopeSet, super::scope::MalformedScope> {
        self.scope.as_deref().map_or_else(|| Ok(ScopeSet::standard()), ScopeSet::parse)
    }
}
