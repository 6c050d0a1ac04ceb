// oauth4webapi, the low-level library under Auth.js and openid-client, as an app uses it: it takes every
// answer apart by itself. One `Party` is one client of the provider.

import assert from 'node:assert/strict';
import * as oauth from 'oauth4webapi';
import { Person } from './person.js';

// The provider is on this machine, without TLS.
export const options = { [oauth.allowInsecureRequests]: true };

export async function discover({ issuer }) {
  const url = new URL(issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, options));
}

const methods = {
  client_secret_basic: ({ client_secret }) => oauth.ClientSecretBasic(client_secret),
  client_secret_post: ({ client_secret }) => oauth.ClientSecretPost(client_secret),
  client_secret_jwt: ({ client_secret }) => oauth.ClientSecretJwt(client_secret),
  none: () => oauth.None(),
};

const ownMethod = (client) => methods[client.token_endpoint_auth_method ?? 'client_secret_basic'](client);

export const isForm = (request) => request.method === 'POST';
const parametersOf = async (request) =>
  isForm(request) ? new URLSearchParams(await request.text()) : new URL(request.url).searchParams;

export class Party {
  // `auth` is how it authenticates; without it, as its metadata say.
  constructor(provider, as, client, auth = ownMethod(client)) {
    Object.assign(this, { provider, as, client, auth });
    [this.redirectUri] = client.redirect_uris ?? [];
  }

  // An authorization request as its parameters, and what its answer has to fit.
  async ask(more = {}) {
    const verifier = oauth.generateRandomCodeVerifier();
    const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
    const parameters = {
      client_id: this.client.client_id,
      redirect_uri: this.redirectUri,
      response_type: 'code',
      scope: 'openid profile email',
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...more,
    };
    return { parameters, verifier, state, nonce };
  }

  // Sends the person to the provider; gives what the app receives besides.
  async authorize({ who = new Person(this.provider.person), sent, ...more } = {}) {
    const asked = await this.ask(more);
    const url = new URL(this.as.authorization_endpoint);
    url.search = new URLSearchParams(sent ? await sent(asked.parameters) : asked.parameters);
    const request = await who.follow(url, this.redirectUri);
    return { ...asked, request, response: await parametersOf(request), who };
  }

  checkResponse({ response, state }) {
    return oauth.validateAuthResponse(this.as, this.client, response, state);
  }

  async redeem(asked) {
    const { as, client, auth, redirectUri } = this;
    const checked = this.checkResponse(asked);
    const answer = await oauth.authorizationCodeGrantRequest(
      ...[as, client, auth, checked, redirectUri, asked.verifier, options],
    );
    const checks = { expectedNonce: asked.nonce, requireIdToken: true };
    return this.#signed(answer, await oauth.processAuthorizationCodeResponse(as, client, answer, checks));
  }

  async refresh(token, more = {}) {
    const { as, client, auth } = this;
    const additionalParameters = new URLSearchParams(more);
    const answer = await oauth.refreshTokenGrantRequest(as, client, auth, token, { ...options, additionalParameters });
    return this.#signed(answer, await oauth.processRefreshTokenResponse(as, client, answer));
  }

  // The library leaves the signature to those who want it checked, with the published keys.
  async #signed(answer, tokens) {
    await oauth.validateApplicationLevelSignature(this.as, answer, options);
    return { tokens, claims: oauth.getValidatedIdTokenClaims(tokens) };
  }

  async signIn(more) {
    const asked = await this.authorize(more);
    return { ...(await this.redeem(asked)), who: asked.who };
  }

  async userinfo(accessToken, subject = oauth.skipSubjectCheck) {
    const answer = await oauth.userInfoRequest(this.as, this.client, accessToken, options);
    return oauth.processUserInfoResponse(this.as, this.client, subject, answer);
  }
}

export function assertIsPerson(person, { preferred_username, email, email_verified, name }) {
  assert.deepEqual(
    { preferred_username, email, email_verified, name },
    { preferred_username: person.username, email: person.email, email_verified: true, name: person.name },
  );
}

// The library's error for an answer with challenges carries them parsed.
export const isChallenge = (status, scheme, expected = {}) => (error) => {
  assert.equal(error.code, oauth.WWW_AUTHENTICATE_CHALLENGE);
  assert.equal(error.status, status);
  const [challenge] = error.cause;
  assert.equal(challenge.scheme, scheme);
  for (const [name, value] of Object.entries(expected)) assert.equal(challenge.parameters[name], value);
  return true;
};

export const isErrorBody = (status, code) => (error) => {
  assert.equal(error.code, oauth.RESPONSE_BODY_ERROR);
  assert.deepEqual([error.status, error.error], [status, code]);
  return true;
};
