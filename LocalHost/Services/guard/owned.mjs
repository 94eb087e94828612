// Processes of the host's that end with it. They are asked first, and have time to hand back what they hold.
import { gone, isRunning } from './processes.mjs';

const GraceMs = 5000;

export class Owned {
  #words = new Map();

  // A process with a word of its command line; without one it has ended.
  note({ process: pid, word }) {
    if (word) this.#words.set(pid, word);
    else this.#words.delete(pid);
  }

  async end() {
    await Promise.all([...this.#words].map(([pid, word]) => end(pid, word)));
  }
}

async function end(pid, word) {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    if (!isRunning(pid, word)) return;
    try {
      process.kill(pid, signal);
    } catch {
      return; // It has just ended.
    }

    await gone(pid, GraceMs, word);
  }
}
