// PostgreSQL on the loopback address.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { leash } from './leash.mjs';
import { gone, isRunning } from './processes.mjs';
import { Server } from './server.mjs';
import { binariesFor, homeFor, identity } from './unprivileged.mjs';

const Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '128MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  logging_collector: 'off',
  log_destination: 'stderr',
};

// Nothing is kept, so nothing needs to reach the disk. The suite's pools together hold many connections.
const EphemeralSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: 500 };

const InitializeMs = 120_000;

// The path of a Unix socket has at most 103 characters on macOS, 107 on Linux.
const SocketPathLength = 103;

export async function postgres({ folder, ephemeral, native, password }, ports, stopping, report) {
  const user = identity();
  const home = homeFor(folder, user);
  const bin = join(binariesFor(native, user), 'bin');
  const data = join(home, 'data');
  if (!existsSync(data)) await initialize(bin, home, data, user, password, ephemeral, stopping, report);
  await clearLock(data);

  const settings = Object.entries({ ...Settings, ...(ephemeral ? { ...EphemeralSettings, ...socketIn(home) } : {}) });
  const server = { home };
  server.process = new Server({
    name: 'PostgreSQL',
    logFile: join(folder, 'postgres.log'),
    report,
    async spawn() {
      server.port = await ports.take('postgres');
      const args = ['-D', data, '-p', String(server.port), ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
      const child = spawn(join(bin, 'postgres'), args, { ...user, cwd: home, env: environment(), stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
      leash(child, user, 'INT');
      return child;
    },
    isReady: (line) => line.includes('database system is ready to accept connections'),
    ask: (child) => child.kill('SIGINT'),
  });
  return server;
}

// PGDATESTYLE, PGCLIENTENCODING and the like are meant for clients of other servers; this server would take them for defaults.
function environment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^PG/i.test(name)));
}

// A socket in a folder that only its user can enter, as a server on Linux has one.
function socketIn(home) {
  return process.platform === 'win32' || join(home, '.s.PGSQL.65535').length > SocketPathLength ? {} : { unix_socket_directories: home };
}

// Made beside its place and moved there when whole. The built-in provider sorts and folds alike on every system.
async function initialize(bin, home, data, user, password, ephemeral, stopping, report) {
  if (!ephemeral) report({ event: 'note', message: 'Creating the database (once, a few seconds)...' });
  const making = join(home, 'making');
  const passwordFile = join(home, 'password');
  rmSync(making, { recursive: true, force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user.uid !== undefined) chownSync(passwordFile, user.uid, user.gid);

  const args = [
    '-D', making, '-U', 'postgres', '--pwfile', passwordFile, '--auth=scram-sha-256', '--encoding=UTF8',
    '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions',
    '-c', 'scram_iterations=1', // They slow down who guesses a weak password, and each login. This one has 128 random bits.
    ...(ephemeral ? ['--no-sync'] : []),
  ];
  try {
    await run(join(bin, 'initdb'), args, { ...user, cwd: home, env: environment() }, stopping);
  } finally {
    rmSync(passwordFile, { force: true });
  }

  renameSync(making, data);
}

// Waits for the end of the process, not of its pipes: a child of its own may hold those. Stopped or late, all of them end at once.
async function run(program, args, options, stopping) {
  const group = process.platform !== 'win32';
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: group, windowsHide: true });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  let late = false;
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(group ? -child.pid : child.pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  };
  const timeout = setTimeout(() => kill((late = true)), InitializeMs);
  stopping.addEventListener('abort', kill);
  if (stopping.aborted) kill();
  try {
    const [code, signal] = await once(child, 'exit');
    await Promise.race([once(child, 'close'), delay(500)]); // For its last words.
    if (late) throw new Error(`PostgreSQL's initdb was not done within ${InitializeMs / 1000} s:\n${output}`);
    if (code !== 0) throw new Error(`PostgreSQL's initdb ended with ${signal ?? code}:\n${output}`);
  } finally {
    clearTimeout(timeout);
    stopping.removeEventListener('abort', kill);
  }
}

// A postmaster.pid left by a crash. Its process may still run, when only the guard was killed; or the id may be another's now.
async function clearLock(data) {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (isRunning(pid, 'postgres', data)) {
    process.kill(pid, 'SIGINT');
    if (!(await gone(pid, 30_000, 'postgres', data))) throw new Error(`An earlier PostgreSQL (process ${pid}) does not stop. End it, then start again.`);
  }

  rmSync(file, { force: true });
}
