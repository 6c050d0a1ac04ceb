use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    HttpRequest, HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _,
};

/// A relying party on the `openidconnect` crate: discovery, PKCE, `state`, `nonce`, `iss`, and
/// the ID token checked by the library.
pub struct RelyingParty {
    metadata: CoreProviderMetadata,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    redirect_uri: RedirectUrl,
    http: reqwest::Client,
}

/// What a relying party keeps while the person is away.
pub struct Pending {
    state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

/// What the browser brings back.
#[derive(Debug, Default, Clone, serde::Deserialize)]
#[serde(default)]
pub struct Callback {
    /// The code.
    pub code: Option<String>,
    /// Must be the one that was sent.
    pub state: Option<String>,
    /// Must be the provider (RFC 9207).
    pub iss: Option<String>,
    /// An error instead of a code.
    pub error: Option<String>,
}

/// What a sign-in gave.
#[derive(Clone)]
pub struct Tokens {
    /// Opens userinfo, or an API.
    pub access_token: String,
    /// The ID token as it came, for signing out.
    pub id_token: String,
    /// Who signed in.
    pub subject: String,
    /// Their name.
    pub name: Option<String>,
    /// Their name for signing in.
    pub username: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
}

/// Why a sign-in did not end well.
#[derive(Debug, thiserror::Error)]
pub enum RelyingPartyError {
    /// The provider said no.
    #[error("the provider answered {0}")]
    Refused(String),
    /// The answer does not belong to the request.
    #[error("the answer does not belong to this request: {0}")]
    Foreign(&'static str),
    /// The library refused something.
    #[error("{0}")]
    Library(String),
}

fn library(error: impl std::fmt::Debug) -> RelyingPartyError {
    RelyingPartyError::Library(format!("{error:?}"))
}

impl RelyingParty {
    /// Discovers `issuer`.
    ///
    /// # Errors
    /// When the provider cannot be discovered.
    pub async fn discover(
        issuer: &str,
        client_id: &str,
        client_secret: Option<&str>,
        redirect_uri: &str,
        http: reqwest::Client,
    ) -> Result<Self, RelyingPartyError> {
        let issuer = IssuerUrl::new(issuer.to_owned()).map_err(library)?;
        let metadata =
            CoreProviderMetadata::discover_async(issuer, &caller(&http)).await.map_err(library)?;
        Ok(Self {
            metadata,
            client_id: ClientId::new(client_id.to_owned()),
            client_secret: client_secret.map(|secret| ClientSecret::new(secret.to_owned())),
            redirect_uri: RedirectUrl::new(redirect_uri.to_owned()).map_err(library)?,
            http,
        })
    }

    /// Where to send the browser, and what to keep until it comes back.
    pub fn begin(&self, scopes: &[&str], extra: &[(&str, &str)]) -> (String, Pending) {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let client = self.client();
        let mut request = client.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        );
        for scope in scopes {
            request = request.add_scope(Scope::new((*scope).to_owned()));
        }
        for (name, value) in extra {
            request = request.add_extra_param(*name, *value);
        }
        let (url, state, nonce) = request.set_pkce_challenge(challenge).url();
        (url.to_string(), Pending { state, nonce, verifier })
    }

    /// Redeems what the browser brought back, and checks the ID token.
    ///
    /// # Errors
    /// When the answer is an error, is not ours, or does not hold.
    pub async fn finish(
        &self,
        pending: Pending,
        callback: Callback,
    ) -> Result<Tokens, RelyingPartyError> {
        if callback.state.as_deref() != Some(pending.state.secret().as_str()) {
            return Err(RelyingPartyError::Foreign("state"));
        }
        if callback.iss.as_deref() != Some(self.metadata.issuer().as_str()) {
            return Err(RelyingPartyError::Foreign("iss"));
        }
        if let Some(error) = callback.error {
            return Err(RelyingPartyError::Refused(error));
        }
        let code = callback.code.ok_or(RelyingPartyError::Foreign("code"))?;
        let answer = self
            .client()
            .exchange_code(AuthorizationCode::new(code))
            .map_err(library)?
            .set_pkce_verifier(pending.verifier)
            .request_async(&caller(&self.http))
            .await
            .map_err(library)?;
        let id_token = answer.id_token().ok_or(RelyingPartyError::Foreign("id_token"))?;
        self.read(id_token, &pending.nonce, answer.access_token())
    }

    fn read(
        &self,
        id_token: &CoreIdToken,
        nonce: &Nonce,
        access_token: &AccessToken,
    ) -> Result<Tokens, RelyingPartyError> {
        let client = self.client();
        let verifier = client.id_token_verifier();
        let claims = id_token.claims(&verifier, nonce).map_err(library)?;
        if let Some(expected) = claims.access_token_hash() {
            let key = id_token.signing_key(&verifier).map_err(library)?;
            let algorithm = id_token.signing_alg().map_err(library)?;
            let actual =
                AccessTokenHash::from_token(access_token, algorithm, key).map_err(library)?;
            if actual != *expected {
                return Err(RelyingPartyError::Foreign("at_hash"));
            }
        }
        Ok(Tokens {
            access_token: access_token.secret().clone(),
            id_token: id_token.to_string(),
            subject: claims.subject().to_string(),
            name: claims.name().and_then(|name| name.get(None)).map(|name| name.to_string()),
            username: claims.preferred_username().map(|name| name.to_string()),
            email: claims.email().map(|email| email.to_string()),
        })
    }

    /// Asks userinfo, which also tells whether the person is still signed in.
    ///
    /// # Errors
    /// When the provider refuses the access token.
    pub async fn userinfo(&self, tokens: &Tokens) -> Result<CoreUserInfoClaims, RelyingPartyError> {
        self.client()
            .user_info(AccessToken::new(tokens.access_token.clone()), None)
            .map_err(library)?
            .request_async(&caller(&self.http))
            .await
            .map_err(library)
    }

    /// Where to send the browser to sign out at the provider.
    pub fn sign_out_url(&self, tokens: &Tokens, back_to: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("id_token_hint", &tokens.id_token);
        query.append_pair("post_logout_redirect_uri", back_to);
        let issuer = self.metadata.issuer().as_str().trim_end_matches('/');
        format!("{issuer}/end_session?{}", query.finish())
    }

    fn client(&self) -> ConfiguredClient {
        CoreClient::from_provider_metadata(
            self.metadata.clone(),
            self.client_id.clone(),
            self.client_secret.clone(),
        )
        .set_redirect_uri(self.redirect_uri.clone())
    }
}

type ConfiguredClient = CoreClient<
    openidconnect::EndpointSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointMaybeSet,
    openidconnect::EndpointMaybeSet,
>;

/// The HTTP function that the library asks for.
fn caller(
    http: &reqwest::Client,
) -> impl Fn(
    HttpRequest,
) -> std::pin::Pin<Box<dyn Future<Output = Result<HttpResponse, CallError>> + Send>>
+ use<> {
    let http = http.clone();
    move |request| {
        let http = http.clone();
        Box::pin(async move {
            let response = http.execute(request.try_into()?).await?;
            let (status, headers) = (response.status(), response.headers().clone());
            let mut answer = HttpResponse::new(response.bytes().await?.to_vec());
            *answer.status_mut() = status;
            *answer.headers_mut() = headers;
            Ok(answer)
        })
    }
}

/// A request that did not get through.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct CallError(#[from] reqwest::Error);
