//! The vocabulary of OAuth 2 and OpenID Connect: parameters and their parsers, error codes,
//! scopes, claims and metadata. No I/O and no clock.

pub mod algorithm;
pub mod authorize;
pub mod claims;
pub mod claims_request;
pub mod client_metadata;
pub mod editable_claim;
pub mod encryption;
pub mod error;
pub mod json;
pub mod parameters;
pub mod pkce;
pub mod redirect_uri;
pub mod response_type;
pub mod scope;
pub mod switches;
pub mod token;

pub use algorithm::SigningAlgorithm;
pub use authorize::{AuthorizeParams, Prompts, ResponseMode};
pub use claims::{Address, StandardClaims};
pub use claims_request::{ClaimWish, ClaimsRequest};
pub use client_metadata::{
    AssertionAudience, AuthMethod, ClientMetadata, EmailVerifiedPolicy, IdTokenClaims, SubjectType,
};
pub use editable_claim::EditableClaim;
pub use encryption::{ContentEncryption, KeyManagementAlgorithm};
pub use error::{ErrorCode, OAuthError};
pub use parameters::Parameters;
pub use response_type::{Flow, ResponseType};
pub use scope::ScopeSet;
pub use switches::{DynamicRegistration, ResponseTypeSwitches};
