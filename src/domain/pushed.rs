use crate::base::{ClientRowId, Digest, PushedRequestId, Timestamp};

/// An authorization request that a client pushed before it sent the browser (RFC 9126).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushedRequest {
    /// Row id, which stands in the `request_uri`.
    pub id: PushedRequestId,
    /// Who pushed it: nobody else can use it.
    pub client: ClientRowId,
    /// Digest of the secret part of the `request_uri`.
    pub secret_digest: Digest,
    /// The parameters as they were pushed, without client authentication.
    pub parameters: Vec<(String, String)>,
    /// Whether the client signed them.
    pub is_signed: bool,
    /// When.
    pub created_at: Timestamp,
    /// Until when a browser may begin with it.
    pub expires_at: Timestamp,
    /// When it led to an answer: it counts once.
    pub used_at: Option<Timestamp>,
}
