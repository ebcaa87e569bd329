// Compilers that make CommonJS of TypeScript when it is required, in folders of `"type": "commonjs"`: what they make is
// instrumented, with the lines of the TypeScript, and they see the files as people wrote them.
import { spawnSync } from "node:child_process";
import { realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { engines, Project, root } from "../hosts/host.ts";
import { installProject } from "./registry_project.ts";

const FILES = {
  "package.json": `{"type":"commonjs"}`,
  "app.ts": `import { add } from "./store";
import { readFileSync } from "node:fs";
enum Color { Red, Green }
const kept: object[] = (globalThis as any).kept = [];
for (let i = 0; i < 300; i++) kept.push({ i, color: Color.Green }); // line 5
console.log(add(700), typeof readFileSync, kept.length);
`,
  "store.ts": `interface Item {
  id: number;
}
const items: Item[] = (globalThis as any).items = [];
export function add(n: number): number {
  for (let i = 0; i < n; i++) items.push({ id: i }); // line 6
  return items.length;
}
`,
  // As ts-node and swc-node do it: a handler that changes \`_compile\` and calls the one that was there before.
  "compiler.cjs": `const { Module } = require("node:module");
const { readFileSync } = require("node:fs");
const ts = require("typescript-js");
const before = Module._extensions[".js"];
Module._extensions[".ts"] = (module, filename) => {
  const { _compile } = module;
  module._compile = function (code, name) {
    if (code !== readFileSync(name, "utf8")) console.log("the compiler has seen another text");
    const options = { module: "commonjs", target: "es2022", esModuleInterop: true, inlineSourceMap: true };
    const { outputText } = ts.transpileModule(code, { compilerOptions: options, fileName: name });
    return _compile.call(this, outputText, name);
  };
  before(module, filename);
};
`,
};

const PRELOAD = join(root, "dist", "plugin", "register_node.js");
const ORDERS: Readonly<Record<string, readonly string[]>> = {
  "tsx, after us": ["--require", PRELOAD, "--require", "tsx/cjs"],
  "tsx, before us": ["--require", "tsx/cjs", "--require", PRELOAD],
  "tsx by --import, after us": ["--import", PRELOAD, "--import", "tsx"],
  "tsx by --import, before us": ["--import", "tsx", "--import", PRELOAD],
  "a handler like ts-node's, after us": ["--require", PRELOAD, "--require", "./compiler.cjs"],
  "a handler like ts-node's, before us": ["--require", "./compiler.cjs", "--require", PRELOAD],
};

for (const { name, program } of engines.filter(({ host }) => host === "node")) {
  for (const [order, flags] of Object.entries(ORDERS)) {
    const options = { skip: program === null && `${name} is not on the PATH` };
    test(`${name}: CommonJS made of TypeScript by ${order}`, options, async () => {
      using project = new Project(FILES);
      for (const library of ["tsx", "typescript-js"])
        symlinkSync(join(root, "node_modules", library), project.path(`node_modules/${library}`), "dir");
      const out = project.path("out.pb.gz");
      const { code, stdout, stderr } = await project.run("node", "app.ts", {
        env: {
          ...{ TRACEMALLOC: "5", TRACEMALLOC_SAMPLING: "exact", TRACEMALLOC_OUT: out },
          // Compilers are large.
          TRACEMALLOC_EXCLUDE: "**/node_modules/**",
        },
        program: program!,
        flags: [...flags],
        preload: null,
      });
      assertEquals([code, stdout, stderr], [0, "700 function 300\n", ""]);
      const lines = Snapshot.load(out).statistics("lineno");
      const count = (line: string): number | undefined =>
        lines.find(({ key }) => key === project.path(line))?.count;
      assertEquals([count("app.ts:5"), count("store.ts:6")], [300, 700]);
    });
  }
}

// The real ones, for which NODE_OPTIONS is the usual way where a command starts Node.
const REGISTERS = [
  "--require ts-node/register",
  "--require=ts-node/register/transpile-only",
  "-r @swc-node/register",
];

test("tracemalloc run under ts-node and swc-node that NODE_OPTIONS require", {
  skip: noNode(),
}, async (t) => {
  const packages = [
    "ts-node@10.9.2",
    "typescript@5.9.3",
    "@types/node@24",
    "@swc-node/register@1.12.1",
    "@swc/core@1.16.22",
  ];
  const compilerOptions = {
    module: "commonjs",
    target: "es2022",
    sourceMap: true,
    skipLibCheck: true,
    types: ["node"],
  };
  const { "compiler.cjs": _, ...files } = FILES;
  using project = installProject(t, packages, {
    ...files,
    "tsconfig.json": JSON.stringify({ compilerOptions }),
  });
  if (project === null) return;
  for (const { name, program } of engines.filter(
    ({ host, program }) => host === "node" && program !== null,
  )) {
    for (const register of REGISTERS) {
      const { cwd, env } = project.options;
      const out = join(project.folder, "out.pb.gz");
      const words = ["run", "--exact", "--exclude", "**/node_modules/**", "-o", out, "app.ts"];
      const command = join(project.folder, "node_modules/.bin/tracemalloc");
      const { status, stdout, stderr } = spawnSync(program!, [command, ...words], {
        ...{ cwd, env: { ...env, NODE_OPTIONS: register }, encoding: "utf8" },
      });
      assertEquals([status, stdout], [0, "700 function 300\n"], `${name} ${register}: ${stderr}`);
      const lines = Snapshot.load(out).statistics("lineno");
      const count = (line: string): number | undefined =>
        lines.find(
          ({ key }) =>
            key === realpathSync(join(project.folder, line.split(":")[0]!)) + line.slice(line.indexOf(":")),
        )?.count;
      assertEquals([count("app.ts:5"), count("store.ts:6")], [300, 700], `${name} ${register}`);
    }
  }
});

function noNode(): string | false {
  return engines.some(({ host }) => host === "node") ? false : "Node's leg runs it";
}
