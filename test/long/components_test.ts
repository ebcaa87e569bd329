// Components of Vue, Svelte, MDX and Astro, built by the tools' releases of the day, in Chromium.
// `test/browser/components_test.ts` has Vite's development server.
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { launchChromium, skipWithout } from "../browser/browsers.ts";
import { checkLines, EXPECTED, FILES } from "../browser/components_app.ts";
import { RegistryProject } from "./registry_project.ts";

const POST = `import { remember } from "./kept";

export function fill() {
  for (let i = 0; i < 800; i++) remember({ i });
}

# A page

Some *text* and {[1, 2].map((id) => <b key={id}>{remember([id])[0]}</b>)}.

<button onClick={fill}>mdx</button>
`;
const LIST = `---
import { remember } from "../kept";

interface Props {
  count: number;
}

const { count } = Astro.props;
const rows: { id: number }[] = [];
for (let id = 0; id < count; id++) {
  const row: { id: number } = { id };
  rows.push(remember(row));
}
---

<ul>{rows.map((row) => <li>{row.id}</li>)}</ul>
<button>astro</button>

<script>
  import { remember } from "../kept";

  interface Row {
    id: number;
  }

  // Astro's compiler prints this anew.
  const button = document.querySelector("button") as HTMLButtonElement;
  button.addEventListener('click', () => {
    for (let id = 0; id < 900; id++) remember({ id } satisfies Row);
    document.title = "clicked";
  });
</script>
`;
const BRIDGE = `import { collect, snapshotBytes } from "tracemalloc/browser";
globalThis.snapshot = async () => { await collect(); return (await snapshotBytes()).toBase64(); };
`;

const PAGE = `<div id="app"></div><script type="module" src="out/main.js"></script>`;
const DEFINED = `{ "process.env.NODE_ENV": '"production"', __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" }`;
const OURS = `tracemalloc({ include: [import.meta.dirname], exclude: ["node_modules"], start: { nframe: 5, sampling: "exact" } })`;

/** Each script builds \`out/main.js\`; none of the bundles has a source map, so that the components' come of our asking. */
const BUILDS: Readonly<Record<string, string>> = {
  vite: `import { build } from "vite";
import mdx from "@mdx-js/rollup";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import vue from "@vitejs/plugin-vue";
import { tracemalloc } from "tracemalloc/unplugin/vite";
await build({ configFile: false, logLevel: "warn", plugins: [${OURS}, vue(), svelte(), mdx()],
  build: { outDir: "out", rolldownOptions: { input: "entry.ts", output: { entryFileNames: "main.js" } } } });
`,
  webpack: `import webpack from "webpack";
import { VueLoaderPlugin } from "vue-loader";
import { tracemalloc } from "tracemalloc/unplugin/webpack";
const babel = { loader: "babel-loader", options: { presets: [["@babel/preset-typescript", { allExtensions: true }]] } };
webpack({
  ...{ mode: "production", devtool: false, entry: "./entry.ts", context: import.meta.dirname },
  ...{ output: { path: import.meta.dirname + "/out", filename: "main.js", publicPath: "/out/" }, performance: { hints: false } },
  resolve: { extensions: [".svelte.ts", ".ts", ".js"], conditionNames: ["svelte", "..."] },
  module: { rules: [
    { test: /\\.vue$/, loader: "vue-loader" },
    { test: /\\.svelte$/, loader: "svelte-loader", options: { emitCss: false } },
    { test: /\\.svelte\\.ts$/, use: ["svelte-loader", babel] },
    { test: /(?<!\\.svelte)\\.ts$/, ...babel },
    { test: /\\.mdx$/, loader: "@mdx-js/loader" },
    { test: /\\.css$/, type: "asset/source" },
  ] },
  plugins: [${OURS}, new VueLoaderPlugin(), new webpack.DefinePlugin(${DEFINED})],
}, (error, stats) => {
  if (error ?? stats.hasErrors()) throw error ?? new Error(stats.toString("errors-only"));
});
`,
  rspack: `import { rspack } from "@rspack/core";
import { VueLoaderPlugin } from "vue-loader";
import { tracemalloc } from "tracemalloc/unplugin/rspack";
const swc = { loader: "builtin:swc-loader", options: { jsc: { parser: { syntax: "typescript" }, target: "es2022" } } };
rspack({
  ...{ mode: "production", devtool: false, entry: "./entry.ts", context: import.meta.dirname },
  ...{ output: { path: import.meta.dirname + "/out", filename: "main.js", publicPath: "/out/" }, performance: { hints: false } },
  resolve: { extensions: [".svelte.ts", ".ts", ".js"], conditionNames: ["svelte", "..."] },
  module: { rules: [
    { test: /\\.vue$/, loader: "vue-loader", options: { experimentalInlineMatchResource: true } },
    { test: /\\.svelte$/, loader: "svelte-loader", options: { emitCss: false } },
    { test: /\\.svelte\\.ts$/, use: ["svelte-loader", swc] },
    { test: /(?<!\\.svelte)\\.ts$/, ...swc },
    { test: /\\.mdx$/, loader: "@mdx-js/loader" },
    { test: /\\.css$/, type: "asset/source" },
  ] },
  plugins: [${OURS}, new VueLoaderPlugin(), new rspack.DefinePlugin(${DEFINED})],
}, (error, stats) => {
  if (error ?? stats.hasErrors()) throw error ?? new Error(stats.toString("errors-only"));
});
`,
  rollup: `import { rollup } from "rollup";
import commonjs from "@rollup/plugin-commonjs";
import mdx from "@mdx-js/rollup";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import replace from "@rollup/plugin-replace";
import esbuild from "rollup-plugin-esbuild";
import svelte from "rollup-plugin-svelte";
import vue from "unplugin-vue/rollup";
import { tracemalloc } from "tracemalloc/unplugin/rollup";
const css = { name: "css", transform: (code, id) => (/\\.css$/.test(id) ? { code: "", map: null } : null) };
const bundle = await rollup({ input: "entry.ts", plugins: [
  ${OURS}, css, vue(), esbuild({ target: "esnext", include: /\\.ts(\\?|$)/, exclude: [] }), svelte({ emitCss: false }), mdx(),
  replace({ preventAssignment: true, values: ${DEFINED} }),
  nodeResolve({ browser: true, extensions: [".svelte.ts", ".ts", ".js"], exportConditions: ["svelte"], dedupe: ["svelte"] }),
  commonjs(),
], onwarn: ({ code, message }) => { if (code === "INVALID_ANNOTATION") throw new Error(message); } });
await bundle.write({ dir: "out", format: "es", entryFileNames: "main.js" });
await bundle.close();
`,
};

const PACKAGES = [
  ...["vite@8", "webpack@5", "@rspack/core", "rollup@4", "vue@3", "svelte@5", "react@19", "react-dom@19"],
  ...["@vitejs/plugin-vue@6", "@sveltejs/vite-plugin-svelte@7", "vue-loader@17", "svelte-loader@3"],
  ...["unplugin-vue@7", "rollup-plugin-svelte@7", "@mdx-js/rollup@3", "@mdx-js/loader@3"],
  ...["babel-loader@10", "@babel/core@7", "@babel/preset-typescript@7"],
  ...[
    "@rollup/plugin-node-resolve",
    "@rollup/plugin-commonjs",
    "@rollup/plugin-replace",
    "rollup-plugin-esbuild",
  ],
  ...["esbuild", "astro@7"],
];

let project: RegistryProject;
let home = "";
let unreachable: string | null = null;

before(() => {
  project = new RegistryProject({
    ...FILES,
    "package.json": `{"private":true,"type":"module"}`,
    "index.html": PAGE,
    "post.mdx": POST,
    "bridge.js": BRIDGE,
    "entry.ts": `import "./bridge.js";
import "./main";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import Post from "./post.mdx";
createRoot(document.body.appendChild(document.createElement("div"))).render(createElement(Post));
`,
  });
  home = realpathSync(project.folder);
  for (const [name, text] of Object.entries(BUILDS)) project.write(`build_${name}.mjs`, text);
  unreachable = project.install(PACKAGES);
});

after(() => project[Symbol.dispose]());

function cannotRun(t: TestContext): boolean {
  if (unreachable !== null) t.skip(`npm's registry cannot be reached: ${unreachable}`);
  return unreachable !== null;
}

/** The page's lines once its buttons have been pressed. */
async function look(folder: string, buttons: readonly string[]): Promise<Snapshot> {
  const server: Server = createServer((request, response) => {
    const name = new URL(request.url ?? "/", "http://x").pathname;
    try {
      const body = readFileSync(join(folder, name === "/" ? "index.html" : name));
      const type = extname(name) === ".js" ? "text/javascript" : "text/html";
      response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(`http://127.0.0.1:${(server.address() as { port: number }).port}/`);
    for (const name of buttons) await page.getByText(name, { exact: true }).click();
    const bytes = await page.evaluate<string>("globalThis.snapshot()");
    assertEquals(errors, []);
    return Snapshot.fromBytes(Uint8Array.from(Buffer.from(bytes, "base64")));
  } finally {
    await browser.close();
    server.close();
  }
}

const LOST: Readonly<Record<string, readonly string[]>> = {
  // svelte-loader does not chain maps: of TypeScript that another loader has compiled, lines are not known.
  webpack: ["store.svelte.ts:11"],
  rspack: ["store.svelte.ts:11"],
  // unplugin-vue (7.2) calls it "./plain.ts?vue…", which says of no folder where that is.
  rollup: ["plain.ts:9"],
};
const IN_MDX = [["post.mdx:4", 800]] as const;

for (const name of Object.keys(BUILDS)) {
  test(`${name}: a minified build without source maps has the lines of Vue's, Svelte's and MDX's files`, {
    skip: skipWithout("chromium"),
  }, async (t) => {
    if (cannotRun(t)) return;
    const { stderr } = project.run("node", [`build_${name}.mjs`]);
    const lost = LOST[name] ?? [];
    if (name === "webpack" || name === "rspack") assertStringIncludes(stderr, "lines of ");
    else assertEquals(stderr.includes("tracemalloc:"), false, stderr);
    const snapshot = await look(home, ["vue 1", "svelte 700", "mdx"]);
    checkLines(
      snapshot,
      home,
      [...EXPECTED, ...IN_MDX].filter(([place]) => !lost.includes(place)),
    );
  });
}

test("Astro: the lines of a component's script in the page, and of its frontmatter on the server", {
  skip: skipWithout("chromium"),
}, async (t) => {
  if (cannotRun(t)) return;
  const folder = join(home, "site");
  project.write("site/package.json", `{"private":true,"type":"module"}`);
  project.write("site/src/kept.ts", FILES["kept.ts"]!);
  project.write("site/src/components/List.astro", LIST);
  project.write(
    "site/src/pages/index.astro",
    `---
import { start, stop, takeSnapshot } from "tracemalloc";
import List from "../components/List.astro";

start({ sampling: "exact" });
---
<html><body><List count={300} /><script>import "../bridge.js";</script></body></html>
<pre>{new Promise((resolve) => setTimeout(resolve, 100)).then(() => { const found = takeSnapshot().statistics("lineno").map(({ key, count }) => key + " " + count).join("\\n"); stop(); return found; })}</pre>
`,
  );
  project.write("site/src/bridge.js", BRIDGE);
  project.write(
    "site/astro.config.mjs",
    `import { tracemalloc } from "tracemalloc/unplugin/vite";
export default { vite: { plugins: [tracemalloc({ include: ["**/site/src"], start: { nframe: 5, sampling: "exact" } })] } };
`,
  );
  project.run("node", ["node_modules/astro/bin/astro.mjs", "build", "--root", "site"]);
  const html = readFileSync(join(folder, "dist/index.html"), "utf8");
  assertStringIncludes(html, `${folder}/src/components/List.astro:11 300`);
  writeFileSync(join(folder, "dist/look.html"), "");
  const snapshot = await look(join(folder, "dist"), ["astro"]);
  checkLines(snapshot, folder, [["src/components/List.astro:29", 900]]);
});
