// An app as small as one can be: openid-client behind two addresses.

import { createServer } from 'node:http';
import * as oidc from 'openid-client';

// Listens on a free port of `name`.localhost. `connect` tells it its client, once that is made. What stands in
// the query of its /sign-in goes into its request; with `onward` its callback ends there.
export async function startSampleApp({ name = 'notes', onward } = {}) {
  let config;
  const pending = new Map();
  const [arrivals, signedIn] = [[], []];
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const url = `http://${name}.localhost:${server.address().port}`;
  const redirect_uri = `${url}/callback`;

  async function answer(request, response) {
    const at = new URL(request.url, url);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    if (at.pathname === '/') return response.end('<title>Notes</title><a id="sign-in" href="/sign-in">Sign in</a>');
    if (at.pathname === '/sign-in' || at.pathname === '/sign-up') {
      const [state, verifier] = [oidc.randomState(), oidc.randomPKCECodeVerifier()];
      pending.set(state, verifier);
      const to = oidc.buildAuthorizationUrl(config, {
        redirect_uri,
        state,
        scope: 'openid profile',
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(at.pathname === '/sign-up' && { prompt: 'create' }),
        ...Object.fromEntries(at.searchParams),
      });
      return response.writeHead(302, { location: to.href }).end();
    }
    if (at.pathname !== '/callback') return response.writeHead(at.pathname === '/favicon.ico' ? 204 : 404).end();
    arrivals.push(at);
    if (at.searchParams.has('error')) return response.end(`<p id="refused">${at.searchParams.get('error')}</p>`);
    const expectedState = at.searchParams.get('state');
    const pkceCodeVerifier = pending.get(expectedState);
    // Somebody went back to an answer that was used: they may begin anew.
    if (!pending.delete(expectedState)) return response.end('<main><a id="sign-in" href="/sign-in">Sign in</a></main>');
    const checks = { expectedState, pkceCodeVerifier, idTokenExpected: true };
    const claims = (await oidc.authorizationCodeGrant(config, at, checks)).claims();
    signedIn.push(claims);
    if (onward) return response.writeHead(302, { location: onward }).end();
    return response.end(`<title>Notes</title><p id="signed-in-as">${claims.preferred_username}</p>`);
  }

  return {
    url,
    // Every visit of its callback, and the claims of every ID token that it checked there.
    arrivals,
    signedIn,
    metadata: { client_name: 'Notes', redirect_uris: [redirect_uri], first_party: true },
    async connect(issuer, { client_id, client_secret }) {
      const execute = [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks];
      config = await oidc.discovery(new URL(issuer), client_id, client_secret, undefined, { execute });
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
