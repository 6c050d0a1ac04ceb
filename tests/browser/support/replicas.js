// Two `tessera serve` over one PostgreSQL and one Redis, behind HAProxy, with sample apps.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, run, start, until } from '../../relying_parties/processes.js';
import { startSampleApp } from './sample_app.js';

const NAMES = ['a', 'b'];
const SETTLED_MS = 1000;
const person = { username: 'ada', email: 'ada@example.test', password: 'difference engine no. 2' };

// Two checks fail and the replica is left out; one passes and it is back. A request is sent to the other one when a
// replica takes no connection. What a replica may have begun is sent again only when it changes nothing.
const proxyConfiguration = (port, statusPort, replicas) => `global
  maxconn 1000
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout check 3s
  option forwardfor
  option redispatch 1
  retries 3
  retry-on conn-failure empty-response
frontend browsers
  bind 127.0.0.1:${port}
  http-request disable-l7-retry unless METH_GET
  default_backend replicas
frontend status
  bind 127.0.0.1:${statusPort}
  stats enable
  stats uri /
backend replicas
  balance roundrobin
  option httpchk
  http-check send meth GET uri /readyz
  default-server inter 200ms fall 2 rise 1
${replicas.map(({ name, address }) => `  server ${name} ${address} check\n`).join('')}`;

// `database` and `redis` are addresses of servers that run. `tell` hears { replica, pid, state } whenever a replica
// is ready or has ended; one that ended is started again until `stop`.
export async function startReplicas({ program, database, redis, tell = () => {} }) {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-replicas-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const shared = {
    TESSERA_PUBLIC_URL: url,
    TESSERA_DATA_DIR: join(folder, 'data'),
    TESSERA_DATABASE_URL: database,
    TESSERA_REDIS_URL: redis,
    TESSERA_SEAL_KEY: randomBytes(32).toString('base64'),
    TESSERA_TRUSTED_PROXIES: '127.0.0.1/32',
    // Both would want the same port.
    TESSERA_METRICS__LISTEN: '',
  };
  const stops = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    while (stops.length > 0) await stops.pop()();
  };
  const env = Object.entries(shared).map(([name, value]) => `${name}=${value}`);
  const command = (words, input) => run('env', [...env, program, ...words], input);
  try {
    await command(['migrate']);
    const words = ['user', 'create', '--username', person.username, '--email', person.email, '--password-stdin'];
    await command(words, person.password);
    const replicas = [];
    for (const name of NAMES) replicas.push({ name, address: `127.0.0.1:${await freePort()}` });
    const config = join(folder, 'haproxy.cfg');
    const statusPort = await freePort();
    await writeFile(config, proxyConfiguration(port, statusPort, replicas));
    const proxy = start('haproxy', ['-db', '-f', config]);
    stops.push(() => proxy.stop());
    await proxy.readyAt(`http://127.0.0.1:${statusPort}/`);
    const isSentTo = async (name) => {
      const table = await (await fetch(`http://127.0.0.1:${statusPort}/;csv`)).text();
      return table.split('\n').some((line) => line.startsWith(`replicas,${name},`) && line.includes(',UP,'));
    };
    for (const replica of replicas) {
      stops.push(await keepRunning(replica, { program, env: shared, tell, isSentTo }));
    }
    const apps = [];
    for (const name of ['notes', 'photos']) {
      const app = await startSampleApp({ name });
      stops.push(() => app.stop());
      const file = join(folder, 'client.json');
      await writeFile(file, JSON.stringify({ ...app.metadata, client_name: name }));
      await app.connect(url, JSON.parse(await command(['client', 'create', '--file', file, '--json'])));
      apps.push(app);
    }
    return { url, apps: apps.map((app) => app.url), person, replicas, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const hasEnded = (child) => child.exitCode !== null || child.signalCode !== null;

// Keeps `replica.pid` true. Gives what ends it for good.
async function keepRunning(replica, { program, env, tell, isSentTo }) {
  let isOver = false;
  let child;
  const begin = async () => {
    child = spawn(program, ['serve'], { env: { ...env, TESSERA_LISTEN: replica.address }, stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = once(child, 'close');
    let log = '';
    child.stderr.on('data', (chunk) => (log = (log + chunk).slice(-20_000)));
    replica.pid = child.pid;
    ended.then(([code]) => {
      tell({ replica: replica.name, pid: replica.pid, state: 'ended', code });
      if (!isOver) begin().catch((error) => tell({ replica: replica.name, state: 'failed', why: String(error) }));
    });
    // The next one may be restarted once the proxy has sent to this one for a while: its checks may lag behind.
    let since;
    await until(async () => {
      if (hasEnded(child)) throw new Error(`replica ${replica.name} ended:\n${log}`);
      const isReady = await fetch(`http://${replica.address}/readyz`).then((answer) => answer.ok, () => false);
      since = isReady && (await isSentTo(replica.name)) ? (since ?? Date.now()) : undefined;
      return since !== undefined && Date.now() - since > SETTLED_MS;
    }, `replica ${replica.name} is ready`);
    tell({ replica: replica.name, pid: replica.pid, state: 'ready' });
  };
  await begin();
  return async () => {
    isOver = true;
    const ended = hasEnded(child) ? undefined : once(child, 'close');
    child.kill('SIGTERM');
    await ended;
  };
}
