// PostgreSQL refuses to run as root. Then it runs as nobody, who must be able to reach its binaries and data.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, renameSync, statSync, chmodSync } from 'node:fs';
import { dirname, join } from 'node:path';

const Shared = '/var/tmp';

// uid and gid for child_process.spawn; empty for an ordinary user.
export function identity() {
  if (process.getuid?.() !== 0) return {};
  const id = (flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

// Where PostgreSQL keeps its data: under the data folder, or where nobody can reach it.
export function homeFor(folder, { uid, gid }) {
  const home = uid === undefined || reachable(folder) ? join(folder, 'postgres') : outside(folder, 'data');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if (uid !== undefined) chownSync(home, uid, gid);
  return home;
}

// The binaries to run: the installed ones, or a copy where nobody can reach them.
export function binariesFor(native, { uid }) {
  if (uid === undefined || reachable(join(native, 'bin', 'postgres'))) return native;
  const copy = outside(native, 'bin');
  if (!existsSync(join(copy, 'native'))) {
    const making = mkdtempSync(join(copy, 'making-'));
    cpSync(native, making, { recursive: true, verbatimSymlinks: true });
    chmodSync(making, 0o755);
    renameSync(making, join(copy, 'native'));
  }

  return join(copy, 'native');
}

function reachable(path) {
  for (let at = path; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

// Named after what it stands for, and root's: in a folder that all may write to, somebody else's is not to be trusted.
function outside(path, kind) {
  const inode = statSync(path); // A checkout removed and made anew has other data.
  const name = createHash('sha256').update(`${path} ${inode.ino}`).digest('hex').slice(0, 12);
  const folder = join(Shared, `slowlane-${kind}-${name}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const { uid } = lstatSync(folder);
  if (uid !== 0 || !lstatSync(folder).isDirectory()) {
    throw new Error(`${folder} belongs to user ${uid}, not to root. Remove it, or move the checkout out of ${dirname(path)}, which only root can enter.`);
  }

  return kind === 'data' ? join(folder, 'postgres') : folder;
}
