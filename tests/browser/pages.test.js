// Every state of every page, as the style guide of development mode shows them: accessible in light and
// dark, whole at 320 px, quiet under its own policy. Screenshots go to `screenshots/`.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { openBrowser, openContext, watch } from './support/chromium.js';
import { startDemo } from './support/demo.js';
import {
  assertAccessible,
  assertErrorIsAnnounced,
  assertFieldsNameTheirPurpose,
  assertFitsItsWidth,
  assertFitsWithWiderText,
  assertStill,
  assertWellFormed,
  lengthen,
} from './support/page_checks.js';
import { askToSignIn, signIn } from './support/story.js';
import { listStates, localLinks } from './support/style_guide.js';

const SCREENSHOTS = new URL('screenshots/', import.meta.url).pathname;
const NARROW = { width: 320, height: 640 };
const WIDE = { width: 1280, height: 800 };
// A page is loaded once for a language and looked at in each of these, because loading costs much.
const LOOKS = [
  { look: 'light-320', viewport: NARROW, colorScheme: 'light', hasAxe: true },
  { look: 'dark-320', viewport: NARROW, colorScheme: 'dark', hasAxe: true },
  { look: 'light-360', viewport: { width: 360, height: 740 }, colorScheme: 'light', hasAxe: true },
  { look: 'light-1280', viewport: WIDE, colorScheme: 'light', hasAxe: true },
  { look: 'dark-1280', viewport: WIDE, colorScheme: 'dark', hasAxe: true },
  // Last, because its words stay on the page.
  { look: 'light-320-pseudo', viewport: NARROW, colorScheme: 'light', isLengthened: true },
];
const LOADS = [
  { locale: 'en-GB', looks: LOOKS },
  { locale: 'ar-EG', looks: [{ look: 'dark-320-ar', viewport: NARROW, colorScheme: 'dark', hasAxe: true }] },
];
// The other languages differ in their words alone, so a few states stand for all.
const LANGUAGES = ['ar-EG', 'de-DE', 'es-419', 'fr-CA', 'ja-JP', 'pt-PT', 'zh-CN'];
const FEW_STATES = ['sign-in', 'sign-in-wrong', 'consent', 'request-redirect', 'apps'];
const CRAWL_LIMIT = 200;

let demo;
let browser;
before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
  await mkdir(SCREENSHOTS, { recursive: true });
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

async function assertGood(page) {
  await assertWellFormed(page);
  await assertFitsItsWidth(page);
  await assertFieldsNameTheirPurpose(page);
  await assertAccessible(page);
}

async function assertLooksGood(page, state, { look, viewport, colorScheme, isLengthened, hasAxe = false }) {
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme });
  if (isLengthened) await lengthen(page);
  try {
    await assertFitsItsWidth(page);
    await assertStill(page);
    if (hasAxe) await assertAccessible(page);
  } finally {
    // After the checks, because taking a picture leaves marks on the page.
    const path = `${SCREENSHOTS}${state.replace(/\W+/g, '-')}.${look}.png`;
    await page.screenshot({ path, fullPage: true });
  }
  await assertFitsWithWiderText(page);
}

async function assertSpeaks(page, locale) {
  const { lang, dir } = await page.locator('html').evaluate(({ lang, dir }) => ({ lang, dir }));
  assert.equal(lang.slice(0, 2), locale.slice(0, 2));
  assert.equal(dir, lang === 'ar' ? 'rtl' : '');
}

function assertQuiet(record) {
  assert.deepEqual(record.violations, []);
  assert.deepEqual(record.complaints, []);
  assert.deepEqual([...record.hosts], [new URL(demo.provider).host]);
}

for (const { locale, looks } of LOADS) {
  test(`every page state, ${locale}`, async (t) => {
    const context = await openContext(t, browser, { locale, viewport: NARROW, reducedMotion: 'reduce' });
    const record = await watch(context);
    const page = await context.newPage();
    for (const state of await listStates(page, demo)) {
      await t.test(state, async (t) => {
        await page.goto(`${demo.provider}/dev/styleguide/${state}`);
        await assertSpeaks(page, locale);
        await assertErrorIsAnnounced(page);
        await assertWellFormed(page);
        await assertFieldsNameTheirPurpose(page);
        for (const each of looks) await t.test(each.look, () => assertLooksGood(page, state, each));
      });
    }
    assertQuiet(record);
  });
}

for (const locale of LANGUAGES) {
  test(`a few page states, ${locale}`, async (t) => {
    const page = await (await openContext(t, browser, { locale, viewport: NARROW, reducedMotion: 'reduce' })).newPage();
    for (const state of FEW_STATES) {
      await page.goto(`${demo.provider}/dev/styleguide/${state}`);
      await assertSpeaks(page, locale);
      // Whoever opens the list of languages takes the focus from the error.
      await assertErrorIsAnnounced(page);
      await page.locator('.languages summary').click();
      await assertGood(page);
      await page.screenshot({ path: `${SCREENSHOTS}${state}.${locale}.png`, fullPage: true });
      await assertFitsWithWiderText(page);
    }
  });
}

test('the sign-in page as an app brings people to it', async (t) => {
  for (const { look, viewport, colorScheme } of LOOKS.filter(({ isLengthened }) => !isLengthened)) {
    await t.test(look, async (t) => {
      const page = await (await openContext(t, browser, { locale: 'en-GB', viewport, colorScheme })).newPage();
      await askToSignIn(page, demo.app1);
      await assertGood(page);
    });
  }
});

test('whatever the provider links to answers, and keeps to the policy', async (t) => {
  const context = await openContext(t, browser);
  const page = await context.newPage();
  await signIn(page, demo, demo.app1);
  await page.close();

  const record = await watch(context);
  const visitor = await context.newPage();
  const found = [`${demo.provider}/dev/styleguide`, `${demo.provider}/`];
  for (let at = 0; at < found.length && at < CRAWL_LIMIT; at += 1) {
    const response = await visitor.goto(found[at]);
    assert.ok(response.status() < 500, `${found[at]} answers ${response.status()}`);
    assert.ok(response.headers()['content-security-policy'], `${found[at]} has a policy`);
    for (const link of await localLinks(visitor)) {
      if (link.startsWith(`${demo.provider}/`) && !found.includes(link)) found.push(link);
    }
  }
  assertQuiet(record);
});
