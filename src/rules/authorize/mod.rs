//! The authorization endpoint: from parameters to a checked request, and from a checked request
//! and the facts to a decision.

mod decide;
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

pub use decide::{Selection, Settlement, SignInReason, SignedIn, select, settle};
pub use trusted_return::{RequestProblem, TrustedReturn, trust};

use crate::base::Timestamp;
use crate::domain::{Client, StoredRequest};
use crate::protocol::pkce::CodeChallenge;
use crate::protocol::{AuthorizeParams, OAuthError, Prompts, ScopeSet};

/// An endpoint that runs checks of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// `/authorize`.
    Authorize,
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
    response_type::CHECK,
    response_mode::CHECK,
    values::CHECK,
    scope::CHECK,
    prompt::CHECK,
    prompt::MAX_AGE,
    pkce::CHECK,
    resource::CHECK,
];

/// What a check looks at.
struct Inquiry<'a> {
    params: &'a AuthorizeParams,
    client: &'a Client,
}

/// What the checks fill in.
#[derive(Default)]
struct Draft {
    scopes: ScopeSet,
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
    params: &AuthorizeParams,
    client: Option<&Client>,
    received_at: Timestamp,
) -> Result<CheckedRequest, Refusal> {
    let (client, to) = trust(params, client).map_err(Refusal::Page)?;
    let inquiry = Inquiry { params, client };
    let mut draft = Draft::default();
    for check in CHECKS {
        if let Err(error) = (check.run)(&inquiry, &mut draft) {
            return Err(Refusal::Return(to, error));
        }
    }
    let request = StoredRequest {
        client: client.id,
        redirect_uri: to.redirect_uri().to_owned(),
        response_mode: to.response_mode(),
        state: params.state.clone(),
        nonce: params.nonce.clone(),
        scopes: draft.scopes,
        prompts: draft.prompts,
        max_age: draft.max_age.or(client.metadata.default_max_age),
        login_hint: params.login_hint.clone(),
        ui_locales: params.ui_locales.clone(),
        challenge: draft.challenge,
        resources: draft.resources,
        received_at,
    };
    Ok(CheckedRequest { request, to })
}
