import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { instrument, type SourceType } from "../../src/instrument/instrument.ts";
import { hosts, Project } from "../hosts/host.ts";

// Instrumented ahead of time; the tracker is loaded while these run.
const BODY = `
  tracemalloc.start(25);
  const kept = [late.outer(() => late.make()), early.outer(() => late.make())];
  const paths = [...tracemalloc.takeSnapshot().traces].filter(({ type }) => type === "Object").map(({ traceback }) =>
    [...traceback].map(({ filename, lineno, functionName }) => functionName === "" ? filename : functionName + ":" + lineno).join(" "));
  console.log(JSON.stringify(paths), kept.length);
`;
const LIBRARY = `
  async function waits(f) { await null; return f(); }
  function* generate(f) { yield f(); }
  const outer = (f) => [...generate(f), waits(f)]; // line 4
  const make = () => ({ made: 1 }); // line 5
`;

const MODULES = {
  "package.json": `{"type":"module"}`,
  "early.js": `${LIBRARY} export { outer };`,
  "late.js": `${LIBRARY} export { outer, make };`,
  "main.js": `import * as early from "./early.js";
    const tracemalloc = await import("tracemalloc");
    const late = await import("./late.js");
    await (async () => {${BODY}})();`,
};

const COMMONJS = {
  "early.cjs": `${LIBRARY} exports.outer = outer;`,
  "late.cjs": `${LIBRARY} exports.outer = outer; exports.make = make;`,
  "main.cjs": `const early = require("./early.cjs");
    const tracemalloc = require("tracemalloc");
    const late = require("./late.cjs");
    const run = () => {${BODY}};
    run();`,
};

function instrumented(files: Record<string, string>, sourceType: SourceType): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, source]) => [
      name,
      name === "package.json" ? source : instrument(source, { filename: name, sourceType }).code,
    ]),
  );
}

/** The paths of the objects that `make` has made, each with its callers. */
async function paths(host: (typeof hosts)[number], main: string): Promise<string[]> {
  const files = main === "main.js" ? instrumented(MODULES, "module") : instrumented(COMMONJS, "commonjs");
  using project = new Project({ "nothing.cjs": "", ...files });
  const { code, stdout, stderr } = await project.run(host, main, { preload: "./nothing.cjs" });
  assertEquals([code, stderr], [0, ""]);
  return (JSON.parse(stdout.slice(0, stdout.lastIndexOf("]") + 1)) as string[]).sort();
}

// The files that ran before it are not known; those that come after are, down to the last frame.
for (const host of hosts) {
  test(`${host}: a tracker that is loaded in the middle of a module, by import`, async () => {
    assertEquals(await paths(host, "main.js"), [
      "<unknown> <unknown> <unknown> make:5",
      "<unknown> outer:4 generate:3 <unknown> make:5",
    ]);
  });

  // Deno resolves names in CommonJS by node_modules alone, where the package is not built for it.
  if (host !== "deno") {
    test(`${host}: a tracker that is loaded in the middle of a file, by require`, async () => {
      assertEquals(await paths(host, "main.cjs"), [
        "<unknown> <unknown> <unknown> <unknown> make:5",
        "<unknown> <unknown> outer:4 generate:3 <unknown> make:5",
      ]);
    });
  }
}
