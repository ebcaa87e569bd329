// The small app that every bundler builds: several modules, a class, TSX, dependencies of both kinds.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { assert, assertEquals } from "@std/assert";
import { buildOnce, Project, root } from "../hosts/host.ts";

const CACHE = `// A class, with types that are gone after compilation.
export interface Entry {
  readonly id: number;
}

export class Cache<T extends Entry> {
  readonly #entries: T[] = [];

  add(entry: T): this {
    this.#entries.push(entry);
    return this;
  }

  fail(): never {
    type Gone = { [K in keyof T]: T[K] };
    throw new Error("mapped") as never as Gone as never;
  }
}
`;
const VIEW = `/** @jsxRuntime classic @jsx h */
import type { Entry } from "./cache.ts";

interface Props extends Entry {
  children?: unknown[];
}

export function h(tag: string, props: object | null, ...children: unknown[]) {
  return {
    tag,
    props,
    children,
  };
}

export const row = (
  entry: Props,
) => <li id={entry.id}>{"item"}</li>;
`;
const MAIN = `import { collect, start, takeSnapshot } from "tracemalloc";
import { makeList } from "dep";
import { Cache, type Entry } from "./cache.ts";
import { row } from "./view.tsx";
LEGACY

if (START) start(5);
const cache = new Cache<Entry>();
const kept: unknown[] = [];
for (let id = 0; id < 300; id++) {
  cache.add({ id } satisfies Entry);
  kept.push(row({ id: 1 }), makeList(id), legacyItem(id));
}
const lines = takeSnapshot().statistics("lineno").filter(({ count }) => count >= 300);
console.log(JSON.stringify(lines.map(({ traceback, count }) => [String(traceback), count])));
const [deepest] = takeSnapshot().statistics("traceback").filter(({ traceback }) => String(traceback.at(-1)?.filename).includes("-store/index.js"));
console.log(JSON.stringify([...deepest!.traceback].map(({ lineno, functionName }) => functionName + ":" + lineno)));
try {
  cache.fail();
} catch (error) {
  console.log(JSON.stringify((error as Error).stack));
}
await collect();
const left = takeSnapshot().statistics("lineno").find(({ key }) => key.endsWith("main.ts:12"));
console.log(JSON.stringify([kept.length, left?.count, cache instanceof Cache]));
`;
const DEP = `// An ES module among the dependencies.

export function makeList(id) {
  return [id, id];
}
`;
const LEGACY = `"use strict";
// CommonJS.
exports.item = function item(id) {
  return new Map([[id, 0]]);
};
`;

export interface AppOptions {
  /** The bundler takes CommonJS. */
  commonJs?: boolean;
  /** The program calls \`start()\`; else the plugin does. */
  start?: boolean;
}

/** The app as a project, in a folder without links in its name, as bundlers resolve them. */
export class App extends Project {
  readonly home: string;
  readonly #commonJs: boolean;

  constructor({ commonJs = true, start = true }: AppOptions = {}) {
    const legacy = commonJs
      ? `import legacy from "legacy";\nconst legacyItem = legacy.item;`
      : "const legacyItem = String;\n";
    super({
      "package.json": `{"type":"module"}`,
      "src/main.ts": MAIN.replace("LEGACY", legacy).replace("START", String(start)),
      "src/cache.ts": CACHE,
      "src/view.tsx": VIEW,
      "node_modules/legacy/package.json": `{"name":"legacy","main":"index.js"}`,
      "node_modules/legacy/index.js": LEGACY,
    });
    this.home = realpathSync(this.folder);
    // As in pnpm's store: above the file's real place there is no `node_modules` with our package.
    const store = `${this.home}-store`;
    mkdirSync(store);
    writeFileSync(join(store, "package.json"), `{"name":"dep","type":"module","exports":"./index.js"}`);
    writeFileSync(join(store, "index.js"), DEP);
    symlinkSync(store, this.path("node_modules/dep"), "dir");
    this.#commonJs = commonJs;
  }

  override [Symbol.dispose](): void {
    rmSync(`${this.home}-store`, { recursive: true, force: true });
    super[Symbol.dispose]();
  }

  get entry(): string {
    return join(this.home, "src/main.ts");
  }

  get out(): string {
    return join(this.home, "out");
  }

  /** Runs the bundle and checks that what it reports are the original files and lines, and its stack's, too. */
  check(bundle = "main.js", { runtime = "node", mapsColumns = true } = {}): void {
    const path = join(this.out, bundle);
    const program = join(root, "node_modules/.bin", runtime);
    const { status, stdout, stderr } = spawnSync(program, [path], { encoding: "utf8", cwd: this.out });
    assertEquals([status, stderr], [0, ""]);
    const [lines, paths, stack, kept] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    const found = new Map(
      (lines as [string, number][]).map(([place, count]) => [place.replace(this.home, ""), count]),
    );
    assertEquals(found.get("/src/main.ts:12"), 300, "object literals");
    assertEquals(found.get("/src/main.ts:13"), 300, "props");
    // One more for the string that they hold.
    assertEquals(found.get("/src/view.tsx:9"), 301, "h's objects");
    assertEquals(found.get("-store/index.js:4"), 300);
    if (this.#commonJs) assert(found.get("/node_modules/legacy/index.js:4")! >= 300);
    assertEquals(paths, ["<module>:13", "makeList:4"]);
    // A bundler that drops what marks objects has all of them die in the first collection.
    assertEquals(kept, [900, 300, true]);
    this.#checkStack(path, { stack: stack as string, mapsColumns });
  }

  #checkStack(path: string, { stack, mapsColumns }: { stack: string; mapsColumns: boolean }): void {
    const place = /main\.m?js:(\d+):(\d+)/.exec(stack);
    if (place === null) {
      // The runtime has followed the map.
      assert(stack.includes("src/cache.ts:16:"), stack);
      return;
    }
    const [, line, column] = place;
    const map = new TraceMap(readFileSync(`${path}.map`, "utf8"));
    const original = originalPositionFor(map, { line: Number(line), column: Number(column) - 1 });
    assert(original.source?.endsWith("cache.ts"), `mapped to ${original.source}`);
    assertEquals(original.line, 16);
    if (!mapsColumns) return;
    // A compressor that drops `new` leaves the column of `Error`.
    assert(original.column === 10 || original.column === 14, `column ${original.column}`);
    const index = map.sources.indexOf(original.source);
    assertEquals(map.sourcesContent?.[index], CACHE);
  }
}

/** A plugin as users import it: from the package as it was built. */
export async function plugin<Plugin>(name: string): Promise<Plugin> {
  buildOnce();
  return (await import(join(root, `dist/plugin/bundlers/${name}.js`))) as Plugin;
}
