import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { keepsOwnLines } from "../../../src/instrument/maps/package_text.ts";

const READABLE = `${"const list = [1, 2, 3].map((n) => n);\n".repeat(30)}//# sourceMappingURL=`;
const MINIFIED = `/*! (c) */\n${"const a=[1,2,3].map(b=>b);".repeat(30)}\n//# sourceMappingURL=`;

test("lines that one can read are a package's own, wherever it is installed", () => {
  for (const name of [
    "/app/node_modules/x/dist/x.js",
    "C:\\app\\node_modules\\x\\dist\\x.js",
    "/app/node_modules/.pnpm/x@1.0.0/node_modules/x/x.mjs",
    "/root/.cache/deno/npm/registry.npmjs.org/x/1.0.0/x.js",
  ]) {
    assertEquals(keepsOwnLines(name, `${READABLE}x.js.map`), true, name);
    // The map itself is no line of the text.
    assertEquals(keepsOwnLines(name, `${READABLE}data:application/json;base64,${"A".repeat(1e5)}`), true);
    assertEquals(keepsOwnLines(name, READABLE.slice(0, 600)), true);
  }
});

test("what nobody can read, and the program's own files, have their sources' lines", () => {
  assertEquals(keepsOwnLines("/app/node_modules/x/dist/x.js", `${MINIFIED}x.js.map`), false);
  for (const name of ["/app/dist/x.js", "/app/packages/x/dist/x.js", "/app/my_node_modules/x.js"])
    assertEquals(keepsOwnLines(name, `${READABLE}x.js.map`), false, name);
});
