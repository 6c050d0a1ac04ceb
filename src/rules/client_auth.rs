//! Client authentication at the token endpoint (RFC 6749 §2.3, OpenID Connect Core §9).

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::base::{Secret, Timestamp};
use crate::domain::{Client, ClientSecrets};
use crate::protocol::{AssertionAudience, AuthMethod, ErrorCode, OAuthError, Parameters};

/// A client that proved who it is, or a public one that named itself. The token functions ask
/// for it, and it comes from [`authenticate`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatedClient(Arc<Client>);

impl AuthenticatedClient {
    /// The client.
    pub fn client(&self) -> &Client {
        &self.0
    }
}

/// What a request says of its client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientClaim {
    /// The names it may mean, the likeliest first.
    pub client_ids: Vec<String>,
    /// The secrets it may mean, the likeliest first; none for a public client.
    secrets: Vec<Secret<String>>,
    /// A JWT that it signed (RFC 7523 §2.2). When the request names no client, the JWT does.
    pub assertion: Option<String>,
    /// Whether it came in the header, so that a refusal must name the scheme (RFC 6749 §5.2).
    pub is_basic: bool,
}

impl ClientClaim {
    /// Whether it shows more than a name.
    pub fn shows_something(&self) -> bool {
        !self.secrets.is_empty() || self.assertion.is_some()
    }
}

/// What became of the assertion of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assertion {
    /// There is none.
    None,
    /// It does not verify, says something wrong, or was used before.
    Wrong,
    /// It is the client's own, and was used up.
    Right,
}

/// What a verified assertion says (RFC 7523 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssertionFacts<'a> {
    /// Who made it.
    pub iss: &'a str,
    /// Who authenticates.
    pub sub: &'a str,
    /// Whom it is for.
    pub aud: &'a [String],
    /// Whether `aud` was an array.
    pub is_array: bool,
    /// Whether its header says that it authenticates a client (RFC 10070).
    pub is_typed: bool,
    /// When it stops to count.
    pub exp: Timestamp,
    /// When it was made.
    pub iat: Option<Timestamp>,
    /// When it begins to count.
    pub nbf: Option<Timestamp>,
}

/// How far clocks may differ to our disadvantage: an assertion that ended is taken so much later.
pub const ASSERTION_LEEWAY: Duration = Duration::from_secs(60);
/// How far into the future an assertion may have been made.
const AHEAD: Duration = Duration::from_secs(30);
/// The longest life of an assertion for the issuer alone (`security.md` R41).
const SHORT_LIFE: Duration = Duration::from_secs(5 * 60);
/// The longest life where the token endpoint may be named too.
const LONG_LIFE: Duration = Duration::from_secs(60 * 60);

/// The earliest instant at which an acceptable assertion may have been made, by what it says.
pub fn made_at(facts: &AssertionFacts<'_>, client: &Client) -> Timestamp {
    let longest = match client.metadata.client_assertion_audience.unwrap_or_default() {
        AssertionAudience::Issuer => SHORT_LIFE,
        AssertionAudience::IssuerOrTokenEndpoint => LONG_LIFE,
    };
    facts.iat.unwrap_or(facts.exp - longest)
}

/// Whether an assertion says the right things: from the client, about the client, for us alone,
/// and for a short time.
pub fn accepts(
    facts: &AssertionFacts<'_>,
    client: &Client,
    issuer: &str,
    token_endpoint: &str,
    now: Timestamp,
) -> bool {
    let audience = client.metadata.client_assertion_audience.unwrap_or_default();
    let (is_for_us, longest) = match audience {
        // RFC 10070: the issuer as the only value, as a text.
        AssertionAudience::Issuer => (!facts.is_array && facts.aud == [issuer], SHORT_LIFE),
        AssertionAudience::IssuerOrTokenEndpoint => {
            let is_ours = |aud: &String| aud == issuer || aud == token_endpoint;
            // The typed form promises the issuer alone.
            (facts.aud.iter().any(is_ours) && (!facts.is_typed || facts.aud == [issuer]), LONG_LIFE)
        }
    };
    let begins = facts.iat.into_iter().chain(facts.nbf);
    is_for_us
        && facts.iss == client.client_id
        && facts.sub == client.client_id
        && now < facts.exp + ASSERTION_LEEWAY
        && facts.exp <= now + longest + ASSERTION_LEEWAY
        && begins.max().is_none_or(|begins| begins <= now + AHEAD)
}

/// Why a client was not let in, and whether it tried the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unauthenticated {
    /// What it is told.
    pub error: OAuthError,
    /// Whether the answer must carry `WWW-Authenticate: Basic`.
    pub is_basic: bool,
}

/// RFC 7523 §2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Reads who the client says it is.
///
/// # Errors
/// When nothing is said, the header is malformed, or two methods are mixed.
pub fn read(
    authorization: Option<&str>,
    form: &Parameters,
) -> Result<ClientClaim, Unauthenticated> {
    let refuse = |code, description| Unauthenticated {
        error: OAuthError::new(code, description),
        is_basic: authorization.is_some(),
    };
    let once = |name| {
        form.one(name).map_err(|repeated| Unauthenticated {
            error: OAuthError::about(
                ErrorCode::InvalidRequest,
                repeated.0,
                "stands more than once",
            ),
            is_basic: false,
        })
    };
    let (form_id, form_secret) = (once("client_id")?, once("client_secret")?);
    let (assertion, kind) = (once("client_assertion")?, once("client_assertion_type")?);
    if assertion.is_some() || kind.is_some() {
        let is_jwt = assertion.is_some() && kind == Some(ASSERTION_TYPE);
        if authorization.is_some() || form_secret.is_some() || !is_jwt {
            return Err(refuse(
                ErrorCode::InvalidRequest,
                "client_assertion needs its type, a JWT bearer, and no other method beside it",
            ));
        }
        return Ok(ClientClaim {
            client_ids: form_id.map(str::to_owned).into_iter().collect(),
            secrets: Vec::new(),
            assertion: assertion.map(str::to_owned),
            is_basic: false,
        });
    }
    let Some(header) = authorization else {
        let id = form_id
            .ok_or_else(|| refuse(ErrorCode::InvalidClient, "client authentication is missing"))?;
        return Ok(ClientClaim {
            client_ids: vec![id.to_owned()],
            secrets: form_secret.map(|secret| Secret::new(secret.to_owned())).into_iter().collect(),
            assertion: None,
            is_basic: false,
        });
    };
    let claim = parse_basic(header).ok_or_else(|| {
        refuse(ErrorCode::InvalidClient, "the Authorization header is not of the Basic scheme")
    })?;
    // RFC 6749 §2.3: one method a request. An equal client_id beside the header is none.
    if form_secret.is_some() {
        return Err(refuse(ErrorCode::InvalidRequest, "two methods of client authentication"));
    }
    if form_id.is_some_and(|id| !claim.client_ids.iter().any(|known| known == id)) {
        return Err(refuse(
            ErrorCode::InvalidRequest,
            "client_id differs from the one in the Authorization header",
        ));
    }
    Ok(claim)
}

/// Takes a Basic header apart. RFC 6749 §2.3.1 has both halves form-encoded, and many clients
/// send them raw: both readings are kept.
pub fn parse_basic(header: &str) -> Option<ClientClaim> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = Secret::new(STANDARD.decode(encoded.trim()).ok()?);
    let text = std::str::from_utf8(bytes.expose()).ok()?;
    let (id, secret) = text.split_once(':')?;
    if id.is_empty() {
        return None;
    }
    let readings = |raw: &str| {
        // Nothing is escaped in most names and secrets, and both readings are then the same.
        if !raw.contains(['%', '+']) {
            return vec![raw.to_owned()];
        }
        let mut readings: Vec<String> = form_decoded(raw).into_iter().collect();
        if !readings.iter().any(|reading| reading == raw) {
            readings.push(raw.to_owned());
        }
        readings
    };
    let secrets = if secret.is_empty() { Vec::new() } else { readings(secret) };
    Some(ClientClaim {
        client_ids: readings(id),
        secrets: secrets.into_iter().map(Secret::new).collect(),
        assertion: None,
        is_basic: true,
    })
}

/// The form-decoded reading, when the text can be one.
fn form_decoded(raw: &str) -> Option<String> {
    let escaped = raw.replace('&', "%26").replace('=', "%3D");
    let pairs = Parameters::parse(format!("v={escaped}").as_bytes()).ok()?;
    pairs.one("v").ok().flatten().map(str::to_owned)
}

/// Lets a client in. An unknown client, a disabled one and a wrong secret get the same answer,
/// after the same comparisons.
///
/// # Errors
/// `invalid_client`, with the same sentence in every case.
pub fn authenticate(
    claim: &ClientClaim,
    client: Option<Arc<Client>>,
    assertion: Assertion,
    now: Timestamp,
) -> Result<AuthenticatedClient, Unauthenticated> {
    let refusal = || Unauthenticated {
        error: OAuthError::new(
            ErrorCode::InvalidClient,
            "the client is unknown, or its authentication is wrong",
        ),
        is_basic: claim.is_basic,
    };
    let nothing = ClientSecrets { current: Some(crate::base::Digest::of(b"")), previous: None };
    let secrets = client.as_ref().map_or(&nothing, |client| &client.secrets);
    let has_right_secret = claim
        .secrets
        .iter()
        .fold(false, |found, secret| found | secrets.accept(secret.expose().as_bytes(), now));
    let client = client.filter(|client| client.is_enabled()).ok_or_else(refusal)?;
    let may_pass = match client.auth_method() {
        // A public client has no secret: one that is sent is a mistake, not to be ignored (R39).
        AuthMethod::None => {
            claim.secrets.is_empty() && !claim.is_basic && assertion == Assertion::None
        }
        AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost => has_right_secret,
        AuthMethod::ClientSecretJwt | AuthMethod::PrivateKeyJwt => assertion == Assertion::Right,
    };
    if may_pass { Ok(AuthenticatedClient(client)) } else { Err(refusal()) }
}
