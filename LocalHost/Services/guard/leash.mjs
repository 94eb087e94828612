// A leash for a server that can't see the guard go: a shell that waits for the guard's end, which the system tells it by the
// end of a pipe, and then asks the server to stop. Where there is no shell, the next start takes such a server down.
import { spawn } from 'node:child_process';

export function leash(child, user, signal) {
  if (process.platform === 'win32' || child.pid === undefined) return;
  const script = 'read -r ended || kill -s "$1" "$2"'; // A line means that the server is gone and its id maybe another's.
  const shell = spawn('/bin/sh', ['-c', script, 'leash', signal, String(child.pid)], { ...user, cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  shell.on('error', () => {}).stdin.on('error', () => {});
  shell.unref();
  child.once('exit', () => shell.stdin.end('ended\n'));
}
