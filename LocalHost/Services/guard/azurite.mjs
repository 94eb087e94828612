// Azurite: blobs, queues and tables.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Server } from './server.mjs';

const Listening = /Azurite (\w+) service is successfully listening/;

export function azurite({ folder, ephemeral, script, accounts }, ports, report) {
  const location = join(folder, 'azurite');
  mkdirSync(location, { recursive: true });

  const server = {};
  server.process = new Server({
    name: 'Azurite',
    logFile: join(folder, 'azurite.log'),
    report,
    async spawn() {
      server.blobPort = await ports.take('blob');
      server.queuePort = await ports.take('queue');
      server.tablePort = await ports.take('table');
      const args = [
        '--import', new URL('azurite-watch.mjs', import.meta.url).href, `--diagnostic-dir=${folder}`, fileURLToPath(new URL('azurite-main.cjs', import.meta.url)), script,
        ...(ephemeral ? ['--inMemoryPersistence'] : ['--location', location]), // On disk, all of it is written again every five seconds.
        '--silent', '--skipApiVersionCheck', '--disableTelemetry',
        '--blobPort', String(server.blobPort), '--queuePort', String(server.queuePort), '--tablePort', String(server.tablePort),
      ];
      return spawn(process.execPath, args, {
        cwd: location,
        env: { ...process.env, AZURITE_ACCOUNTS: accounts },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        windowsHide: true,
      });
    },
    isReady: (line) => Listening.exec(line)?.[1] === 'Table', // The last of the three.
    // Until it is ready it has nothing to keep, and it may not listen yet. What is ephemeral is not kept: closing may take ten seconds.
    ask: (child, ready) => (ready && !ephemeral ? child.connected && child.disconnect() : child.kill('SIGKILL')),
  });
  return server;
}
