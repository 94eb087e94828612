// Runs Azurite from the one file that the build made of it, with the code that V8 compiled the last time.
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const { constants, Script } = require('node:vm');

const WriteAfterMs = 5_000; // By then it has answered, and V8 has compiled what a start needs.
const bundle = join(__dirname, '..', '..', 'node_modules', '.azurite', 'azurite.cjs');
const cache = `${bundle}.v8`;

process.argv.splice(1, 1); // The next one is the path of Azurite itself.
if (existsSync(bundle)) {
  run();
} else {
  require(process.argv[1]);
}

function run() {
  const source = readFileSync(bundle, 'utf8').replace(/^#!.*/, '');
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: bundle,
    cachedData: existsSync(cache) ? readFileSync(cache) : undefined,
    importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, dirname(bundle));
  if (script.cachedDataRejected !== false) {
    setTimeout(() => write(script), WriteAfterMs).unref();
  }
}

function write(script) {
  try {
    writeFileSync(`${cache}.${process.pid}`, script.createCachedData());
    renameSync(`${cache}.${process.pid}`, cache);
  } catch {
    // The folder belongs to another user, or the disk is full: the next start compiles anew.
  }
}
