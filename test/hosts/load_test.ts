import { test } from "node:test";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { engines, hosts, Project, whoami } from "./host.ts";

const dep = {
  "node_modules/dep/package.json": `{"name":"dep","version":"1.0.0","main":"index.js"}`,
  "node_modules/dep/index.js": `exports.named = "marker:dep"; exports.inner = require("./inner.js"); exports.self = this === exports;`,
  "node_modules/dep/inner.js": `module.exports = function inner() { return "marker:inner"; }; module.exports.extra = [__filename, module.id];`,
};

/** A module that exports `add` of two integers. */
const ADD_WASM = "0061736d0100000001070160027f7f017f030201000707010361646400000a09010700200020016a0b";

if (hosts.includes("node")) {
  test("node: TypeScript that is required in a package of no type is instrumented", async () => {
    using project = new Project({
      "main.cjs": `require("./plain.ts"); require("./module.ts"); ${whoami}`,
      "plain.ts": `const word: string = "marker:plain"; console.log(word);`,
      "module.ts": `export const word: string = "marker:module"; console.log(word);`,
    });
    const { code, stdout, stderr } = await project.run("node", "main.cjs");
    assertEquals([code, stdout, stderr], [0, "marker:plain\nmarker:module\nhost:node\n", ""]);
    assert(project.instrumented().includes("plain"), "plain.ts is not instrumented");
    assert(project.instrumented().includes("module"), "module.ts is not instrumented");
  });
}

for (const { name, program } of engines.filter(({ host }) => host === "node")) {
  test(`${name}: CommonJS is instrumented where asynchronous hooks keep its text from ours`, async (t) => {
    if (program === null) return t.skip("not on this machine");
    using project = new Project({
      "hooks.mjs": "export const load = (url, context, next) => next(url, context);",
      "register.mjs": `import { register } from "node:module"; register("./hooks.mjs", import.meta.url);`,
      "main.cjs": `console.log(require.main === module, require("./dep.cjs"), Object.keys(require.cache).includes(__filename), "marker:main");`,
      "main.mjs": `import dep from "./imported.cjs"; console.log(dep, "marker:module");`,
      "dep.cjs": `module.exports = "marker:dep";`,
      "imported.cjs": `module.exports = ["marker:imported", require.resolve("./dep.cjs").length > 0];`,
    });
    for (const flags of [
      ["--experimental-loader", "./hooks.mjs"],
      ["--import", "./register.mjs"],
    ]) {
      for (const script of ["main.cjs", "main.mjs"]) {
        const [plain, traced] = await Promise.all(
          [null, "tracemalloc/register"].map((preload) =>
            project.run("node", script, { program, preload, flags: ["--no-warnings", ...flags] }),
          ),
        );
        assertEquals(traced, plain);
      }
      assertEquals(project.instrumented(), ["dep", "imported", "main", "module"]);
      project.remove("node_modules/.cache");
    }
  });
}

for (const host of hosts) {
  test(`${host}: ESM, TypeScript, CommonJS and dependencies are instrumented and behave as before`, async () => {
    using project = new Project({
      ...dep,
      "package.json": `{"type":"module"}`,
      "node_modules/esm-dep/package.json": `{"name":"esm-dep","type":"module","exports":"./index.js"}`,
      "node_modules/esm-dep/index.js": `export const esm = "marker:esm";`,
      "data.json": `{"answer":42}`,
      "typed.mts": `interface Shape { side: number }\nexport const typed: Shape = { side: ("marker:typed".length satisfies number) };`,
      "old.cjs": `#!/usr/bin/env node\n"use strict"; exports.old = "marker:old"; exports.strict = (function () { return this === undefined; })(); exports.esm = require("esm-dep").esm;`,
      "typed.cts": `const value: string = "marker:cts"; module.exports = { value };`,
      "bom.js": `\uFEFFexport const bom = "marker:bom";`,
      "dynamic.js": `export default "marker:dynamic";`,
      "main.ts": [
        `import { createRequire } from "node:module"; import fs from "node:fs";`,
        `import dep, { named, inner } from "dep"; import data from "./data.json" with { type: "json" };`,
        `import { esm } from "esm-dep"; import { typed } from "./typed.mts"; import { old, strict } from "./old.cjs"; import { bom } from "./bom.js";`,
        `import three from "data:text/javascript,export default 3";`,
        `const require = createRequire(import.meta.url); const word: string = "marker:main";`,
        `const dynamic = await import("./dynamic.js");`,
        `const line = new Error("here").stack!.split("\\n")[1]!;`,
        `console.log(JSON.stringify([named, inner(), dep.inner === inner, dep.self, data.answer, esm, typed.side, old, strict, bom, three,`,
        `  require("./typed.cts").value, require("dep") === dep, require("dep").inner === inner, require("./data.json").answer,`,
        `  dynamic.default, word, typeof fs.readFileSync, /main\\.ts:7:/.test(line)]));`,
        `console.log(inner.extra[0].endsWith("/node_modules/dep/inner.js"), inner.extra[0] === inner.extra[1]);`,
        whoami,
      ].join("\n"),
    });
    const { code, stdout, stderr } = await project.run(host, "main.ts");
    assertEquals(stderr, "");
    assertStringIncludes(stdout, `host:${host}`);
    const values = JSON.parse(stdout.split("\n")[0]!);
    const words = [
      "marker:dep",
      "marker:inner",
      true,
      true,
      42,
      "marker:esm",
      12,
      "marker:old",
      true,
      "marker:bom",
      3,
    ];
    assertEquals(values, [
      ...words,
      "marker:cts",
      true,
      true,
      42,
      "marker:dynamic",
      "marker:main",
      "function",
      true,
    ]);
    assertStringIncludes(stdout, "true true");
    assertEquals(code, 0);
    const wanted = ["bom", "cts", "dep", "dynamic", "esm", "inner", "main", "old", "typed"];
    assertEquals(project.instrumented(), wanted);
  });

  test(`${host}: a CommonJS program keeps require.main, cycles, caught errors and its own require cache`, async () => {
    using project = new Project({
      ...dep,
      "package.json": `{"type":"commonjs"}`,
      "a.js": `exports.early = 1; exports.fromB = require("./b.js").sawEarly; exports.marker = "marker:a";`,
      "b.js": `exports.sawEarly = require("./a.js").early; exports.marker = "marker:b";`,
      "throws.js": `throw new TypeError("marker:throws");`,
      "counted.js": `globalThis.loads = (globalThis.loads ?? 0) + 1; module.exports = "marker:counted";`,
      "returns.js": `if (true) { module.exports = "marker:returns"; return; }\nmodule.exports = "wrong";`,
      "main.js": [
        `const result = [require.main === module, this === module.exports, arguments.length, require("./a.js").fromB];`,
        `try { require("./throws.js"); } catch (error) { result.push(error instanceof TypeError, error.message); }`,
        `try { require("./missing.js"); } catch (error) { result.push(error.code); }`,
        `require("./counted.js"); require("./counted.js"); delete require.cache[require.resolve("./counted.js")];`,
        `result.push(require("./counted.js"), globalThis.loads, require("./returns.js"), require("dep").named);`,
        `import("./a.js").then((a) => { result.push(a.early, a.default === require("./a.js"));`,
        `console.log(JSON.stringify(result), "marker:main"); ${whoami} });`,
      ].join("\n"),
    });
    const { code, stdout, stderr } = await project.run(host, "main.js");
    assertEquals(stderr, "");
    assertStringIncludes(stdout, `host:${host}`);
    const values = JSON.parse(stdout.slice(0, stdout.indexOf("]") + 1));
    const start = [true, true, 5, 1, true, "marker:throws", "MODULE_NOT_FOUND", "marker:counted", 2];
    assertEquals(values, [...start, "marker:returns", "marker:dep", 1, true]);
    assertEquals(code, 0);
    const wanted = ["a", "b", "counted", "dep", "inner", "main", "returns", "throws"];
    assertEquals(project.instrumented(), wanted);
  });

  test(`${host}: JSON, addons and WebAssembly are left to the runtime`, async () => {
    using project = new Project({
      "data.json": `{"answer":42}`,
      "data.cjs": `exports.answer = require("./data.json").answer;`,
      "fake.node": "no addon",
      "main.mjs": [
        `import { createRequire } from "node:module"; import { readFileSync } from "node:fs"; import { answer } from "./data.cjs";`,
        `try { createRequire(import.meta.url)("./fake.node"); } catch (error) { console.log(answer, /too short|ELF|dlopen/i.test(error.message)); }`,
        // Node warns of an experiment, and Bun imports WebAssembly as a file name.
        `if (globalThis.Deno) console.log((await import("./add.wasm")).add(2, 3)); else console.log(5);`,
        whoami,
      ].join("\n"),
    });
    const { writeFileSync } = await import("node:fs");
    writeFileSync(project.path("add.wasm"), Buffer.from(ADD_WASM, "hex"));
    const { code, stdout, stderr } = await project.run(host, "main.mjs");
    assertEquals(stderr, "");
    assertEquals([code, stdout], [0, `42 true\n5\nhost:${host}\n`]);
  });

  test(`${host}: include and exclude choose what is instrumented`, async () => {
    using project = new Project({
      ...dep,
      "package.json": `{"type":"module"}`,
      "lib/one.js": `export const one = "marker:one";`,
      "lib/two.js": `export const two = "marker:two";`,
      "main.js": `import "dep"; import "./lib/one.js"; import "./lib/two.js"; console.log("marker:main"); ${whoami}`,
    });
    const env = { TRACEMALLOC_INCLUDE: "lib/*.js,main.js", TRACEMALLOC_EXCLUDE: "**/two.js" };
    const { code, stdout, stderr } = await project.run(host, "main.js", { env });
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(stdout, `host:${host}`);
    assertEquals(project.instrumented(), ["main", "one"]);
  });

  test(`${host}: "#" and "?" in a path are letters: the file's ending says what it is`, async () => {
    // Bun finds no module with "?" in its name, traced or not.
    const [other, named] = host === "bun" ? ["b.mts", "b.mts"] : ["b?#.mts", "b%3F%23.mts"];
    using project = new Project({
      "c#/app #1.ts": `import { word } from "./${named}"; const own: string = "marker:main"; console.log(word, own); ${whoami}`,
      [`c#/${other}`]: `export const word: string = "marker:word" satisfies string;`,
    });
    const { code, stdout, stderr } = await project.run(host, "./c#/app #1.ts");
    assertEquals([code, stdout, stderr], [0, `marker:word marker:main\nhost:${host}\n`, ""]);
    assertEquals(project.instrumented(), ["main", "word"]);
  });

  test(`${host}: a file that does not parse gets one warning and the engine's own error`, async () => {
    using project = new Project({
      "package.json": `{"type":"commonjs"}`,
      "broken.js": `var fine = 1;\nvar = "marker:broken";\n`,
      "main.js": `try { require("./broken.js"); } catch (error) { console.log(error.name); } ${whoami}`,
    });
    const { code, stdout, stderr } = await project.run(host, "main.js");
    assertEquals(code, 0);
    assertEquals(stdout, `SyntaxError\nhost:${host}\n`);
    assertMatch(stderr, /^tracemalloc: not instrumented: \/[^\n]*\/broken\.js:2:5: [^\n]+\n$/);
    assertEquals(project.instrumented(), []);
  });

  test(`${host}: the cache is used, and neither damage nor a read-only place breaks the program`, async () => {
    using project = new Project({
      "package.json": `{"type":"module"}`,
      "main.js": `console.log("marker:main"); ${whoami}`,
    });
    const expected = `marker:main\nhost:${host}\n`;
    assertEquals((await project.run(host, "main.js")).stdout, expected);
    assertEquals(project.instrumented(), ["main"]);
    const { readdirSync, readFileSync, rmSync, statSync, writeFileSync } = await import("node:fs");
    const folder = project.path("node_modules/.cache/tracemalloc");
    const [entry] = readdirSync(folder)
      .map((name) => `${folder}/${name}`)
      .filter((path) => readFileSync(path, "utf8").includes("marker:main"));
    assert(entry !== undefined);
    const before = statSync(entry).ino;
    assertEquals((await project.run(host, "main.js")).stdout, expected);
    assertEquals(statSync(entry).ino, before, "the entry was written again");
    for (const damage of ["", "garbage", readFileSync(entry, "utf8").slice(0, -5), `x\nprocess.exit(9)`]) {
      writeFileSync(entry, damage);
      const { code, stdout, stderr } = await project.run(host, "main.js");
      assertEquals([code, stdout, stderr], [0, expected, ""]);
      assertEquals(project.instrumented(), ["main"], "the damaged entry was not replaced");
    }
    rmSync(project.path("node_modules/.cache"), { recursive: true });
    writeFileSync(project.path("node_modules/.cache"), "a file where the folder should be");
    const env = { XDG_CACHE_HOME: "/proc/none", LOCALAPPDATA: "", HOME: "/proc/none" };
    const { code, stdout, stderr } = await project.run(host, "main.js", { env });
    assertEquals([code, stdout, stderr], [0, expected, ""]);
  });

  test(`${host}: what a variable may not hold ends the process with one line`, async () => {
    using project = new Project({ "main.js": `console.log("ran")` });
    const wrong: [string, string, RegExp][] = [
      ["TRACEMALLOC", "many", /TRACEMALLOC="many" .*1 to 65535/],
      ["TRACEMALLOC", "65536", /TRACEMALLOC="65536"/],
      ["TRACEMALLOC_SAMPLING", "0", /TRACEMALLOC_SAMPLING="0" .*"exact", "adaptive"/],
    ];
    for (const [name, value, message] of wrong) {
      const { code, stdout, stderr } = await project.run(host, "main.js", { env: { [name]: value } });
      assertEquals([code, stdout], [1, ""]);
      assertMatch(stderr, message);
      assertEquals(stderr.trimEnd().split("\n").length, 1);
    }
    for (const value of ["", "0", "1", "65535"]) {
      const { code, stdout, stderr } = await project.run(host, "main.js", { env: { TRACEMALLOC: value } });
      assertEquals([code, stdout, stderr], [0, "ran\n", ""]);
    }
  });
}

if (hosts.includes("deno")) {
  test("deno: npm:tracemalloc/register is the package in node_modules that package.json names", async () => {
    using project = new Project({
      "package.json": `{"type":"module","dependencies":{"tracemalloc":"*"}}`,
      "main.ts": `const word: string = "marker:main"; console.log(word); ${whoami}`,
    });
    project.write("deno.json", `{"nodeModulesDir":"manual"}`);
    const { code, stdout, stderr } = await project.run("deno", "main.ts", {
      preload: "npm:tracemalloc/register",
    });
    assertEquals([code, stdout, stderr], [0, "marker:main\nhost:deno\n", ""]);
    assertEquals(project.instrumented(), ["main"]);
  });
}

if (hosts.includes("deno")) {
  // Deno gives load hooks another text than it runs itself, one in which the class has lost its name.
  const decorated = (text: string): string =>
    `function mark(target: any, context: any) { return class extends target { marked = 1; }; }
@mark class Item { constructor(private size: number) {} get() { return this.size; } }
console.log(new Item(3).get(), new Item(3).marked, "${text}");
${whoami}`;
  const ran = (text: string): string => `3 1 ${text}\nhost:deno\n`;

  test("deno: an ES module that is required finds what it imports, is there once, and is said to be left alone", async () => {
    using project = new Project({
      "main.cjs": `const { y } = require("./y.mjs"); const kept = [{}];
import("./y.mjs").then((y2) => { console.log(y === y2.y, y); ${whoami} });`,
      "y.mjs": `import { x } from "./x.mjs"; export { z } from "./z.cjs"; export const y = [x];`,
      "x.mjs": `console.log("x"); export const x = 1;`,
      "z.cjs": `exports.z = [];`,
    });
    const { code, stdout, stderr } = await project.run("deno", "main.cjs");
    assertEquals([code, stdout], [0, "x\ntrue [ 1 ]\nhost:deno\n"]);
    assertMatch(
      stderr,
      /^tracemalloc: not instrumented: .*y\.mjs, and what is like it: Deno does not find .*\n$/,
    );
  });

  test("deno: files that are left alone run as without hooks: decorated classes keep their names", async () => {
    using project = new Project({
      "excluded.ts": decorated("marker:excluded"),
    });
    const excluded = await project.run("deno", "excluded.ts", { env: { TRACEMALLOC_EXCLUDE: "**" } });
    assertEquals([excluded.code, excluded.stdout, excluded.stderr], [0, ran("marker:excluded"), ""]);
    assertEquals(project.instrumented(), []);
  });

  test("deno: TypeScript of packages of type commonjs that is left alone runs", async () => {
    using project = new Project({
      "package.json": `{"type":"commonjs"}`,
      "main.ts": `const { value } = require("./excluded.ts");\nconsole.log(value as number);\n`,
      "excluded.ts": "const value: number = 7;\nexports.value = value;\n",
      "excluded_main.ts": "console.log(8 as number);\n",
    });
    for (const [main, said] of [
      ["main.ts", "7\n"],
      ["excluded_main.ts", "8\n"],
    ] as const) {
      const { code, stdout, stderr } = await project.run("deno", main, {
        env: { TRACEMALLOC_EXCLUDE: "**/excluded*" },
      });
      assertEquals([code, stdout], [0, said], stderr);
    }
  });

  test("deno: a file whose decorated class Deno compiles wrongly is left to Deno, and said so", async () => {
    using project = new Project({
      "main.ts": decorated("marker:main"),
      "kept.ts": `export {};\n${decorated("marker:kept")}`,
    });
    const { code, stdout, stderr } = await project.run("deno", "main.ts");
    assertEquals([code, stdout], [0, ran("marker:main")]);
    assertMatch(stderr, /^tracemalloc: not instrumented: .*main\.ts: Deno compiles .* docs\/loaders\.md\n$/);
    const kept = await project.run("deno", "kept.ts");
    assertEquals([kept.code, kept.stdout, kept.stderr], [0, ran("marker:kept"), ""]);
    assert(project.instrumented().includes("kept"), "what Deno compiles rightly is instrumented");
  });
}

if (hosts.includes("bun")) {
  const files = {
    "package.json": `{"type":"module"}`,
    "old.cjs": `module.exports = function old() { return "marker:old"; };`,
    "main.tsx": `import old from "./old.cjs"; const word: string = old() + " marker:main"; console.log(word); ${whoami}`,
  };

  test("bun: the plugin registers with Bun.plugin", async () => {
    using project = new Project({
      ...files,
      "preload.ts": `import { tracemalloc } from "tracemalloc/bun"; Bun.plugin(tracemalloc({ exclude: ["old.cjs"] }));`,
    });
    const { code, stdout, stderr } = await project.run("bun", "./main.tsx", { preload: "./preload.ts" });
    assertEquals([code, stdout, stderr], [0, "marker:old marker:main\nhost:bun\n", ""]);
    assertEquals(project.instrumented(), ["main"]);
  });

  test("bun: the plugin instruments what Bun.build bundles", async () => {
    using project = new Project({
      ...files,
      "preload.ts": `globalThis.preloaded = true;`,
      "build.ts": [
        `import { tracemalloc } from "tracemalloc/bun";`,
        `await Bun.build({ entrypoints: ["./main.tsx"], outdir: "./out", target: "bun", plugins: [tracemalloc()] });`,
        `await import("./out/main.js");`,
      ].join("\n"),
    });
    const { code, stdout, stderr } = await project.run("bun", "./build.ts", { preload: "./preload.ts" });
    assertEquals([code, stdout, stderr], [0, "marker:old marker:main\nhost:bun\n", ""]);
    assertEquals(project.instrumented(), ["main", "old"]);
  });
}

for (const host of hosts) {
  test(`${host}: a global object that the program has tidied up and frozen leaves the switch as it is`, async () => {
    // A file that has one of the names in its text is not instrumented.
    const main = `import { start, stop } from "tracemalloc";
const prefix = "$" + "tm";
for (const name of Object.getOwnPropertyNames(globalThis))
  if (name.startsWith(prefix)) Reflect.deleteProperty(globalThis, name);
Object.defineProperty(globalThis, prefix + "on$", { writable: false });
const make = () => [1].map((x) => ({ x }));
start(5);
make();
stop();
console.log(make().length, globalThis[prefix + "on$"]);
${whoami}`;
    using project = new Project({ "package.json": `{"type":"module"}`, "main.js": main });
    const { code, stdout, stderr } = await project.run(host, "main.js");
    assertEquals([code, stderr], [0, ""]);
    assertEquals(stdout, `1 false\nhost:${host}\n`);
  });
}

if (hosts.includes("node")) {
  test("node: the tree of a large file is garbage that has been collected when the file runs", async () => {
    const line = "function f(a, b) { if (a) return [a, b, { c: a + b }]; g(a, b, 1); return a.d(b); }\n";
    using project = new Project({
      "main.cjs": 'require("./large.cjs");',
      "large.cjs": `console.log(process.memoryUsage().heapUsed);\n${line.repeat(26_000)}`,
    });
    const used = [];
    for (const _ of ["cold", "cached"])
      used.push(
        Number((await project.run("node", "main.cjs", { env: { TRACEMALLOC_SAMPLING: "adaptive" } })).stdout),
      );
    const [cold, cached] = used;
    assert(cached! > 0 && cold! - cached! < 16e6, `${used}`);
  });
}
