// Runs Azurite and PostgreSQL for one LocalHost and stops them when it is gone, however it went.
// Arguments: the data folder. Standard input: one line of JSON says what to run, and its end is the host's end.
// Standard output: one JSON object a line ("note", "ready", "failed"); its end is the guard's end.
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';

const [folder, mode] = process.argv.slice(2);
if (mode === 'serve') {
  await import('./guard/serve.mjs');
} else {
  // A session of its own: what ends the host's whole process group must not take Azurite along before it has flushed.
  const log = openSync(join(folder, 'guard.log'), 'w');
  const args = [fileURLToPath(import.meta.url), folder, 'serve'];
  spawn(process.execPath, args, { detached: true, stdio: ['inherit', 'inherit', log], cwd: parse(process.execPath).root, windowsHide: true }).unref();
}
