// Everything but passkeys works without JavaScript, and nothing is shown that would need it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openContext, watch } from './support/chromium.js';
import { startInstallation } from './support/installation.js';
import { assertWellFormed } from './support/page_checks.js';
import { fillIn } from './support/story.js';
import { authenticatorApp } from './support/totp.js';

const TWO_FACTORS = 'urn:tessera:acr:2';
const NEW_PASSWORD = 'a quite different set of words';

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

async function openWithoutScripts(t) {
  const context = await openContext(t, browser, { javaScriptEnabled: false });
  const record = await watch(context);
  t.after(() => assert.deepEqual(record.violations, []));
  return context.newPage();
}

// What only a script would bring to life.
async function assertNothingIsDead(page) {
  await assertWellFormed(page);
  const dead = page.locator('button[type=button]:visible, a:not([href]):visible, [data-copy]:visible');
  assert.deepEqual(await dead.evaluateAll((all) => all.map(({ outerHTML }) => outerHTML)), [], page.url());
}

// Presses the button or link `id`, and looks at the page that comes of it.
async function press(page, id) {
  await page.locator(`#${id}`).click();
  await page.waitForLoadState();
  await assertNothingIsDead(page);
}

// Presses what hands its person back to the app.
async function leave(page, id) {
  await page.locator(`#${id}`).click();
  await page.locator('#signed-in-as, #refused').waitFor();
}

async function signIn(page, person, address) {
  await page.goto(address);
  await assertNothingIsDead(page);
  await fillIn(page, person);
  await press(page, 'login-submit');
}

test('a password, a code and a consent lead to the app, with an ID token that holds', async (t) => {
  const app = await here.connectApp({ metadata: { first_party: false } });
  const ada = await here.createPerson('without-scripts');
  const page = await openWithoutScripts(t);
  await signIn(page, ada, `${app.url}/sign-in?acr_values=${TWO_FACTORS}`);
  // The first time the second factor is set up on the way.
  const phone = authenticatorApp(await page.locator('#totp-key').textContent());
  await page.locator('#totp-code').fill(phone.code());
  await press(page, 'totp-submit');
  assert.equal(await page.locator('#recovery-codes li').count(), 10);
  await page.locator('#recovery-saved').check();
  await press(page, 'recovery-onward');
  await leave(page, 'consent-allow');
  await page.locator('#signed-in-as', { hasText: ada.username }).waitFor();

  // From then on it is asked for.
  await page.goto(`${here.issuer}/end_session`);
  await press(page, 'logout-confirm');
  await signIn(page, ada, `${app.url}/sign-in?prompt=consent`);
  await page.locator('#totp-code').fill(phone.code());
  await press(page, 'totp-submit');
  await leave(page, 'consent-allow');
  await page.locator('#signed-in-as', { hasText: ada.username }).waitFor();
  assert.equal(app.signedIn.length, 2);
  for (const claims of app.signedIn) {
    assert.equal(claims.iss, here.issuer);
    assert.equal(claims.acr, TWO_FACTORS);
    assert.deepEqual(claims.amr, ['pwd', 'otp', 'mfa']);
  }

  // Saying no reaches the app as well.
  await page.goto(`${app.url}/sign-in?prompt=consent`);
  await leave(page, 'consent-deny');
  assert.equal(await page.locator('#refused').textContent(), 'access_denied');
});

test('a new password, after the old one and after none', async (t) => {
  const ben = await here.createPerson('forgetful');
  const page = await openWithoutScripts(t);
  await signIn(page, ben, `${here.issuer}/account/password`);
  await page.locator('#current').fill(ben.password);
  await page.locator('#password').fill(NEW_PASSWORD);
  await press(page, 'password-submit');
  assert.match(page.url(), /\/account\?done=password$/);

  const told = await here.command(['user', 'recovery-link', ben.username]);
  const [link] = told.match(/http\S+\/recover\/link\/\S+/);
  const elsewhere = await openWithoutScripts(t);
  await elsewhere.goto(link);
  await assertNothingIsDead(elsewhere);
  await elsewhere.locator('#password').fill(ben.password);
  await press(elsewhere, 'password-submit');
  assert.equal(await elsewhere.locator('#username').inputValue(), ben.username);
  await elsewhere.locator('#password').fill(ben.password);
  await elsewhere.locator('#login-submit').click();
  await elsewhere.locator('#login-submit').waitFor({ state: 'detached' });
  await elsewhere.goto(`${here.issuer}/account`);
  await elsewhere.locator('h1').waitFor();
  assert.match(elsewhere.url(), /\/account$/);
});

test('a session is ended from another browser, and an app signs out', async (t) => {
  const app = await here.connectApp();
  const carl = await here.createPerson('everywhere');
  const [first, second] = [await openWithoutScripts(t), await openWithoutScripts(t)];
  for (const page of [first, second]) await signIn(page, carl, `${here.issuer}/account/sessions`);
  await first.reload();
  await press(first, 'end-others');
  assert.match(first.url(), /done=sessions$/);
  await second.goto(`${here.issuer}/account`);
  await second.locator('#login-submit').waitFor();

  await first.goto(`${app.url}/sign-in`);
  await first.locator('#signed-in-as').waitFor();
  await first.goto(`${here.issuer}/end_session`);
  await press(first, 'logout-confirm');
  await first.locator('#logged-out').waitFor();
  await first.goto(`${app.url}/sign-in`);
  await first.locator('#login-submit').waitFor();
});

test('one says of oneself what apps may know, and takes back what one allowed', async (t) => {
  const app = await here.connectApp({ metadata: { first_party: false } });
  const dora = await here.createPerson('talkative');
  const page = await openWithoutScripts(t);
  await signIn(page, dora, `${app.url}/sign-in`);
  await leave(page, 'consent-allow');
  await page.goto(`${here.issuer}/account/profile`);
  await page.locator('#nickname').fill('Dodo');
  await press(page, 'profile-submit');
  await page.goto(`${app.url}/sign-in`);
  await page.locator('#signed-in-as').waitFor();
  await page.goto(`${here.issuer}/account/apps`);
  await assertNothingIsDead(page);
  await page.locator('button[name=app]').click();
  await page.waitForURL(/done=apps$/);
  await page.goto(`${app.url}/sign-in`);
  await page.locator('#consent-allow').waitFor();
});
