// A person gives their account another address, without JavaScript: by the code of the mail, and by its link,
// opened in a browser that knows nothing of them.

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

const at = (path) => new URL(path, demo.provider).href;

// Signs in, and has a code sent to an address. The page waits for it then.
async function askForCode(page, address) {
  await page.goto(at('/account/email'));
  await fillIn(page, demo);
  await page.locator('#login-submit').click();
  await page.locator('#email').fill(address);
  await page.locator('#email-submit').click();
  await page.locator('#email-confirm').waitFor();
  assert.match(await page.locator('main').textContent(), new RegExp(`on its way to.*${address}`));
}

// The code and the link of the mail to an address, as development mode shows mails.
async function readMail(t, address) {
  const page = await (await openContext(t, browser)).newPage();
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    await page.goto(at('/dev/mails'));
    const text = await page.locator('main').textContent();
    const mail = text.split(address)[1];
    const code = mail && /[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}/.exec(mail)?.[0];
    const link = mail && /https?:\S+\/email\/[\w-]{43}/.exec(mail)?.[0];
    if (code && link) return { code, link };
  }
  return assert.fail(`no mail to ${address}`);
}

async function assertAddress(page, address) {
  await page.goto(at('/account/security'));
  assert.match(await page.locator('main').textContent(), new RegExp(`${address}\\s+Confirmed`));
}

test('another address by its code, without JavaScript', async (t) => {
  const context = await openContext(t, browser, { javaScriptEnabled: false });
  const record = await watch(context);
  const page = await context.newPage();
  await askForCode(page, 'one@new.example');
  await page.locator('#code').fill('2222-2222');
  await page.locator('#email-confirm').click();
  await page.locator('#error-summary').waitFor();
  assert.match(await page.title(), /^Error: /);
  const { code } = await readMail(t, 'one@new.example');
  await page.locator('#code').fill(code.toLowerCase().replace('-', ' '));
  await page.locator('#code').press('Enter');
  await page.waitForURL(at('/account/security?done=email'));
  await assertAddress(page, 'one@new.example');
  assert.deepEqual(record.violations, []);
});

test('another address by its link, in another browser, which stays signed out', async (t) => {
  const page = await (await openContext(t, browser, { javaScriptEnabled: false })).newPage();
  await askForCode(page, 'two@new.example');
  const { link } = await readMail(t, 'two@new.example');
  const other = await openContext(t, browser, { javaScriptEnabled: false });
  const there = await other.newPage();
  await there.goto(link);
  assert.match(await there.locator('h1').textContent(), /two@new\.example/);
  assert.match(await there.locator('main').textContent(), new RegExp(`account ${demo.username}`));
  await there.locator('#email-link-confirm').click();
  await there.locator('#email-done').waitFor();
  await assertAddress(page, 'two@new.example');
  // Nobody was signed in there, and the link is over.
  await there.goto(at('/account'));
  await there.locator('#login-submit').waitFor();
  assert.equal((await there.goto(link)).status(), 404);
  await there.locator('#email-gone').waitFor();
});
