// A provider of its own for a suite: `tessera serve` on a free port and an empty data folder, with one
// person and the clients of clients.js, all made on the command line as an operator would.

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { clients } from './clients.js';

const START_LIMIT_MS = 60_000;
const POLL_MS = 20;
const program = process.env.TESSERA_BIN ?? 'target/debug/tessera';

export const person = {
  username: 'ada',
  email: 'ada@example.test',
  name: 'Ada Lovelace',
  password: 'difference engine no. 2',
};

// `handoff` is the provider's setting of that name: "page" (the default) or "redirect". `settings` is
// more text for its file of settings. With `tls` (the files of tls.js) it is served over https.
export async function startProvider({ handoff = 'page', settings = '', tls } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-relying-parties-'));
  const port = await freePort();
  const issuer = `${tls ? 'https' : 'http'}://localhost:${port}`;
  const config = join(folder, 'tessera.toml');
  await writeFile(
    config,
    `public_url = "${issuer}"
listen = "127.0.0.1:${port}"
data_dir = "${join(folder, 'data')}"
handoff = "${handoff}"
${tls ? `tls = { cert = "${tls.certificate}", key = "${tls.key}" }` : ''}
${settings}
`,
  );
  const command = (words, input) => run([...words, '--config', config], input);
  const createClient = async (metadata) => {
    const file = join(folder, 'client.json');
    await writeFile(file, JSON.stringify(metadata));
    const { client_id, client_secret } = JSON.parse(await command(['client', 'create', '--file', file, '--json']));
    return { ...metadata, client_id, client_secret };
  };

  const server = serve(config);
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  };
  try {
    await server.readyAt(`${issuer}/readyz`);
    await createPerson(command);
    return { issuer, person, clients: await createClients(createClient), createClient, command, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function serve(config) {
  const child = spawn(program, ['serve', '--config', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  let ended = false;
  const end = new Promise((resolve) => child.once('close', resolve)).then(() => (ended = true));
  return {
    async readyAt(url) {
      const deadline = Date.now() + START_LIMIT_MS;
      while (!(await answersOk(url))) {
        if (ended) throw new Error(`tessera serve ended:\n${output}`);
        if (Date.now() > deadline) throw new Error(`tessera serve is not ready:\n${output}`);
        await pause(POLL_MS);
      }
    },
    async stop() {
      child.kill('SIGTERM');
      await end;
    },
  };
}

async function answersOk(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function createPerson(command) {
  const { username, email, name, password } = person;
  const words = ['--username', username, '--email', email, '--email-verified', '--name', name];
  await command(['user', 'create', ...words, '--password-stdin'], password);
}

async function createClients(createClient) {
  const made = {};
  for (const [name, metadata] of Object.entries(clients)) made[name] = await createClient(metadata);
  return made;
}

// Runs one command of the program to its end and gives what it printed.
async function run(words, input = '') {
  const child = spawn(program, words, { stdio: 'pipe' });
  let [output, complaint] = ['', ''];
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (complaint += chunk));
  child.stdin.end(input);
  const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (status !== 0) throw new Error(`tessera ${words.slice(0, 2).join(' ')} failed (${status}): ${complaint}`);
  return output;
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
