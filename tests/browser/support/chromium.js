// Debian's Chromium under Playwright, and a record of what its pages did.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const isRoot = process.getuid?.() === 0;

const launch = {
  executablePath: process.env.TESSERA_TEST_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    // Chromium refuses its sandbox to root.
    ...(isRoot ? ['--no-sandbox'] : []),
    // It talks to nobody but the pages under test.
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    '--disable-gpu',
    '--no-first-run',
  ],
};

const WAIT_LIMIT_MS = 15_000;
const defaults = { locale: 'en-GB', viewport: { width: 1280, height: 800 } };

export const openBrowser = () => chromium.launch(launch);

// A browser of its own for the test `t`: cookies, storage and all. `options` are Playwright's.
export async function openContext(t, browser, options = {}) {
  const context = await browser.newContext({ ...defaults, ...options });
  context.setDefaultTimeout(WAIT_LIMIT_MS);
  t.after(() => context.close());
  return context;
}

// A browser with settings of its own. `preferences` are Chromium's, `options` Playwright's.
async function openProfile(t, preferences, options = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-browser-'));
  await mkdir(join(folder, 'Default'));
  await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(folder, { ...launch, ...defaults, ...options });
  context.setDefaultTimeout(WAIT_LIMIT_MS);
  t.after(async () => {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  });
  return context;
}

// A browser whose person forbade cookies for `origin`, as in its settings.
export function openWithoutCookies(t, origin) {
  const BLOCK = 2;
  const cookies = { [`${origin},*`]: { setting: BLOCK } };
  return openProfile(t, { profile: { content_settings: { exceptions: { cookies } } } });
}

// A browser whose person lets cookies into the frames of other sites. Chromium's default does not.
export function openWithForeignCookies(t, options) {
  return openProfile(t, { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } }, options);
}

// Keeps a record of everything the pages of `context` must not do: break their own content security
// policy, complain on the console, or ask a host for something. Call it before the first page opens.
export async function watch(context) {
  const record = { violations: [], complaints: [], hosts: new Set() };
  await context.exposeBinding('tellViolation', ({ page }, text) => {
    record.violations.push(`${page.url()}: ${text}`);
  });
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      globalThis.tellViolation(`${event.effectiveDirective} ${event.blockedURI}`);
    });
  });
  const pages = new Set();
  context.on('request', (request) => {
    if (request.isNavigationRequest()) pages.add(request.url());
    const { host } = new URL(request.url());
    if (host) record.hosts.add(host);
  });
  context.on('console', (message) => {
    // A page that is itself an answer like 422 is no complaint of a page.
    const isPageStatus = message.text().startsWith('Failed to load resource') && pages.has(message.location().url);
    if (message.type() === 'error' && !isPageStatus) {
      record.complaints.push(`${message.location().url}: ${message.text()}`);
    }
  });
  context.on('weberror', (error) => record.complaints.push(`${error.page()?.url()}: ${error.error()}`));
  return record;
}
