use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpMessage as _, HttpRequest};

use serde_json::{Map, Value};

use super::Site;
use crate::protocol::Parameters;
use crate::protocol::json::parse_object;
use crate::protocol::parameters::MalformedParameters;

/// The largest body that is read.
pub(super) const MAX_FORM: usize = 64 * 1024;

/// Why a request could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Larger than [`MAX_FORM`].
    TooLarge,
    /// It did not arrive within [`super::Limits::body_within`].
    TooSlow,
    /// Not a form.
    NotAForm,
    /// Not JSON.
    NotJson,
    /// JSON that is no object, too deep, or names a member twice.
    NotAnObject,
    /// The connection ended, or the parameters are malformed.
    Malformed,
}

impl Unreadable {
    /// The status that fits.
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NotAForm | Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Malformed | Self::NotAnObject => StatusCode::BAD_REQUEST,
        }
    }

    /// What an app's developer is told.
    pub(super) const fn description(self) -> &'static str {
        match self {
            Self::TooLarge => "the body is larger than 64 KiB",
            Self::TooSlow => "the body did not arrive in time",
            Self::NotAForm => "the body must be application/x-www-form-urlencoded",
            Self::NotJson => "the body must be application/json",
            Self::NotAnObject => {
                "the body must be one JSON object without repeated members or deep nesting"
            }
            Self::Malformed => "the parameters are malformed, or more than 200",
        }
    }
}

impl From<MalformedParameters> for Unreadable {
    fn from(_: MalformedParameters) -> Self {
        Self::Malformed
    }
}

/// The parameters of the query.
pub(super) fn query(request: &HttpRequest) -> Result<Parameters, Unreadable> {
    Ok(Parameters::parse(request.query_string().as_bytes())?)
}

/// The parameters of a form body.
pub(super) async fn form(
    request: &HttpRequest,
    payload: Payload,
) -> Result<Parameters, Unreadable> {
    check_length(request)?;
    if request.content_type() != "application/x-www-form-urlencoded" {
        return Err(Unreadable::NotAForm);
    }
    Ok(Parameters::parse(&body(request, payload).await?)?)
}

/// The object of a JSON body (`security.md` R117).
pub(super) async fn json(
    request: &HttpRequest,
    payload: Payload,
) -> Result<Map<String, Value>, Unreadable> {
    check_length(request)?;
    if request.content_type() != "application/json" {
        return Err(Unreadable::NotJson);
    }
    parse_object(&body(request, payload).await?).ok_or(Unreadable::NotAnObject)
}

/// A body that announces itself as too large is never read.
fn check_length(request: &HttpRequest) -> Result<(), Unreadable> {
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MAX_FORM) {
        return Err(Unreadable::TooLarge);
    }
    Ok(())
}

/// A client that sends its body byte by byte must not hold the request for ever.
async fn body(request: &HttpRequest, payload: Payload) -> Result<Bytes, Unreadable> {
    let limits = request.app_data::<Data<Site>>().map(|site| site.limits).unwrap_or_default();
    tokio::time::timeout(limits.body_within, payload.to_bytes_limited(MAX_FORM))
        .await
        .map_err(|_| Unreadable::TooSlow)?
        .map_err(|_| Unreadable::TooLarge)?
        .map_err(|_| Unreadable::Malformed)
}

/// Whether a form came from a page of ours, as far as the browser tells (`security.md` R87).
///
/// `Sec-Fetch-Site` is the browser's own word; where it is missing, `Origin` must be ours. Our
/// `no-referrer` policy makes browsers send `Origin: null`, which proves nothing either way: the
/// form's token decides then.
pub(super) fn is_from_own_page(request: &HttpRequest, own_origin: &str) -> bool {
    let text = |name: header::HeaderName| {
        request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    match text(header::HeaderName::from_static("sec-fetch-site")).as_deref() {
        Some("same-origin" | "none") => true,
        Some(_) => false,
        None => match text(header::ORIGIN).as_deref() {
            None | Some("null") => true,
            Some(origin) => origin == own_origin,
        },
    }
}
