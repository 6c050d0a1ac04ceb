use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::http::{ConnectionType, StatusCode, Uri};
use actix_web::middleware::Next;

use super::{errors, request};

const MAX_URL: usize = 8 * 1024;
const MAX_HEADERS: usize = 100;
const MAX_HEADER_BYTES: usize = 32 * 1024;

/// Refuses oversized and ambiguous requests before anything of them is read
/// (`security.md` R116, R117).
pub(super) async fn middleware(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    match refusal(&request) {
        None => Ok(next.call(request).await?.map_into_left_body()),
        Some(status) => {
            let http = request.request().clone();
            let page = errors::refused(&http, status);
            // What follows on this connection cannot be told apart any more.
            let mut response = request.into_response(page);
            response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
            Ok(response.map_into_right_body())
        }
    }
}

/// The bytes of an address, without the few between its parts.
fn length_of(uri: &Uri) -> usize {
    let authority = uri.authority().map_or(0, |authority| authority.as_str().len());
    authority + uri.path_and_query().map_or(0, |rest| rest.as_str().len())
}

fn refusal(request: &ServiceRequest) -> Option<StatusCode> {
    let headers = request.headers();
    if length_of(request.uri()) > MAX_URL {
        return Some(StatusCode::URI_TOO_LONG);
    }
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if headers.len() > MAX_HEADERS || bytes > MAX_HEADER_BYTES {
        return Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    let lengths = headers.get_all(header::CONTENT_LENGTH).count();
    if lengths > 1 || (lengths == 1 && headers.contains_key(header::TRANSFER_ENCODING)) {
        return Some(StatusCode::BAD_REQUEST);
    }
    let announced = headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse::<usize>().ok()?;
    (announced > request::MAX_FORM).then_some(StatusCode::PAYLOAD_TOO_LARGE)
}
