// openid-client, a certified relying-party library, signs in at a running provider. The library itself
// checks what a relying party has to: discovery, state, nonce, `iss`, PKCE, and the ID token's signature
// (with the provider's published keys) and claims.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import * as oidc from 'openid-client';
import { Person } from './person.js';
import { startProvider } from './provider.js';

let provider;
before(async () => (provider = await startProvider()));
after(() => provider?.stop());

async function discover(name, { at = provider, secret, auth } = {}) {
  const { client_id, client_secret, id_token_signed_response_alg } = at.clients[name];
  const metadata = { id_token_signed_response_alg: id_token_signed_response_alg ?? 'RS256' };
  const method = auth ?? (client_secret ? oidc.ClientSecretBasic(secret ?? client_secret) : oidc.None());
  const execute = [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks];
  return oidc.discovery(new URL(at.issuer), client_id, metadata, method, { execute });
}

// Sends the person to the provider and gives what the app receives, with the checks the library needs.
async function authorize(config, { at = provider, who = new Person(at.person), urlOf = oidc.buildAuthorizationUrl, ...parameters } = {}) {
  const [redirect_uri] = at.clients.basic.redirect_uris;
  const checks = {
    pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
    expectedState: oidc.randomState(),
    expectedNonce: oidc.randomNonce(),
    idTokenExpected: true,
  };
  const url = await urlOf(config, {
    redirect_uri,
    scope: 'openid profile email',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...parameters,
  });
  return { response: await who.follow(url, redirect_uri), checks, who };
}

async function signIn(config, options) {
  const { response, checks, who } = await authorize(config, options);
  const tokens = await oidc.authorizationCodeGrant(config, response, checks);
  return { tokens, claims: tokens.claims(), who, checks };
}

function assertIsAda(claims) {
  const { sub, preferred_username, email, email_verified, name } = claims;
  assert.match(sub, /^[0-9a-f-]{36}$/);
  const { username, ...expected } = provider.person;
  assert.deepEqual(
    { preferred_username, email, email_verified, name },
    { preferred_username: username, email: expected.email, email_verified: true, name: expected.name },
  );
}

describe('signing in', () => {
  for (const [name, auth] of [
    ['basic', null],
    ['post', oidc.ClientSecretPost],
    ['public', null],
  ]) {
    test(`a ${name} client gets the person's claims in the ID token and from userinfo`, async () => {
      const config = await discover(name, { auth: auth?.(provider.clients[name].client_secret) });
      const { tokens, claims, checks } = await signIn(config);
      assertIsAda(claims);
      assert.equal(claims.nonce, checks.expectedNonce);
      assert.equal(typeof claims.at_hash, 'string');
      assertIsAda(await oidc.fetchUserInfo(config, tokens.access_token, claims.sub));
    });
  }

  for (const alg of ['ES256', 'ES384', 'PS256', 'EdDSA']) {
    test(`a client that registered ${alg} gets its ID token signed so`, async () => {
      const { tokens, claims } = await signIn(await discover(alg.toLowerCase()));
      assertIsAda(claims);
      assert.equal(decodeProtectedHeader(tokens.id_token).alg, alg);
    });
  }

  test('the response arrives by form_post', async () => {
    const config = await discover('basic');
    const { response, checks, who } = await authorize(config, { response_mode: 'form_post' });
    assert.equal(response.method, 'POST');
    assert.deepEqual(who.pages, ['login-submit', 'form_post']);
    assertIsAda((await oidc.authorizationCodeGrant(config, response, checks)).claims());
  });

  test('a second app of the same browser asks for no password', async () => {
    const { who, claims } = await signIn(await discover('basic'));
    who.pages = [];
    const second = await signIn(await discover('post'), { who });
    assert.equal(second.claims.sub, claims.sub);
    assert.deepEqual(who.pages, []);
  });

  test('the hand-off is a page unless the operator chose redirects', async () => {
    const { who } = await signIn(await discover('basic'));
    assert.deepEqual(who.pages, ['login-submit', 'handoff']);

    const other = await startProvider({ handoff: 'redirect' });
    try {
      const { who } = await signIn(await discover('basic', { at: other }), { at: other });
      assert.deepEqual(who.pages, ['login-submit']);
    } finally {
      await other.stop();
    }
  });
});

describe('consent', () => {
  test('an app of a third party signs in after the person allowed it, once', async () => {
    const config = await discover('third_party');
    const { who, claims } = await signIn(config);
    assertIsAda(claims);
    assert.deepEqual(who.pages, ['login-submit', 'consent-allow', 'handoff']);
    who.pages = [];
    await signIn(config, { who });
    assert.deepEqual(who.pages, []);
  });

  test('an app that was denied hears access_denied', async () => {
    const config = await discover('third_party');
    const who = new Person(provider.person, { consent: 'deny' });
    // Consent given in an earlier test must not answer for this one.
    const { response, checks } = await authorize(config, { who, prompt: 'consent' });
    await assert.rejects(oidc.authorizationCodeGrant(config, response, checks), {
      name: 'AuthorizationResponseError',
      error: 'access_denied',
    });
  });
});

describe('the token endpoint', () => {
  test('refuses a wrong secret and leaves the code alone', async () => {
    const config = await discover('basic');
    const { response, checks } = await authorize(config);
    const impostor = await discover('basic', { secret: 'wrong' });
    await assert.rejects(oidc.authorizationCodeGrant(impostor, response, checks), (error) => {
      assert.equal(error.status, 401);
      assert.match(JSON.stringify(error.cause), /Basic|basic/);
      return true;
    });
    assertIsAda((await oidc.authorizationCodeGrant(config, response, checks)).claims());
  });

  test('redeems a code once, and a second try ends what the first one got', async () => {
    const config = await discover('basic');
    const { response, checks } = await authorize(config);
    const tokens = await oidc.authorizationCodeGrant(config, response, checks);
    await assert.rejects(oidc.authorizationCodeGrant(config, response, checks), { error: 'invalid_grant' });
    await assert.rejects(oidc.fetchUserInfo(config, tokens.access_token, oidc.skipSubjectCheck));
  });

  test('refuses a code without the verifier of its challenge', async () => {
    const config = await discover('basic');
    const { response, checks } = await authorize(config);
    const other = { ...checks, pkceCodeVerifier: oidc.randomPKCECodeVerifier() };
    await assert.rejects(oidc.authorizationCodeGrant(config, response, other), { error: 'invalid_grant' });
  });

  test('refreshes: a new ID token for the same person, and a new refresh token', async () => {
    const config = await discover('basic');
    const { tokens, claims } = await signIn(config, { scope: 'openid profile email offline_access' });
    const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    assertIsAda(renewed.claims());
    assert.equal(renewed.claims().auth_time, claims.auth_time);
    assert.equal(renewed.claims().nonce, undefined);
    assert.notEqual(renewed.refresh_token, tokens.refresh_token);
    await oidc.fetchUserInfo(config, renewed.access_token, claims.sub);
  });

  test('gives a service a token of its own', async () => {
    const tokens = await oidc.clientCredentialsGrant(await discover('service'));
    assert.equal(tokens.token_type, 'bearer');
    assert.equal(tokens.id_token, undefined);
  });
});

describe('access tokens', () => {
  test('open userinfo by POST, in the header and in the form', async () => {
    const config = await discover('basic');
    const { tokens } = await signIn(config);
    const endpoint = new URL(config.serverMetadata().userinfo_endpoint);
    const byHeader = await oidc.fetchProtectedResource(config, tokens.access_token, endpoint, 'POST');
    assertIsAda(await byHeader.json());
    const body = new URLSearchParams({ access_token: tokens.access_token });
    assertIsAda(await (await fetch(endpoint, { method: 'POST', body })).json());
  });

  test('are active until revoked', async () => {
    const config = await discover('basic');
    const { tokens } = await signIn(config);
    assert.equal((await oidc.tokenIntrospection(config, tokens.access_token)).active, true);
    await oidc.tokenRevocation(config, tokens.access_token);
    assert.equal((await oidc.tokenIntrospection(config, tokens.access_token)).active, false);
    await assert.rejects(oidc.fetchUserInfo(config, tokens.access_token, oidc.skipSubjectCheck));
  });
});

test('signing out returns to the app with its state, and ends the session', async () => {
  const config = await discover('basic');
  const { tokens, who } = await signIn(config);
  const [post_logout_redirect_uri] = provider.clients.basic.post_logout_redirect_uris;
  const url = oidc.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token,
    post_logout_redirect_uri,
    state: 'goodbye',
  });
  const back = await who.follow(url, post_logout_redirect_uri);
  assert.equal(new URL(back.url).searchParams.get('state'), 'goodbye');

  const { response, checks } = await authorize(config, { who, prompt: 'none' });
  await assert.rejects(oidc.authorizationCodeGrant(config, response, checks), { error: 'login_required' });
});

test('a pushed request signs in', async () => {
  const config = await discover('basic');
  const { tokens, claims } = await signIn(config, { urlOf: oidc.buildAuthorizationUrlWithPAR });
  assertIsAda(claims);
  assertIsAda(await oidc.fetchUserInfo(config, tokens.access_token, claims.sub));
});

test('a change of keys reaches an app that keeps the keys it found', async () => {
  const config = await discover('basic');
  const scope = 'openid profile email offline_access';
  const { tokens, claims, who } = await signIn(config, { scope });
  const kept = oidc.getJwksCache(config);
  await provider.rotateKeys();

  // The library asks again for a key that it misses, at most once a minute.
  const restarted = await discover('basic');
  oidc.setJwksCache(restarted, { ...kept, uat: kept.uat - 61 });
  const renewed = await oidc.refreshTokenGrant(restarted, tokens.refresh_token);
  assert.equal(renewed.claims().sub, claims.sub);
  assert.notEqual(decodeProtectedHeader(renewed.id_token).kid, decodeProtectedHeader(tokens.id_token).kid);

  // The old ID token is still a hint that counts.
  const [post_logout_redirect_uri] = provider.clients.basic.post_logout_redirect_uris;
  const url = oidc.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri });
  who.pages = [];
  await who.follow(url, post_logout_redirect_uri);
  assert.deepEqual(who.pages, []);
});
