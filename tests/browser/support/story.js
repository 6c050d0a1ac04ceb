// The steps the stories are told in.

import assert from 'node:assert/strict';

const isAt = (origin) => (url) => url.origin === new URL(origin).origin;

// From an app's front page to the provider's sign-in page.
export async function askToSignIn(page, app) {
  await page.goto(app);
  await page.locator('#sign-in').click();
  await page.locator('#login-submit').waitFor();
}

export async function fillIn(page, { username, password }) {
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(password);
}

export async function signIn(page, demo, app) {
  await askToSignIn(page, app);
  await fillIn(page, demo);
  await page.locator('#login-submit').click();
  await assertSignedIn(page, demo, app);
}

export async function assertSignedIn(page, demo, app) {
  await page.waitForURL(isAt(app));
  const shown = await page.locator('#signed-in-as').textContent();
  assert.ok(shown.includes(demo.username), `${app} greets ${demo.username}: ${shown}`);
}

// Back-channel logout reaches the other apps a moment later, so the page is opened until it shows it.
export async function reloadUntilSignedOut(page) {
  const deadline = Date.now() + 10_000;
  do {
    await page.reload();
    if ((await page.locator('#sign-in').count()) > 0) return;
  } while (Date.now() < deadline);
  assert.fail(`still signed in at ${page.url()}`);
}

// A page that says something went wrong must still lead somewhere.
export async function assertLeadsOn(page) {
  await page.locator('#signed-in-as, main a[href], main button').first().waitFor();
}
