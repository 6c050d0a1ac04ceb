// The person at the browser, for suites that test the other side: an HTTP client with a cookie jar that
// reads the provider's pages and fills in their forms, until something is delivered to the app.

import http from 'node:http';
import https from 'node:https';
import { parse } from 'node-html-parser';

const STEPS_LIMIT = 20;

// How a browser tells that somebody goes to a page. `fetch` would say that a script asks for data, and
// relying parties send no script to a sign-in page.
const NAVIGATION = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

export class Person {
  #jars = new Map();
  #answers;

  // `consent` is what the person presses on the consent page: "allow" or "deny".
  constructor({ username, password }, { consent = 'allow' } = {}) {
    this.#answers = { username, password };
    this.buttons = ['login-submit', `consent-${consent}`, 'logout-confirm'];
    this.pages = [];
  }

  // Opens `url` and goes on until the provider sends the browser to `callback`; gives the request that
  // the app would receive there. `pages` then tells which of the known pages were met.
  async follow(url, callback) {
    let request = new Request(url);
    for (let step = 0; step < STEPS_LIMIT; step += 1) {
      if (request.url.startsWith(callback)) return request;
      request = await this.#next(await this.#send(request));
    }
    throw new Error(`no way to ${callback} in ${STEPS_LIMIT} steps`);
  }

  // Opens `url` and goes on until the page at `page` shows; gives the response with it. For an app that is
  // there to receive what the provider delivers.
  async visit(url, page = url) {
    let request = new Request(url);
    for (let step = 0; step < STEPS_LIMIT; step += 1) {
      const response = await this.#send(request);
      if (response.status === 200 && response.url === page) return response;
    request = await this.#next(response);
    }
    throw new Error(`no way to ${page} in ${STEPS_LIMIT} steps`);
  }

  // Opens `url` and goes nowhere from there.
  open(url) {
    return this.#send(new Request(url));
  }

  async #send(request) {
    const cookies = this.#cookiesOf(request.url);
    const headers = { ...Object.fromEntries(request.headers), ...NAVIGATION };
    if (cookies.size > 0) headers.cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await send(request, headers);
    for (const line of response.headers['set-cookie'] ?? []) keep(cookies, line);
    return response;
  }

  // Cookies know hosts, not ports.
  #cookiesOf(url) {
    const { hostname } = new URL(url);
    if (!this.#jars.has(hostname)) this.#jars.set(hostname, new Map());
    return this.#jars.get(hostname);
  }

  async #next(response) {
    const here = response.url;
    const { location } = response.headers;
    if (location) return new Request(new URL(location, here));

    const page = parse(response.text);
    const failure = page.querySelector('#error-page');
    if (failure) throw new Error(`error page: ${failure.structuredText}`);

    const handoff = page.querySelector('#handoff');
    if (handoff?.tagName === 'A') return this.#met('handoff', new Request(handoff.getAttribute('href')));
    for (const id of this.buttons) {
      const button = page.querySelector(`#${id}`);
      if (button) return this.#met(id, this.#submit(button.closest('form'), button, here));
    }
    const form = page.querySelector('form[method=post]');
    if (form) return this.#met('form_post', this.#submit(form, null, here));
    throw new Error(`a page without a way forward at ${here} (${response.status}): ${page.structuredText}`);
  }

  #met(page, request) {
    this.pages.push(page);
    return request;
  }

  #submit(form, button, here) {
    const fields = new URLSearchParams();
    for (const input of form.querySelectorAll('input')) {
      const name = input.getAttribute('name');
      const isOff = input.getAttribute('type') === 'checkbox' && !input.hasAttribute('checked');
      if (name && !isOff) fields.append(name, this.#answers[input.id] ?? input.getAttribute('value') ?? '');
    }
    if (button?.getAttribute('name')) fields.append(button.getAttribute('name'), button.getAttribute('value') ?? '');
    // A browser says where a form post comes from, and the provider asks for it.
    const headers = { origin: new URL(here).origin, 'sec-fetch-site': 'same-origin' };
    const action = new URL(button?.getAttribute('formaction') ?? form.getAttribute('action') ?? here, here);
    return new Request(action, { method: 'POST', headers, body: fields });
  }
}

function keep(cookies, line) {
  const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
  const expires = /;\s*expires=([^;]+)/i.exec(line)?.[1];
  const isOver = /;\s*max-age=0/i.test(line) || (expires && Date.parse(expires) <= Date.now());
  if (isOver) cookies.delete(name);
  else cookies.set(name, value);
}

async function send(request, headers) {
  const { url, method } = request;
  const body = await request.text();
  if (body) headers['content-length'] = Buffer.byteLength(body);
  const response = await new Promise((resolve, reject) => {
    const { request: open } = url.startsWith('https:') ? https : http;
    open(url, { method, headers }).once('response', resolve).once('error', reject).end(body);
  });
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { url, status: response.statusCode, headers: response.headers, text };
}
