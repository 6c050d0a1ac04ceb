// How apps hear of a sign-out through the browser: frames on the signed-out page, and a frame of the
// provider's that they ask. Everything over TLS, because cookies reach frames of other sites in no other way.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startProvider } from '../relying_parties/provider.js';
import { tls } from '../relying_parties/tls.js';
import { startApps } from './support/apps.js';
import { openBrowser, openContext, openWithForeignCookies, watch } from './support/chromium.js';
import { fillIn } from './support/story.js';

let provider;
let browser;
let apps;
before(async () => {
  provider = await startProvider({ tls });
  browser = await openBrowser();
  apps = await startApps(tls);
});
after(async () => {
  await browser?.close();
  await apps?.stop();
  await provider?.stop();
});

async function createApp(host, metadata = {}) {
  const origin = apps.at(host);
  const client = await provider.createClient({
    client_name: host,
    redirect_uris: [`${origin}/callback`],
    post_logout_redirect_uris: [`${origin}/bye`],
    first_party: true,
    ...metadata,
  });
  return { ...client, origin };
}

// The session and what the app was told, when it sent its person to the provider, who signs in if asked.
async function signIn(page, app) {
  const url = new URL(`${provider.issuer}/authorize`);
  const [redirect_uri] = app.redirect_uris;
  const params = { client_id: app.client_id, redirect_uri, response_type: 'code', scope: 'openid', state: 's' };
  url.search = new URLSearchParams(params);
  await page.goto(url.href);
  if (!page.url().startsWith(redirect_uri)) {
    await fillIn(page, provider.person);
    await page.locator('#login-submit').click();
    await page.waitForURL((to) => to.href.startsWith(redirect_uri));
  }
  const told = new URL(page.url()).searchParams;
  const body = new URLSearchParams({ grant_type: 'authorization_code', code: told.get('code'), redirect_uri });
  const authorization = `Basic ${Buffer.from(`${app.client_id}:${app.client_secret}`).toString('base64')}`;
  const answer = await fetch(`${provider.issuer}/token`, { method: 'POST', body, headers: { authorization } });
  const { id_token: idToken } = await answer.json();
  const { sid } = JSON.parse(Buffer.from(idToken.split('.')[1], 'base64url'));
  return { sid, idToken, sessionState: told.get('session_state') };
}

async function signOut(page, app, idToken) {
  const [post_logout_redirect_uri] = app.post_logout_redirect_uris;
  const params = new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri, state: 'bye' });
  await page.goto(`${provider.issuer}/end_session?${params}`);
}

for (const javaScriptEnabled of [true, false]) {
  test(`each app's frame is loaded, with JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async (t) => {
    const out = (host) => ({ frontchannel_logout_uri: `${apps.at(host)}/out?app=${host}` });
    const notes = await createApp('notes.localhost', out('notes.localhost'));
    const photos = await createApp('photos.localhost', out('photos.localhost'));
    const context = await openContext(t, browser, { ignoreHTTPSErrors: true, javaScriptEnabled });
    const record = await watch(context);
    const page = await context.newPage();
    const atNotes = await signIn(page, notes);
    const atPhotos = await signIn(page, photos);
    apps.visits.length = 0;

    await signOut(page, notes, atNotes.idToken);
    await page.locator('#logged-out').waitFor();
    assert.deepEqual(await page.locator('main li').allTextContents(), ['notes.localhost', 'photos.localhost']);
    // The page goes on by itself.
    await page.waitForURL(`${notes.origin}/bye?state=bye`);
    const loaded = apps.visits.filter((url) => url.pathname === '/out');
    const found = loaded.map((url) => [url.origin, ...['app', 'iss', 'sid'].map((name) => url.searchParams.get(name))]);
    assert.deepEqual(
      found.sort(),
      [
        [notes.origin, 'notes.localhost', provider.issuer, atNotes.sid],
        [photos.origin, 'photos.localhost', provider.issuer, atPhotos.sid],
      ].sort(),
    );
    assert.deepEqual(record.violations, []);
  });
}

async function answerBecomes(page, answer) {
  await page.locator('#answer', { hasText: new RegExp(`^${answer}$`) }).waitFor();
}

// The page of an app of another site that asks the provider's frame `question`.
async function watchAt(app, question) {
  const metadata = await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json();
  return `${app.origin}/watch?${new URLSearchParams({ frame: metadata.check_session_iframe, question })}`;
}

test('an app that watches its session sees that it changed', async (t) => {
  const app = await createApp('notes.localhost');
  const context = await openWithForeignCookies(t, { ignoreHTTPSErrors: true });
  const record = await watch(context);
  const page = await context.newPage();
  const { idToken, sessionState } = await signIn(page, app);
  const watcher = await context.newPage();
  await watcher.goto(await watchAt(app, `${app.client_id} ${sessionState}`));
  await answerBecomes(watcher, 'unchanged');

  // What nobody was told is no session of theirs.
  const other = await context.newPage();
  await other.goto(await watchAt(app, `another ${sessionState}`));
  await answerBecomes(other, 'changed');
  await other.goto(await watchAt(app, 'nonsense'));
  await answerBecomes(other, 'error');

  // A silent look at the provider changes nothing; signing out does.
  await signIn(page, app);
  await answerBecomes(watcher, 'unchanged');
  await signOut(page, app, idToken);
  await answerBecomes(watcher, 'changed');
  assert.deepEqual(record.violations, []);
  assert.deepEqual(record.complaints, []);
});

test('where cookies do not reach frames of other sites, no app is told of a change that is none', async (t) => {
  const app = await createApp('notes.localhost');
  const context = await openContext(t, browser, { ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const { sessionState } = await signIn(page, app);
  await page.goto(await watchAt(app, `${app.client_id} ${sessionState}`));
  await answerBecomes(page, 'error');
});
