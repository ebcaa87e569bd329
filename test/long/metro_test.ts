// Metro, which bundles React Native's applications. Its packages come from the registry: about 70 MB.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FlattenMap, originalPositionFor } from "@jridgewell/trace-mapping";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { installProject, STORE } from "./registry_project.ts";

const PACKAGES = [
  "metro@0.87.1",
  "@react-native/metro-babel-transformer@0.88.1",
  "@babel/core@7",
  "@babel/preset-env@7",
];
const PLAIN = `module.exports = { "plugins": ["tracemalloc/babel"], "presets": [["@babel/preset-env", { "targets": { "node": "current" } }]] }`;
const REACT_NATIVE = `module.exports = {
  "plugins": ["tracemalloc/babel"],
  "presets": [["module:@react-native/babel-preset", {
    "unstable_transformProfile": "hermes-stable",
    "customTransformOptions": { "unstable_preserveClassPrivate": true }
  }]]
}`;
const CONFIG = `module.exports = {
  transformer: { babelTransformerPath: require.resolve("@react-native/metro-babel-transformer") },
};`;
const MAIN = `import "tracemalloc/tracker";
import { start } from "tracemalloc";
import { report, Store } from "./store";
import { view } from "./view";
import { pair } from "./flow";

start(5);
const store = new Store();
store.fill(500);
for (let i = 0; i < 480; i++) store.rows.push(view(i), pair(i));
console.log(JSON.stringify({ keys: Reflect.ownKeys(store.rows[0]), report: report() }));
`;
const FILES = {
  "main.js": MAIN,
  "store.js": STORE,
  // Babel reads it, and so does a plugin in React Native's preset.
  "flow.js": "/** @flow */\nexport const pair = (a) => [a, 1];\n",
};
const EXPECTED = [
  "480 main.js:10 <module> flow.js:2 pair",
  "480 main.js:10 <module> view.js:3 view",
  "500 main.js:9 <module> store.js:7 Store.fill",
];

test("Metro: what it bundles runs, with its own transformer and with React Native's", (t) => {
  using project = installProject(t, PACKAGES, FILES);
  if (project === null) return;
  const metro = join(project.folder, "node_modules/metro/src/cli.js");
  const build = (name: string, ...words: string[]): { said: string; printed: unknown } => {
    const options = ["--platform", "web", "--source-map", "--max-workers", "1", "--reset-cache"];
    options.push("--minify", "false", ...words);
    const { stdout, stderr } = project.run("node", [metro, "build", "main.js", "--out", name, ...options]);
    const printed: unknown = JSON.parse(project.run("node", [`${name}.js`]).stdout);
    return { said: stdout + stderr, printed };
  };
  const keys = ["i", "at"];

  project.write("babel.config.js", PLAIN);
  project.write("view.js", "export function view(a) {\n\n  return { a };\n}\n");
  assertEquals(build("plain").printed, { keys, report: EXPECTED });
  checkMap(project.folder, "plain");

  project.write("babel.config.js", REACT_NATIVE);
  project.write("metro.config.cjs", CONFIG);
  rmSync(join(project.folder, "view.js"));
  project.write("view.tsx", "export function view(a: number): object {\n\n  return { a };\n}\n");
  const { said, printed } = build("native", "--config", "metro.config.cjs");
  const [, view, store] = EXPECTED;
  assertEquals(printed, { keys, report: [view!.replace(".js:3", ".tsx:3"), store!] });
  assertStringIncludes(said, `flow.js, and all other files that "syntax-flow-parser" parses`);
  checkMap(project.folder, "native");
});

/** The words of the store are where Metro's map says that they are. */
function checkMap(folder: string, name: string): void {
  const text = (file: string): string => readFileSync(join(folder, file), "utf8");
  const map = new FlattenMap(JSON.parse(text(`${name}.map`)) as never);
  const source = STORE.split("\n");
  for (const word of ["rows", "push", "at:", "fill("]) {
    const found = text(`${name}.js`)
      .split("\n")
      .flatMap((line, i) =>
        [...line.matchAll(new RegExp(RegExp.escape(word), "g"))].map(({ index }) =>
          originalPositionFor(map, { line: i + 1, column: index }),
        ),
      )
      .filter((one) => one.source?.endsWith("store.js"));
    const right = found.filter(({ line, column }) => source[line! - 1]!.slice(column!).startsWith(word));
    assert(right.length > 0, `${name}, ${word}: ${JSON.stringify(found)}`);
  }
}
