// The hand-off brings people to an app wherever it lives and wherever its callback sends them on, under a
// policy that lets the forms of a page go nowhere else.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openContext, watch } from './support/chromium.js';
import { startInstallation } from './support/installation.js';
import { startSampleApp } from './support/sample_app.js';
import { fillIn } from './support/story.js';

let here;
let third;
let browser;
before(async () => {
  here = await startInstallation();
  third = await startSampleApp({ name: 'third' });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await third?.stop();
  await here?.stop();
});

// Signs in at the page that is open, and gives the answer to the form.
async function sendForm(page) {
  await fillIn(page, here.person);
  const answered = page.waitForResponse((answer) => answer.request().method() === 'POST');
  await page.locator('#login-submit').click();
  return answered;
}

function assertHandsOff(answer) {
  assert.equal(answer.status(), 200);
  const { refresh, 'content-security-policy': policy } = answer.headers();
  assert.match(refresh, /^0;\s*url=/i);
  assert.match(policy, /form-action 'self'(;|$)/);
}

for (const javaScriptEnabled of [true, false]) {
  test(`an app whose callback sends on to a third origin, with JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async (t) => {
    const app = await here.connectApp({ onward: `${third.url}/` });
    const context = await openContext(t, browser, { javaScriptEnabled });
    const record = await watch(context);
    const page = await context.newPage();
    await page.goto(`${app.url}/sign-in`);
    assertHandsOff(await sendForm(page));
    await page.waitForURL(`${third.url}/`);
    assert.equal(app.signedIn.length, 1);
    assert.deepEqual(record.violations, []);
    // Who goes back may be sent off once more, with the same answer and no other.
    await page.goBack();
    await page.waitForLoadState();
    const codes = app.arrivals.map((url) => url.searchParams.get('code'));
    assert.equal(new Set(codes).size, 1, `${codes}`);
    assert.equal(app.signedIn.length, 1);
  });
}

for (const javaScriptEnabled of [true, false]) {
  test(`an app with a scheme of its own, with JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async (t) => {
    const redirect_uri = 'com.example.notes:/callback';
    const client = await here.createClient({
      client_name: 'Notes on a phone',
      redirect_uris: [redirect_uri],
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      first_party: true,
    });
    const context = await openContext(t, browser, { javaScriptEnabled });
    const record = await watch(context);
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send('Page.enable');
    const asked = new Promise((resolve) => {
      cdp.on('Page.frameRequestedNavigation', ({ url }) => url.startsWith('com.example.notes:') && resolve(url));
    });
    const params = {
      client_id: client.client_id,
      redirect_uri,
      response_type: 'code',
      scope: 'openid',
      state: 's',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    };
    await page.goto(`${here.issuer}/authorize?${new URLSearchParams(params)}`);
    assertHandsOff(await sendForm(page));
    const url = new URL(await asked);
    assert.equal(`${url.protocol}${url.pathname}`, redirect_uri);
    assert.equal(url.searchParams.get('state'), 's');
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code: url.searchParams.get('code'),
      redirect_uri,
      client_id: client.client_id,
      code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    });
    const answer = await fetch(`${here.issuer}/token`, { method: 'POST', body });
    assert.ok((await answer.json()).id_token, 'the code counts');
    // Whose browser knows no such app still stands before the link.
    assert.ok(await page.locator('#handoff').isVisible());
    assert.deepEqual(record.violations, []);
  });
}
