// `tessera demo` as a child process: the provider, two apps and an API on host names of their own.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const START_LIMIT_MS = 60_000;
const NAMES = ['provider', 'app1', 'app2', 'api', 'username', 'password'];

// Gives what the demo printed under NAMES, and `stop`.
export async function startDemo() {
  const program = process.env.TESSERA_BIN ?? 'target/debug/tessera';
  const child = spawn(program, ['demo'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  let complaint = '';
  child.stderr.on('data', (chunk) => (complaint += chunk));

  const told = {};
  const allTold = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, name, value] = /^(\w+): (.+)$/.exec(line.trim()) ?? [];
      if (NAMES.includes(name)) told[name] = value;
      if (NAMES.every((each) => each in told)) resolve(true);
    });
  });
  let alarm;
  const tooLate = new Promise((resolve) => (alarm = setTimeout(resolve, START_LIMIT_MS, false)));
  const isUp = await Promise.race([allTold, ended.then(() => false), tooLate]);
  clearTimeout(alarm);
  if (!isUp) {
    await stop();
    throw new Error(`tessera demo did not start; it told ${Object.keys(told)}:\n${complaint}`);
  }
  return { ...told, stop };
}
