// From an empty data folder to the first app that knows its person, in a dozen interactions at most:
// each click and each field that is filled counts as one.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { addDevice } from './support/authenticator.js';
import { openBrowser, openContext, watch } from './support/chromium.js';
import { assertAccessible, assertWellFormed } from './support/page_checks.js';
import { startEmptyProvider } from './support/provider.js';
import { startSampleApp } from './support/sample_app.js';

const MOST_INTERACTIONS = 12;

async function createClient(provider, metadata) {
  const file = join(provider.folder, 'client.json');
  await writeFile(file, JSON.stringify(metadata));
  return JSON.parse(await provider.command('client', 'create', '--file', file, '--json'));
}

test('r64_first run to first app', async (t) => {
  const provider = await startEmptyProvider();
  t.after(provider.stop);
  const app = await startSampleApp();
  t.after(app.stop);
  const browser = await openBrowser();
  t.after(() => browser.close());
  const context = await openContext(t, browser);
  const record = await watch(context);
  const page = await context.newPage();
  const device = await addDevice(context, page);
  let interactions = 0;
  const click = (id) => (interactions++, page.locator(`#${id}`).click());
  const fill = (id, text) => (interactions++, page.locator(`#${id}`).fill(text));

  await page.goto(provider.link);
  assert.deepEqual(await page.locator('#setup-checks li').evaluateAll((all) => all.map(({ className }) => className)), [
    'good',
    'good',
  ]);
  await assertWellFormed(page);
  await assertAccessible(page);
  await fill('username', 'ada');
  await fill('email', 'ada@example.com');
  await fill('name', 'Ada Lovelace');
  await click('passkey-enrol');
  await page.waitForURL(`${provider.issuer}/account`);
  const keys = await device.keys();
  assert.deepEqual(
    keys.map(({ rpId, userName, userDisplayName }) => ({ rpId, userName, userDisplayName })),
    [{ rpId: 'localhost', userName: 'ada', userDisplayName: 'Ada Lovelace' }],
  );

  const client = await createClient(provider, app.metadata);
  await app.connect(provider.issuer, client);
  await page.goto(app.url);
  await click('sign-in');
  assert.equal(await page.locator('#signed-in-as').textContent(), 'ada');
  assert.ok(interactions <= MOST_INTERACTIONS, `${interactions} interactions`);
  t.diagnostic(`${interactions} interactions`);

  // The link worked once, and its page leads on.
  const answer = await page.goto(provider.link);
  assert.equal(answer.status(), 410);
  await page.locator('#setup-sign-in').click();
  await page.waitForURL(`${provider.issuer}/account`);
  assert.deepEqual(record.violations, []);
});

test('without JavaScript the first run goes by password, and Enter in it wants no passkey', async (t) => {
  const provider = await startEmptyProvider();
  t.after(provider.stop);
  const browser = await openBrowser();
  t.after(() => browser.close());
  for (const javaScriptEnabled of [true, false]) {
    const context = await openContext(t, browser, { javaScriptEnabled });
    const page = await context.newPage();
    await page.goto(provider.link);
    assert.equal(await page.locator('#passkey-enrol').isVisible(), javaScriptEnabled);
    await page.locator('#username').fill('ada');
    await page.locator('#email').fill('ada@example.com');
    await page.locator('#password').fill(javaScriptEnabled ? 'too short' : 'difference engine no. 2');
    await page.locator('#password').press('Enter');
    if (javaScriptEnabled) await page.locator('#error-summary').waitFor();
    else await page.waitForURL(`${provider.issuer}/account`);
  }
});
