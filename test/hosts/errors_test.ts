import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertMatch } from "@std/assert";
import { hosts, Project, whoami } from "./host.ts";

// Each throw stands alone on its line; the frames below it are those of the calls, from the inside out.
const THROWS = `import { readFileSync } from "node:fs";
class Base { constructor(value) { this.value = check(value); } }
class Derived extends Base { constructor() { super([1]); } }
function check(value) {
  if (Array.isArray(value)) throw new TypeError("inner");
  return { value };
}
async function later() {
  await null;
  return [1].map(() => new Derived());
}
function* turns() {
  yield later();
}
export const run = async () => {
  for (const turn of turns()) await turn;
};
export const errors = [
  () => null.property,
  () => [].reduce((a) => a),
  () => readFileSync("/no/such/file"),
  () => Reflect.construct(1),
  () => check([]),
  () => { try { check([]); } finally { [1].map((x) => ({ x })); } },
];
`;

const MAIN = `import { errors, run } from "./throws.js";
import { start } from "tracemalloc";
start({ nframe: 25, builtins: BUILTINS });
const stacks = [];
for (const error of errors) try { error(); } catch ({ stack }) { stacks.push(stack); }
try { await run(); } catch ({ stack }) { stacks.push(stack); }
try { Function.prototype.toString.call({}); } catch ({ stack }) { stacks.push(stack); }
console.log(JSON.stringify(stacks));
`;

/** The places in the program's own files that a stack names, innermost first: \`throws.js:5\`, with the column if \`columns\`. */
function places(stack: string, columns: boolean): string[] {
  const found = stack.matchAll(/(throws|main)\.js:(\d+):(\d+)/g);
  return [...found].map(([, file, line, column]) => `${file}:${line}${columns ? `:${column}` : ""}`);
}

/** What the program prints untouched, and under the preload. */
async function bothStacks(
  host: (typeof hosts)[number],
  { flags = [], builtins = false }: { flags?: string[]; builtins?: boolean } = {},
): Promise<[string[], string[]]> {
  const main = MAIN.replace("BUILTINS", String(builtins)) + whoami;
  using project = new Project({ "package.json": `{"type":"module"}`, "throws.js": THROWS, "main.js": main });
  const results: string[][] = [];
  for (const preload of ["./nothing.js", "tracemalloc/register"]) {
    project.write("nothing.js", "");
    const { code, stdout, stderr } = await project.run(host, "main.js", { preload, flags });
    assertEquals(code, 0, stderr);
    results.push(JSON.parse(stdout.split("\n")[0]!) as string[]);
  }
  return results as [string[], string[]];
}

for (const host of hosts) {
  test(`${host}: stacks name the original lines, and nothing of the tracker`, async () => {
    const [untouched, instrumented] = await bothStacks(host);
    assertEquals(instrumented.length, 8);
    for (const [i, stack] of instrumented.entries()) {
      const wanted = places(untouched[i]!, false);
      const found = places(stack, false);
      // JavaScriptCore leaves out frames that have made a tail call, which code with a `finally` around it has not.
      if (host === "bun") for (const place of wanted) assert(found.includes(place), `${place}: ${stack}`);
      else assertEquals(found, wanted, `${untouched[i]}\n\n${stack}`);
      assertFalse(/FileTracker|tracemalloc(?!-hosts)|\/src\/track|Session/.test(stack), stack);
      assertEquals(stack.split("\n")[0], untouched[i]!.split("\n")[0]);
    }
    assert(places(instrumented[6]!, false).includes("throws:10"), instrumented[6]);
  });

  test(`${host}: built-in functions' stand-ins add a frame of their own, and no other`, async () => {
    const [untouched, instrumented] = await bothStacks(host, { builtins: true });
    for (const [i, stack] of instrumented.entries()) {
      for (const place of places(untouched[i]!, false)) assert(places(stack, false).includes(place), stack);
      const ours = stack.split("\n").filter((frame) => /\/(?:src|dist)\/|FileTracker|Session/.test(frame));
      for (const frame of ours)
        assertMatch(frame, /\/src\/track\/builtin(?:s|_stand_ins)\.|\/dist\/node\/tracing\.js/);
    }
  });

  test(`${host}: an error that ends the program keeps its message, place and exit code`, async () => {
    using project = new Project({
      "package.json": `{"type":"module"}`,
      "main.js": `import { start } from "tracemalloc";\nstart(5);\nfunction inner() {\n  throw new RangeError("the end");\n}\n[1].forEach(() => inner());\n`,
    });
    const { code, stderr } = await project.run(host, "main.js");
    assertEquals(code, 1);
    assertMatch(stderr, /RangeError: the end/);
    assertMatch(stderr, /main\.js:4\b/);
    assertFalse(/FileTracker/.test(stderr), stderr);
  });
}

// Programs that end in an error: what is thrown, from where, and when.
const ENDS: Readonly<Record<string, string>> = {
  "first_line.mjs": `throw new Error("first " + [1].map((x) => ({ x })));\n`,
  "one_line.cjs": `const o = { a: [1] }; setTimeout(() => { throw new Error("one " + [o.a]); });`,
  "builtin.mjs": `const go = (x) => {\n  return Object.keys(x);\n};\ngo(null);\n`,
  "late.mjs": `const go = (x) => {\n  const keys = Object.keys(x);\n  return keys;\n};\nsetTimeout(() => {\n  const n = go(null);\n  return n;\n});\n`,
  "callback.cjs": `const list = [1];\nsetTimeout(() => { const n = [].concat(list).map(); return n; });\n`,
  "parse.mjs": `const text = "{bad";\nconst parse = () =>\n  JSON.parse(text);\nparse();\n`,
  "host.mjs": `const size = "x";\nconst bytes = Buffer.alloc(size);\nconsole.log(bytes);\n`,
  "native.cjs": `function f(x) {\n\tconst ünï = [1], o = { x }; if (x) o.y.z(ünï);\n}\nprocess.on("exit", () => { process.exitCode = 7; });\nsetTimeout(() => f([1]));\n`,
  "rejected.mjs": `const make = () => Object.assign(new RangeError("late"), { extra: { deep: [1] } });\nPromise.reject(make());\n`,
  "rethrown.cjs": `function made() { return new TypeError("made " + [1]); }\nsetTimeout(() => {\n  const error = made();\n  console.log([error.name]); throw error;\n});\n`,
  "cause.cjs": `setTimeout(() => { try { JSON.parse("{bad" + [1]); } catch (cause) { throw new TypeError("outer", { cause }); } });\n`,
  "subclass.cjs": `class Own extends Error { constructor(a) { super([a].join()); } }\nsetTimeout(() => { throw new Own(1); });\n`,
  // TypeScript that Node refuses: the lines stand in the stack itself.
  "decorated.cts": `const d: unknown = [1];\nconst one = { d }; @d class A { x: number = 1; items = [1].map((n) => ({ n })); }\n`,
  "enumerated.cts": `const list = [1, 2].map((n) => ({ n }));\nenum Colour { Red, Green }\nconsole.log(Colour.Red, list);\n`,
  "enumerated.mts": `export const list = [1, 2].map((n) => ({ n })); enum Colour { Red }\nconsole.log(Colour.Red, list);\n`,
  "listener.mjs": `process.on("uncaughtException", (error) => { console.log("taken over", error.stack.split("\\n").length, [error.message]); });\nsetTimeout(() => { throw new Error("taken"); });\n`,
};

/** Without columns: they move in instrumented code. On Bun the mark below the line goes with them. */
function withoutColumns(text: string, host: string): string {
  const lines = text.replaceAll(/(\.[mc]?js:\d+):\d+/g, "$1").split("\n");
  return lines.filter((line) => host !== "bun" || !/^ *\^$/.test(line)).join("\n");
}

// Bun quotes CommonJS as it was compiled, and Deno none whose columns have moved: docs/semantics.md.
const OF_ALL = ["first_line.mjs", "builtin.mjs", "late.mjs", "parse.mjs", "host.mjs", "rejected.mjs"];

for (const host of hosts) {
  for (const [name, text] of Object.entries(ENDS)) {
    if (host !== "node" && !OF_ALL.includes(name)) continue;
    test(`${host}: what an uncaught error prints, and how the program ends, is the program's own (${name})`, async () => {
      using project = new Project({ [name]: text, "nothing.mjs": "" });
      const frames = host === "node" ? ["1", "25"] : ["25"];
      const [untouched, ...all] = await Promise.all([
        project.run(host, name, { preload: "./nothing.mjs" }),
        ...frames.map((nframe) => project.run(host, name, { env: { TRACEMALLOC: nframe } })),
      ]);
      assert(untouched!.stderr.length + untouched!.stdout.length > 20, "it says nothing");
      for (const traced of all) {
        const { code, signal, stdout } = untouched!;
        assertEquals([traced.code, traced.signal, traced.stdout], [code, signal, stdout], traced.stderr);
        const found = withoutColumns(traced.stderr, host);
        const wanted = withoutColumns(untouched!.stderr, host);
        if (host === "node") assertEquals(found, wanted);
        assertFalse(/\$t\$|\$tm|builtins?(?:_stand_ins)?\.ts|FileTracker/.test(found), found);
        if (host === "bun") assert(/^ +at .*$/m.exec(found)?.[0].includes(name), found);
        if (host !== "deno") continue;
        assertEquals(found.split("\n")[0], wanted.split("\n")[0]);
        const quoted = text.split("\n").filter((line) => line !== "" && wanted.includes(line));
        for (const line of quoted) assert(found.includes(line), found);
      }
    });
  }
}

if (hosts.includes("node")) {
  test("node --enable-source-maps: stacks name the original columns, too", async () => {
    const [untouched, instrumented] = await bothStacks("node", { flags: ["--enable-source-maps"] });
    for (const [i, stack] of instrumented.entries()) {
      assertEquals(places(stack, true), places(untouched[i]!, true), `${untouched[i]}\n\n${stack}`);
    }
  });
}
