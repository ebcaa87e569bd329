import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { instrument } from "../../src/instrument/instrument.ts";
import { type Host, hosts, Project } from "../hosts/host.ts";

// A cycle of modules: `early.js` runs before `hoisted.js` does, and calls what that one hoists.
const FILES: Record<string, string> = {
  "main.js": `import { more } from "./hoisted.js";
import { results } from "./early.js";
console.log(JSON.stringify([await Promise.all(results), more()]));
`,
  "hoisted.js": `import { early } from "./early.js";
export function parameters(a = [1], f = (x) => [x], { b = [early], ...rest } = { c: 1 }, ...others) { return [a, f(2), b, rest, others]; }
export function recursive(n) { return n === 0 ? { n } : [recursive(n - 1)]; }
export function leaf() { return { leaf: 1 }; }
export function closures() { return () => [3]; }
export function* generator(n = [4]) { yield n; yield* [[5]]; }
export async function waits(n = [6]) { await null; return [n, leaf()]; }
export async function* stream() { yield [7]; yield leaf(); }
export function classes() { return class Made { x = [8]; #y = () => this.x; static { leaf(); } m() { return parameters(this.#y()); } }; }
export function names() { const f = () => {}; let g; g = class {}; return [f.name, g.name, (() => {}).name]; }
export function evaluates(n) { var x = eval("[n]"); return x.concat((() => [9])()); }
export function texts(...all) { return \`\${all}\` + all; }
export function handles() { try { throw [10]; } catch (thrown) { return [thrown]; } finally { leaf(); } }
export function blocks() { { function inner() { return [11]; } return inner(); } }
export function accessors() { return { get a() { return [12]; }, set a(v) { leaf(); }, async *m() { yield [13]; } }; }
export function constructs() { return new Function("return this") === null ? 0 : [new Date(0), new (function () { this.x = [14]; })().x]; }
export default function () { return [15, [leaf()].map((x) => [x])]; }
export const more = () => [16, leaf()];
`,
  "early.js": `import anonymous, * as h from "./hoisted.js";
export const early = "early";
export const results = [];
const all = async (items) => { const list = []; for await (const item of items) list.push(item); return list; };
results.push(h.parameters(), h.recursive(3), h.leaf(), h.closures()(), [...h.generator()], h.waits(), all(h.stream()));
results.push(new (h.classes())().m(), h.names(), h.evaluates(17), h.texts(1, 2), h.handles(), h.blocks());
const o = h.accessors();
o.a = 1;
results.push(o.a, all(o.m()), h.constructs(), anonymous());
try { h.more(); } catch ({ name }) { results.push(name); }
`,
};

/** One file's hoisted function is enough to run its header: each is called first once. */
function startingWith(call: string): Record<string, string> {
  return {
    ...FILES,
    "early.js": FILES["early.js"]!.replace("const all =", `const first = ${call};\nconst all =`),
  };
}

async function output(host: Host, files: Record<string, string>, preload?: string): Promise<string> {
  using project = new Project({ "package.json": `{"type":"module"}`, "nothing.js": "", ...files });
  const env = { TRACEMALLOC: preload === undefined ? "" : "25" };
  const { code, stdout, stderr } = await project.run(host, "main.js", {
    preload: preload ?? "./nothing.js",
    env,
  });
  assertEquals([code, stderr], [0, ""]);
  return stdout;
}

const instrumented = (files: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(files).map(([name, source]) => {
      const { code, sites } = instrument(source, { filename: name, sourceType: "module" });
      assert(sites.length > 0);
      return [name, code];
    }),
  );

for (const host of hosts) {
  test(`${host}: in a cycle of modules, hoisted functions run before their module does`, async () => {
    const untouched = await output(host, FILES);
    assert(untouched.includes('"ReferenceError"') && untouched.includes('{"leaf":1}'), untouched);
    assertEquals(await output(host, instrumented(FILES)), untouched);
    assertEquals(await output(host, FILES, "tracemalloc/register"), untouched);
  });
}

const CALLS = [
  ...["parameters", "leaf", "closures", "names", "handles", "blocks", "accessors", "texts"],
  ...["classes", "constructs", "recursive"],
].map((name) => `h.${name}(1)`);
CALLS.push("h.generator().next()", "h.waits()", "h.stream().next()", "h.evaluates(1)", "anonymous()");

// One runtime will do: what stands in the text is the same on all.
test("whichever hoisted function is the first to run", async () => {
  const [host] = hosts;
  const programs = Object.fromEntries(
    CALLS.flatMap((call, i) =>
      Object.entries(instrumented(startingWith(call))).map(([name, text]) => [`p${i}/${name}`, text]),
    ),
  );
  const main = CALLS.map((_, i) => `await import("./p${i}/main.js");`).join("\n");
  const lines = (await output(host!, { ...programs, "main.js": main })).trim().split("\n");
  const wanted = (await output(host!, FILES)).trim();
  assertEquals(
    lines,
    CALLS.map(() => wanted),
  );
});
