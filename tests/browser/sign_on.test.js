// Two apps on two domains, one sign-on, one sign-out: the product's promise, with and without JavaScript.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openBrowser, openContext, watch } from './support/chromium.js';
import { startDemo } from './support/demo.js';
import { askToSignIn, assertSignedIn, fillIn, reloadUntilSignedOut, signIn } from './support/story.js';

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

test('the two apps live on two domains', () => {
  const hosts = ['provider', 'app1', 'app2'].map((name) => new URL(demo[name]).hostname);
  assert.equal(new Set(hosts).size, hosts.length, hosts.join(' '));
});

for (const javaScriptEnabled of [true, false]) {
  describe(`with JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    test('signed in once, signed in at both, signed out of both', async (t) => {
      const context = await openContext(t, browser, { javaScriptEnabled });
      const record = await watch(context);
      const first = await context.newPage();
      await signIn(first, demo, demo.app1);

      const second = await context.newPage();
      const seen = [];
      second.on('framenavigated', (frame) => seen.push(new URL(frame.url()).pathname));
      await second.goto(demo.app2);
      await second.locator('#sign-in').click();
      await assertSignedIn(second, demo, demo.app2);
      const asked = seen.filter((path) => path.startsWith('/i/'));
      assert.deepEqual(asked, [], 'the second app asks for nothing');

      await first.locator('#sign-out').click();
      await first.locator('#logout-confirm, #logged-out, #sign-in').first().waitFor();
      const confirm = first.locator('#logout-confirm');
      if (await confirm.isVisible()) await confirm.click();
      await first.locator('#logged-out, #sign-in').first().waitFor();
      await reloadUntilSignedOut(second);
      await first.goto(demo.app1);
      assert.equal(await first.locator('#signed-in-as').count(), 0);
      await askToSignIn(second, demo.app2);

      assert.deepEqual(record.violations, []);
      assert.deepEqual(record.complaints, []);
      const ours = ['provider', 'app1', 'app2', 'api'].map((name) => new URL(demo[name]).host);
      assert.deepEqual([...record.hosts].filter((host) => !ours.includes(host)), [], 'no third party is asked');
    });

    test('an app calls the API on behalf of the person', async (t) => {
      const context = await openContext(t, browser, { javaScriptEnabled });
      const page = await context.newPage();
      await signIn(page, demo, demo.app1);
      await page.locator('#call-api').click();
      const answer = await page.locator('#api-answer').textContent();
      const subject = await page.locator('#subject').textContent();
      assert.ok(answer.includes(subject), `the API knows who asks: ${answer}`);
    });
  });
}

test('the hand-off reaches the app under a policy that lets forms go nowhere else', async (t) => {
  const context = await openContext(t, browser);
  const page = await context.newPage();
  await askToSignIn(page, demo.app1);
  const response = await page.reload();
  const policy = response.headers()['content-security-policy'];
  assert.match(policy, /form-action 'self'(;|$)/);
  assert.doesNotMatch(policy, /unsafe-/);
  await fillIn(page, demo);
  const [handoff] = await Promise.all([
    page.waitForResponse((answer) => answer.request().method() === 'POST'),
    page.locator('#login-submit').click(),
  ]);
  assert.equal(handoff.status(), 200);
  assert.match(handoff.headers().refresh, /^0;\s*url=/i);
  await assertSignedIn(page, demo, demo.app1);
});
