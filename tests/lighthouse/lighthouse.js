// Lighthouse on the pages that people meet first, as a phone sees them: the median of several runs, and the
// bytes of each page. Prints a table for docs/benchmarks.md, and fails when a page misses its mark.

import { gzipSync } from 'node:zlib';
import { createServer } from 'node:net';
import lighthouse from 'lighthouse';
import { chromium } from 'playwright-core';
import { startDemo } from '../browser/support/demo.js';

const RUNS = Number(process.env.TESSERA_LIGHTHOUSE_RUNS ?? 5);
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const MARKS = { performance: 98, accessibility: 100, 'best-practices': 100 };
// Bytes, compressed.
const BUDGET = { page: 14 * 1024, script: 6 * 1024 };

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

async function audit(url, port) {
  const { lhr } = await lighthouse(url, {
    port,
    output: 'json',
    logLevel: 'error',
    onlyCategories: CATEGORIES,
    formFactor: 'mobile',
    // The cookies say who is signed in.
    disableStorageReset: true,
  });
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  return lhr;
}

// The audits that cost a page its mark.
const failing = (lhr, category) =>
  lhr.categories[category].auditRefs
    .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9)
    .map(({ id }) => id);

async function sizes(context, url) {
  const page = await context.newPage();
  const bytes = { page: 0, script: 0 };
  const foreign = new Set();
  const bodies = [];
  page.on('response', (response) => {
    const { host } = new URL(response.url());
    if (host !== new URL(url).host) foreign.add(host);
    const type = response.headers()['content-type'] ?? '';
    const kind = /html|css/.test(type) ? 'page' : /javascript/.test(type) ? 'script' : null;
    if (kind) bodies.push(response.body().then((body) => (bytes[kind] += gzipSync(body).length)));
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  await Promise.all(bodies);
  await page.close();
  return { ...bytes, foreign: foreign.size };
}

// The account's home needs the sign-in, so it comes last.
async function* addresses(context, demo) {
  const page = await context.newPage();
  await page.goto(demo.app1);
  await page.locator('#sign-in').click();
  await page.locator('#login-submit').waitFor();
  yield ['sign-in', page.url()];
  await page.locator('#username').fill(demo.username);
  await page.locator('#password').fill(demo.password);
  await page.locator('#login-submit').click();
  await page.waitForURL((url) => url.origin === new URL(demo.app1).origin);
  // The demo's apps are its own and ask for no consent, so the page comes from the style guide.
  yield ['consent', `${demo.provider}/dev/styleguide/consent`];
  yield ['account home', `${demo.provider}/account`];
}

const demo = await startDemo();
const port = await freePort();
const browser = await chromium.launchPersistentContext('', {
  executablePath: process.env.TESSERA_TEST_CHROMIUM ?? '/usr/bin/chromium',
  args: [`--remote-debugging-port=${port}`, '--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
});
const missed = [];
try {
  console.log(`| page | ${CATEGORIES.join(' | ')} | LCP | CLS | HTML + CSS, gz | JS, gz | other hosts |`);
  console.log(`|---|${'---|'.repeat(CATEGORIES.length + 5)}`);
  for await (const [name, url] of addresses(browser, demo)) {
    const results = [];
    for (let run = 0; run < RUNS; run++) results.push(await audit(url, port));
    const scores = CATEGORIES.map((one) => Math.round(100 * median(results.map((lhr) => lhr.categories[one].score))));
    CATEGORIES.forEach((category, index) => {
      if (scores[index] < MARKS[category]) {
        missed.push(`${name}: ${category} ${scores[index]} (${failing(results[0], category)})`);
      }
    });
    const value = (id) => median(results.map((lhr) => lhr.audits[id].numericValue));
    const { page, script, foreign } = await sizes(browser, url);
    if (page > BUDGET.page || script > BUDGET.script || foreign > 0) {
      missed.push(`${name}: ${page} B of HTML and CSS, ${script} B of JS, ${foreign} other hosts`);
    }
    const lcp = `${Math.round(value('largest-contentful-paint'))} ms`;
    const bytes = [page, script].map((count) => `${(count / 1024).toFixed(1)} KiB`);
    const shift = value('cumulative-layout-shift').toFixed(3);
    console.log(`| ${[name, ...scores, lcp, shift, ...bytes, foreign].join(' | ')} |`);
  }
} finally {
  await browser.close();
  await demo.stop();
}
if (missed.length > 0) {
  console.error(`missed:\n${missed.join('\n')}`);
  process.exitCode = 1;
}
