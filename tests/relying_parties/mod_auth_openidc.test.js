// Apache with mod_auth_openidc in front of an application: the module many intranets sign people in with.
// Both servers speak TLS, and each checks the certificate of the other.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import { parse } from 'node-html-parser';
import { apacheAddress, startApache } from './apache.js';
import { Person } from './person.js';
import { until } from './processes.js';
import { startProvider } from './provider.js';
import { clientKey, tls } from './tls.js';

let provider;
before(async () => {
  // The provider calls Apache at sign-out, here and with a certificate of this run's own authority.
  const settings = `outbound = { allow_hosts = ["127.0.0.1", "127.0.0.2"], extra_ca = "${tls.authority}" }`;
  provider = await startProvider({ tls, settings });
});
after(() => provider?.stop());

// An Apache that is a client of the provider; stopped after the test `t`.
async function startApp(t, { host, metadata = {}, directives } = {}) {
  const address = await apacheAddress(host);
  const more = typeof metadata === 'function' ? metadata(address) : metadata;
  const client = await provider.createClient({
    client_name: 'Example Intranet',
    redirect_uris: [address.redirectUri],
    post_logout_redirect_uris: [address.home],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'openid profile email',
    token_endpoint_auth_method: 'client_secret_basic',
    first_party: true,
    ...more,
  });
  const apache = await startApache({ address, provider, client, directives });
  t.after(() => apache.stop());
  return { address, client };
}

// What the application finds in its environment, by name.
async function environmentOf(who, { page }) {
  return read((await who.visit(page)).text);
}

function read(shown) {
  return Object.fromEntries(parse(shown).structuredText.split('\n').filter(Boolean).map((line) => line.split(/=(.*)/s)));
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

  for (const method of ['client_secret_jwt', 'private_key_jwt']) {
    test(`as a client that signs (${method})`, async (t) => {
      const metadata = ({ redirectUri }) => ({
        token_endpoint_auth_method: method,
        client_assertion_audience: 'issuer_or_token_endpoint',
        // The module publishes its keys, and the provider asks for them.
        ...(method === 'private_key_jwt' && { jwks_uri: `${redirectUri}?jwks=rsa` }),
      });
      const { certificate, key } = clientKey;
      const directives = [`OIDCPublicKeyFiles ${certificate}`, `OIDCPrivateKeyFiles ${key}`];
      const { address } = await startApp(t, { metadata, directives });
      assertIsAda(await environmentOf(new Person(provider.person), address));
    });
  }
});

test('an API knows who calls it, until the token is over', async (t) => {
  const { address } = await startApp(t);
  const who = new Person(provider.person);
  const { OIDC_CLAIM_sub } = await environmentOf(who, address);
  const { access_token } = await tokensOf(who, address);
  const call = (token) => fetch(address.api, { headers: { authorization: `Bearer ${token}` } });
  const { REMOTE_USER } = read(await (await call(access_token)).text());
  assert.equal(REMOTE_USER, OIDC_CLAIM_sub);
  assert.equal((await call('none')).status, 401);
  await who.visit(signOutAt(address), address.home);
  assert.equal((await call(access_token)).status, 401);
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

  test('at another app ends the session here, by the back channel', async (t) => {
    const backChannel = ({ redirectUri }) => ({ backchannel_logout_uri: `${redirectUri}?logout=backchannel` });
    const here = await startApp(t, { metadata: backChannel });
    // Browsers share cookies among the ports of a host.
    const there = await startApp(t, { host: '127.0.0.2' });
    const who = new Person(provider.person);
    for (const { address } of [here, there]) assertIsAda(await environmentOf(who, address));
    assert.equal((await who.open(here.address.page)).status, 200);
    // The logout token is signed with a key that the module has not seen.
    await provider.rotateKeys();
    await who.visit(signOutAt(there.address), there.address.home);

    await until(async () => (await who.open(here.address.page)).status !== 200, 'the other app has heard of it');
    who.pages = [];
    await environmentOf(who, here.address);
    assert.deepEqual(who.pages, ['login-submit', 'handoff']);
  });
});

describe('refreshing and keys', () => {
  const metadata = { scope: 'openid profile email offline_access' };

  test('an app gets a new access token, also after a change of keys', async (t) => {
    const { address } = await startApp(t, { metadata });
    const who = new Person(provider.person);
    assertIsAda(await environmentOf(who, address));
    const first = await tokensOf(who, address);
    await who.visit(refreshAt(address, first), address.page);
    const second = await tokensOf(who, address);
    assert.notEqual(second.access_token, first.access_token);

    await provider.rotateKeys();
    await who.visit(refreshAt(address, second), address.page);
    assert.notEqual((await tokensOf(who, address)).access_token, second.access_token);
    assertIsAda(await environmentOf(who, address));
  });

  test('a change of keys is noticed at the next sign-in', async (t) => {
    const { address } = await startApp(t);
    const [who, later] = [new Person(provider.person), new Person(provider.person)];
    const first = await environmentOf(who, address);
    await provider.rotateKeys();
    const second = await environmentOf(later, address);
    assertIsAda(second);
    assert.notEqual(keyOf(second), keyOf(first));
    // What the old key signed still counts as a hint.
    who.pages = [];
    await who.visit(signOutAt(address), address.home);
    assert.deepEqual(who.pages, []);
  });
});

const keyOf = ({ OIDC_id_token }) => decodeProtectedHeader(OIDC_id_token).kid;

// What the module keeps for the person, as its information hook tells.
async function tokensOf(who, { redirectUri }) {
  const { text } = await who.visit(`${redirectUri}?info=json`);
  return JSON.parse(text);
}

function refreshAt({ redirectUri, page }, { access_token }) {
  const url = new URL(redirectUri);
  url.search = new URLSearchParams({ refresh: page, access_token });
  return url;
}

// What the module's manual tells apps to link to.
function signOutAt({ redirectUri, home }) {
  const url = new URL(redirectUri);
  url.search = new URLSearchParams({ logout: home });
  return url;
}
