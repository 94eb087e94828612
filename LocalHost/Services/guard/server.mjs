// One server as a child process: started until it says that it is ready, started again when it dies, stopped when asked.
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const Attempts = 5;
const PatienceMs = 60_000;
const StableMs = 10_000;
const KillAfterMs = 15_000;

export class Server {
  #name;
  #spawn;
  #isReady;
  #ask;
  #report;
  #log;
  #child;
  #ready = false;
  #stopping = false;
  #ended = Promise.resolve();

  // spawn() starts the process, isReady(line) reads its output, ask(child, ready) asks it to stop.
  constructor({ name, logFile, spawn, isReady, ask, report }) {
    this.#name = name;
    this.#spawn = spawn;
    this.#isReady = isReady;
    this.#ask = ask;
    this.#report = report;
    this.#log = createWriteStream(logFile).on('error', () => {});
  }

  async start() {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#startOnce();
      } catch (error) {
        if (this.#stopping || attempt === Attempts) throw error;
        await delay(100 * 2 ** attempt);
      }
    }
  }

  async stop() {
    this.#stopping = true;
    if (this.#child?.exitCode === null && this.#child.signalCode === null) {
      const child = this.#child;
      this.#ask(child, this.#ready);
      const kill = setTimeout(() => child.kill('SIGKILL'), KillAfterMs);
      await this.#ended;
      clearTimeout(kill);
    }

    await new Promise((resolve) => this.#log.end(resolve));
  }

  async #startOnce() {
    if (this.#stopping) throw new Error(`${this.#name} was stopped before it started.`);
    this.#ready = false;
    const child = (this.#child = await this.#spawn());
    const tail = [];
    this.#ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve)); // No 'close' after disconnect().

    await new Promise((resolve, reject) => {
      const failed = (why) => reject(new Error([`${this.#name} ${why}`, ...tail].join('\n  ')));
      const late = setTimeout(() => {
        child.kill('SIGKILL');
        failed(`was not ready within ${PatienceMs / 1000} s.`);
      }, PatienceMs);
      const read = (line) => {
        this.#log.write(line + '\n');
        tail.push(line);
        if (tail.length > 8) tail.shift();
        if (this.#isReady(line)) resolve(clearTimeout(late));
      };

      createInterface({ input: child.stdout }).on('line', read);
      createInterface({ input: child.stderr }).on('line', read);
      child.once('error', (error) => failed(`did not start: ${error.message}`));
      child.once('exit', async (code, signal) => {
        clearTimeout(late);
        await delay(50); // For its last words.
        failed(`ended with ${signal ?? code} at its start.`);
      });

      if (this.#stopping) this.#ask(child, this.#ready);
    });
    this.#ready = true;

    const since = Date.now();
    child.once('exit', (code, signal) => this.#again(code, signal, Date.now() - since));
  }

  async #again(code, signal, lived) {
    if (this.#stopping) return;
    this.#report({ event: 'ended', server: this.#name, message: `${this.#name} ended by itself with ${signal ?? code}; starting it again.` });
    for (let wait = lived < StableMs ? 1000 : 0; !this.#stopping; wait = Math.min(10_000, 2 * wait + 500)) {
      await delay(wait);
      try {
        await this.#startOnce();
        return this.#report({ event: 'note', message: `${this.#name} is running again.` });
      } catch (error) {
        if (!this.#stopping) this.#report({ event: 'note', message: error.message });
      }
    }
  }
}
