use crate::base::ClientRowId;
use crate::domain::{Client, StoredRequest};
use crate::protocol::redirect_uri::{RedirectDifference, is_registered, nearest_difference};
use crate::protocol::{AuthorizeParams, ErrorCode, OAuthError, ResponseMode, ResponseType};

/// The proof that an address belongs to a client. Nothing can send a browser to an app without
/// one, and it can only be made by matching the address against the client's registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedReturn {
    client: ClientRowId,
    redirect_uri: String,
    response_mode: ResponseMode,
    state: Option<String>,
}

/// Why nothing may be sent to the app (RFC 6749 §4.1.2.1): the person and the developer read it
/// on a page of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestProblem {
    /// `client_id` or `redirect_uri` stood twice.
    Repeated(&'static str),
    /// The `request_uri` of a pushed request is unknown, over, used, or another client's.
    PushedRequestGone,
    /// No `client_id`.
    MissingClient,
    /// No client has this `client_id`.
    UnknownClient,
    /// The client is disabled.
    DisabledClient,
    /// No `redirect_uri`.
    MissingRedirect,
    /// The address is not registered.
    UnregisteredRedirect {
        /// What was received.
        received: String,
        /// In what it differs from the nearest registered one.
        difference: RedirectDifference,
    },
}

impl RequestProblem {
    /// The same for a client that is there itself (RFC 9126 §2.3).
    pub fn to_error(&self) -> OAuthError {
        let description = match self {
            Self::Repeated(name) => {
                return OAuthError::about(ErrorCode::InvalidRequest, name, "stands more than once");
            }
            Self::PushedRequestGone => {
                return OAuthError::new(
                    ErrorCode::InvalidRequestUri,
                    "request_uri is unknown, over, or used",
                );
            }
            Self::MissingClient => "client_id is missing",
            Self::UnknownClient => "client_id is unknown, or differs from the client",
            Self::DisabledClient => "the client is disabled",
            Self::MissingRedirect => "redirect_uri is missing",
            Self::UnregisteredRedirect { .. } => "redirect_uri is not registered, byte for byte",
        };
        OAuthError::new(ErrorCode::InvalidRequest, description)
    }
}

/// Matches the address of a request against its client, byte for byte (RFC 9700 §2.1).
///
/// # Errors
/// When the client or the address is missing, repeated, unknown or disabled.
pub fn trust<'a>(
    params: &AuthorizeParams,
    client: Option<&'a Client>,
) -> Result<(&'a Client, TrustedReturn), RequestProblem> {
    for name in ["client_id", "redirect_uri"] {
        if params.repeated.contains(&name) {
            return Err(RequestProblem::Repeated(name));
        }
    }
    if params.client_id.is_none() {
        return Err(RequestProblem::MissingClient);
    }
    let client = client.ok_or(RequestProblem::UnknownClient)?;
    let received = params.redirect_uri.as_deref().ok_or(RequestProblem::MissingRedirect)?;
    require_registered(client, received)?;
    let response_mode = mode_of_answer(params);
    let to = TrustedReturn {
        client: client.id,
        redirect_uri: received.to_owned(),
        response_mode,
        state: params.state.clone(),
    };
    Ok((client, to))
}

/// The mode that was asked for, when it may carry the answer, or the default of the response type.
fn mode_of_answer(params: &AuthorizeParams) -> ResponseMode {
    let text = params.response_type.as_deref().unwrap_or_default();
    let response_type = ResponseType::parse(text).unwrap_or_default();
    params
        .response_mode
        .as_deref()
        .and_then(ResponseMode::parse)
        .filter(|mode| response_type.may_travel_by(*mode))
        .unwrap_or(response_type.default_mode())
}

fn require_registered(client: &Client, received: &str) -> Result<(), RequestProblem> {
    if !client.is_enabled() {
        return Err(RequestProblem::DisabledClient);
    }
    let registered = &client.metadata.redirect_uris;
    if registered.iter().any(|one| is_registered(received, one)) {
        return Ok(());
    }
    Err(RequestProblem::UnregisteredRedirect {
        received: received.to_owned(),
        difference: nearest_difference(received, registered.iter().map(String::as_str)),
    })
}

impl TrustedReturn {
    /// The address of a stored request, matched again against the client as it is now.
    pub(super) fn again(
        request: &StoredRequest,
        client: Option<&Client>,
    ) -> Result<Self, RequestProblem> {
        let client = client
            .filter(|client| client.id == request.client)
            .ok_or(RequestProblem::UnknownClient)?;
        require_registered(client, &request.redirect_uri)?;
        Ok(Self {
            client: client.id,
            redirect_uri: request.redirect_uri.clone(),
            response_mode: request.response_mode,
            state: request.state.clone(),
        })
    }

    /// Whose address it is.
    pub fn client(&self) -> ClientRowId {
        self.client
    }

    /// The address, as it was received.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// How the answer travels.
    pub fn response_mode(&self) -> ResponseMode {
        self.response_mode
    }

    /// Echoed in every answer.
    pub fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// The fields of an answer: those of `answer`, then `state` as it was received, then `iss`
    /// (RFC 9207 §2), on success and on error alike.
    pub fn fields(
        &self,
        answer: Vec<(&'static str, String)>,
        issuer: &str,
    ) -> Vec<(&'static str, String)> {
        let state = self.state.clone().map(|state| ("state", state));
        answer.into_iter().chain(state).chain([("iss", issuer.to_owned())]).collect()
    }

    /// The address with `fields` in its query. A query that was registered stays as it is
    /// (RFC 6749 §3.1.2).
    pub fn url_with(&self, fields: &[(&'static str, String)]) -> String {
        let encoded = form_encoded(fields);
        let separator = match self.redirect_uri.split_once('?') {
            None => "?",
            Some((_, "")) => "",
            Some((_, registered)) if registered.ends_with('&') => "",
            Some(_) => "&",
        };
        format!("{}{separator}{encoded}", self.redirect_uri)
    }

    /// The address with `fields` in its fragment, which stays in the browser (OAuth 2.0 Multiple
    /// Response Types §2.1). A registered address has none of its own.
    pub fn url_with_fragment(&self, fields: &[(&'static str, String)]) -> String {
        format!("{}#{}", self.redirect_uri, form_encoded(fields))
    }
}

fn form_encoded(fields: &[(&'static str, String)]) -> String {
    let mut encoded = url::form_urlencoded::Serializer::new(String::new());
    encoded.extend_pairs(fields);
    encoded.finish()
}
