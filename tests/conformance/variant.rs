use std::fmt;

/// How a module is run: the choices of the suite that change what a provider must do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Variant {
    /// `response_type` of the client's requests.
    pub(super) response_type: &'static str,
    /// Whether they ask for `response_mode=form_post`.
    pub(super) is_form_post: bool,
    /// `token_endpoint_auth_method` of the client.
    pub(super) auth: &'static str,
    /// Where the client comes from.
    pub(super) registration: Registration,
}

/// Where a client comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Registration {
    /// An operator made it.
    Static,
    /// It registered itself.
    Dynamic,
}

impl Registration {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Static => "static client",
            Self::Dynamic => "dynamic client",
        }
    }
}

impl Variant {
    /// Whether the answer holds `part` (`code`, `id_token`, `token`).
    pub(super) fn includes(&self, part: &str) -> bool {
        self.response_type.split(' ').any(|kind| kind == part)
    }

    /// Whether nothing but a code comes through the browser.
    pub(super) fn is_code_flow(&self) -> bool {
        self.response_type == "code"
    }

    /// The grant types that such a client registers (OpenID Connect Registration §2).
    pub(super) fn grant_types(&self) -> Vec<&'static str> {
        let mut grants = Vec::new();
        if self.includes("code") {
            grants.push("authorization_code");
        }
        if !self.is_code_flow() {
            grants.push("implicit");
        }
        grants
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = if self.is_form_post { ", form_post" } else { "" };
        let registration = self.registration.as_str();
        write!(f, "{}{mode}, {}, {registration}", self.response_type, self.auth)
    }
}
