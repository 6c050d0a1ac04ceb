// oauth4webapi as the kinds of clients that ask more of a provider: pushed requests, keys instead of
// secrets, signed requests and answers, and registration by the client itself.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { Party, assertIsPerson, discover, isErrorBody, options } from './oauth4webapi_party.js';
import { startProvider } from './provider.js';

let provider;
let as;
before(async () => {
  provider = await startProvider({ settings: 'registration = { dynamic = "token" }\nresponse_types = { hybrid = true }' });
  as = await discover(provider);
});
after(() => provider?.stop());

const assertIsAda = (claims) => assertIsPerson(provider.person, claims);
const createClient = (changes) => provider.createClient({ ...provider.clients.basic, client_id: undefined, client_secret: undefined, ...changes });

async function makeKey(alg) {
  const { privateKey, publicKey } = await oauth.generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: crypto.randomUUID(), alg, use: 'sig' };
  return { key: { key: privateKey, kid: jwk.kid }, jwks: { keys: [jwk] } };
}

describe('pushed requests', () => {
  const push = async ({ client, auth }, parameters) => {
    const answer = await oauth.pushedAuthorizationRequest(as, client, auth, parameters, options);
    return oauth.processPushedAuthorizationResponse(as, client, answer);
  };
  const byReference = (app) => async (parameters) => {
    const { request_uri } = await push(app, parameters);
    return { client_id: parameters.client_id, request_uri };
  };

  for (const name of ['basic', 'post', 'public']) {
    test(`a ${name} client signs in with one`, async () => {
      const app = new Party(provider, as, provider.clients[name]);
      assertIsAda((await app.signIn({ sent: byReference(app) })).claims);
    });
  }

  test('are all that a client may use which registered so', async () => {
    const app = new Party(provider, as, await createClient({ require_pushed_authorization_requests: true }));
    assertIsAda((await app.signIn({ sent: byReference(app) })).claims);
    const asked = await app.authorize();
    assert.throws(() => app.checkResponse(asked), { error: 'invalid_request' });
  });

  test('are refused at once when they cannot be answered', async () => {
    const app = new Party(provider, as, provider.clients.basic);
    const { parameters } = await app.ask({ redirect_uri: 'https://elsewhere.example.test/' });
    await assert.rejects(push(app, parameters), isErrorBody(400, 'invalid_request'));
  });
});

describe('clients that sign', () => {
  for (const alg of ['RS256', 'PS256', 'ES256', 'ES384', 'Ed25519']) {
    test(`authenticate with a key of their own (${alg})`, async () => {
      const { key, jwks } = await makeKey(alg);
      const client = await createClient({ token_endpoint_auth_method: 'private_key_jwt', jwks });
      const app = new Party(provider, as, client, oauth.PrivateKeyJwt(key));
      assertIsAda((await app.signIn()).claims);

      const stranger = new Party(provider, as, client, oauth.PrivateKeyJwt((await makeKey(alg)).key));
      await assert.rejects(stranger.signIn(), isErrorBody(401, 'invalid_client'));
    });
  }

  test('authenticate with their secret as the key', async () => {
    const app = new Party(provider, as, await createClient({ token_endpoint_auth_method: 'client_secret_jwt' }));
    assertIsAda((await app.signIn()).claims);
    const stranger = new Party(provider, as, app.client, oauth.ClientSecretJwt('wrong'.repeat(9)));
    await assert.rejects(stranger.signIn(), isErrorBody(401, 'invalid_client'));
  });

  test('sign their requests', async () => {
    const { key, jwks } = await makeKey('ES256');
    const app = new Party(provider, as, await createClient({ request_object_signing_alg: 'ES256', jwks }));
    const sent = async (parameters) => {
      const request = await oauth.issueRequestObject(as, app.client, parameters, key);
      return { client_id: parameters.client_id, response_type: 'code', scope: 'openid', request };
    };
    assertIsAda((await app.signIn({ sent })).claims);
  });
});

describe('signed answers', () => {
  test('userinfo is a JWT for a client that registered so', async () => {
    const app = new Party(provider, as, await createClient({ userinfo_signed_response_alg: 'ES256' }));
    const { tokens, claims } = await app.signIn();
    const answer = await oauth.userInfoRequest(as, app.client, tokens.access_token, options);
    assertIsAda(await oauth.processUserInfoResponse(as, app.client, claims.sub, answer));
    await oauth.validateApplicationLevelSignature(as, answer, options);
  });

  test('the ID token comes with the code, and the library compares the two', async () => {
    const hybrid = { response_types: ['code id_token'], grant_types: ['authorization_code', 'implicit'] };
    const app = new Party(provider, as, await createClient(hybrid));
    const asked = await app.authorize({ response_type: 'code id_token' });
    const fragment = new URLSearchParams(new URL(asked.request.url).hash.slice(1));
    asked.response = fragment;
    const { nonce, state } = asked;
    await oauth.validateCodeIdTokenResponse(as, app.client, fragment, nonce, state, undefined, options);
  });
});
