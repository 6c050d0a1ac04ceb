// A person adds, renames and removes a passkey, and the browser is told what still counts.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openContext, watch } from './support/chromium.js';
import { startDemo } from './support/demo.js';
import { addDevice } from './support/authenticator.js';
import { fillIn } from './support/story.js';

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

// Keeps what the pages tell the browser about passkeys.
async function spyOnSignals(context) {
  const told = [];
  await context.exposeBinding('tellSignal', (_, name, what) => told.push([name, what]));
  await context.addInitScript(() => {
    // Blank pages have no such thing.
    if (!globalThis.PublicKeyCredential) return;
    for (const name of ['signalAllAcceptedCredentials', 'signalCurrentUserDetails']) {
      PublicKeyCredential[name] = (what) => globalThis.tellSignal(name, what);
    }
  });
  return (name) => told.filter(([known]) => known === name).at(-1)?.[1];
}

const isList = (url) => url.pathname === '/account/passkeys' && url.search === '?done=passkeys';

test('a passkey is added, renamed and removed, and the browser is told', async (t) => {
  const context = await openContext(t, browser);
  const record = await watch(context);
  const last = await spyOnSignals(context);
  const page = await context.newPage();
  await page.goto(new URL('/account/passkeys', demo.provider).href);
  await fillIn(page, demo);
  await page.locator('#login-submit').click();
  await page.locator('#passkey-add').waitFor();

  const device = await addDevice(context, page);
  await page.locator('#passkey-add').click();
  assert.equal(await page.locator('#passkey-cannot').count(), 0);
  await page.locator('#passkey-name').fill('Phone');
  await page.locator('#passkey-enrol').click();
  await page.waitForURL(isList);
  const [key] = await device.keys();
  await page.waitForLoadState('networkidle');
  const id = Buffer.from(key.credentialId, 'base64').toString('base64url');
  assert.deepEqual(last('signalAllAcceptedCredentials').allAcceptedCredentialIds, [id]);

  await page.locator('main a[href^="/account/passkeys/"]').first().click();
  await page.locator('#passkey-name').fill('Old phone');
  await page.locator('#passkey-rename').click();
  await page.waitForURL(isList);
  assert.match(await page.locator('#passkeys').textContent(), /Old phone/);

  await page.locator('main a[href^="/account/passkeys/"]').first().click();
  await page.locator('#passkey-remove').click();
  await page.locator('form #passkey-remove').click();
  await page.waitForURL(isList);
  await page.waitForLoadState('networkidle');
  assert.deepEqual(last('signalAllAcceptedCredentials').allAcceptedCredentialIds, []);
  assert.equal(last('signalCurrentUserDetails').name, demo.username);

  assert.deepEqual(record.violations, []);
  assert.deepEqual(record.complaints, []);
});
