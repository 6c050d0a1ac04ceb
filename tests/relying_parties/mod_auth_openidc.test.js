// Apache with mod_auth_openidc in front of an application: the module many intranets sign people in with.
// Both servers speak TLS, and each checks the certificate of the other.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { parse } from 'node-html-parser';
import { apacheAddress, startApache } from './apache.js';
import { Person } from './person.js';
import { startProvider } from './provider.js';
import { tls } from './tls.js';

let provider;
before(async () => (provider = await startProvider({ tls })));
after(() => provider?.stop());

// An Apache that is a client of the provider; stopped after the test `t`.
async function startApp(t, { metadata = {}, directives } = {}) {
  const address = await apacheAddress();
  const client = await provider.createClient({
    client_name: 'Example Intranet',
    redirect_uris: [address.redirectUri],
    post_logout_redirect_uris: [address.home],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'openid profile email',
    token_endpoint_auth_method: 'client_secret_basic',
    first_party: true,
    ...metadata,
  });
  const apache = await startApache({ address, provider, client, directives });
  t.after(() => apache.stop());
  return { address, client };
}

// What the application finds in its environment, by name.
async function environmentOf(who, { page }) {
  const shown = parse((await who.visit(page)).text).structuredText;
  return Object.fromEntries(shown.split('\n').filter(Boolean).map((line) => line.split(/=(.*)/s)));
}

function assertIsAda(environment) {
  const { username, email, name } = provider.person;
  assert.deepEqual(
    {
      REMOTE_USER: environment.REMOTE_USER,
      name: environment.OIDC_CLAIM_name,
      email: environment.OIDC_CLAIM_email,
      verified: environment.OIDC_CLAIM_email_verified,
    },
    { REMOTE_USER: username, name, email, verified: '1' },
  );
  const userinfo = JSON.parse(environment.OIDC_userinfo_json);
  assert.equal(userinfo.sub, environment.OIDC_CLAIM_sub);
  assert.equal(userinfo.email, email);
}

describe('signing in', () => {
  test('to a protected page, which learns who it is by its environment', async (t) => {
    const { address } = await startApp(t);
    const who = new Person(provider.person);
    assertIsAda(await environmentOf(who, address));
    assert.deepEqual(who.pages, ['login-submit', 'handoff']);
    assertIsAda(await environmentOf(who, address));
    assert.deepEqual(who.pages, ['login-submit', 'handoff'], 'the module has a session of its own');
  });

  test('with the secret in the form, the response by form_post, and claims from userinfo alone', async (t) => {
    const metadata = { token_endpoint_auth_method: 'client_secret_post', id_token_claims: 'lean' };
    const { address } = await startApp(t, { metadata, directives: ['OIDCResponseMode form_post'] });
    const who = new Person(provider.person);
    assertIsAda(await environmentOf(who, address));
    assert.deepEqual(who.pages, ['login-submit', 'form_post']);
  });
});

describe('signing out', () => {
  test('at the app ends both sessions and comes back', async (t) => {
    const { address } = await startApp(t);
    const who = new Person(provider.person);
    assertIsAda(await environmentOf(who, address));
    const back = await who.visit(signOutAt(address), address.home);
    assert.equal(back.text, 'signed out');

    who.pages = [];
    await environmentOf(who, address);
    assert.deepEqual(who.pages, ['login-submit', 'handoff'], 'both had forgotten');
  });
});

// What the module's manual tells apps to link to.
function signOutAt({ redirectUri, home }) {
  const url = new URL(redirectUri);
  url.search = new URLSearchParams({ logout: home });
  return url;
}
