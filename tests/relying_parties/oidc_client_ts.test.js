// oidc-client-ts, the library most single-page apps sign in with, in a real Chromium: everything it asks of
// the provider crosses origins, and the browser decides what the app may read.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import { openBrowser, openContext, watch } from '../browser/support/chromium.js';
import { startProvider } from './provider.js';
import { startSpa } from './spa_server.js';

let provider;
let browser;
before(async () => {
  provider = await startProvider();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await provider?.stop();
});

// 127.0.0.1 is another site than the provider's localhost, as apps and providers mostly are.
const OTHER_SITE = '127.0.0.1';
const SAME_SITE = 'localhost';

async function openApp(t, { host = OTHER_SITE, scope = 'openid profile email', metadata = {} } = {}) {
  const settingsOf = async (origin) => {
    const { client_id } = await provider.createClient({
      client_name: 'Example single-page app',
      redirect_uris: [`${origin}/callback`],
      post_logout_redirect_uris: [`${origin}/signed-out`],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
      first_party: true,
      ...metadata,
    });
    return { authority: provider.issuer, client_id, scope };
  };
  const app = await startSpa({ host, settingsOf });
  t.after(() => app.stop());
  const context = await openContext(t, browser);
  const record = await watch(context);
  const page = await context.newPage();
  await page.goto(app.origin);
  await outcomeOf(page, 'loaded');
  return { page, context, record };
}

// What came of the thing the app names when it has done it.
async function outcomeOf(page, name) {
  await page.locator('#done', { hasText: name }).waitFor();
  return JSON.parse(await page.locator('#outcome').textContent());
}

async function press(page, id) {
  await page.locator(`#${id}`).click();
  return outcomeOf(page, id);
}

async function fillIn(page) {
  await page.locator('#username').fill(provider.person.username);
  await page.locator('#password').fill(provider.person.password);
  await page.locator('#login-submit').click();
}

async function signIn(page) {
  await page.locator('#sign-in').click();
  await fillIn(page);
  return outcomeOf(page, '/callback');
}

function assertIsAda({ profile }) {
  const { username, email, name } = provider.person;
  assert.deepEqual(
    { username: profile.preferred_username, email: profile.email, name: profile.name, verified: profile.email_verified },
    { username, email, name, verified: true },
  );
}

// Whatever the app did, the browser had nothing to complain about.
function assertQuiet({ complaints, violations }) {
  assert.deepEqual(complaints, []);
  assert.deepEqual(violations, []);
}

describe('signing in', () => {
  for (const id_token_claims of ['full', 'lean']) {
    test(`with ${id_token_claims} ID tokens: the app knows the person, by userinfo as well`, async (t) => {
      const { page, record } = await openApp(t, { metadata: { id_token_claims } });
      const user = await signIn(page);
      assertIsAda(user);
      const answer = await press(page, 'ask-userinfo');
      assert.equal(answer.status, 200);
      assertIsAda({ profile: answer.body });
      assert.equal(answer.body.sub, user.profile.sub);
      assertQuiet(record);
    });
  }

  test('in a window of its own, which tells the app and closes', async (t) => {
    const { page, context, record } = await openApp(t);
    const opened = context.waitForEvent('page');
    await page.locator('#sign-in-popup').click();
    const popup = await opened;
    await fillIn(popup);
    assertIsAda(await outcomeOf(page, 'sign-in-popup'));
    assert.ok(popup.isClosed());
    assertQuiet(record);
  });
});

describe('renewing without a refresh token, in a hidden frame', () => {
  const metadata = { grant_types: ['authorization_code'] };

  test('works where the app is on the site of the provider', async (t) => {
    const { page, record } = await openApp(t, { host: SAME_SITE, metadata });
    const first = await signIn(page);
    const renewed = await press(page, 'renew');
    assertIsAda(renewed);
    assert.notEqual(renewed.access_token, first.access_token);
    assertQuiet(record);
  });

  test('elsewhere the app hears that the person has to sign in', async (t) => {
    const { page, record } = await openApp(t, { metadata });
    await signIn(page);
    assert.equal((await press(page, 'renew')).error, 'login_required');
    assertQuiet(record);
  });
});

describe('renewing with a refresh token', () => {
  const scope = 'openid profile email offline_access';

  test('needs no frame and no cookie, again and again', async (t) => {
    const { page, context, record } = await openApp(t, { scope });
    const first = await signIn(page);
    await context.clearCookies();
    const second = await press(page, 'renew');
    const third = await press(page, 'renew');
    for (const user of [second, third]) assertIsAda(user);
    assert.equal(new Set([first, second, third].map((user) => user.access_token)).size, 3);
    assert.equal(new Set([first, second, third].map((user) => user.refresh_token)).size, 3);
    assert.equal((await press(page, 'ask-userinfo')).status, 200);
    assertQuiet(record);
  });

  test('goes on over a change of keys', async (t) => {
    const { page, record } = await openApp(t, { scope });
    const first = await signIn(page);
    await provider.rotateKeys();
    const renewed = await press(page, 'renew');
    assertIsAda(renewed);
    assert.notEqual(keyOf(renewed), keyOf(first));
    await page.locator('#sign-out').click();
    await outcomeOf(page, '/signed-out');
    assertQuiet(record);
  });

  test('is over once the app gave its tokens back, and the app can read why', async (t) => {
    const { page, record } = await openApp(t, { scope });
    const first = await signIn(page);
    await press(page, 'revoke');
    assertQuiet(record);
    const answer = await page.evaluate(askUserinfo, [provider.issuer, first.access_token]);
    assert.deepEqual([answer.status, /error="invalid_token"/.test(answer.challenge)], [401, true]);
  });
});

const keyOf = ({ id_token }) => decodeProtectedHeader(id_token).kid;

async function askUserinfo([issuer, token]) {
  const { status, headers } = await fetch(`${issuer}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
  return { status, challenge: headers.get('www-authenticate') };
}

test('signing out comes back to the app, and the next sign-in asks for the password', async (t) => {
  const { page, record } = await openApp(t);
  await signIn(page);
  await page.locator('#sign-out').click();
  const outcome = await outcomeOf(page, '/signed-out');
  assert.equal(outcome.userState, 'goodbye');
  assertIsAda(await signIn(page));
  assertQuiet(record);
});
