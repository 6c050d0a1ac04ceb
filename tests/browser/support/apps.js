// Two relying parties in one: a server that knows which frames it was asked for, and that shows the page of
// an app which watches its session (OpenID Connect Session Management 1.0 §3.1).

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';

// Served over https under `tls`. `visits` are the addresses that were asked for, the first one first.
export async function startApps(tls) {
  const [cert, key] = await Promise.all([readFile(tls.certificate), readFile(tls.key)]);
  const visits = [];
  const server = createServer({ cert, key }, (request, response) => {
    const url = new URL(request.url, `https://${request.headers.host}`);
    visits.push(url);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(url.pathname === '/watch' ? watching(url.searchParams) : `<h1>${url.pathname.slice(1)}</h1>`);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  return { at: (host) => `https://${host}:${server.address().port}`, visits, stop };
}

// Asks the provider's frame again and again and shows the last answer, and how often it came.
const watching = (params) => `<!doctype html>
<title>App</title>
<h1>watching</h1>
<iframe id="frame" src="${params.get('frame')}" hidden></iframe>
<p id="answer"></p>
<script>
const question = ${JSON.stringify(params.get('question'))};
const frame = document.getElementById('frame');
const origin = new URL(frame.src).origin;
addEventListener('message', (event) => {
  if (event.origin === origin) document.getElementById('answer').textContent = event.data;
});
setInterval(() => frame.contentWindow.postMessage(question, origin), 50);
</script>`;
