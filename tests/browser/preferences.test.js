// What people set in their system is heeded on every page: larger text, less motion, colours of their own, another
// direction of writing, and paper.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openContext } from './support/chromium.js';
import { startDemo } from './support/demo.js';
import { assertFitsItsWidth, assertStill } from './support/page_checks.js';
import { listStates } from './support/style_guide.js';

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

// Some states have all there is on pages: fields, errors, lists, choices, codes, and what leads on.
const SOME = [
  'sign-in',
  'sign-in-wrong',
  'accounts',
  'consent',
  'hand-off-ask',
  'totp-setup',
  'recovery-codes',
  'ways',
  'account',
  'account-profile',
  'account-sessions',
  'account-passkeys',
  'account-password-short',
  'request-redirect',
  'setup',
];

// Calls `look` with the page of each of `states`, or of every one but the mails, which are no pages of a browser.
async function inStates(t, options, look, states) {
  const page = await (await openContext(t, browser, options)).newPage();
  const known = (await listStates(page, demo)).filter((state) => !state.startsWith('mail-'));
  assert.deepEqual((states ?? []).filter((state) => !known.includes(state)), []);
  for (const state of states ?? known) {
    await page.goto(`${demo.provider}/dev/styleguide/${state}`);
    await look(page, state);
  }
}

// WCAG 2.2, 1.4.10: a window of 1280 by 1024 px, magnified four times.
test('a page at 400 % zoom has all its text and scrolls in one direction', async (t) => {
  const options = { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 };
  await inStates(t, options, (page) => assertFitsItsWidth(page), SOME);
});

// WCAG 2.2, 1.4.4: text alone, twice as large.
test('every page with text of twice the size has all its text', async (t) => {
  await inStates(t, { viewport: { width: 640, height: 800 } }, async (page) => {
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    await assertFitsItsWidth(page);
  });
});

test('nothing moves for who wants less motion, whatever is pointed at, focused or pressed', async (t) => {
  const press = async (page) => {
    await assertStill(page);
    const button = page.locator('main button:visible, main a:visible').first();
    await button.hover();
    await button.focus();
    await page.mouse.down();
    await assertStill(page);
    // Let go elsewhere, so that nothing is clicked.
    await page.mouse.move(0, 0);
    await page.mouse.up();
  };
  await inStates(t, { reducedMotion: 'reduce' }, press, SOME);
});

// Fields must have a border, because they may hold nothing; what has a text must stand out from what is behind it.
const controlsThatCannotBeSeen = (page) =>
  page.evaluate(() => {
    const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
    const behind = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const colour = getComputedStyle(at).backgroundColor;
        if ((channels(colour)[3] ?? 1) > 0) return colour;
      }
      return 'rgb(255, 255, 255)';
    };
    const luminance = (colour) => {
      const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
      const [red, green, blue] = channels(colour).map((value) => linear(value / 255));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const contrast = (one, other) => {
      const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
      return (high + 0.05) / (low + 0.05);
    };
    const cannotBeSeen = (control) => {
      const style = getComputedStyle(control);
      const hasBorder =
        parseFloat(style.borderTopWidth) >= 1 &&
        style.borderTopStyle !== 'none' &&
        contrast(style.borderTopColor, behind(control.parentElement)) >= 3;
      const isField = control.matches('input:not([type=checkbox]), select, textarea');
      return isField ? !hasBorder : contrast(style.color, behind(control)) < 4.5;
    };
    const controls = document.querySelectorAll('a[href], button, summary, select, textarea, input:not([type=hidden])');
    const visible = [...controls].filter((control) => control.checkVisibility({ visibilityProperty: true }));
    return visible.filter(cannotBeSeen).map(({ outerHTML }) => outerHTML.slice(0, 160));
  });

for (const [colorScheme, states] of [
  ['light', undefined],
  ['dark', SOME],
]) {
  test(`every control can be seen in forced colours, ${colorScheme}`, async (t) => {
    const look = async (page, state) => {
      assert.deepEqual(await controlsThatCannotBeSeen(page), [], state);
      await page.keyboard.press('Tab');
      const outline = await page.evaluate(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
        return outlineStyle === 'none' ? 0 : parseFloat(outlineWidth);
      });
      assert.ok(outline >= 2, `no visible focus in ${state}`);
    };
    await inStates(t, { forcedColors: 'active', colorScheme }, look, states);
  });
}

test('the recovery codes are printed on one page, and nothing that cannot be pressed on paper', async (t) => {
  for (const locale of ['en-GB', 'de-DE', 'ar-EG']) {
    const page = await (await openContext(t, browser, { locale, colorScheme: 'dark' })).newPage();
    await page.goto(`${demo.provider}/dev/styleguide/recovery-codes`);
    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    const codes = page.locator('#recovery-codes code');
    assert.ok((await codes.count()) >= 8);
    const sizes = await codes.evaluateAll((all) => all.map((code) => parseFloat(getComputedStyle(code).fontSize)));
    assert.ok(sizes.every((size) => size >= 16), `${sizes}`);
    for (const code of await codes.all()) assert.ok(await code.isVisible());
    assert.equal(await page.locator('button:visible, a.button:visible, footer:visible, input:visible').count(), 0);
    const paper = await page.pdf({ format: 'A4' });
    assert.equal(paper.toString('latin1').match(/\/Type\s*\/Page\b/g).length, 1, `${locale}: pages`);
  }
});

// The middle of the first element that `selector` finds, in px from the left.
const middle = async (page, selector) => {
  const { x, width } = await page.locator(selector).first().boundingBox();
  return x + width / 2;
};

test('pages in Arabic are mirrored', async (t) => {
  const pairs = [
    ['consent', '.row .avatar', '.row .who'],
    ['consent', '#consent-deny', '#consent-allow'],
    ['accounts', '.account .avatar', '.account .who'],
    ['sign-in', '#password', '.with-button button'],
    ['sign-in', '#remember', '.check span'],
  ];
  for (const [locale, isMirrored] of [
    ['en-GB', false],
    ['ar-EG', true],
  ]) {
    const page = await (await openContext(t, browser, { locale })).newPage();
    for (const [state, first, second] of pairs) {
      await page.goto(`${demo.provider}/dev/styleguide/${state}`);
      const isReversed = (await middle(page, first)) > (await middle(page, second));
      assert.equal(isReversed, isMirrored, `${state} in ${locale}: ${first} and ${second}`);
    }
  }
});
