// The programs a suite starts: servers that run until stopped, and commands that end by themselves.

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const START_LIMIT_MS = 60_000;
const POLL_MS = 20;

// Starts a server. `readyAt` waits until it answers there; `stop` until it has ended.
export function start(program, words) {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  let ended = false;
  const end = new Promise((resolve) => child.once('error', resolve).once('close', resolve));
  end.then((why) => {
    ended = true;
    output += why;
  });
  return {
    async readyAt(url) {
      await until(() => {
        if (ended) throw new Error(`${program} ended:\n${output}`);
        return answersOk(url);
      }, `${program} answers`);
    },
    async stop() {
      child.kill('SIGTERM');
      await end;
    },
  };
}

// Asks again and again until the answer is something; gives it.
export async function until(ask, what) {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`waited too long until ${what}`);
    await pause(POLL_MS);
  }
}

async function answersOk(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

// Runs a command to its end and gives what it printed.
export async function run(program, words, input = '') {
  const child = spawn(program, words, { stdio: 'pipe' });
  let [output, complaint] = ['', ''];
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (complaint += chunk));
  child.stdin.end(input);
  const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (status !== 0) throw new Error(`${program} ${words.slice(0, 2).join(' ')} failed (${status}): ${complaint}`);
  return output;
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
