//! The `openidconnect` crate for a whole session, as an app in Rust uses it: sign-in, introspection,
//! refresh over a change of keys, revocation, sign-out.

use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreTokenResponse};
use openidconnect::{
    AccessToken, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IntrospectionUrl, IssuerUrl,
    LogoutRequest, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PostLogoutRedirectUrl,
    ProviderMetadataWithLogout, RedirectUrl, RefreshToken, RevocationUrl, Scope,
    TokenIntrospectionResponse as _, TokenResponse as _,
};
use serde_json::json;
use tessera::app::key_rotation::Rotation;

use super::key_rotation::rotate;
use crate::support::{App, Browser, Options, PASSWORD, TestApp, TestCertificate};

const BYE: &str = "https://notes.example/bye";

async fn call(request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    // Nobody knows the certificate of this test.
    let http =
        reqwest::Client::builder().no_proxy().tls_danger_accept_invalid_certs(true).build()?;
    let response = http.execute(request.try_into()?).await?;
    let (status, headers) = (response.status(), response.headers().clone());
    let mut answer = HttpResponse::new(response.bytes().await?.to_vec());
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    Ok(answer)
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointSet,
    EndpointSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// An app that has just been started: what it knows of the provider is what discovery says.
struct Party {
    metadata: ProviderMetadataWithLogout,
    client: Client,
}

impl Party {
    async fn start(app: &App) -> Self {
        let issuer = IssuerUrl::new(app.provider.clone()).expect("an issuer");
        let metadata = ProviderMetadataWithLogout::discover_async(issuer, &call).await;
        let metadata = metadata.expect("it discovers");
        let url = |path: &str| format!("{}{path}", app.provider);
        let client = CoreClient::from_provider_metadata(
            metadata.clone(),
            ClientId::new(app.client_id.clone()),
            app.secret.clone().map(ClientSecret::new),
        )
        .set_redirect_uri(RedirectUrl::new(app.redirect_uri.clone()).expect("a URI"))
        .set_introspection_url(IntrospectionUrl::new(url("/introspect")).expect("a URL"))
        .set_revocation_url(RevocationUrl::new(url("/revoke")).expect("a URL"));
        Self { metadata, client }
    }

    async fn sign_in(&self, browser: &mut Browser) -> CoreTokenResponse {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let (url, state, nonce) = self
            .client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(["email", "offline_access"].map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge)
            .url();
        let page = browser.get(url.as_str()).await;
        let answer = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
        assert_eq!(answer.told("state").as_deref(), Some(state.secret().as_str()));
        let tokens = self
            .client
            .exchange_code(AuthorizationCode::new(answer.code()))
            .expect("an endpoint")
            .set_pkce_verifier(verifier)
            .request_async(&call)
            .await
            .expect("tokens");
        let claims = id_token(&tokens).claims(&self.client.id_token_verifier(), &nonce);
        assert_eq!(claims.expect("it holds").email().expect("one").as_str(), "ada@example.com");
        tokens
    }

    async fn refresh(&self, token: &RefreshToken) -> CoreTokenResponse {
        let request = self.client.exchange_refresh_token(token).expect("an endpoint");
        let tokens = request.request_async(&call).await.expect("tokens");
        // OpenID Connect Core §12.2: the new ID token should have no nonce.
        let no_nonce = |nonce: Option<&Nonce>| nonce.map_or(Ok(()), |_| Err("a nonce".to_owned()));
        id_token(&tokens).claims(&self.client.id_token_verifier(), no_nonce).expect("it holds");
        tokens
    }

    async fn is_active(&self, token: &AccessToken) -> bool {
        self.client.introspect(token).request_async(&call).await.expect("an answer").active()
    }
}

fn id_token(tokens: &CoreTokenResponse) -> &CoreIdToken {
    tokens.id_token().expect("an ID token")
}

#[actix_web::test]
async fn the_openidconnect_crate_lives_through_a_session() {
    // The crate sends a token that it revokes nowhere but over https.
    let certificate = TestCertificate::new();
    let tls = Some(certificate.files());
    let app = TestApp::with(Options { tls, ..Options::default() }).await;
    app.user("ada").await;
    let notes = app
        .app(json!({
            "grant_types": ["authorization_code", "refresh_token"],
            "post_logout_redirect_uris": [BYE],
        }))
        .await;
    let mut browser = app.browser();
    let party = Party::start(&notes).await;
    let first = party.sign_in(&mut browser).await;
    assert!(party.is_active(first.access_token()).await);

    rotate(&app, Rotation::Now).await;
    // The crate reads the keys at discovery and never again, so an app rediscovers.
    let party = Party::start(&notes).await;
    let second = party.refresh(first.refresh_token().expect("one")).await;
    id_token(&first)
        .claims(&party.client.id_token_verifier(), |_: Option<&Nonce>| Ok(()))
        .expect("what the old key signed still holds");
    assert!(party.is_active(second.access_token()).await);

    let token = second.refresh_token().expect("one").clone();
    let revocation = party.client.revoke_token(token.into()).expect("an address it may be sent to");
    revocation.request_async(&call).await.expect("it is revoked");
    assert!(!party.is_active(second.access_token()).await);

    let end_session = party.metadata.additional_metadata().end_session_endpoint.clone();
    let url = LogoutRequest::from(end_session.expect("an endpoint"))
        .set_id_token_hint(id_token(&first))
        .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(BYE.to_owned()).expect("a URI"))
        .set_state(CsrfToken::new("bye".to_owned()))
        .http_get_url();
    let answer = browser.get(url.as_str()).await;
    assert_eq!(answer.location().as_deref(), Some(&*format!("{BYE}?state=bye")));
    let silent = browser.authorize(&notes, &[("prompt", "none")]).await;
    assert_eq!(silent.told("error").as_deref(), Some("login_required"));
}
