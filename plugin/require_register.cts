// What `NODE_OPTIONS=--require` loads into processes that a program, or `tracemalloc run npm …`, starts. CommonJS, because Deno takes
// nothing else there, and would end a program with an error. On Deno it has to run also where the package's own dependencies
// cannot be found, as in a folder that has no package.json.
const extension = __filename.slice(-2);
// Programs that look through what has been required, or drop it, do not meet this file.
delete require.cache[__filename];
try {
  require(`./register_node.${extension}`);
} catch (error) {
  const reason = (error instanceof Error ? error.message : String(error)).split("\n", 1)[0];
  require("node:fs").writeSync(2, `tracemalloc: not tracing: ${reason}\n`);
}
