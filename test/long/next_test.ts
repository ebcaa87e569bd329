// Next, whose packages come from the registry: about 350 MB.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { realpathSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { assert, assertEquals } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { launchChromium, skipWithout } from "../browser/browsers.ts";
import { installProject, type RegistryProject, STORE } from "./registry_project.ts";

const PACKAGES = ["next@16.4.6", "react@19.3.1", "react-dom@19.3.1"];
const BUTTON = `import { useState } from "react";
import { report, Store } from "../lib/store";

const store = new Store();

export function Button() {
  const [text, setText] = useState("");
  return <button onClick={() => {
    store.fill(500);
    setText(report().join());
  }}><output>{text}</output></button>;
}
`;
const FILES = {
  ".babelrc": `{ "presets": ["next/babel"], "plugins": [["tracemalloc/babel", { "exclude": ["node_modules"] }]] }`,
  "next.config.js": `module.exports = { serverExternalPackages: ["tracemalloc"] };`,
  "tracing.js": `import "tracemalloc/tracker";\nimport { start } from "tracemalloc";\nstart(5);\n`,
  "instrumentation.js": `export async function register() {
  if (process.env.NEXT_RUNTIME === "nodejs") await import("./tracing");
}
`,
  "instrumentation-client.js": `import "./tracing";\n`,
  "lib/store.js": STORE,
  "lib/button.js": `"use client";\n${BUTTON}`,
  "pages/index.js": `export { Button as default } from "../lib/button";\n`,
  "pages/api/fill.js": `import { report, Store } from "../../lib/store";
const store = new Store();
export default function handler(request, response) {
  store.fill(600);
  response.json(report());
}
`,
  "app/layout.js": `export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>;
}
`,
  "app/shop/page.js": `import { report, Store } from "../../lib/store";
import { Button } from "../../lib/button";
export const dynamic = "force-dynamic";
const store = new Store();
export default function Page() {
  store.fill(700);
  return <main><pre>{report().join()}</pre><Button /></main>;
}
`,
};
const ON_CLICK = "500 button.js:10 <anonymous> store.js:7 Store.fill";

test("Next: routes and pages on the server, and pages in Chromium", {
  skip: skipWithout("chromium"),
}, async (t) => {
  using project = installProject(t, PACKAGES, FILES);
  if (project === null) return;
  const next = join(project.folder, "node_modules/next/dist/bin/next");
  project.run("node", [next, "build"]);
  await using server = await serve(project, [next]);
  const { origin } = server;

  const api = "600 fill.js:4 handler store.js:7 Store.fill";
  assertEquals(await (await fetch(`${origin}/api/fill`)).json(), [api]);

  await using browser = await launchChromium();
  const page = await browser.newPage();
  for (const path of ["/", "/shop"]) {
    await page.goto(origin + path);
    await page.waitForLoadState("networkidle");
    await page.click("button");
    await page.waitForFunction("document.querySelector('output').textContent !== ''");
    assertEquals(await page.textContent("output"), ON_CLICK, path);
  }
  assertEquals(await page.textContent("pre"), [api, "700 page.js:6 Page store.js:7 Store.fill"].join());
});

// What a project has that knows nothing of the tracker: the preload alone, on what `next build` wrote.
const PLAIN = {
  "next.config.js": "module.exports = { experimental: { serverSourceMaps: true } };",
  "lib/store.js": `export class Store {
  rows = [];
  fill(count) {
    for (let i = 0; i < count; i++)
      this.rows.push({ i, at: count });
  }
}
`,
  "pages/api/fill.js": `import { Store } from "../../lib/store";
const store = new Store();
export default function handler(request, response) {
  store.fill(600);
  response.json(store.rows.length);
}
`,
  "app/layout.js": FILES["app/layout.js"],
  "app/shop/page.js": `import { Store } from "../../lib/store";
export const dynamic = "force-dynamic";
const store = new Store();
export default function Page() {
  store.fill(700);
  return <pre>{store.rows.length}</pre>;
}
`,
};

test("next start under the preload: lines are those of the sources", async (t) => {
  using project = installProject(t, PACKAGES, PLAIN);
  if (project === null) return;
  const next = join(project.folder, "node_modules/next/dist/bin/next");
  const out = join(project.folder, "out.pb.gz");
  const tracemalloc = join(project.folder, "node_modules/tracemalloc/dist/src/cli/main.js");
  const ways = {
    "tracemalloc run": { program: [tracemalloc, "run", "-o", out, next], env: {} },
    NODE_OPTIONS: {
      program: [next],
      env: { NODE_OPTIONS: "--import=tracemalloc/register", TRACEMALLOC: "1", TRACEMALLOC_OUT: out },
    },
  };
  for (const bundler of ["--turbopack", "--webpack"]) {
    project.run("node", [next, "build", bundler]);
    for (const [way, { program, env }] of Object.entries(ways)) {
      rmSync(out, { force: true });
      {
        await using server = await serve(project, program, { env, path: "/shop", signal: "SIGTERM" });
        for (const path of ["/api/fill", "/shop", "/api/fill"])
          assertEquals((await ask(server.origin + path)).status, 200);
      }
      const lines = Snapshot.load(out).statistics("lineno");
      // 700 for each look at /shop, of which `serve` has made one at least.
      const store = realpathSync(join(project.folder, "lib/store.js"));
      const rows = lines.find(({ key }) => key === `${store}:5`)?.count ?? 0;
      assert(rows >= 2600 * 0.9, `${bundler}, ${way}: ${rows} of 2600 rows on ${store}:5`);
    }
  }
});

/** Next waits for open connections when it is told to end. */
const ask = (url: string): Promise<Response> => fetch(url, { headers: { connection: "close" } });

interface Server extends AsyncDisposable {
  origin: string;
}

/** Starts what was built; it answers. */
async function serve(
  project: RegistryProject,
  program: readonly string[],
  { env = {}, path = "/", signal = "SIGKILL" }: { env?: object; path?: string; signal?: NodeJS.Signals } = {},
): Promise<Server> {
  const port = await freePort();
  const words = [...program, "start", "--hostname", "127.0.0.1", "--port", String(port)];
  const { options } = project;
  const child = spawn("node", words, { ...options, env: { ...options.env, ...env }, stdio: "ignore" });
  const ended = once(child, "exit");
  const stop = async (): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  const origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 120 && child.exitCode === null; tries++) {
    const answers = await ask(origin + path).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return { origin, [Symbol.asyncDispose]: stop };
    await wait(500);
  }
  await stop();
  throw new Error(`next start does not answer; its exit code is ${child.exitCode}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
