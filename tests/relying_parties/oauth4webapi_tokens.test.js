// oauth4webapi uses the tokens of a running provider for all they are worth: refresh, client credentials,
// introspection (plain and signed), revocation, JWT access tokens at an API, and a change of keys.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import * as oauth from 'oauth4webapi';
import { Party, assertIsPerson, discover, isChallenge, isErrorBody, options } from './oauth4webapi_party.js';
import { startProvider } from './provider.js';

let provider;
let as;
before(async () => {
  provider = await startProvider();
  as = await discover(provider);
});
after(() => provider?.stop());

const party = (name) => new Party(provider, as, provider.clients[name]);
const assertIsAda = (claims) => assertIsPerson(provider.person, claims);
const OFFLINE = 'openid profile email offline_access';
const API = 'https://api.example.test';

async function introspect({ client, auth }, token, metadata = client) {
  const answer = await oauth.introspectionRequest(as, metadata, auth, token, options);
  const told = await oauth.processIntrospectionResponse(as, metadata, answer);
  if (metadata.introspection_signed_response_alg) await oauth.validateApplicationLevelSignature(as, answer, options);
  return told;
}

async function revoke({ client, auth }, token) {
  await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, auth, token, options));
}

async function serviceToken({ client, auth }, parameters = {}) {
  const answer = await oauth.clientCredentialsGrantRequest(as, client, auth, parameters, options);
  return oauth.processClientCredentialsResponse(as, client, answer);
}

// What an API does with the token somebody calls it with.
const validateAtApi = (accessToken, { as: at = as, kept } = {}) => {
  const request = new Request(API, { headers: { authorization: `Bearer ${accessToken}` } });
  return oauth.validateJwtAccessToken(at, request, API, { ...options, [oauth.jwksCache]: kept });
};

async function signOut({ as, client, redirectUri }, { tokens, who }) {
  const [post_logout_redirect_uri] = client.post_logout_redirect_uris;
  const url = new URL(as.end_session_endpoint);
  url.search = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri });
  await who.follow(url, new URL('/', redirectUri).href);
}

describe('refreshing', () => {
  for (const name of ['basic', 'post', 'public']) {
    test(`a ${name} client gets new tokens for the same sign-in`, async () => {
      const app = party(name);
      const { tokens, claims } = await app.signIn({ scope: OFFLINE });
      const renewed = await app.refresh(tokens.refresh_token);
      assertIsAda(renewed.claims);
      const { sub, auth_time, sid } = renewed.claims;
      assert.deepEqual({ sub, auth_time, sid }, { sub: claims.sub, auth_time: claims.auth_time, sid: claims.sid });
      assert.equal(renewed.claims.nonce, undefined);
      assert.notEqual(renewed.tokens.refresh_token, tokens.refresh_token);
      assertIsAda(await app.userinfo(renewed.tokens.access_token, claims.sub));
    });
  }

  test('whose answer was lost is answered again, with the same successor', async () => {
    const app = party('basic');
    const { tokens } = await app.signIn({ scope: OFFLINE });
    const [first, second] = [await app.refresh(tokens.refresh_token), await app.refresh(tokens.refresh_token)];
    assert.equal(first.tokens.refresh_token, second.tokens.refresh_token);
    assertIsAda((await app.refresh(second.tokens.refresh_token)).claims);
  });

  test('asks for less and gets less', async () => {
    const app = party('basic');
    const { tokens } = await app.signIn({ scope: OFFLINE });
    const renewed = await app.refresh(tokens.refresh_token, { scope: 'openid email' });
    assert.deepEqual(renewed.tokens.scope.split(' ').sort(), ['email', 'openid']);
    const info = await app.userinfo(renewed.tokens.access_token);
    assert.deepEqual([info.email, info.name], [provider.person.email, undefined]);
  });

  test('asks for more and gets no more', async () => {
    const app = party('basic');
    const { tokens } = await app.signIn({ scope: 'openid email offline_access' });
    const renewed = await app.refresh(tokens.refresh_token, { scope: 'openid email profile' });
    assert.deepEqual(renewed.tokens.scope.split(' ').sort(), ['email', 'openid']);
    const info = await app.userinfo(renewed.tokens.access_token);
    assert.deepEqual([info.email, info.name], [provider.person.email, undefined]);
  });

  test('is for the client that the token was given to', async () => {
    const { tokens } = await party('basic').signIn({ scope: OFFLINE });
    await assert.rejects(party('post').refresh(tokens.refresh_token), isErrorBody(400, 'invalid_grant'));
    await party('basic').refresh(tokens.refresh_token);
  });

  test('outlives the session with offline_access alone', async () => {
    const app = party('basic');
    const [offline, online] = [await app.signIn({ scope: OFFLINE }), await app.signIn()];
    for (const { tokens, who } of [offline, online]) await signOut(app, { tokens, who });
    await app.refresh(offline.tokens.refresh_token);
    await assert.rejects(app.refresh(online.tokens.refresh_token), isErrorBody(400, 'invalid_grant'));
  });
});

describe('a service', () => {
  test('gets a token of its own, and no other', async () => {
    const tokens = await serviceToken(party('service'));
    assert.deepEqual([tokens.id_token, tokens.refresh_token], [undefined, undefined]);
    const told = await introspect(party('service'), tokens.access_token);
    assert.equal(told.active, true);
    assert.equal(told.client_id, provider.clients.service.client_id);
  });

  test('calls an API with a JWT that names the API', async () => {
    const { access_token } = await serviceToken(party('caller'), { resource: API });
    const claims = await validateAtApi(access_token);
    assert.equal(claims.client_id, provider.clients.caller.client_id);
  });

  test('is refused an API that it was not registered for', async () => {
    const asked = serviceToken(party('caller'), { resource: 'https://other.example.test' });
    await assert.rejects(asked, isErrorBody(400, 'invalid_target'));
  });
});

describe('introspection', () => {
  test('says who a token is for', async () => {
    const app = party('basic');
    const { tokens, claims } = await app.signIn();
    const told = await introspect(app, tokens.access_token);
    const { active, sub, client_id, iss } = told;
    assert.deepEqual(
      { active, sub, client_id, iss },
      { active: true, sub: claims.sub, client_id: app.client.client_id, iss: provider.issuer },
    );
    assert.deepEqual(told.scope.split(' ').sort(), ['email', 'openid', 'profile']);
  });

  test('is signed for those who ask for it so', async () => {
    const app = party('basic');
    const { tokens, claims } = await app.signIn();
    const told = await introspect(app, tokens.access_token, { ...app.client, introspection_signed_response_alg: 'RS256' });
    assert.deepEqual([told.active, told.sub], [true, claims.sub]);
  });

  test('knows nothing of what is no token', async () => {
    assert.deepEqual(await introspect(party('basic'), 'none'), { active: false });
  });
});

describe('revoking', () => {
  test('an access token ends it everywhere', async () => {
    const app = party('basic');
    const { tokens } = await app.signIn();
    await revoke(app, tokens.access_token);
    assert.deepEqual(await introspect(app, tokens.access_token), { active: false });
    await assert.rejects(app.userinfo(tokens.access_token), isChallenge(401, 'bearer', { error: 'invalid_token' }));
  });

  test('a refresh token ends what came of it', async () => {
    const app = party('public');
    const { tokens } = await app.signIn({ scope: OFFLINE });
    await revoke(app, tokens.refresh_token);
    await assert.rejects(app.refresh(tokens.refresh_token), isErrorBody(400, 'invalid_grant'));
    await assert.rejects(app.userinfo(tokens.access_token), isChallenge(401, 'bearer'));
  });

  test('something unknown is as good as done', async () => {
    await revoke(party('basic'), 'none');
  });
});

test('a change of keys reaches an app that keeps the keys it found', async () => {
  const app = party('basic');
  const { tokens, claims, who } = await app.signIn({ scope: OFFLINE });
  const early = await serviceToken(party('caller'), { resource: API });
  const kept = {};
  await validateAtApi(early.access_token, { as: { ...as }, kept });

  await provider.rotateKeys();
  const late = await serviceToken(party('caller'), { resource: API });
  const kids = [early, late].map(({ access_token }) => decodeProtectedHeader(access_token).kid);
  assert.notEqual(...kids);
  // The library asks again for a key that it misses, at most once a minute.
  kept.uat -= 61;
  const restarted = { ...as };
  for (const { access_token } of [late, early]) await validateAtApi(access_token, { as: restarted, kept });

  const renewed = await new Party(provider, restarted, app.client).refresh(tokens.refresh_token);
  assert.equal(renewed.claims.sub, claims.sub);
  await signOut(app, { tokens, who });
});
