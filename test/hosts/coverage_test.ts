import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { hosts, Project, root } from "./host.ts";

const LIB = `export function used(a, b) {
  if (a > b) {
    return [a];
  }
  const list = [];
  for (const x of [1, 2, 3]) {
    if (x === 2) continue;
    if (x > 5) {
      list.push({ x });
    }
    list.push(() => x);
  }
  return list.map((f) => f());
}
export function unused() {
  return { never: [1, 2].map((x) => ({ x })) };
}
export const arrow = (x) => (x ? { x } : [x]);
export class C {
  #p = new Map();
  get p() {
    return this.#p;
  }
  async q() {
    await null;
    try {
      throw new Error("x");
    } catch {
      return { a: 1 };
    } finally {
      this.#p.set(1, {});
    }
  }
  *r() {
    yield 1;
    yield [2];
  }
  static s = [1].concat(2);
  never(a = {}, ...rest) {
    return a ?? rest;
  }
}
export const o = { m() { return [1]; }, get g() { return 1; }, f: function () { return 2; } };
label: for (let i = 0; i < 3; i++) {
  switch (i) {
    case 0: continue label;
    case 1: o.m(); break;
    case 7: o.f(); break;
    default: { o.m?.(); }
  }
}
`;

const MAIN = `import { used, arrow, C } from "./lib.js";
used(1, 2);
arrow(1);
const c = new C();
await c.q();
[...c.r()];
process.on("exit", () => {
  if (process.argv.length > 99) console.log("never");
  used(2, 1);
});
`;

const TEST = `import { test } from "node:test";
import { used, arrow } from "./lib.js";
test("a", () => {
  used(1, 2);
  arrow(1);
});
`;

const project = (): Project =>
  new Project({ "package.json": `{"type":"module"}`, "lib.js": LIB, "main.js": MAIN, "a.test.js": TEST });

const bin = join(root, "node_modules/.bin");

/** Runs a command of the repository's; the two environments differ in the preload alone. */
function run(
  folder: string,
  command: string[],
  env: Record<string, string> = {},
): { out: string; err: string } {
  const { PATH } = process.env;
  const { stdout, stderr } = spawnSync(join(bin, command[0]!), command.slice(1), {
    cwd: folder,
    env: { PATH: `${bin}:${PATH}`, NO_COLOR: "1", ...env },
    encoding: "utf8",
  });
  return { out: stdout, err: stderr };
}

const PRELOAD = { NODE_OPTIONS: "--import tracemalloc/register", TRACEMALLOC: "5" };

interface Coverage {
  result: { url: string; functions: { ranges: object[] }[] }[];
}

/** What Node wrote of the project's files: functions with their ranges. */
function rangesIn(folder: string): Record<string, object[][]> {
  const found: Record<string, object[][]> = {};
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), "utf8")) as Coverage;
    for (const { url, functions } of result) {
      const file = /(?:lib|main)\.js$/.exec(url)?.[0];
      if (file !== undefined && !url.includes("node_modules")) {
        assert(!(file in found), `${file} stands in two files`);
        found[file] = functions.map(({ ranges }) => ranges);
      }
    }
  }
  return found;
}

const needsNode = { skip: hosts.includes("node") ? false : "NODE_V8_COVERAGE is Node's" };

test("V8's coverage is that of the source, range by range", needsNode, () => {
  using files = project();
  run(files.folder, ["node", "main.js"], { NODE_V8_COVERAGE: "plain" });
  const wanted = rangesIn(files.path("plain"));
  assertEquals(Object.keys(wanted).sort(), ["lib.js", "main.js"]);
  for (const [name, env] of Object.entries({ traced: PRELOAD, loaded: { ...PRELOAD, TRACEMALLOC: "" } })) {
    const { err } = run(files.folder, ["node", "main.js"], { ...env, NODE_V8_COVERAGE: name });
    assertEquals(err, "");
    assertEquals(rangesIn(files.path(name)), wanted, name);
  }
});

/** The row of the file in a table of coverage. All files together include this repository's, which is in no node_modules here. */
const rows = (text: string): string[] =>
  text
    .split("\n")
    .filter((line) => line.includes("lib.js"))
    .map((line) => line.replace(/\s+/g, " "));

test("node --test --experimental-test-coverage and c8 show the same table", needsNode, () => {
  using files = project();
  for (const command of [
    ["node", "--test", "--experimental-test-coverage", "a.test.js"],
    ["c8", "node", "a.test.js"],
  ]) {
    const wanted = rows(run(files.folder, command).out);
    assert(wanted.length === 1 && !wanted[0]!.includes("100"), wanted.join("\n"));
    assertEquals(rows(run(files.folder, command, PRELOAD).out), wanted, command[0]);
  }
});

test(
  "without isolation Node's runner reads coverage itself: nothing is instrumented, with a warning",
  needsNode,
  () => {
    using files = project();
    const command = ["node", "--test", "--experimental-test-coverage", "--test-isolation=none", "a.test.js"];
    const wanted = rows(run(files.folder, command).out);
    const { out, err } = run(files.folder, command, PRELOAD);
    assertEquals(rows(out), wanted);
    assertMatch(err, /^tracemalloc: not instrumented: \S+, and all other files of this process: /m);
  },
);
