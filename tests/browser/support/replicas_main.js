// What scripts/replicas runs beside its PostgreSQL and its Redis.

import { startReplicas } from './replicas.js';

const isForPrograms = process.argv[2] === '--print-json';
const print = (what) => console.log(JSON.stringify(what));

const asked = new Promise((resolve) => ['SIGINT', 'SIGTERM'].forEach((signal) => process.on(signal, resolve)));
const running = await startReplicas({
  program: process.env.TESSERA_BIN,
  database: process.env.TESSERA_TEST_POSTGRES,
  redis: process.env.TESSERA_TEST_REDIS,
  tell: isForPrograms ? print : (told) => console.error(Object.values(told).join(' ')),
});
const { url, apps, person, replicas, stop } = running;
if (isForPrograms) {
  print({ pid: process.pid, url, apps, person, replicas });
} else {
  console.log(`provider: ${url}`);
  apps.forEach((app, number) => console.log(`app${number + 1}: ${app}`));
  console.log(`username: ${person.username}\npassword: ${person.password}`);
  for (const { name, address, pid } of replicas) {
    console.log(`replica ${name}: http://${address}, restarted by: kill -TERM ${pid}`);
  }
}
await asked;
await stop();
