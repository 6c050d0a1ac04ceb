// People sign in through a proxy while the two replicas behind it are restarted one after the other.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { openBrowser, openContext } from './support/chromium.js';
import { assertSignedIn, askToSignIn, fillIn } from './support/story.js';

const SIGN_INS = 10;
const ROUNDS = 2;

let running;
let browser;
before(async () => {
  running = await startScript();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await running?.stop();
});

// Gives what `scripts/replicas --print-json` printed, `restart` for one replica by its name, and `stop`.
async function startScript() {
  const child = spawn('scripts/replicas', ['--print-json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const pids = {};
  const waiting = [];
  const told = new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line);
      if (said.url) resolve(said);
      if (said.state === 'ready') {
        pids[said.replica] = said.pid;
        waiting.splice(0).forEach((look) => look());
      }
    });
    ended.then(([code]) => reject(new Error(`scripts/replicas ended with ${code}`)));
  });
  const what = await told;
  const restart = async (name) => {
    const before = pids[name];
    process.kill(before, 'SIGTERM');
    while (pids[name] === before) await new Promise((look) => waiting.push(look));
  };
  const stop = async () => {
    process.kill(what.pid, 'SIGTERM');
    await ended;
  };
  return { ...what, restart, stop };
}

async function signInAtBoth(page, { person, apps }) {
  await askToSignIn(page, apps[0]);
  await fillIn(page, person);
  await page.locator('#login-submit').click();
  await assertSignedIn(page, person, apps[0]);
  // The session must still be there for the second app, which asks for nothing.
  const asked = [];
  page.on('framenavigated', (frame) => asked.push(new URL(frame.url()).pathname));
  await page.goto(`${apps[1]}/sign-in`);
  await assertSignedIn(page, person, apps[1]);
  assert.deepEqual(asked.filter((path) => path.startsWith('/i/')), [], 'the session is gone');
}

test('nobody fails to sign in and nobody loses a session while replicas are restarted', async (t) => {
  const { replicas, restart } = running;
  const work = { signedIn: 0, restarts: 0 };
  let hasFailed = false;
  const isDone = () => hasFailed || (work.signedIn >= SIGN_INS && work.restarts >= ROUNDS * replicas.length);

  const restarting = (async () => {
    while (!isDone()) {
      for (const { name } of replicas) {
        await restart(name);
        work.restarts += 1;
      }
    }
  })();
  const signingIn = (async () => {
    while (!isDone()) {
      const context = await openContext(t, browser);
      const page = await context.newPage();
      await signInAtBoth(page, running).catch(async (error) => {
        throw new Error(`at ${page.url()}: ${await page.locator('body').innerText()}`, { cause: error });
      });
      await context.close();
      work.signedIn += 1;
    }
  })();
  await Promise.all([restarting, signingIn]).catch((error) => {
    hasFailed = true;
    throw error;
  });
  t.diagnostic(`${work.signedIn} sign-ins, ${work.restarts} restarts, none failed`);
});
