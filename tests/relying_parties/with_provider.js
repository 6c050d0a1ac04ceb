// Runs a command beside a provider (provider.js) and exits with its status. The command finds the issuer,
// the person, the clients, the program and its file of settings as JSON in TESSERA_TEST_PROVIDER.

import { spawn } from 'node:child_process';
import { startProvider } from './provider.js';

const [program, ...words] = process.argv.slice(2);
const { stop, ...setting } = await startProvider();
try {
  const env = { ...process.env, TESSERA_TEST_PROVIDER: JSON.stringify(setting) };
  const child = spawn(program, words, { stdio: 'inherit', env });
  process.exitCode = await new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (status) => resolve(status ?? 1));
  });
} finally {
  await stop();
}
