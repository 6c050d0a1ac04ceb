// Back, forward, reload and impatient clicks at every step of a sign-in: each leads on, one code is issued, and no
// browser asks whether to send a form again.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openContext } from './support/chromium.js';
import { startInstallation } from './support/installation.js';
import { assertLeadsOn, fillIn } from './support/story.js';
import { authenticatorApp } from './support/totp.js';

let here;
let browser;
before(async () => {
  here = await startInstallation();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await here?.stop();
});

// A person with an authenticator app.
async function createGuarded(t, username) {
  const person = await here.createPerson(username);
  const page = await (await openContext(t, browser)).newPage();
  await page.goto(`${here.issuer}/account/totp`);
  await fillIn(page, person);
  await page.locator('#login-submit').click();
  const phone = authenticatorApp(await page.locator('#totp-key').textContent());
  await page.locator('#totp-code').fill(phone.code());
  await page.locator('#totp-submit').click();
  await page.locator('#recovery-codes').waitFor();
  return { person, phone };
}

// The steps: what shows that one is there, how its form is filled, and what sends it.
const STEPS = [
  { mark: '#login-submit', fill: (page, { person }) => fillIn(page, person), send: '#login-submit' },
  { mark: '#totp-code', fill: (page, { phone }) => page.locator('#totp-code').fill(phone.code()), send: '#totp-submit' },
  { mark: '#consent-allow', fill: () => {}, send: '#consent-allow' },
];

const isError = (page) => page.locator('#error-page').count();

for (const javaScriptEnabled of [true, false]) {
  const scripts = `JavaScript ${javaScriptEnabled ? 'on' : 'off'}`;

  test(`reload, back and forward at each step, with ${scripts}`, async (t) => {
    const guarded = await createGuarded(t, `restless-${javaScriptEnabled ? 1 : 2}`);
    const app = await here.connectApp({ metadata: { first_party: false } });
    const page = await (await openContext(t, browser, { javaScriptEnabled })).newPage();
    const methods = [];
    page.on('request', (request) => request.isNavigationRequest() && methods.push(request.method()));
    await page.goto(`${app.url}/`);
    await page.locator('#sign-in').click();
    for (const { mark, fill, send } of STEPS) {
      await page.locator(mark).waitFor();
      methods.length = 0;
      await page.reload();
      await page.locator(mark).waitFor();
      await page.goBack();
      await page.waitForLoadState();
      assert.equal(await isError(page), 0, `back from ${mark}: ${page.url()}`);
      await page.goForward();
      await page.locator(mark).waitFor();
      // A page that a form led to came by GET: nothing is there to be sent again.
      assert.deepEqual(methods.filter((method) => method !== 'GET'), [], mark);
      await fill(page, guarded);
      await page.locator(send).click();
    }
    await page.locator('#signed-in-as').waitFor();
    // After the hand-off.
    methods.length = 0;
    await page.goBack();
    await assertLeadsOn(page);
    assert.equal(await isError(page), 0, page.url());
    assert.deepEqual(methods.filter((method) => method !== 'GET'), []);
    const codes = app.arrivals.map((url) => url.searchParams.get('code'));
    assert.equal(new Set(codes).size, 1, 'one code was issued');
    assert.equal(app.signedIn.length, 1, 'and redeemed once');
  });

  test(`two clicks at each step, with ${scripts}`, async (t) => {
    const guarded = await createGuarded(t, `impatient-${javaScriptEnabled ? 1 : 2}`);
    const app = await here.connectApp({ metadata: { first_party: false } });
    const page = await (await openContext(t, browser, { javaScriptEnabled })).newPage();
    await page.goto(`${app.url}/sign-in`);
    for (const { mark, fill, send } of STEPS) {
      await page.locator(mark).waitFor();
      await fill(page, guarded);
      // Without a script nothing holds the second click back. The browser then gives up the first answer, with the
      // session in it, and a code counts once: who clicks twice there waits for the next code.
      const clickCount = mark.includes('totp') && !javaScriptEnabled ? 1 : 2;
      await page.locator(send).click({ clickCount });
    }
    await page.locator('#signed-in-as').waitFor();
    const codes = new Set(app.arrivals.map((url) => url.searchParams.get('code')));
    assert.equal(codes.size, 1);
    assert.equal(app.signedIn.length, 1);
  });
}

test('two tabs for one app: the form of the second still reaches the app', async (t) => {
  const app = await here.connectApp();
  const context = await openContext(t, browser, { javaScriptEnabled: false });
  const [first, second] = [await context.newPage(), await context.newPage()];
  for (const page of [first, second]) await page.goto(`${app.url}/sign-in`);
  for (const page of [first, second]) {
    await fillIn(page, here.person);
    await page.locator('#login-submit').click();
    await page.locator('#signed-in-as', { hasText: here.person.username }).waitFor();
  }
  assert.equal(app.signedIn.length, 2);
});

test('signed out in one tab: what the other asks for waits for a new sign-in, and goes on there', async (t) => {
  const app = await here.connectApp({ metadata: { first_party: false } });
  const person = await here.createPerson('elsewhere');
  const context = await openContext(t, browser);
  const [first, second] = [await context.newPage(), await context.newPage()];
  await second.goto(`${app.url}/sign-in`);
  await fillIn(second, person);
  await second.locator('#login-submit').click();
  await second.locator('#consent-allow').waitFor();
  const signOut = async () => {
    await first.goto(`${here.issuer}/end_session`);
    await first.locator('#logout-confirm').click();
    await first.locator('#logged-out').waitFor();
  };
  const signInAgain = async (page) => {
    await fillIn(page, person);
    await page.locator('#login-submit').click();
  };
  await signOut();
  await second.locator('#consent-allow').click();
  await second.locator('#login-submit').waitFor();
  assert.deepEqual(app.arrivals, []);
  await signInAgain(second);
  await second.locator('#consent-allow').click();
  await second.locator('#signed-in-as').waitFor();

  // The same at a form of the account.
  await second.goto(`${here.issuer}/account/profile`);
  await second.locator('#nickname').fill('Elsie');
  await signOut();
  await second.locator('#profile-submit').click();
  await second.locator('#login-submit').waitFor();
  await signInAgain(second);
  await second.waitForURL(`${here.issuer}/account/profile`);
  assert.equal(await second.locator('#nickname').inputValue(), '', 'nothing was changed by who was signed out');
});
