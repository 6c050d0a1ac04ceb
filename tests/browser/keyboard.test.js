// Signing in without a mouse: everything is reached with Tab, and one sees where one is.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openContext } from './support/chromium.js';
import { startDemo } from './support/demo.js';
import { assertSignedIn } from './support/story.js';

const STOPS_LIMIT = 20;
const OUTLINE_PX = 2;

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

const focused = (page) =>
  page.evaluate(() => {
    const { id, tagName } = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
    return { id, tagName, outline: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth) };
  });

// Goes on with Tab until the element `id` has the focus; each stop on the way must be visible.
async function tabTo(page, id) {
  for (let stops = 0; stops < STOPS_LIMIT; stops += 1) {
    const here = await focused(page);
    if (here.tagName !== 'BODY') {
      assert.ok(here.outline >= OUTLINE_PX, `no visible focus on ${here.tagName} #${here.id} of ${page.url()}`);
    }
    if (here.id === id) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab never reached #${id} of ${page.url()}`);
}

test('signing in with the keyboard alone', async (t) => {
  const page = await (await openContext(t, browser)).newPage();
  await page.goto(demo.app1);
  await page.locator('#sign-in').focus();
  await page.keyboard.press('Enter');
  await page.locator('#login-submit').waitFor();

  await tabTo(page, 'username');
  await page.keyboard.type(demo.username);
  await tabTo(page, 'password');
  await page.keyboard.type(demo.password);
  await tabTo(page, 'login-submit');
  await page.keyboard.press('Enter');
  await assertSignedIn(page, demo, demo.app1);
});
