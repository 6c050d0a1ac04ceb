// A passkey as the second factor: made where one is demanded, shown after the password, and never insisted on by
// an error when its person closes the browser's dialogue.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addDevice } from './support/authenticator.js';
import { openBrowser, openContext, watch } from './support/chromium.js';
import { startInstallation } from './support/installation.js';
import { assertAccessible } from './support/page_checks.js';
import { fillIn } from './support/story.js';

const TWO_FACTORS = 'urn:tessera:acr:2';
const SEVERAL_TIMES_A_FRAME_MS = 200;

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

// A browser that lists no passkeys by itself: the button is the only way.
const withoutAutofill = (context) =>
  context.addInitScript(() => {
    if (globalThis.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false;
  });

test('r81_a passkey is set up where two factors are demanded, and shown with the next password', async (t) => {
  const app = await here.connectApp();
  const ada = await here.createPerson('with-a-key');
  const context = await openContext(t, browser);
  await withoutAutofill(context);
  const record = await watch(context);
  const page = await context.newPage();
  const device = await addDevice(context, page);
  await page.goto(`${app.url}/sign-in?acr_values=${TWO_FACTORS}`);
  await fillIn(page, ada);
  await page.locator('#login-submit').click();
  // /i/{id}/set-up-totp offers a passkey as well.
  await page.locator('#totp-key').waitFor();
  await page.locator('#passkey-enrol').click();
  // /i/{id}/passkey/confirm: what was just made is shown before anything opens.
  await page.locator('#passkey-sign-in').waitFor();
  assert.equal((await device.keys()).length, 1);
  assert.deepEqual(app.signedIn, []);
  await assertAccessible(page);
  await page.locator('#passkey-sign-in').click();
  await page.locator('#signed-in-as', { hasText: ada.username }).waitFor();
  assert.equal(app.signedIn[0].acr, 'phr');

  // Next time, by the password and the button.
  await context.clearCookies();
  await page.goto(`${app.url}/sign-in?acr_values=${TWO_FACTORS}`);
  await fillIn(page, ada);
  await page.locator('#login-submit').click();
  await page.locator('#username').waitFor({ state: 'detached' });
  await page.locator('#passkey-sign-in').click();
  await page.locator('#signed-in-as').waitFor();
  assert.deepEqual(app.signedIn[1].amr, ['pwd', 'pop', 'user', 'mfa']);
  assert.deepEqual(record.violations, []);
  assert.deepEqual(record.complaints, []);
});

// The browser's dialogue, closed by its person each time that a button asks for it.
const closeEveryDialogue = (context) =>
  context.addInitScript(() => {
    if (!globalThis.CredentialsContainer) return;
    const { get } = CredentialsContainer.prototype;
    const closed = () => Promise.reject(new DOMException('closed', 'NotAllowedError'));
    CredentialsContainer.prototype.create = closed;
    CredentialsContainer.prototype.get = function (options) {
      return options.mediation === 'conditional' ? get.call(this, options) : closed();
    };
  });

async function assertUnmoved(page, id) {
  const before = page.url();
  await page.locator(`#${id}`).click();
  // Nothing is to happen, so there is nothing to wait for.
  await new Promise((resolve) => setTimeout(resolve, SEVERAL_TIMES_A_FRAME_MS));
  assert.equal(page.url(), before);
  assert.equal(await page.locator('[role=alert], [aria-busy=true]').count(), 0, `an error or a wait at #${id}`);
  assert.doesNotMatch(await page.title(), /^Error/);
  assert.ok(await page.locator(`#${id}`).isEnabled());
}

test('who closes the dialogue of a passkey sees no error and may try again', async (t) => {
  const app = await here.connectApp();
  const ben = await here.createPerson('hesitant');
  const context = await openContext(t, browser);
  await closeEveryDialogue(context);
  const record = await watch(context);
  const page = await context.newPage();
  const device = await addDevice(context, page);
  await device.presence(false);
  await page.goto(`${app.url}/sign-in?acr_values=${TWO_FACTORS}`);
  await assertUnmoved(page, 'passkey-sign-in');
  await assertUnmoved(page, 'passkey-sign-in');
  await fillIn(page, ben);
  await page.locator('#login-submit').click();
  await page.locator('#totp-key').waitFor();
  await assertUnmoved(page, 'passkey-enrol');
  assert.deepEqual(record.complaints, []);
});
