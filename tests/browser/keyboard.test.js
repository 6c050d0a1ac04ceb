// Without a mouse: everything is reached with Tab in the order of the page, one sees where one is, and nothing holds
// the focus.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openContext } from './support/chromium.js';
import { startDemo } from './support/demo.js';
import { startInstallation } from './support/installation.js';
import { assertSignedIn } from './support/story.js';
import { listStates } from './support/style_guide.js';

const STOPS_LIMIT = 40;
const OUTLINE_PX = 2;
const OUTLINE_CONTRAST = 3;

let demo;
let here;
let browser;
before(async () => {
  demo = await startDemo();
  here = await startInstallation();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await here?.stop();
  await demo?.stop();
});

// Where the focus is: how thick its outline, and how much that stands out from what is behind it.
const focused = (page) =>
  page.evaluate(() => {
    const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
    const luminance = (colour) => {
      const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
      const [red, green, blue] = channels(colour).map((value) => linear(value / 255));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const colour = getComputedStyle(at).backgroundColor;
        if ((channels(colour)[3] ?? 1) > 0) return colour;
      }
      return 'rgb(255, 255, 255)';
    };
    const element = document.activeElement;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
    // The outline is drawn around the element, on what its parent stands on.
    const [low, high] = [luminance(outlineColor), luminance(behind(element.parentElement))].sort((a, b) => a - b);
    return {
      id: element.id,
      tagName: element.tagName,
      stop: element.dataset.stop,
      outline: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth),
      contrast: (high + 0.05) / (low + 0.05),
    };
  });

function assertVisible(here, page) {
  if (here.tagName === 'BODY') return;
  const where = `${here.tagName} #${here.id} of ${page.url()}`;
  assert.ok(here.outline >= OUTLINE_PX, `no visible focus on ${where}`);
  assert.ok(here.contrast >= OUTLINE_CONTRAST, `the focus on ${where} stands out by ${here.contrast.toFixed(1)}`);
}

// Goes on with Tab until the element `id` has the focus; each stop on the way must be visible.
async function tabTo(page, id) {
  for (let stops = 0; stops < STOPS_LIMIT; stops += 1) {
    const at = await focused(page);
    assertVisible(at, page);
    if (at.id === id) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab never reached #${id} of ${page.url()}`);
}

// Tab goes through everything that can be used, in the order of the page, and comes out at its end.
async function assertTabOrder(page) {
  const count = await page.evaluate(() => {
    const usable = document.querySelectorAll('a[href], button, summary, select, textarea, input:not([type=hidden])');
    const stops = [...usable].filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled);
    stops.forEach((element, number) => (element.dataset.stop = number));
    return stops.length;
  });
  const order = [];
  // One more than there are, for the way out of the page and in again.
  for (let stops = 0; stops < count + 2 && order.length < count; stops += 1) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (at.tagName === 'BODY' || at.tagName === 'HTML') continue;
    assertVisible(at, page);
    order.push(Number(at.stop));
  }
  const first = order[0];
  const expected = Array.from({ length: count }, (_, number) => (number + first) % count);
  assert.deepEqual(order, expected, page.url());
}

// The order does not depend on the colours: some states tell whether the focus is seen in the dark.
for (const [colorScheme, of] of [
  ['light', 1],
  ['dark', 6],
]) {
  test(`every page is gone through with Tab, ${colorScheme}`, async (t) => {
    const page = await (await openContext(t, browser, { colorScheme })).newPage();
    const states = (await listStates(page, demo)).filter((state) => !state.startsWith('mail-'));
    for (const state of states.filter((_, number) => number % of === 0)) {
      await page.goto(`${demo.provider}/dev/styleguide/${state}`);
      await assertTabOrder(page);
    }
  });
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

test('a sign-in, a consent and the account with the keyboard alone', async (t) => {
  const app = await here.connectApp({ metadata: { first_party: false } });
  const person = await here.createPerson('typist');
  const page = await (await openContext(t, browser)).newPage();
  await page.goto(`${app.url}/sign-in`);

  // The languages open and close where the focus stays.
  await page.locator('.languages summary').focus();
  for (const [key, isOpen] of [
    ['Enter', true],
    ['Space', false],
    ['Space', true],
    ['Enter', false],
  ]) {
    await page.keyboard.press(key);
    assert.equal(await page.locator('.languages').evaluate((menu) => menu.open), isOpen, key);
    assert.equal((await focused(page)).tagName, 'SUMMARY');
  }
  await tabTo(page, 'username');
  await page.keyboard.type(person.username);
  await tabTo(page, 'password');
  await page.keyboard.type(person.password);
  await tabTo(page, 'remember');
  await page.keyboard.press('Space');
  assert.ok(await page.locator('#remember').isChecked());
  // Enter in a field sends the form.
  await page.locator('#password').focus();
  await page.keyboard.press('Enter');

  // Allowing is not the first thing that Enter does there.
  await page.locator('#consent-allow').waitFor();
  assert.equal((await focused(page)).tagName, 'BODY');
  await tabTo(page, 'consent-allow');
  await page.keyboard.press('Space');
  await page.locator('#signed-in-as', { hasText: person.username }).waitFor();

  await page.goto(`${here.issuer}/account/profile`);
  await tabTo(page, 'nickname');
  await page.keyboard.type('Tip');
  await page.keyboard.press('Enter');
  await page.waitForURL(/done=profile$/);
  await page.goto(`${here.issuer}/account/password`);
  await tabTo(page, 'current');
  await page.keyboard.type(person.password);
  await tabTo(page, 'password');
  await page.keyboard.type('typed by somebody without a mouse');
  await tabTo(page, 'password-submit');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/account\?done=password$/);
  await page.goto(`${here.issuer}/end_session`);
  await tabTo(page, 'logout-confirm');
  await page.keyboard.press('Enter');
  await page.locator('#logged-out').waitFor();
});
