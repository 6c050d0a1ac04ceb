// oauth4webapi, the low-level library under Auth.js and openid-client, at a running provider. It takes
// every answer apart by itself: metadata, authorization response, token response, challenges, errors.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { Person } from './person.js';
import { startProvider } from './provider.js';

// The provider is on this machine, without TLS.
const options = { [oauth.allowInsecureRequests]: true };

let provider;
let as;
before(async () => {
  provider = await startProvider();
  const issuer = new URL(provider.issuer);
  as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
});
after(() => provider?.stop());

const methods = {
  client_secret_basic: ({ client_secret }) => oauth.ClientSecretBasic(client_secret),
  client_secret_post: ({ client_secret }) => oauth.ClientSecretPost(client_secret),
  none: () => oauth.None(),
};
const authOf = (client) => methods[client.token_endpoint_auth_method](client);

const isForm = (request) => request.method === 'POST';
const parametersOf = async (request) =>
  isForm(request) ? new URLSearchParams(await request.text()) : new URL(request.url).searchParams;

// Sends the person to the provider; gives the parameters that the app receives and what checks them.
async function authorize(client, { who = new Person(provider.person), ...more } = {}) {
  const [redirectUri] = client.redirect_uris;
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid profile email',
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...more,
  });
  const request = await who.follow(url, redirectUri);
  return { request, response: await parametersOf(request), verifier, state, nonce, redirectUri, who };
}

// Redeems the code; `client` may differ from the one that asked.
async function redeem(client, { response, verifier, state, nonce, redirectUri }, auth = authOf(client)) {
  const checked = oauth.validateAuthResponse(as, client, response, state);
  const answer = await oauth.authorizationCodeGrantRequest(as, client, auth, checked, redirectUri, verifier, options);
  const checks = { expectedNonce: nonce, requireIdToken: true };
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, checks);
  // The library leaves this check to those who want it: the signature, with the published keys.
  await oauth.validateApplicationLevelSignature(as, answer, options);
  return { tokens, claims: oauth.getValidatedIdTokenClaims(tokens) };
}

async function signIn(client, more) {
  const asked = await authorize(client, more);
  return { ...(await redeem(client, asked)), who: asked.who };
}

async function userinfo(client, accessToken, subject) {
  const answer = await oauth.userInfoRequest(as, client, accessToken, options);
  return oauth.processUserInfoResponse(as, client, subject, answer);
}

function assertIsAda({ preferred_username, email, email_verified, name }) {
  const { username, ...expected } = provider.person;
  assert.deepEqual(
    { preferred_username, email, email_verified, name },
    { preferred_username: username, email: expected.email, email_verified: true, name: expected.name },
  );
}

// The library's error for an answer with challenges carries them parsed.
const isChallenge = (status, scheme, expected) => (error) => {
  assert.equal(error.code, oauth.WWW_AUTHENTICATE_CHALLENGE);
  assert.equal(error.status, status);
  const [challenge] = error.cause;
  assert.equal(challenge.scheme, scheme);
  for (const [name, value] of Object.entries(expected)) assert.equal(challenge.parameters[name], value);
  return true;
};

const isErrorBody = (status, code) => (error) => {
  assert.equal(error.code, oauth.RESPONSE_BODY_ERROR);
  assert.deepEqual([error.status, error.error], [status, code]);
  return true;
};

describe('signing in', () => {
  for (const name of ['basic', 'post', 'public', 'third_party']) {
    for (const mode of ['query', 'form_post']) {
      test(`a ${name} client, by ${mode}`, async () => {
        const client = provider.clients[name];
        const asked = await authorize(client, { response_mode: mode });
        assert.equal(isForm(asked.request), mode === 'form_post');
        const { tokens, claims } = await redeem(client, asked);
        assertIsAda(claims);
        assert.equal(tokens.token_type, 'bearer');
        assertIsAda(await userinfo(client, tokens.access_token, claims.sub));
      });
    }
  }

  test('the response names its issuer, and the metadata promise it', async () => {
    assert.equal(as.authorization_response_iss_parameter_supported, true);
    const client = provider.clients.basic;
    const { response, state } = await authorize(client);
    assert.equal(response.get('iss'), provider.issuer);
    response.set('iss', 'https://other.example.test');
    assert.throws(() => oauth.validateAuthResponse(as, client, response, state), { code: oauth.INVALID_RESPONSE });
  });

  test('a request with max_age is answered with auth_time', async () => {
    const client = { ...provider.clients.basic, default_max_age: 60, require_auth_time: true };
    const { claims } = await signIn(client, { max_age: 60 });
    assert.equal(typeof claims.auth_time, 'number');
  });
});

describe('errors', () => {
  test('of the authorization endpoint come back with state and issuer', async () => {
    const client = provider.clients.basic;
    const { response, state } = await authorize(client, { prompt: 'none' });
    assert.throws(() => oauth.validateAuthResponse(as, client, response, state), {
      code: oauth.AUTHORIZATION_RESPONSE_ERROR,
      error: 'login_required',
    });
    assert.equal(response.get('iss'), provider.issuer);
  });

  test('a wrong secret sent by Basic is answered with a Basic challenge', async () => {
    const client = provider.clients.basic;
    const asked = await authorize(client);
    await assert.rejects(redeem(client, asked, oauth.ClientSecretBasic('wrong')), isChallenge(401, 'basic', {}));
    assertIsAda((await redeem(client, asked)).claims);
  });

  test('a wrong secret sent in the form is answered with invalid_client', async () => {
    const client = provider.clients.post;
    const asked = await authorize(client);
    const wrong = redeem(client, asked, oauth.ClientSecretPost('wrong'));
    await assert.rejects(wrong, isErrorBody(401, 'invalid_client'));
  });

  test('a code of another client is an invalid_grant', async () => {
    const asked = await authorize(provider.clients.basic);
    await assert.rejects(redeem(provider.clients.post, asked), isErrorBody(400, 'invalid_grant'));
  });

  test('a code is redeemed once, and a second try ends what the first one got', async () => {
    const client = provider.clients.public;
    const asked = await authorize(client);
    const { tokens, claims } = await redeem(client, asked);
    await assert.rejects(redeem(client, asked), isErrorBody(400, 'invalid_grant'));
    const late = userinfo(client, tokens.access_token, claims.sub);
    await assert.rejects(late, isChallenge(401, 'bearer', { error: 'invalid_token' }));
  });

  test('userinfo answers a token that is none with a Bearer challenge', async () => {
    const asked = userinfo(provider.clients.basic, 'none', oauth.skipSubjectCheck);
    await assert.rejects(asked, isChallenge(401, 'bearer', { error: 'invalid_token' }));
  });
});

test('signing out returns to the app with its state, and ends the session', async () => {
  const client = provider.clients.basic;
  const { tokens, who } = await signIn(client);
  const [post_logout_redirect_uri] = client.post_logout_redirect_uris;
  const url = new URL(as.end_session_endpoint);
  const state = oauth.generateRandomState();
  url.search = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri, state });
  const back = await who.follow(url, post_logout_redirect_uri);
  assert.equal(new URL(back.url).searchParams.get('state'), state);

  const asked = await authorize(client, { who, prompt: 'none' });
  assert.throws(() => oauth.validateAuthResponse(as, client, asked.response, asked.state), { error: 'login_required' });
});
