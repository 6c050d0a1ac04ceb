// Serves the single-page app of `spa/` and its library, from the npm package, on a free port.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const LIBRARY = 'node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js';
const FILES = {
  '/app.js': ['spa/app.js', 'text/javascript'],
  '/oidc-client-ts.js': [LIBRARY, 'text/javascript'],
};
const PAGE = ['spa/index.html', 'text/html'];

// `host` is the name in the app's address, `settingsOf` what the app is configured with (made for its origin).
export async function startSpa({ host, settingsOf }) {
  let settings;
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://spa');
    const [path, type] = FILES[pathname] ?? PAGE;
    const isSettings = pathname === '/settings.json';
    response.setHeader('content-type', isSettings ? 'application/json' : `${type}; charset=utf-8`);
    response.end(isSettings ? JSON.stringify(settings) : await readFile(new URL(path, import.meta.url)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const origin = `http://${host}:${server.address().port}`;
  try {
    settings = await settingsOf(origin);
    return { origin, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
