// Ports on the loopback address: the ones of the last time while they are free, so that a pasted address keeps working.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

export class Ports {
  #file;
  #known = {};

  constructor(folder) {
    this.#file = join(folder, 'ports.json');
    try {
      this.#known = JSON.parse(readFileSync(this.#file, 'utf8'));
    } catch {
      // The first time, or half-written: any free port will do.
    }
  }

  async take(name) {
    const { [name]: before, ...others } = this.#known;
    let port = await free(Number(before) || 0).catch(() => free(0));
    while (Object.values(others).includes(port)) {
      port = await free(0); // The system may give a port a second time, since nobody listens there yet.
    }

    this.#known[name] = port;
    writeFileSync(this.#file, JSON.stringify(this.#known));
    return port;
  }
}

function free(port) {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const taken = server.address().port;
      server.close(() => resolve(taken));
    });
  });
}
