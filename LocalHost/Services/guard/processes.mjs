// What is known about processes that are not ours to wait for.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// A process id may have been given to somebody else since it was written down: its command line tells.
export function isRunning(pid, ...words) {
  if (!(pid > 0) || !isAlive(pid)) return false;
  const command = commandLine(pid);
  return command === undefined || words.every((word) => command.includes(word));
}

// Resolves to whether the process is gone in time.
export async function gone(pid, milliseconds, ...words) {
  for (const end = Date.now() + milliseconds; Date.now() < end; await delay(50)) {
    if (!isRunning(pid, ...words)) return true;
  }

  return false;
}

function commandLine(pid) {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch (error) {
    return error.code === 'ENOENT' && process.platform === 'linux' ? '' : undefined;
  }
}
