// What is true of every page of the provider, whatever it says.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// Evaluated through the debugger, because the page's own policy lets no foreign script in.
export async function assertAccessible(page) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  const violations = await page.evaluate(async (values) => {
    const result = await globalThis.axe.run(document, { runOnly: { type: 'tag', values } });
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
  }, AXE_TAGS);
  assert.deepEqual(violations, [], page.url());
}

export async function assertWellFormed(page) {
  const isMail = /\/styleguide\/mail-/.test(page.url());
  const shape = await page.evaluate(() => ({
    headings: document.querySelectorAll('h1').length,
    mains: document.querySelectorAll('main').length,
    hasLanguage: document.documentElement.lang !== '',
    hasTitle: document.title.trim() !== '',
    // The policy would refuse these, so a page that has one has something that does not work.
    inline: document.querySelectorAll('script:not([src]), style, [style], [onclick], [onsubmit], [onload]').length,
    // A passkey's form is sent by the module that fills it.
    deadForms: document.querySelectorAll('form:not([data-passkey], :has(button:not([type=button]), input[type=submit]))').length,
  }));
  // A mail carries its styles, because mail programs load none.
  if (isMail) shape.inline = 0;
  assert.deepEqual(
    shape,
    { headings: 1, mains: 1, hasLanguage: true, hasTitle: true, inline: 0, deadForms: 0 },
    page.url(),
  );
}

export async function assertFitsItsWidth(page) {
  const { needed, given } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { needed: scrollWidth, given: clientWidth };
  });
  assert.ok(needed <= given, `${page.url()} is ${needed} px wide in a window of ${given} px`);
  assert.deepEqual(await overflowing(page), [], page.url());
}

// Text that is wider than its box, and buttons that cover what is typed under them.
const overflowing = (page) =>
  page.evaluate(() => {
    const tag = (element) => element.outerHTML.slice(0, 120);
    const boxes = [...document.querySelectorAll('main *, footer *, aside')].filter(
      (element) => element instanceof HTMLElement && !element.matches('input, iframe') && element.clientWidth > 0,
    );
    const wide = boxes.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
    const covering = [...document.querySelectorAll('.with-button')].filter((box) => {
      const room = parseFloat(getComputedStyle(box.querySelector('input')).paddingInlineEnd);
      return box.querySelector('button').offsetWidth > room;
    });
    return [...wide, ...covering].map(tag);
  });

// The pseudo-locale: every text half as long again, with accents above and below.
export async function lengthen(page) {
  await page.evaluate(() => {
    const accents = { a: 'áà', e: 'éè', i: 'íì', o: 'óò', u: 'úù', A: 'ÁÀ', E: 'ÉÈ', I: 'ÍÌ', O: 'ÓÒ', U: 'ÚÙ', g: 'ģ', s: 'š' };
    const longer = (text) => text.replace(/[aeiougsAEIOU]/g, (letter) => accents[letter]);
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) texts.currentNode.data = longer(texts.currentNode.data);
    for (const name of ['placeholder', 'aria-label', 'title']) {
      for (const element of document.body.querySelectorAll(`[${name}]`)) {
        element.setAttribute(name, longer(element.getAttribute(name)));
      }
    }
  });
}

// WCAG 2.2, 1.4.12: people who set their text wider lose nothing.
export async function assertFitsWithWiderText(page) {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
      p { margin-block-end: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
  });
  try {
    await assertFitsItsWidth(page);
  } finally {
    await page.evaluate(() => {
      document.adoptedStyleSheets = [];
    });
  }
}

export async function assertStill(page) {
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0, `${page.url()} moves`);
}

// The purpose a browser's password manager is told, by the id of the field. Every field stands here.
const AUTOCOMPLETE = {
  username: /^username( webauthn)?$/,
  password: /^(current|new)-password$/,
  current: /^current-password$/,
  email: /^email$/,
  name: /^name$/,
  'totp-code': /^one-time-code$/,
  // From a mail; the one of a list is the person's own to keep.
  code: /^one-time-code$/,
  'recovery-code': /^off$/,
  'passkey-name': /^off$/,
  q: /^off$/,
  given_name: /^given-name$/,
  middle_name: /^additional-name$/,
  family_name: /^family-name$/,
  nickname: /^nickname$/,
  picture: /^photo$/,
  profile: /^off$/,
  website: /^url$/,
  gender: /^sex$/,
  birthdate: /^bday$/,
  locale: /^language$/,
  zoneinfo: /^off$/,
  phone_number: /^tel$/,
  formatted: /^off$/,
  street_address: /^street-address$/,
  locality: /^address-level2$/,
  region: /^address-level1$/,
  postal_code: /^postal-code$/,
  country: /^country-name$/,
};
// One that is typed from another screen or from paper: no capital letters and corrections are put into it.
const VERBATIM = ['username', 'totp-code'];
const SHORTEST_PASSWORD_LIMIT = 128;

export async function assertFieldsNameTheirPurpose(page) {
  const fields = await page.evaluate(() =>
    [
      ...document.querySelectorAll('select, textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=submit])'),
    ].map((field) => ({
      id: field.id,
      type: field.type,
      autocomplete: field.getAttribute('autocomplete'),
      maxLength: field.maxLength,
      isFixed: field.readOnly,
      corrects: field.getAttribute('autocapitalize') !== 'none' || field.getAttribute('spellcheck') !== 'false',
      // WCAG 2.2, 3.3.8: what a manager or a person pastes is taken.
      isPasteTaken: field.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true })),
    })),
  );
  for (const { id, type, autocomplete, maxLength, isFixed, corrects, isPasteTaken } of fields) {
    const where = `${page.url()} #${id}`;
    assert.ok(id in AUTOCOMPLETE, `${where} stands in no line of AUTOCOMPLETE`);
    assert.match(autocomplete ?? '', AUTOCOMPLETE[id], where);
    assert.equal(type === 'password', /password$/.test(autocomplete), where);
    assert.ok(isPasteTaken, `${where} takes no paste`);
    if (VERBATIM.includes(id) && !isFixed) assert.ok(!corrects, `${where} is corrected while it is typed`);
    if (type === 'password') {
      assert.ok(maxLength === -1 || maxLength >= SHORTEST_PASSWORD_LIMIT, `${where} cuts passwords short`);
    }
  }
}

// What went wrong is said first, has the focus, and stands at its fields.
export async function assertErrorIsAnnounced(page) {
  const summary = page.locator('#error-summary');
  if ((await summary.count()) === 0) {
    assert.equal(await page.locator('[role=alert], [aria-invalid=true]').count(), 0, `${page.url()} has an error without a summary`);
    return;
  }
  const where = page.url();
  assert.equal(await page.locator('[role=alert]').count(), 1, where);
  assert.equal(await summary.getAttribute('role'), 'alert', where);
  await page.locator('#error-summary:focus').waitFor();
  if ((await page.locator('html').getAttribute('lang')) === 'en') assert.match(await page.title(), /^Error: /, where);
  const unresolved = await page.evaluate(() => {
    const wrong = [...document.querySelectorAll('[aria-invalid=true]')];
    const ids = wrong.flatMap((field) => (field.getAttribute('aria-describedby') ?? 'nothing').split(' '));
    return ids.filter((id) => !document.getElementById(id)?.textContent.trim());
  });
  assert.deepEqual(unresolved, [], `${where}: fields that are wrong and do not say why`);
}
