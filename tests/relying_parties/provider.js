// A provider of its own for a suite: `tessera serve` on a free port and an empty data folder, with one
// person and the clients of clients.js, all made on the command line as an operator would.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clients } from './clients.js';
import { freePort, run, start, until } from './processes.js';

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
metrics = { listen = "" }
${tls ? `tls = { cert = "${tls.certificate}", key = "${tls.key}" }` : ''}
${settings}
`,
  );
  const command = (words, input) => run(program, [...words, '--config', config], input);
  const createClient = async (metadata) => {
    const file = join(folder, 'client.json');
    await writeFile(file, JSON.stringify(metadata));
    const { client_id, client_secret } = JSON.parse(await command(['client', 'create', '--file', file, '--json']));
    return { ...metadata, client_id, client_secret };
  };
  const rotateKeys = async () => {
    const published = async () => (await (await fetch(`${issuer}/jwks`)).json()).keys.map(({ kid }) => kid);
    const known = await published();
    await command(['key', 'rotate', '--now']);
    await until(async () => (await published()).some((kid) => !known.includes(kid)), 'the new keys are published');
  };

  const server = start(program, ['serve', '--config', config]);
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  };
  try {
    await server.readyAt(`${issuer}/readyz`);
    await createPerson(command);
    const made = await createClients(createClient);
    return { issuer, tls, program, config, person, clients: made, createClient, command, rotateKeys, stop };
  } catch (error) {
    await stop();
    throw error;
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
