// `tessera serve` on an empty data folder and a free port, as at a first start, and the commands of its host.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const program = resolve(process.env.TESSERA_BIN ?? 'target/debug/tessera');
const START_LIMIT_MS = 60_000;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

// Gives the address, the setup link that it printed, `command` and `stop`. `more` are settings in variables.
export async function startEmptyProvider(more = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-first-run-'));
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const env = {
    TESSERA_PUBLIC_URL: issuer,
    TESSERA_LISTEN: `127.0.0.1:${port}`,
    TESSERA_METRICS__LISTEN: '',
    TESSERA_DATA_DIR: join(folder, 'data'),
    ...more,
  };
  const command = async (...words) => (await promisify(execFile)(program, words, { env })).stdout;
  const child = spawn(program, ['serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((end) => child.once('close', end));
  let complaint = '';
  child.stderr.on('data', (chunk) => (complaint += chunk));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  let alarm;
  const told = new Promise((tell) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, link] = /^Finish setup: (.+)$/.exec(line) ?? [];
      if (link) tell(link);
    });
  });
  const tooLate = new Promise((late) => (alarm = setTimeout(late, START_LIMIT_MS)));
  const link = await Promise.race([told, ended.then(() => undefined), tooLate]);
  clearTimeout(alarm);
  if (!link) {
    await stop();
    throw new Error(`tessera serve printed no setup link:\n${complaint}`);
  }
  return { issuer, folder, link, command, stop };
}
