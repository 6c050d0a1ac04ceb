//! The vocabulary of OAuth 2 and OpenID Connect: parameters and their parsers, error codes,
//! scopes, claims and metadata. No I/O and no clock.

pub mod algorithm;
pub mod authorize;
pub mod claims;
pub mod client_metadata;
pub mod encryption;
pub mod error;
pub mod json;
pub mod parameters;
pub mod pkce;
pub mod redirect_uri;
pub mod scope;
pub mod token;

pub use algorithm::SigningAlgorithm;
pub use authorize::{AuthorizeParams, Prompts, ResponseMode};
pub use claims::{Address, StandardClaims};
pub use client_metadata::{
    AssertionAudience, AuthMethod, ClientMetadata, EmailVerifiedPolicy, IdTokenClaims,
};
pub use encryption::{ContentEncryption, KeyManagementAlgorithm};
pub use error::{ErrorCode, OAuthError};
pub use parameters::Parameters;
pub use scope::ScopeSet;
