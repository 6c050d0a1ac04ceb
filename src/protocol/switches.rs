//! What an installation offers beyond the code flow: off until its operator says otherwise.

/// Who may register a client over HTTP (RFC 7591 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DynamicRegistration {
    /// Nobody: clients are made by the operator.
    #[default]
    Off,
    /// Whoever holds an initial access token.
    Token,
    /// Anybody.
    Open,
}

/// The response types that hand tokens out through the browser. A client must register those it
/// uses as well. RFC 9700 §2.1.2 advises against them: they are for old apps and certification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ResponseTypeSwitches {
    /// `id_token` and `id_token token` (OpenID Connect Core §3.2).
    pub implicit: bool,
    /// `code id_token`, `code token` and `code id_token token` (OpenID Connect Core §3.3).
    pub hybrid: bool,
}
