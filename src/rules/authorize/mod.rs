//! The authorization endpoint: from parameters to a checked request, and from a checked request
//! and the facts to a decision.

mod claims;
mod decide;
mod demand;
mod hint;
mod nonce;
mod pkce;
mod prompt;
mod repeated;
mod request_object;
mod resource;
mod response_mode;
mod response_type;
mod scope;
mod trusted_return;
mod values;

pub use decide::{
    Accounts, Selection, Settlement, SignInReason, SignedIn, is_to_sign_up, select, settle,
};
pub use demand::{demanded_level, unmet};
pub use trusted_return::{RequestProblem, TrustedReturn, trust};

use crate::base::{PushedRequestId, Timestamp};
use crate::domain::{Client, StoredRequest};
use crate::protocol::pkce::CodeChallenge;
use crate::protocol::{
    AuthorizeParams, ClaimsRequest, OAuthError, Prompts, ResponseType, ResponseTypeSwitches,
    ScopeSet,
};

/// An endpoint that runs checks of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// `/authorize`.
    Authorize,
    /// `/par` (RFC 9126 §2.1: the same checks, as far as they can be made there).
    PushedRequest,
}

impl Endpoint {
    /// Its path.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Authorize => "/authorize",
            Self::PushedRequest => "/par",
        }
    }
}

/// What the installation allows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AuthorizePolicy {
    /// The front-channel response types.
    pub response_types: ResponseTypeSwitches,
    /// Whether people may make accounts of their own.
    pub lets_sign_up: bool,
}

/// Whom an `id_token_hint` means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Hint {
    /// None was sent.
    #[default]
    None,
    /// It is no ID token of ours.
    Unverified,
    /// One of ours.
    Verified {
        /// Whom it is about, as its audience sees them.
        sub: String,
        /// Whom it was for.
        aud: Vec<String>,
    },
}

/// How the parameters came here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The client pushed them.
    pub pushed: Option<PushedRequestId>,
    /// The client signed them.
    pub is_signed: bool,
    /// What is wrong with the request object, when there is one that cannot be used. The
    /// parameters are then those beside it.
    pub problem: Option<OAuthError>,
}

/// Everything that the checks look at.
#[derive(Debug, Clone)]
pub struct Submission<'a> {
    /// The parameters that count.
    pub params: &'a AuthorizeParams,
    /// How they came.
    pub provenance: &'a Provenance,
    /// Whom the app means.
    pub hint: &'a Hint,
    /// What the installation allows.
    pub policy: AuthorizePolicy,
    /// When the request arrived.
    pub received_at: Timestamp,
}

/// One check: what it is called, which section asks for it, where it runs, and what it does.
pub struct Check {
    /// Its name in `docs/checks.md`.
    pub name: &'static str,
    /// The section that asks for it.
    pub section: &'static str,
    /// Where it runs.
    pub endpoints: &'static [Endpoint],
    run: fn(&Inquiry<'_>, &mut Draft) -> Result<(), OAuthError>,
}

/// The order is law: an earlier refusal hides a later one.
pub const CHECKS: &[Check] = &[
    repeated::CHECK,
    request_object::CHECK,
    request_object::PUSHED,
    request_object::SIGNED,
    response_type::CHECK,
    response_mode::CHECK,
    values::CHECK,
    scope::CHECK,
    nonce::CHECK,
    prompt::CHECK,
    prompt::MAX_AGE,
    hint::CHECK,
    claims::CHECK,
    claims::ACR,
    pkce::CHECK,
    resource::CHECK,
];

/// What a check looks at.
struct Inquiry<'a> {
    params: &'a AuthorizeParams,
    client: &'a Client,
    submission: &'a Submission<'a>,
}

/// What the checks fill in.
#[derive(Default)]
struct Draft {
    response_type: ResponseType,
    scopes: ScopeSet,
    claims: ClaimsRequest,
    hinted_sub: Option<String>,
    prompts: Prompts,
    max_age: Option<u32>,
    challenge: Option<CodeChallenge>,
    resources: Vec<String>,
}

/// A request that passed every check for the client as it is now. It is made here alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedRequest {
    request: StoredRequest,
    to: TrustedReturn,
}

/// Why a request is not served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing may be sent to the app: a page of ours tells.
    Page(RequestProblem),
    /// The app is told.
    Return(TrustedReturn, OAuthError),
}

impl CheckedRequest {
    /// The request.
    pub fn request(&self) -> &StoredRequest {
        &self.request
    }

    /// Where the answer goes.
    pub fn to(&self) -> &TrustedReturn {
        &self.to
    }

    /// A stored request, judged again against the client as it is now: it may have been disabled
    /// or have lost the address since (`security.md` R114).
    ///
    /// # Errors
    /// When the client would not be trusted with this address any more.
    pub fn resume(
        request: &StoredRequest,
        client: Option<&Client>,
    ) -> Result<Self, RequestProblem> {
        let to = TrustedReturn::again(request, client)?;
        Ok(Self { request: request.clone(), to })
    }
}

/// Runs every check in order.
///
/// # Errors
/// The first refusal: as a page until the address is trusted, to the app afterwards.
pub fn check(
    submission: &Submission<'_>,
    client: Option<&Client>,
) -> Result<CheckedRequest, Refusal> {
    let (client, to) = trust(submission.params, client).map_err(Refusal::Page)?;
    match run(submission, client, Endpoint::Authorize) {
        Ok(draft) => {
            Ok(CheckedRequest { request: draft.into_request(submission, client, &to), to })
        }
        Err(error) => Err(Refusal::Return(to, error)),
    }
}

/// Runs the checks that can be made when a client pushes a request (RFC 9126 §2.1). They run
/// again when the browser comes: the client may have changed meanwhile.
///
/// # Errors
/// The first refusal. Nothing is sent to the redirect URI: the client is there itself.
pub fn check_pushed(submission: &Submission<'_>, client: &Client) -> Result<(), OAuthError> {
    trust(submission.params, Some(client)).map_err(|problem| problem.to_error())?;
    run(submission, client, Endpoint::PushedRequest).map(drop)
}

fn run(
    submission: &Submission<'_>,
    client: &Client,
    endpoint: Endpoint,
) -> Result<Draft, OAuthError> {
    let inquiry = Inquiry { params: submission.params, client, submission };
    let mut draft = Draft::default();
    for check in CHECKS.iter().filter(|check| check.endpoints.contains(&endpoint)) {
        (check.run)(&inquiry, &mut draft)?;
    }
    Ok(draft)
}

impl Draft {
    fn into_request(
        self,
        submission: &Submission<'_>,
        client: &Client,
        to: &TrustedReturn,
    ) -> StoredRequest {
        let params = submission.params;
        let acr_values = params.acr_values.as_deref().unwrap_or_default();
        StoredRequest {
            client: client.id,
            redirect_uri: to.redirect_uri().to_owned(),
            response_type: self.response_type,
            response_mode: to.response_mode(),
            state: params.state.clone(),
            nonce: params.nonce.clone(),
            scopes: self.scopes,
            prompts: self.prompts,
            max_age: self.max_age.or(client.metadata.default_max_age),
            login_hint: params.login_hint.clone(),
            ui_locales: params.ui_locales.clone(),
            hinted_sub: self.hinted_sub,
            claims: self.claims,
            acr_values: acr_values.split_whitespace().map(str::to_owned).collect(),
            pushed: submission.provenance.pushed,
            challenge: self.challenge,
            resources: self.resources,
            received_at: submission.received_at,
        }
    }
}
