// Recent activity and "this wasn't me", without JavaScript.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openContext, watch } from './support/chromium.js';
import { startDemo } from './support/demo.js';
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

// A browser in which the person signed in, at their account.
async function openAccount(t) {
  const context = await openContext(t, browser, { javaScriptEnabled: false });
  const record = await watch(context);
  const page = await context.newPage();
  await page.goto(new URL('/account', demo.provider).href);
  await fillIn(page, demo);
  await page.locator('#login-submit').click();
  await page.locator('#activity').waitFor();
  return { page, record };
}

test('without JavaScript, somebody else is shut out and a new password is chosen', async (t) => {
  const { page: stranger } = await openAccount(t);
  const { page, record } = await openAccount(t);
  await page.locator('#activity').click();
  await page.locator('#not-me').waitFor();
  const told = page.locator('main li');
  assert.match(await told.first().textContent(), /Signed in with the password/);
  assert.match(await told.first().textContent(), /Chrome · Linux/);

  await told.first().getByRole('link', { name: "This wasn't me" }).click();
  await page.locator('#disown').click();
  await page.locator('#password-submit').waitFor();
  assert.equal(new URL(page.url()).pathname, '/account/password');
  await stranger.reload();
  await stranger.locator('#login-submit').waitFor();

  // Whoever has the old password comes to the same question, and so does its owner elsewhere.
  await fillIn(stranger, demo);
  await stranger.locator('#login-submit').click();
  await stranger.locator('#new-password-submit').waitFor();
  await stranger.locator('#password').fill(demo.password);
  await stranger.locator('#new-password-submit').click();
  assert.match(await stranger.locator('[role=alert]').textContent(), /is the old one/);

  const password = 'staple battery horse correct';
  await page.goto(new URL('/account/activity', demo.provider).href);
  await page.locator('#current').fill(demo.password);
  await page.locator('#password').fill(password);
  await page.locator('#password-submit').click();
  await page.waitForURL((url) => url.pathname === '/account' && url.search === '?done=password');
  await page.locator('#activity').click();
  assert.match(await page.locator('main').textContent(), /A sign-in was reported/);

  assert.deepEqual(record.violations, []);
  assert.deepEqual(record.complaints, []);
});
