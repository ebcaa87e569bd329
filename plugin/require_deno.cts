// What `NODE_OPTIONS=--require` loads into processes that a program on Deno starts. They have to run also where the
// package's own dependencies cannot be found, as in a folder that has no package.json.
const extension = __filename.slice(-2);
try {
  const { hookNode } = require(`./loaders/node.${extension}`);
  const { loadInstrument } = require(`./preload/load_instrument.${extension}`);
  require(`./preload/setup.${extension}`).register(hookNode, loadInstrument);
} catch (error) {
  const reason = (error instanceof Error ? error.message : String(error)).split("\n", 1)[0];
  require("node:fs").writeSync(2, `tracemalloc: not tracing: ${reason}\n`);
}
