// What people do to sign-in pages: go back, press twice, use two tabs, mistype, forbid cookies. Every
// time there is a way forward, and each tab ends at its own app.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openContext, openWithoutCookies } from './support/chromium.js';
import { startDemo } from './support/demo.js';
import { askToSignIn, assertLeadsOn, assertSignedIn, fillIn, signIn } from './support/story.js';

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

// Two tabs at the sign-in pages of two apps; the second signs in. Gives the first.
async function openTwoTabs(t, options) {
  const context = await openContext(t, browser, options);
  const [first, second] = [await context.newPage(), await context.newPage()];
  await askToSignIn(first, demo.app1);
  await askToSignIn(second, demo.app2);
  await fillIn(second, demo);
  await second.locator('#login-submit').click();
  await assertSignedIn(second, demo, demo.app2);
  return first;
}

test('two tabs for two apps: the other one goes on to its own app by itself', async (t) => {
  const first = await openTwoTabs(t);
  await assertSignedIn(first, demo, demo.app1);
});

test('two tabs for two apps, without JavaScript: the later form still reaches its own app', async (t) => {
  const first = await openTwoTabs(t, { javaScriptEnabled: false });
  await fillIn(first, demo);
  await first.locator('#login-submit').click();
  await assertSignedIn(first, demo, demo.app1);
});

test('two tabs for two apps, without JavaScript: a reload takes the other to its own app', async (t) => {
  const first = await openTwoTabs(t, { javaScriptEnabled: false });
  await first.reload();
  await assertSignedIn(first, demo, demo.app1);
});

test('a form sent twice signs in once', async (t) => {
  const page = await (await openContext(t, browser)).newPage();
  await askToSignIn(page, demo.app1);
  await fillIn(page, demo);
  await page.locator('#login-submit').dblclick();
  await assertSignedIn(page, demo, demo.app1);
});

test('going back after sign-in leads on, and asks for no resubmission', async (t) => {
  const page = await (await openContext(t, browser)).newPage();
  await signIn(page, demo, demo.app1);
  await page.goBack();
  await assertLeadsOn(page);
  assert.equal(await page.locator('#error-page').count(), 0);
  await page.goto(demo.app1);
  await assertSignedIn(page, demo, demo.app1);
});

test('a wrong password is said once, keeps the name, and the right one then works', async (t) => {
  const page = await (await openContext(t, browser)).newPage();
  await askToSignIn(page, demo.app1);
  await fillIn(page, { ...demo, password: 'not the password' });
  await page.locator('#login-submit').click();
  await page.locator('[role=alert]').waitFor();
  assert.match(await page.title(), /^Error: /);
  assert.equal(await page.locator('[role=alert]').count(), 1);
  assert.equal(await page.locator('#username').inputValue(), demo.username);
  assert.equal(await page.locator('#password').inputValue(), '');
  for (const id of ['username', 'password']) {
    const field = page.locator(`#${id}`);
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    const describedBy = await field.getAttribute('aria-describedby');
    for (const part of describedBy.split(' ')) assert.equal(await page.locator(`#${part}`).count(), 1, part);
  }
  await page.locator('#password').fill(demo.password);
  await page.locator('#login-submit').click();
  await assertSignedIn(page, demo, demo.app1);
});

test('the language can be changed in the middle of a sign-in', async (t) => {
  const page = await (await openContext(t, browser, { javaScriptEnabled: false })).newPage();
  await askToSignIn(page, demo.app1);
  for (const language of ['ar', 'de']) {
    await page.locator('.languages summary').click();
    await page.locator(`a[hreflang=${language}]`).click();
    await page.locator(`html[lang=${language}] #login-submit`).waitFor();
  }
  await fillIn(page, demo);
  await page.locator('#login-submit').click();
  await assertSignedIn(page, demo, demo.app1);
});

test('cookies that got lost under an open form: the page says so and leads on', async (t) => {
  const context = await openContext(t, browser);
  const page = await context.newPage();
  await askToSignIn(page, demo.app1);
  await fillIn(page, demo);
  const { hostname } = new URL(demo.provider);
  await context.clearCookies({ domain: hostname });
  await page.locator('#login-submit').click();
  await page.locator('h1').waitFor();
  await assertLeadsOn(page);
  await signIn(page, demo, demo.app1);
});

test('a browser without cookies is told, and never sent in a circle', async (t) => {
  const context = await openWithoutCookies(t, new URL(demo.provider).origin);
  const page = await context.newPage();
  let visits = 0;
  page.on('request', (request) => (visits += request.isNavigationRequest() ? 1 : 0));
  await page.goto(demo.app1);
  await page.locator('#sign-in').click();
  await page.locator('#login-submit, #error-page').first().waitFor({ state: 'attached' });
  if ((await page.locator('#login-submit').count()) > 0) {
    await fillIn(page, demo);
    await page.locator('#login-submit').click();
    await page.locator('#username').waitFor({ state: 'detached' });
  }
  assert.match(await page.locator('h1').textContent(), /cookie/i);
  await assertLeadsOn(page);
  assert.ok(visits < 10, `${visits} visits`);
  assert.deepEqual(await context.cookies(demo.provider), []);
});
