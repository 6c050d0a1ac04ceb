// Passkeys with Chromium's virtual authenticator: offered once, then the way in.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addDevice } from './support/authenticator.js';
import { openBrowser, openContext, watch } from './support/chromium.js';
import { startDemo } from './support/demo.js';
import { askToSignIn, assertSignedIn, fillIn } from './support/story.js';

let demo;
let browser;
before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

test('r78_a passkey is offered after a password, and signs in from the button and from the field', async (t) => {
  const context = await openContext(t, browser);
  const record = await watch(context);
  const page = await context.newPage();
  const device = await addDevice(context, page);

  await askToSignIn(page, demo.app1);
  await page.locator('#passkey-sign-in').waitFor();
  assert.equal(await page.locator('#username').getAttribute('autocomplete'), 'username webauthn');
  await page.locator('input[name=can_keep_passkey][value="1"]').waitFor({ state: 'attached' });
  await fillIn(page, demo);
  await page.locator('#login-submit').click();
  await page.locator('#passkey-enrol').click();
  await assertSignedIn(page, demo, demo.app1);
  const [key, ...others] = await device.keys();
  assert.deepEqual(others, []);
  assert.equal(key.isResidentCredential, true);
  assert.equal(key.rpId, 'localhost');

  // Without a sign-in, the authenticator answers the question of the first field by itself.
  await context.clearCookies();
  await page.goto(demo.app1);
  await page.locator('#sign-in').click();
  await assertSignedIn(page, demo, demo.app1);

  // A person who does not answer that uses the button.
  await device.presence(false);
  await context.clearCookies();
  await askToSignIn(page, demo.app1);
  await page.locator('#passkey-sign-in').waitFor();
  await device.presence(true);
  await page.locator('#passkey-sign-in').click();
  await assertSignedIn(page, demo, demo.app1);

  assert.deepEqual(record.violations, []);
  assert.deepEqual(record.complaints, []);
});

test('without JavaScript there is no passkey to see', async (t) => {
  const context = await openContext(t, browser, { javaScriptEnabled: false });
  const page = await context.newPage();
  await askToSignIn(page, demo.app1);
  assert.equal(await page.locator('#passkey-sign-in').isVisible(), false);
  await fillIn(page, demo);
  await page.locator('#login-submit').click();
  await assertSignedIn(page, demo, demo.app1);
});
