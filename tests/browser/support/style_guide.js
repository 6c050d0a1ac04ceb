// The style guide of development mode, which lists every state of every page.

import assert from 'node:assert/strict';

export const localLinks = (page) =>
  page.evaluate(() => [...document.querySelectorAll('a[href]')].map(({ href }) => href.split('#')[0]));

// The names of all states. `page` is left at the list.
export async function listStates(page, { provider }) {
  const prefix = `${provider}/dev/styleguide/`;
  await page.goto(prefix.slice(0, -1));
  const links = [...new Set(await localLinks(page))].filter((link) => link.startsWith(prefix));
  assert.ok(links.length > 50, 'the style guide lists its pages');
  return links.map((link) => link.slice(prefix.length));
}
