//! Access tokens that come back to us: what they open, if they still do.

use std::sync::Arc;

use crate::app::token::{opaque_tag, tag_of_client};
use crate::app::{Fault, Issuer};
use crate::base::{ClientRowId, Digest, GrantId, Timestamp, constant_time_eq};
use crate::domain::{Client, Grant, GrantFacts};
use crate::jose::{AccessTokenClaims, verify_access_token};
use crate::protocol::ScopeSet;
use crate::protocol::token::{
    ACCESS_TOKEN_PREFIX, ClientAccessToken, JwtTokenId, OpaqueAccessToken,
};
use crate::rules::claims::Reach;
use crate::store::Store;

/// A live access token.
pub(super) struct Bearer {
    pub(super) facts: GrantFacts,
    /// Who holds it.
    pub(super) client: Arc<Client>,
    /// What it opens.
    pub(super) reach: Reach,
    /// `jti` of a JWT.
    pub(super) jti: Option<String>,
    pub(super) expires_at: Timestamp,
}

/// What a token says of itself, once its signature or tag was checked.
struct Said {
    reach: Reach,
    generation: u32,
    jti: Option<String>,
    expires_at: Timestamp,
}

/// The token, when it, its grant, session, user and client all still count. One that does not count
/// by what is kept in memory is looked up again.
pub(super) async fn find(
    issuer: &Issuer,
    token: &str,
    now: Timestamp,
) -> Result<Option<Bearer>, Fault> {
    match find_in(issuer, &issuer.store, token, now).await? {
        Some(bearer) => Ok(Some(bearer)),
        None => find_in(issuer, &issuer.store.fresh(), token, now).await,
    }
}

async fn find_in(
    issuer: &Issuer,
    store: &Store,
    token: &str,
    now: Timestamp,
) -> Result<Option<Bearer>, Fault> {
    if token.starts_with(ACCESS_TOKEN_PREFIX) {
        if let Ok(parsed) = ClientAccessToken::parse(token) {
            return find_of_client(issuer, store, token, &parsed, now).await;
        }
        let Ok(parsed) = OpaqueAccessToken::parse(token) else { return Ok(None) };
        let (id, digest) = (parsed.grant, Digest::of(token.as_bytes()));
        let Some((facts, client)) = load(store, id, digest, now).await? else { return Ok(None) };
        let said = read_opaque(issuer, &parsed, &facts, now);
        return Ok(accept(said, facts, client));
    }
    let Ok(claims) = verify_access_token(&issuer.keys.ring(), token, issuer.url(), now) else {
        return Ok(None);
    };
    if !issuer.may_count(claims.issued_at) {
        return Ok(None);
    }
    let Ok(id) = JwtTokenId::parse(&claims.jti) else { return Ok(None) };
    let digest = Digest::of(token.as_bytes());
    let loaded = if id.generation == JwtTokenId::WITHOUT_ROW {
        load_client(store, id.grant, &claims, digest).await?
    } else {
        load(store, id.grant, digest, now).await?
    };
    let Some((facts, client)) = loaded else { return Ok(None) };
    let own = |aud: &String| aud != issuer.url();
    let said = Said {
        reach: Reach {
            scopes: ScopeSet::parse(claims.scope.as_deref().unwrap_or_default())
                .unwrap_or_default(),
            resources: claims.aud.into_iter().filter(own).collect(),
        },
        generation: id.generation,
        jti: Some(claims.jti),
        expires_at: claims.expires_at,
    };
    Ok(accept(Some(said), facts, client))
}

fn read_opaque(
    issuer: &Issuer,
    token: &OpaqueAccessToken,
    facts: &GrantFacts,
    now: Timestamp,
) -> Option<Said> {
    let grant = &facts.grant;
    let expected = opaque_tag(issuer, token, grant);
    let is_ours = constant_time_eq(&expected, &token.tag)
        && now < token.expires_at
        && issuer.may_count(grant.created_at);
    is_ours.then(|| Said {
        reach: Reach {
            scopes: token.scopes.map_or(grant.scopes.clone(), |mask| mask.apply(&grant.scopes)),
            resources: Vec::new(),
        },
        generation: token.generation,
        jti: None,
        expires_at: token.expires_at,
    })
}

/// An opaque token of a client that speaks for itself, when its tag is ours and its client still counts.
async fn find_of_client(
    issuer: &Issuer,
    store: &Store,
    text: &str,
    token: &ClientAccessToken,
    now: Timestamp,
) -> Result<Option<Bearer>, Fault> {
    let is_ours = constant_time_eq(&tag_of_client(issuer, token), &token.tag)
        && now < token.expires_at
        && issuer.may_count(token.issued_at);
    if !is_ours {
        return Ok(None);
    }
    let client = store.client(token.client).await?.filter(|client| client.is_enabled());
    let is_revoked = store.is_token_revoked(Digest::of(text.as_bytes())).await?;
    let Some(client) = client.filter(|_| !is_revoked) else { return Ok(None) };
    let reach = Reach { scopes: token.scopes.clone(), resources: Vec::new() };
    let facts = facts_of_client(token.id, client.id, &reach, (token.issued_at, token.expires_at));
    Ok(Some(Bearer { facts, client, reach, jti: None, expires_at: token.expires_at }))
}

/// The grant of a client that speaks for itself, which has no row.
fn facts_of_client(
    id: GrantId,
    client: ClientRowId,
    reach: &Reach,
    counts: (Timestamp, Timestamp),
) -> GrantFacts {
    let reach = (reach.scopes.clone(), reach.resources.clone());
    let grant = Arc::new(Grant::of_client(id, client, reach, JwtTokenId::WITHOUT_ROW, counts));
    GrantFacts { grant, session: None, user: None, consent: None }
}

/// An older generation counts until it expires: an app may have requests under way while it
/// renews. A later one was never given.
fn accept(said: Option<Said>, facts: GrantFacts, client: Arc<Client>) -> Option<Bearer> {
    let said = said.filter(|said| said.generation <= facts.grant.generation)?;
    let Said { reach, jti, expires_at, .. } = said;
    Some(Bearer { facts, client, reach, jti, expires_at })
}

/// The grant and its client, when both still count and the token was not taken back alone.
async fn load(
    store: &Store,
    id: GrantId,
    token: Digest,
    now: Timestamp,
) -> Result<Option<(GrantFacts, Arc<Client>)>, Fault> {
    let Some(grant) = store.grant(id).await? else { return Ok(None) };
    let facts = store.facts_of(grant).await?;
    if !facts.is_live(now) || store.is_token_revoked(token).await? {
        return Ok(None);
    }
    let client = store.client(facts.grant.client).await?.filter(|client| client.is_enabled());
    Ok(client.map(|client| (facts, client)))
}

/// The same for a JWT of a client that speaks for itself: what no row keeps stands in its claims, which are signed. A
/// client that was made after the token is another one of that name.
async fn load_client(
    store: &Store,
    id: GrantId,
    claims: &AccessTokenClaims,
    token: Digest,
) -> Result<Option<(GrantFacts, Arc<Client>)>, Fault> {
    let holds = |client: &Arc<Client>| {
        client.is_enabled() && client.created_at.as_seconds() <= claims.issued_at.as_seconds()
    };
    let Some(client) = store.client_named(&claims.client_id).await?.filter(holds) else {
        return Ok(None);
    };
    if store.is_token_revoked(token).await? {
        return Ok(None);
    }
    let scopes = ScopeSet::parse(claims.scope.as_deref().unwrap_or_default()).unwrap_or_default();
    let reach = Reach { scopes, resources: claims.aud.clone() };
    let facts = facts_of_client(id, client.id, &reach, (claims.issued_at, claims.expires_at));
    Ok(Some((facts, client)))
}
