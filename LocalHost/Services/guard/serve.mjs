// The guard's life: read what to run, run it, and stop it all when standard input ends.
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { azurite } from './azurite.mjs';
import { Ports } from './ports.mjs';
import { Owned } from './owned.mjs';
import { postgres } from './postgres.mjs';
import { gone, isRunning } from './processes.mjs';

const input = createInterface({ input: process.stdin });
const stopping = new AbortController();
const stop = () => stopping.abort();
input.once('close', stop);
// Only the host's end ends it: a signal that reaches all processes reaches the host, too, which stops in its own order.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
process.stdout.on('error', () => {}); // The reader is gone; standard input ends as well.

const report = (event) => process.stdout.write(JSON.stringify(event) + '\n');
const [line] = await once(input, 'line', { signal: stopping.signal }).catch(() => process.exit());
const config = JSON.parse(line);
const ports = new Ports(config.folder);
const pidFile = join(config.folder, 'guard.pid');
const servers = [];
const owned = new Owned();
input.on('line', (task) => owned.note(JSON.parse(task)));

const stopped = stopping.signal.aborted ? Promise.resolve() : once(stopping.signal, 'abort');
try {
  await predecessor();
  writeFileSync(pidFile, String(process.pid));
  await Promise.all([
    config.postgres && run(postgres({ ...config, ...config.postgres }, ports, stopping.signal, report)),
    config.azurite && run(azurite({ ...config, ...config.azurite }, ports, report)),
  ]);
  const { port, blobPort, queuePort, tablePort } = Object.assign({}, ...servers);
  report({ event: 'ready', databasePort: port, blobPort, queuePort, tablePort });
  await stopped;
} catch (error) {
  if (!stopping.signal.aborted) report({ event: 'failed', message: error.message });
}

stop();
await owned.end();
await Promise.all(servers.map((server) => server.process.stop()));
rmSync(pidFile, { force: true });
if (config.ephemeral) {
  for (const { home } of servers) if (home) removeFolder(home.startsWith(config.folder) ? home : dirname(home));
  removeFolder(config.folder);
}

process.exit();

async function run(starting) {
  const server = await starting;
  servers.push(server);
  if (stopping.signal.aborted) return;
  await Promise.race([server.process.start(), stopped]);
}

// The last host's guard may still be flushing.
async function predecessor() {
  const pid = Number(readPid());
  const words = ['guard.mjs', config.folder];
  if (!isRunning(pid, ...words)) return;
  report({ event: 'note', message: 'Waiting for the servers of the last run to stop...' });
  if (!(await gone(pid, 45_000, ...words))) throw new Error(`The servers of the last run do not stop. End process ${pid}, then start again.`);
}

function readPid() {
  try {
    return readFileSync(pidFile, 'utf8');
  } catch {
    return undefined;
  }
}

function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
