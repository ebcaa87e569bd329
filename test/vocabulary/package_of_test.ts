import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { OWN_CODE, ownerOf, packageOf, RUNTIME } from "../../src/vocabulary/package_of.ts";

/** File names as the package managers and runtimes make them, and the package. */
const PACKAGES: Readonly<Record<string, string>> = {
  // npm, yarn
  "/app/node_modules/express/lib/router.js": "express",
  "node_modules/express/index.js": "express",
  "/app/node_modules/@scope/name/dist/x.js": "@scope/name",
  "/app/node_modules/a/node_modules/b/x.js": "b",
  "/app/node_modules/a/node_modules/@s/b/x.js": "@s/b",
  "C:\\app\\node_modules\\@s\\b\\x.js": "@s/b",
  "/app/packages/web/node_modules/lodash.merge/index.js": "lodash.merge",
  // pnpm; cnpm
  "/app/node_modules/.pnpm/debug@4.3.4_supports-color@8.1.1/node_modules/debug/src/index.js": "debug",
  "/app/node_modules/.pnpm/@babel+core@7.26.0/node_modules/@babel/core/lib/index.js": "@babel/core",
  "/app/node_modules/_debug@2.6.9@debug/src/node.js": "debug",
  "/app/node_modules/_@babel_core@7.26.0@@babel/core/lib/index.js": "@babel/core",
  // Yarn without node_modules
  "/app/.yarn/cache/zod-npm-3.23.8-1e7a2d1a0c.zip/node_modules/zod/lib/types.js": "zod",
  "/app/.yarn/__virtual__/react-dom-virtual-0a/0/cache/react-dom-npm-18.zip/node_modules/react-dom/x.js":
    "react-dom",
  "/app/.yarn/unplugged/esbuild-npm-0.25.0-9e/node_modules/esbuild/lib/main.js": "esbuild",
  // Deno
  "/home/me/.cache/deno/npm/registry.npmjs.org/zod/4.4.3/index.js": "zod",
  "/home/me/.cache/deno/npm/registry.npmjs.org/@hono/zod/0.4.3-rc.1/dist/x.js": "@hono/zod",
  "/home/me/.cache/deno/npm/localhost_4873/zod/4.4.3/index.js": "zod",
  "/app/node_modules/.deno/chalk@5.3.0/node_modules/chalk/source/index.js": "chalk",
  "https://jsr.io/@std/assert/1.0.13/equals.ts": "@std/assert",
  "https://deno.land/std@0.224.0/assert/equals.ts": "deno.land/std",
  "https://deno.land/x/oak@v12.6.1/mod.ts": "deno.land/x/oak",
  "https://esm.sh/@scope/name@1.2.3/es2022/name.mjs": "esm.sh/@scope/name",
  "https://cdn.jsdelivr.net/npm/preact@10.5.0/dist/preact.mjs": "cdn.jsdelivr.net/npm/preact",
  "https://example.com/lib/mod.ts": "example.com",
  "npm:/express@4.18.2/index.js": "express",
  "jsr:@std/path@1/join.ts": "@std/path",
  // Bun
  "/home/me/.bun/install/cache/zod@3.23.8@@@1/lib/index.js": "zod",
  "/home/me/.bun/install/cache/@hono/zod@0.4.3@@@1/dist/x.js": "@hono/zod",
  "/app/node_modules/.bun/zod@3.23.8/node_modules/zod/lib/index.js": "zod",
  // Pages
  "http://localhost:5173/node_modules/.vite/deps/react-dom_client.js?v=1b2c": "react-dom",
  "http://localhost:5173/node_modules/.vite/deps/@tanstack_query-core.js?v=1b2c": "@tanstack/query-core",
  "http://localhost:5173/node_modules/.vite/deps/lodash__merge.js?v=1b2c": "lodash.merge",
  "webpack://app/./node_modules/vue/dist/vue.js": "vue",
  "http://localhost:5173/src/main.ts": OWN_CODE,
  "http://[::1]:8000/main.js": OWN_CODE,
  "webpack://app/./src/main.js": OWN_CODE,
  // The program's own
  "/app/src/server.ts": OWN_CODE,
  "src/server.ts": OWN_CODE,
  "C:\\app\\server.js": OWN_CODE,
  "/srv/npm/tools/build.js": OWN_CODE,
  "/app/my_node_modules/x.js": OWN_CODE,
  "": OWN_CODE,
  // The runtime's
  "node:internal/streams/readable": RUNTIME,
  "ext:deno_web/01_event.js": RUNTIME,
  "bun:jsc": RUNTIME,
  "<unknown>": "<unknown>",
};

test("a file's package is found in its name, whoever has put it there", () => {
  const names = Object.keys(PACKAGES);
  assertEquals(Object.fromEntries(names.map((name) => [name, packageOf(name)])), PACKAGES);
});

test("whose code a file is", () => {
  const names = ["/app/a.ts", "/app/node_modules/a/a.js", "https://jsr.io/@std/a/1.0.0/a.ts"];
  assertEquals(names.map(ownerOf), ["own", "dependency", "dependency"]);
  assertEquals(["node:fs", "<unknown>", "<process>"].map(ownerOf), ["runtime", "runtime", "runtime"]);
});
