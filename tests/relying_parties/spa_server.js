// Serves the single-page app of `spa/` and its library, from the npm package, on a free port.

import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';

const LIBRARY = 'node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js';
const FILES = {
  '/app.js': ['spa/app.js', 'text/javascript'],
  '/oidc-client-ts.js': [LIBRARY, 'text/javascript'],
};
const PAGE = ['spa/index.html', 'text/html'];

// `host` is the name in the app's address, `settingsOf` what the app is configured with (made for its origin).
// With `tls` (the files of tls.js) it is served over https.
export async function startSpa({ host, settingsOf, tls }) {
  let settings;
  const answer = async (request, response) => {
    const { pathname } = new URL(request.url, 'http://spa');
    const [path, type] = FILES[pathname] ?? PAGE;
    const isSettings = pathname === '/settings.json';
    response.setHeader('content-type', isSettings ? 'application/json' : `${type}; charset=utf-8`);
    response.end(isSettings ? JSON.stringify(settings) : await readFile(new URL(path, import.meta.url)));
  };
  const server = tls
    ? https.createServer({ cert: await readFile(tls.certificate), key: await readFile(tls.key) }, answer)
    : http.createServer(answer);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const origin = `http${tls ? 's' : ''}://${host}:${server.address().port}`;
  try {
    settings = await settingsOf(origin);
    return { origin, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
