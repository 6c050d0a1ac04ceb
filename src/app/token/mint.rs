//! Making tokens for a grant.

use crate::app::encryption::to_client;
use crate::app::{Fault, Issuer};
use crate::base::{ClientRowId, GrantId, SessionId, Timestamp, UserId, hmac_sha256, to_base64url};
use crate::credentials::Purpose as KeyPurpose;
use crate::domain::{Client, Grant, User};
use crate::jose::{JweContent, TokenType, hash_half, sign};
use crate::protocol::SubjectType;
use crate::protocol::token::{
    ClientAccessToken, JwtTokenId, OpaqueAccessToken, RefreshToken, ScopeMask,
};
use crate::rules::claims::{self, Bound, Person, Reach, Surroundings};

/// Everything that the tokens of one answer are made from.
pub(in crate::app) struct Mint<'a> {
    pub(in crate::app) issuer: &'a Issuer,
    pub(in crate::app) client: &'a Client,
    pub(in crate::app) grant: &'a Grant,
    /// The grant's person; none when the client speaks for itself.
    pub(in crate::app) user: Option<&'a User>,
    pub(in crate::app) now: Timestamp,
}

impl Mint<'_> {
    /// Seconds that an access token counts.
    pub(in crate::app) fn expires_in(&self) -> u64 {
        self.issuer.settings.access_token_for.as_secs()
    }

    /// An access token for an API is a JWT that it verifies by itself (RFC 9068); one that only
    /// opens our own userinfo is opaque.
    pub(in crate::app) async fn access_token(&self, reach: &Reach) -> Result<String, Fault> {
        let (issuer, grant) = (self.issuer, self.grant);
        let expires_at = self.now + issuer.settings.access_token_for;
        if reach.resources.is_empty() {
            return Ok(match grant.generation {
                JwtTokenId::WITHOUT_ROW => self.opaque_of_client(reach, expires_at).to_text(),
                _ => self.opaque(reach, expires_at).to_text(),
            });
        }
        let key = issuer.keys.signing_key(issuer, self.client.access_token_algorithm()).await?;
        let unique = issuer.entropy.bytes();
        let jti = JwtTokenId { grant: grant.id, generation: grant.generation, unique }.to_text();
        let sub = self.sub();
        let around = Surroundings { issuer: issuer.url(), sid: "", now: self.now, expires_at };
        let person = self.person(&sub);
        let payload = claims::access_token(around, self.client, person, reach, &jti);
        Ok(sign(&key, TokenType::AccessToken, &payload)?)
    }

    /// It is computed, not stored: a lost answer can be made again, and a dump of the database
    /// holds no token.
    fn opaque(&self, reach: &Reach, expires_at: Timestamp) -> OpaqueAccessToken {
        let mut token = OpaqueAccessToken {
            grant: self.grant.id,
            generation: self.grant.generation,
            expires_at: Timestamp::from_seconds(expires_at.as_seconds()),
            scopes: ScopeMask::of(&reach.scopes, &self.grant.scopes),
            tag: [0; 32],
        };
        token.tag = opaque_tag(self.issuer, &token, self.grant);
        token
    }

    /// One of a client that speaks for itself: no row says what it opens.
    fn opaque_of_client(&self, reach: &Reach, expires_at: Timestamp) -> ClientAccessToken {
        let mut token = ClientAccessToken {
            id: self.grant.id,
            client: self.client.id,
            issued_at: Timestamp::from_seconds(self.now.as_seconds()),
            expires_at: Timestamp::from_seconds(expires_at.as_seconds()),
            scopes: reach.scopes.clone(),
            tag: [0; 32],
        };
        token.tag = tag_of_client(self.issuer, &token);
        token
    }

    /// An ID token (OpenID Connect Core §2).
    pub(in crate::app) async fn id_token(&self, bound: &Bound<'_>) -> Result<String, Fault> {
        let issuer = self.issuer;
        let sub = self.sub();
        let person = self.person(&sub).ok_or(Fault::Broken("an ID token is about a person"))?;
        let key = issuer.keys.signing_key(issuer, self.client.id_token_algorithm()).await?;
        let sid = sid(issuer, person.by.session, self.client.id);
        let expires_at = self.now + issuer.settings.id_token_for;
        let around = Surroundings { issuer: issuer.url(), sid: &sid, now: self.now, expires_at };
        let payload = claims::id_token(around, self.client, person, self.grant, bound);
        let signed = sign(&key, TokenType::IdToken, &payload)?;
        let metadata = &self.client.metadata;
        let Some(alg) = metadata.id_token_encrypted_response_alg else { return Ok(signed) };
        let enc = metadata.id_token_encrypted_response_enc;
        to_client(issuer, self.client, JweContent::SignedJwt(&signed), alg, enc).await
    }

    /// The hash by which an ID token of this client is bound to a token or a code.
    pub(in crate::app) fn hash(&self, value: &str) -> String {
        hash_half(self.client.id_token_algorithm(), value)
    }

    /// The refresh token of the grant's present generation, when it has one.
    pub(in crate::app) fn refresh_token(&self) -> Option<String> {
        self.grant.refresh.as_ref()?;
        let (grant, generation) = (self.grant.id, self.grant.generation);
        let tag = refresh_tag(self.issuer, grant, generation);
        Some(RefreshToken { grant, generation, tag }.to_text())
    }

    fn sub(&self) -> String {
        self.user.map_or_else(String::new, |user| subject(self.issuer, self.client, user))
    }

    fn person<'s>(&'s self, sub: &'s str) -> Option<Person<'s>> {
        let (user, by) = (self.user?, self.grant.person.as_ref()?);
        Some(Person { user, sub, by })
    }
}

/// The `sub` of a person for one client (OpenID Connect Core §8).
pub(in crate::app) fn subject(issuer: &Issuer, client: &Client, user: &User) -> String {
    match client.subject_type() {
        SubjectType::Public => user.subject.as_str().to_owned(),
        SubjectType::Pairwise => pairwise(issuer, client, user.id),
    }
}

/// The same for an account that may be gone: a pairwise `sub` can still be told.
pub(in crate::app) fn subject_of(
    issuer: &Issuer,
    client: &Client,
    id: UserId,
    user: Option<&User>,
) -> Option<String> {
    match client.subject_type() {
        SubjectType::Public => user.map(|user| user.subject.as_str().to_owned()),
        SubjectType::Pairwise => Some(pairwise(issuer, client, id)),
    }
}

/// A pairwise `sub` is an HMAC over sector and user, printed as a UUIDv8: nothing has to be
/// stored, and it never changes.
fn pairwise(issuer: &Issuer, client: &Client, user: UserId) -> String {
    let key = issuer.purpose_key(KeyPurpose::PairwiseSubject);
    let mac = hmac_sha256(&key, &[client.sector().as_bytes(), user.as_bytes()]);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&mac[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// What proves an opaque access token: an HMAC over kind, grant, generation, expiry, the part of
/// the scopes that it opens, scopes and audience.
pub(in crate::app) fn opaque_tag(
    issuer: &Issuer,
    token: &OpaqueAccessToken,
    grant: &Grant,
) -> [u8; 32] {
    let mask = token.scopes.map(ScopeMask::to_bytes);
    let (generation, expiry) =
        (token.generation.to_be_bytes(), token.expires_at.as_seconds().to_be_bytes());
    let (scopes, audience) = (grant.scopes.to_string(), grant.resources.join(" "));
    let mut parts: Vec<&[u8]> = vec![b"access", token.grant.as_bytes(), &generation, &expiry];
    // A token of all scopes has the tag that it had before there were masks.
    parts.extend(mask.as_ref().map(<[u8; 16]>::as_slice));
    parts.extend([scopes.as_bytes(), audience.as_bytes()]);
    hmac_sha256(&issuer.purpose_key(KeyPurpose::OpaqueToken), &parts)
}

/// What proves an opaque access token of a client that speaks for itself: an HMAC over all it says.
pub(in crate::app) fn tag_of_client(issuer: &Issuer, token: &ClientAccessToken) -> [u8; 32] {
    hmac_sha256(&issuer.purpose_key(KeyPurpose::OpaqueToken), &[b"of a client", &token.tagged()])
}

/// What proves a refresh token: an HMAC over kind, grant and generation.
pub(super) fn refresh_tag(issuer: &Issuer, grant: GrantId, generation: u32) -> [u8; 32] {
    let key = issuer.purpose_key(KeyPurpose::RefreshToken);
    hmac_sha256(&key, &[b"refresh", grant.as_bytes(), &generation.to_be_bytes()])
}

/// The session as one client sees it (`sid`): stable over re-authentication, and different for
/// each client, so that it links none of them.
pub(in crate::app) fn sid(issuer: &Issuer, session: SessionId, client: ClientRowId) -> String {
    let key = issuer.purpose_key(KeyPurpose::SessionSid);
    let mac = hmac_sha256(&key, &[session.as_bytes(), client.as_bytes()]);
    to_base64url(&mac[..16])
}
