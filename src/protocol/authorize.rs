//! The parameters of an authorization request (OpenID Connect Core §3.1.2.1, RFC 6749 §4.1.1).

use super::Parameters;

/// The parameters as they arrived, each at most once. Nothing is judged yet: the checks in
/// `rules::authorize` do that, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthorizeParams {
    /// `client_id`.
    pub client_id: Option<String>,
    /// `redirect_uri`.
    pub redirect_uri: Option<String>,
    /// `response_type`.
    pub response_type: Option<String>,
    /// `response_mode`.
    pub response_mode: Option<String>,
    /// `scope`.
    pub scope: Option<String>,
    /// `state`.
    pub state: Option<String>,
    /// `nonce`.
    pub nonce: Option<String>,
    /// `prompt`.
    pub prompt: Option<String>,
    /// `max_age`.
    pub max_age: Option<String>,
    /// `login_hint`.
    pub login_hint: Option<String>,
    /// `ui_locales`.
    pub ui_locales: Option<String>,
    /// `acr_values`.
    pub acr_values: Option<String>,
    /// `claims` (OpenID Connect Core §5.5).
    pub claims: Option<String>,
    /// `id_token_hint`.
    pub id_token_hint: Option<String>,
    /// `code_challenge` (RFC 7636 §4.3).
    pub code_challenge: Option<String>,
    /// `code_challenge_method` (RFC 7636 §4.3).
    pub code_challenge_method: Option<String>,
    /// `request` (OpenID Connect Core §6.1).
    pub request: Option<String>,
    /// `request_uri` (OpenID Connect Core §6.2).
    pub request_uri: Option<String>,
    /// `registration` (OpenID Connect Core §7.2.1).
    pub registration: Option<String>,
    /// `resource`, which may stand several times (RFC 8707 §2).
    pub resources: Vec<String>,
    /// The defined parameters that stood more than once.
    pub repeated: Vec<&'static str>,
}

impl AuthorizeParams {
    /// Reads the parameters. It cannot fail: what is wrong is kept for the checks to tell.
    pub fn read(raw: &Parameters) -> Self {
        let mut repeated = Vec::new();
        let mut one = |name: &'static str| match raw.one(name) {
            Ok(value) => value.map(str::to_owned),
            Err(_) => {
                repeated.push(name);
                None
            }
        };
        // Nothing acts on these two: every page fits every display, and claims have one language.
        // Repeated, they are refused all the same.
        for name in ["display", "claims_locales"] {
            one(name);
        }
        let mut params = Self {
            client_id: one("client_id"),
            redirect_uri: one("redirect_uri"),
            response_type: one("response_type"),
            response_mode: one("response_mode"),
            scope: one("scope"),
            state: one("state"),
            nonce: one("nonce"),
            prompt: one("prompt"),
            max_age: one("max_age"),
            login_hint: one("login_hint"),
            ui_locales: one("ui_locales"),
            acr_values: one("acr_values"),
            claims: one("claims"),
            id_token_hint: one("id_token_hint"),
            code_challenge: one("code_challenge"),
            code_challenge_method: one("code_challenge_method"),
            request: one("request"),
            request_uri: one("request_uri"),
            registration: one("registration"),
            resources: raw.all("resource").into_iter().map(str::to_owned).collect(),
            repeated: Vec::new(),
        };
        params.repeated = repeated;
        params
    }

    /// The parameters as pairs that [`Self::read`] reads back, when none was repeated.
    pub fn to_pairs(&self) -> Vec<(String, String)> {
        let one = [
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("response_type", &self.response_type),
            ("response_mode", &self.response_mode),
            ("scope", &self.scope),
            ("state", &self.state),
            ("nonce", &self.nonce),
            ("prompt", &self.prompt),
            ("max_age", &self.max_age),
            ("login_hint", &self.login_hint),
            ("ui_locales", &self.ui_locales),
            ("acr_values", &self.acr_values),
            ("claims", &self.claims),
            ("id_token_hint", &self.id_token_hint),
            ("code_challenge", &self.code_challenge),
            ("code_challenge_method", &self.code_challenge_method),
        ];
        let one = one.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let many = self.resources.iter().map(|resource| ("resource", resource));
        one.chain(many).map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }
}

/// How the answer travels back (OAuth 2.0 Multiple Response Types §2.1, Form Post §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of the redirect URI.
    Query,
    /// In its fragment, which no server sees.
    Fragment,
    /// In a form that the browser posts to the redirect URI.
    FormPost,
}

impl ResponseMode {
    /// Every mode that is served.
    pub const ALL: [Self; 3] = [Self::Query, Self::Fragment, Self::FormPost];

    /// The mode as it stands in a request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
        }
    }

    /// The mode of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text)
    }
}

/// The values of `prompt` (OpenID Connect Core §3.1.2.1, Prompt Create §4.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Prompts {
    /// `none`: no page may be shown.
    pub none: bool,
    /// `login`: the person must prove again who they are.
    pub login: bool,
    /// `consent`: the person must be asked again.
    pub consent: bool,
    /// `select_account`: the person must choose an account.
    pub select_account: bool,
    /// `create`: the person wants an account of their own.
    pub create: bool,
}

impl Prompts {
    /// Reads the space-separated values. Values that are not known are ignored, as relying
    /// parties send those of other providers; `none` beside another known value is refused.
    pub fn parse(text: &str) -> Option<Self> {
        let mut prompts = Self::default();
        let mut known = 0;
        for value in text.split(' ').filter(|value| !value.is_empty()) {
            known += 1;
            match value {
                "none" => prompts.none = true,
                "login" => prompts.login = true,
                "consent" => prompts.consent = true,
                "select_account" => prompts.select_account = true,
                "create" => prompts.create = true,
                _ => {}
            }
        }
        if prompts.none && known > 1 { None } else { Some(prompts) }
    }
}
