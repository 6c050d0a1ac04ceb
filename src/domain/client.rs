use crate::base::{ClientRowId, Digest, Timestamp};
use crate::protocol::redirect_uri;
use crate::protocol::{
    AuthMethod, ClientMetadata, EmailVerifiedPolicy, IdTokenClaims, ResponseType, ScopeSet,
    SigningAlgorithm, SubjectType,
};

/// An app that sends people here (RFC 6749 §2).
///
/// Everything the app or its operator said stands in `metadata`, checked by
/// `rules::registration`; the accessors fill the defaults in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Row id.
    pub id: ClientRowId,
    /// Public name.
    pub client_id: String,
    /// What was registered, without the secret.
    pub metadata: ClientMetadata,
    /// Digests of its secrets; none for a public client.
    pub secrets: ClientSecrets,
    /// Its secrets themselves, sealed, when it proves them by HMAC and a digest would not do.
    pub sealed_secrets: Option<Vec<u8>>,
    /// How it came here.
    pub origin: ClientOrigin,
    /// When it was last given tokens, to the day.
    pub used_at: Option<Timestamp>,
    /// Since when it may not be used.
    pub disabled_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The digests of a client's secret and, for a while after a rotation, of the one before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientSecrets {
    /// The secret in force.
    pub current: Option<Digest>,
    /// The one before, and until when it counts.
    pub previous: Option<(Digest, Timestamp)>,
}

/// How a client came here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientOrigin {
    /// An operator made it.
    Operator,
    /// It registered itself (RFC 7591), and manages itself with a token of this digest.
    Dynamic(Digest),
}

impl ClientSecrets {
    /// Whether `secret` is one that counts at `now`. Both are always compared.
    pub fn accept(&self, secret: &[u8], now: Timestamp) -> bool {
        let is_current = self.current.is_some_and(|digest| digest.matches(secret));
        let is_previous =
            self.previous.is_some_and(|(digest, until)| digest.matches(secret) & (now < until));
        is_current | is_previous
    }
}

impl Client {
    /// Whether it may be used.
    pub fn is_enabled(&self) -> bool {
        self.disabled_at.is_none()
    }

    /// The name for people.
    pub fn display_name(&self) -> &str {
        self.metadata.client_name.as_deref().unwrap_or(&self.client_id)
    }

    /// Whether it registered itself: nobody vouches for it.
    pub fn is_dynamic(&self) -> bool {
        matches!(self.origin, ClientOrigin::Dynamic(_))
    }

    /// Whether it cannot prove who it is (RFC 6749 §2.1).
    pub fn is_public(&self) -> bool {
        self.auth_method() == AuthMethod::None
    }

    /// How it authenticates.
    pub fn auth_method(&self) -> AuthMethod {
        self.metadata.token_endpoint_auth_method.unwrap_or(AuthMethod::ClientSecretBasic)
    }

    /// Whether a request of it must carry a `code_challenge`.
    pub fn must_use_pkce(&self) -> bool {
        self.is_public() || self.metadata.require_pkce
    }

    /// Whether it may use this `grant_type`; `authorization_code` when it named none.
    pub fn may_use_grant(&self, grant_type: &str) -> bool {
        match &self.metadata.grant_types {
            Some(types) => types.iter().any(|known| known == grant_type),
            None => grant_type == "authorization_code",
        }
    }

    /// Whether it may use this `response_type`; `code` when it named none.
    pub fn may_use_response(&self, response_type: ResponseType) -> bool {
        match &self.metadata.response_types {
            Some(types) => {
                types.iter().any(|known| ResponseType::parse(known) == Some(response_type))
            }
            None => response_type == ResponseType::CODE,
        }
    }

    /// The scopes it may ask for. Without a list of its own, offline access comes with the
    /// refresh grant.
    pub fn allowed_scopes(&self) -> ScopeSet {
        let scopes = self.metadata.scopes().unwrap_or_default();
        match &self.metadata.scope {
            None if self.may_use_grant("refresh_token") => scopes.with(ScopeSet::OFFLINE_ACCESS),
            Some(_) if !self.may_use_grant("refresh_token") => {
                scopes.without(ScopeSet::OFFLINE_ACCESS)
            }
            _ => scopes,
        }
    }

    /// Which `sub` it sees.
    pub fn subject_type(&self) -> SubjectType {
        self.metadata.subject_type.unwrap_or_default()
    }

    /// The host whose apps share one pairwise `sub` (OpenID Connect Core §8.1).
    pub fn sector(&self) -> String {
        let metadata = &self.metadata;
        let address = metadata.sector_identifier_uri.as_ref().or(metadata.redirect_uris.first());
        let url = address.and_then(|address| url::Url::parse(address).ok());
        let host = url.as_ref().and_then(url::Url::host_str).map(str::to_owned);
        host.unwrap_or_else(|| self.client_id.clone())
    }

    /// Whether its refresh tokens change at every use.
    pub fn rotates_refresh_tokens(&self) -> bool {
        self.metadata.refresh_rotation.unwrap_or(true)
    }

    /// Whether it is told when a session ends that it signed in with, by whichever channel.
    pub fn hears_of_logout(&self) -> bool {
        let metadata = &self.metadata;
        metadata.backchannel_logout_uri.is_some() || metadata.frontchannel_logout_uri.is_some()
    }

    /// Algorithm of its ID tokens.
    pub fn id_token_algorithm(&self) -> SigningAlgorithm {
        self.metadata.id_token_signed_response_alg.unwrap_or(SigningAlgorithm::RS256)
    }

    /// Algorithm of its JWT access tokens.
    pub fn access_token_algorithm(&self) -> SigningAlgorithm {
        self.metadata.access_token_signed_response_alg.unwrap_or(SigningAlgorithm::RS256)
    }

    /// Every algorithm that something is signed with for it. Their keys must be published before
    /// its first token, because relying parties keep the key set that they found first.
    pub fn signing_algorithms(&self) -> Vec<SigningAlgorithm> {
        let metadata = &self.metadata;
        let mut all = vec![self.id_token_algorithm(), self.access_token_algorithm()];
        all.extend(metadata.userinfo_signed_response_alg);
        all.extend(metadata.introspection_signed_response_alg);
        all.sort();
        all.dedup();
        all
    }

    /// Where the claims of its scopes stand.
    pub fn id_token_claims(&self) -> IdTokenClaims {
        self.metadata.id_token_claims
    }

    /// What it is told of `email_verified`.
    pub fn email_verified_policy(&self) -> EmailVerifiedPolicy {
        self.metadata.email_verified
    }

    /// Whether the operator vouches for it, so that nobody is asked for consent.
    pub fn is_first_party(&self) -> bool {
        self.metadata.first_party
    }

    /// The web origins of its redirect URIs: browser apps at these may call the token endpoint.
    pub fn web_origins(&self) -> Vec<String> {
        let uris = self.metadata.redirect_uris.iter();
        let mut origins: Vec<String> =
            uris.filter_map(|uri| redirect_uri::web_origin(uri)).collect();
        origins.sort();
        origins.dedup();
        origins
    }
}
