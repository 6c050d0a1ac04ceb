// Somebody without an account comes from an app and goes back to it with one: by a code, and by the link
// of the same mail on another device.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openBrowser, openContext } from './support/chromium.js';
import { assertAccessible, assertWellFormed } from './support/page_checks.js';
import { startEmptyProvider } from './support/provider.js';
import { startSampleApp } from './support/sample_app.js';

const PASSWORD = 'correct horse battery staple';

let provider;
let app;
let browser;
before(async () => {
  provider = await startEmptyProvider({ TESSERA_DEV: 'true', TESSERA_SIGN_UP__MODE: 'open' });
  app = await startSampleApp();
  const file = join(provider.folder, 'client.json');
  await writeFile(file, JSON.stringify(app.metadata));
  const client = JSON.parse(await provider.command('client', 'create', '--file', file, '--json'));
  await app.connect(provider.issuer, client);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await app?.stop();
  await provider?.stop();
});

// The code and the link of the mail to `address`, as soon as it was sent.
async function mailTo(context, address) {
  const page = await context.newPage();
  const mail = page.locator('article', { hasText: address });
  const deadline = Date.now() + 10_000;
  do await page.goto(`${provider.issuer}/dev/mails`);
  while ((await mail.count()) === 0 && Date.now() < deadline);
  const text = await mail.first().textContent();
  await page.close();
  const [code] = /[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}/.exec(text);
  const [link] = /http\S+\/sign-up\/[\w-]{43}/.exec(text);
  return { code, link };
}

async function fillPerson(page, code) {
  if (code) await page.locator('#code').fill(code.toLowerCase());
  await page.locator('#name').fill('Eve Example');
  await page.locator('#password').fill(PASSWORD);
  await page.locator('#create-submit').click();
}

async function assertGreeted(page, address) {
  await page.waitForURL((url) => url.origin === app.url);
  assert.equal(await page.locator('#signed-in-as').textContent(), address);
}

test('from the app to a new account and back, without JavaScript', async (t) => {
  const context = await openContext(t, browser, { javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(app.url);
  await page.locator('#sign-in').click();
  await page.locator('#sign-up').click();
  await page.locator('#email').fill('eve@example.com');
  await page.locator('#sign-up-submit').click();
  await page.locator('#code').waitFor();
  // A reload and a step back lead on.
  await page.reload();
  await page.locator('#code').waitFor();
  const { code } = await mailTo(context, 'eve@example.com');
  await fillPerson(page, 'AAAA-AAAA');
  await page.locator('[role=alert]').waitFor();
  assert.equal(await page.locator('#name').inputValue(), 'Eve Example');
  await fillPerson(page, code);
  await assertGreeted(page, 'eve@example.com');
});

test('an app that asks for an account, and the link opened on another device', async (t) => {
  const context = await openContext(t, browser);
  const page = await context.newPage();
  await page.goto(`${app.url}/sign-up`);
  await page.locator('#email').fill('bob@example.com');
  await assertWellFormed(page);
  await assertAccessible(page);
  await page.locator('#sign-up-submit').click();
  await page.locator('#code').waitFor();
  await assertWellFormed(page);
  await assertAccessible(page);
  const { link } = await mailTo(context, 'bob@example.com');
  const phone = await (await openContext(t, browser)).newPage();
  await phone.goto(link);
  await fillPerson(phone);
  await phone.locator('#sign-up-account').waitFor();
  await assertAccessible(phone);
  // Where it began, the new account signs in.
  await page.locator('#sign-up-sign-in').click();
  await page.locator('#username').fill('bob@example.com');
  await page.locator('#password').fill(PASSWORD);
  await page.locator('#login-submit').click();
  await assertGreeted(page, 'bob@example.com');
});

test('an invitation is accepted without JavaScript', async (t) => {
  const args = ['user', 'invite', '--email', 'cyd@example.com', '--name', 'Cyd Example', '--username', 'cyd'];
  const { link } = JSON.parse(await provider.command(...args, '--json'));
  const page = await (await openContext(t, browser, { javaScriptEnabled: false })).newPage();
  await page.goto(link);
  assert.equal(await page.locator('#username').inputValue(), 'cyd');
  await page.locator('#password').fill(PASSWORD);
  await page.locator('#invitation-submit').click();
  await page.waitForURL(`${provider.issuer}/account`);
  await page.goto(app.url);
  await page.locator('#sign-in').click();
  await assertGreeted(page, 'cyd');
  await page.goto(link);
  assert.ok((await page.locator('main a[href="/sign-in"]').count()) > 0, 'a used link leads on');
});
