// oauth4webapi signs in at a running provider, and reads its errors: the authorization response, the token
// response, challenges and error bodies.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { Party, assertIsPerson, discover, isChallenge, isErrorBody, isForm } from './oauth4webapi_party.js';
import { startProvider } from './provider.js';

let provider;
let as;
before(async () => {
  provider = await startProvider();
  as = await discover(provider);
});
after(() => provider?.stop());

const party = (name, auth) => new Party(provider, as, provider.clients[name], auth);
const assertIsAda = (claims) => assertIsPerson(provider.person, claims);

describe('signing in', () => {
  for (const name of ['basic', 'post', 'public', 'third_party']) {
    for (const mode of ['query', 'form_post']) {
      test(`a ${name} client, by ${mode}`, async () => {
        const app = party(name);
        const asked = await app.authorize({ response_mode: mode });
        assert.equal(isForm(asked.request), mode === 'form_post');
        const { tokens, claims } = await app.redeem(asked);
        assertIsAda(claims);
        assert.equal(tokens.token_type, 'bearer');
        assertIsAda(await app.userinfo(tokens.access_token, claims.sub));
      });
    }
  }

  test('the response names its issuer, and the metadata promise it', async () => {
    assert.equal(as.authorization_response_iss_parameter_supported, true);
    const app = party('basic');
    const asked = await app.authorize();
    assert.equal(asked.response.get('iss'), provider.issuer);
    asked.response.set('iss', 'https://other.example.test');
    assert.throws(() => app.checkResponse(asked), { code: oauth.INVALID_RESPONSE });
  });

  test('a request with max_age is answered with auth_time', async () => {
    const client = { ...provider.clients.basic, default_max_age: 60, require_auth_time: true };
    const { claims } = await new Party(provider, as, client).signIn({ max_age: 60 });
    assert.equal(typeof claims.auth_time, 'number');
  });
});

describe('errors', () => {
  test('of the authorization endpoint come back with state and issuer', async () => {
    const app = party('basic');
    const asked = await app.authorize({ prompt: 'none' });
    assert.throws(() => app.checkResponse(asked), {
      code: oauth.AUTHORIZATION_RESPONSE_ERROR,
      error: 'login_required',
    });
    assert.equal(asked.response.get('iss'), provider.issuer);
  });

  test('a wrong secret sent by Basic is answered with a Basic challenge', async () => {
    const asked = await party('basic').authorize();
    const impostor = party('basic', oauth.ClientSecretBasic('wrong'));
    await assert.rejects(impostor.redeem(asked), isChallenge(401, 'basic'));
    assertIsAda((await party('basic').redeem(asked)).claims);
  });

  test('a wrong secret sent in the form is answered with invalid_client', async () => {
    const asked = await party('post').authorize();
    const impostor = party('post', oauth.ClientSecretPost('wrong'));
    await assert.rejects(impostor.redeem(asked), isErrorBody(401, 'invalid_client'));
  });

  test('a code of another client is an invalid_grant', async () => {
    const asked = await party('basic').authorize();
    await assert.rejects(party('post').redeem(asked), isErrorBody(400, 'invalid_grant'));
  });

  test('a code is redeemed once, and a second try ends what the first one got', async () => {
    const app = party('public');
    const asked = await app.authorize();
    const { tokens } = await app.redeem(asked);
    await assert.rejects(app.redeem(asked), isErrorBody(400, 'invalid_grant'));
    await assert.rejects(app.userinfo(tokens.access_token), isChallenge(401, 'bearer', { error: 'invalid_token' }));
  });

  test('userinfo answers a token that is none with a Bearer challenge', async () => {
    await assert.rejects(party('basic').userinfo('none'), isChallenge(401, 'bearer', { error: 'invalid_token' }));
  });
});

test('signing out returns to the app with its state, and ends the session', async () => {
  const app = party('basic');
  const { tokens, who } = await app.signIn();
  const [post_logout_redirect_uri] = app.client.post_logout_redirect_uris;
  const url = new URL(as.end_session_endpoint);
  const state = oauth.generateRandomState();
  url.search = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri, state });
  const back = await who.follow(url, post_logout_redirect_uri);
  assert.equal(new URL(back.url).searchParams.get('state'), state);

  const asked = await app.authorize({ who, prompt: 'none' });
  assert.throws(() => app.checkResponse(asked), { error: 'login_required' });
});
