// Call paths of the sampled modes under the preload: code that does not record its calls.
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { transformSync } from "esbuild";
import { Snapshot } from "../../mod.ts";
import { type Host, hosts, Project, whoami } from "./host.ts";

const SAMPLED = { TRACEMALLOC: "25", TRACEMALLOC_SAMPLING: "adaptive" };

/** Shows where an object was made: function, file, line and column. */
const SHOW = `import { getObjectTraceback } from "tracemalloc";
export const show = (o) => console.log([...getObjectTraceback(o)].map((f) =>
  f.functionName + "@" + f.filename.split("/").pop() + ":" + f.lineno + ":" + f.column).join(" "));
`;

// JavaScriptCore leaves no frame of a tail call: no call is the last thing that a function does.
const TYPESCRIPT = `import { createRequire } from "node:module";
import { show } from "./show.mjs";
interface Item { readonly n: number }
class Store<T extends object> {
  readonly items: T[] = [];
  add(make: (n: number) => T): T {
    const made: T = make(1);
    this.items.push(made); return made;
  }
}
function handler(store: Store<Item>): Item {
  const item = store.add((n: number): Item => { const made = { n };
    if (made.n > 5) throw made; return made; });
  if (item.n > 5) throw item;
  return item;
}
async function request(store: Store<Item>): Promise<Item> {
  await null;
  const item = handler(store);
  if (item.n > 5) throw item; return item;
}
show(handler(new Store<Item>()));
show(await request(new Store<Item>()));
show(createRequire(import.meta.url)("./lib.cjs").make(2));
${whoami}`;

const LIBRARY = `exports.make = function make(n) { const made = n === 0 ? { leaf: true } : make(n - 1); if (n > 5) throw n; return made; };
`;

const PATH = "handler@main.ts:12:22 Store.add@main.ts:7:21 <anonymous>@main.ts:12:62";

function expected(host: Host): string[] {
  // V8 knows that the module awaits; JavaScriptCore does not say so.
  const module = host === "bun" ? "" : "<module>@main.ts:23:1 ";
  const make = "make@lib.cjs:1:75 make@lib.cjs:1:75 make@lib.cjs:1:58";
  return [
    `<module>@main.ts:22:1 ${PATH}`,
    `${module}request@main.ts:19:16 ${PATH}`,
    `<module>@main.ts:24:1 ${make}`,
    `host:${host}`,
  ];
}

for (const host of hosts) {
  test(`${host}: tracebacks have the lines and columns of TypeScript and CommonJS as written, and await's frames`, async () => {
    using project = new Project({ "main.ts": TYPESCRIPT, "lib.cjs": LIBRARY, "show.mjs": SHOW });
    // From the transform, and from the cache.
    for (let round = 0; round < 2; round++) {
      const { code, stdout, stderr } = await project.run(host, "main.ts", { env: SAMPLED });
      assertEquals([code, stderr], [0, ""]);
      assertEquals(stdout.trim().split("\n"), expected(host));
    }
  });

  test(`${host}: what a compiler has made is led back to what people wrote`, async () => {
    const source = `import { show } from "../show.mjs";
type Made = { n: number };
function inner(n: number): Made {

  const made: Made = { n };
  if (n > 5) throw n; return made;
}
function outer(n: number): Made {
  const made = inner(n);
  if (n > 5) throw n; return made;
}
const made = outer(1);
show(made);
`;
    // All on one line.
    const { code, map } = transformSync(source, {
      ...{ loader: "ts", format: "esm", minifyWhitespace: true, sourcemap: true },
      sourcefile: "../src/app.ts",
    });
    using project = new Project({
      "src/app.ts": source,
      "dist/app.js": `${code}//# sourceMappingURL=app.js.map\n`,
      "dist/app.js.map": map,
      "package.json": '{ "type": "module" }',
      "show.mjs": SHOW,
    });
    const { stdout, stderr, code: exit } = await project.run(host, "dist/app.js", { env: SAMPLED });
    assertEquals([exit, stderr], [0, ""]);
    assertEquals(stdout.trim(), "<module>@app.ts:12:14 outer@app.ts:9:16 inner@app.ts:5:22");
  });

  test(`${host}: workers and child processes load the same, and a start() in exact mode says what to set`, async () => {
    const keep = `function keep() { globalThis.kept = []; for (let i = 0; i < 500; i++) { globalThis.kept.push({ i }); } return 0; }
function outer() { const done = keep(); if (done > 0) throw done; return done; }
if (outer() > 0) throw 0;
`;
    using project = new Project({
      "main.mjs": `import { spawnSync } from "node:child_process"; import { Worker } from "node:worker_threads";
new Worker(new URL("./worker.mjs", import.meta.url)).once("exit", () => spawnSync(process.execPath, ["child.mjs"], { stdio: "inherit" }));`,
      "worker.mjs": keep,
      "child.mjs": keep,
      "exact.mjs": `import { start, stop } from "tracemalloc"; start(25); stop(); start(25); ${whoami}`,
    });
    const { code, stderr } = await project.run(host, "main.mjs", {
      env: { ...SAMPLED, TRACEMALLOC_OUT: "app.pb.gz" },
    });
    assertEquals([code, stderr], [0, ""]);
    const paths = readdirSync(project.folder)
      .filter((name) => name.endsWith(".pb.gz"))
      .flatMap((name) => Snapshot.load(project.path(name)).statistics("traceback"))
      .filter(({ count }) => count >= 500)
      .map(({ traceback }) => [...traceback].map((f) => `${f.functionName}:${f.lineno}`).join(" "));
    assertEquals(
      paths,
      [1, 2].map(() => "<module>:3 outer:2 keep:1"),
    );
    const exact = await project.run(host, "exact.mjs", { env: { TRACEMALLOC_SAMPLING: "524288" } });
    assertEquals([exact.code, exact.stdout.trim()], [0, `host:${host}`]);
    assert(/^tracemalloc: start\(.*TRACEMALLOC_SAMPLING=exact.*\n$/.test(exact.stderr), exact.stderr);
    const cache = project.path("node_modules/.cache/tracemalloc");
    const texts = readdirSync(cache).map((name) => readFileSync(`${cache}/${name}`, "utf8"));
    assert(
      texts.some((text) => text.includes("keep")) &&
        texts.every((text) => !/\$tmon\$&&\(\$d\$[^;]*keep\(\)/.test(text)),
    );
    assertEquals((await project.run(host, "exact.mjs", { env: {} })).stderr, "");
  });
}

for (const host of hosts) {
  test(`${host}: a program of many lines and paths, sampled by bytes, leaves its snapshot`, async () => {
    using project = new Project({
      "main.cjs": `const { parse } = require("./acorn.cjs");
const text = require("node:fs").readFileSync("acorn.cjs", "utf8");
globalThis.trees = [1, 2].map(() => parse(text, { ecmaVersion: "latest" }));`,
      "acorn.cjs": readFileSync(new URL("../../node_modules/acorn/dist/acorn.js", import.meta.url), "utf8"),
    });
    for (const sampling of ["512", "16384"]) {
      const env = { TRACEMALLOC: "25", TRACEMALLOC_SAMPLING: sampling, TRACEMALLOC_OUT: "app.pb.gz" };
      const { code, stderr } = await project.run(host, "main.cjs", { env });
      assertEquals([code, stderr], [0, ""]);
      const { count, allocatedCount } = Snapshot.load(project.path("app.pb.gz")).statistics("type")[0]!;
      assert(count > 1000 && count <= allocatedCount, `${count} of ${allocatedCount}`);
    }
  });
}
