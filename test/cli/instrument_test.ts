import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test as plainTest } from "node:test";
import { fileURLToPath } from "node:url";
import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { SafeFolder } from "../../src/cli/ahead/safe_folder.ts";
import { tracemalloc } from "./tracemalloc.ts";

const bin = fileURLToPath(new URL("../../node_modules/.bin/", import.meta.url));
const deno = join(bin, "deno");
const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** Bun would give up after five seconds. */
function test(name: string, body: (folder: string) => void | Promise<void>): void {
  plainTest(name, { timeout: 120_000 }, async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "tracemalloc-ahead-")));
    try {
      await body(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

function write(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

const SHOW = `for (const { count, traceback } of takeSnapshot().statistics("lineno")) {
  if (count >= 30) console.log(traceback.at(0).filename, traceback.at(0).lineno, count);
}
`;

const PROGRAM = {
  "deno.json": `{ // with comments
  "imports": { "@/": "./", }, }`,
  "app.ts": `#!/usr/bin/env -S deno run
import { start, takeSnapshot } from "tracemalloc";
import { keep } from "./lib/keep.ts";
import { other } from "@/lib/other.ts";
interface Entry { id: number }
const entries: Entry[] = [];
start(5);
for (let id = 0; id < 100; id++) entries.push({ id });
keep(50);
other(60);
${SHOW}`,
  "lib/keep.ts": `const kept: unknown[] = [];

export function keep(n: number): void {
  for (let i = 0; i < n; i++) kept.push([i]);
}
`,
  "lib/other.ts":
    "const kept: object[] = [];\nexport const other = (n: number): void => {\n  for (let i = 0; i < n; i++) kept.push({ i });\n};\n",
} as const;

function runDeno(args: readonly string[], cwd: string, env: Record<string, string> = {}): string[] {
  const { status, stdout, stderr } = spawnSync(deno, ["run", "--no-prompt", "--cached-only", ...args], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  assertEquals([status, stderr], [0, ""]);
  return stdout.trim().split("\n").sort();
}

test("deno runs the copies with an import map alone: no permission, no preload, original lines", (folder) => {
  const app = join(folder, "app");
  write(app, PROGRAM);
  const { code, stderr } = tracemalloc(["instrument", app, "-o", "out", "--import-map", "maps/map.json"], {
    cwd: folder,
  });
  assertEquals(code, 0, stderr);
  assertMatch(stderr, /^tracemalloc: 3 files instrumented, \d+ copied in out\n$/);
  const lines = [`${app}/app.ts 8 100`, `${app}/lib/keep.ts 4 50`, `${app}/lib/other.ts 3 60`];
  assertEquals(runDeno(["--import-map=../maps/map.json", "app.ts"], app), lines);
  assertEquals(runDeno(["--import-map=maps/map.json", "out/app.ts"], folder), lines);
  // Nothing is left that needs the original.
  rmSync(app, { recursive: true });
  assertEquals(runDeno(["--import-map=maps/map.json", "out/app.ts"], folder), lines);
});

/** Serves while Deno loads a module into the cache of `env`; what is left is the cache. Gives the server's address. */
async function loadFrom(
  answer: RequestListener,
  specifierAt: (host: string) => string,
  { folder, env }: { folder: string; env: (host: string) => Record<string, string> },
): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  write(folder, { "load.ts": `import "${specifierAt(host)}";` });
  try {
    const load = spawn(deno, ["cache", `--allow-import=${host}`, "--no-lock", "load.ts"], {
      cwd: folder,
      env: { ...process.env, ...env(host) },
      stdio: "ignore",
    });
    assertEquals(await new Promise((resolve) => load.on("close", resolve)), 0);
  } finally {
    server.close();
  }
  return host;
}

test("modules and packages that Deno has loaded before are instrumented, too", async (folder) => {
  const texts: Record<string, string> = {
    "/mod": `import { b } from "./b?v=1";\nconst made: object[] = [];\nexport function make(n: number): void {\n  for (let i = 0; i < n; i++) made.push({ i, b: b(i) });\n}\n`,
    "/b?v=1": `import { c } from "/c.js";\nexport const b = (n: number): unknown => [n, c(n)];\n`,
    "/c.js": `export const c = (n) => ({ n });\n`,
  };
  const answer: RequestListener = (request, response) => {
    if (request.url === "/latest") response.writeHead(302, { location: "/mod" }).end();
    else {
      const type = request.url!.endsWith(".js") ? "text/javascript" : "application/typescript";
      response.writeHead(200, { "content-type": type }).end(texts[request.url!]);
    }
  };
  const env = { DENO_DIR: join(folder, "cache") };
  const host = await loadFrom(answer, (host) => `http://${host}/latest`, { folder, env: () => env });
  write(folder, {
    "app/app.ts": `import { start, takeSnapshot } from "tracemalloc";
import { make } from "http://${host}/latest";
import { keep } from "npm:kept@1";
start();
make(40);
keep(50);
${SHOW}`,
    "app/package.json": `{ "dependencies": { "kept": "1" } }`,
    "app/node_modules/kept/package.json": `{ "name": "kept", "version": "1.0.0", "main": "./kept.js" }`,
    "app/node_modules/kept/kept.js": `const kept = [];\nexports.keep = (n) => {\n  for (let i = 0; i < n; i++) kept.push({ i });\n};\n`,
  });
  const words = ["instrument", "app", "-o", "app/out", "--import-map", "app/map.json"];
  for (let run = 0; run < 2; run++) {
    const { code, stderr } = tracemalloc(words, { cwd: folder, env });
    assertEquals(code, 0, stderr);
    assertEquals(stderr.trim().split("\n").length, 1, stderr);
  }
  // Its own folder, whose copy it may be: Deno may read nothing else without asking.
  assertEquals(runDeno(["--import-map=map.json", "app.ts"], join(folder, "app"), env), [
    `${folder}/app/node_modules/kept/kept.js 3 50`,
    `http://${host}/b.ts?v=1 2 40`,
    `http://${host}/c.js 1 40`,
    `http://${host}/mod.ts 4 40`,
  ]);
});

test("packages of JSR that Deno has loaded before are instrumented, too", async (folder) => {
  const mod = `import { box } from "./box.ts";\nconst kept: object[] = [];\nexport function keep(n: number): void {\n  for (let i = 0; i < n; i++) kept.push([box(i)]);\n}\n`;
  const box = `export const box = (i: number): object => ({ i });\n`;
  const entry = (text: string): object => ({
    size: text.length,
    checksum: `sha256-${createHash("sha256").update(text).digest("hex")}`,
  });
  // What a registry like jsr.io answers with.
  const texts: Record<string, string> = {
    "/@own/kept/meta.json": JSON.stringify({ scope: "own", name: "kept", versions: { "1.2.0": {} } }),
    "/@own/kept/1.2.0_meta.json": JSON.stringify({
      manifest: { "/mod.ts": entry(mod), "/box.ts": entry(box) },
      exports: { ".": "./mod.ts" },
    }),
    "/@own/kept/1.2.0/mod.ts": mod,
    "/@own/kept/1.2.0/box.ts": box,
  };
  const answer: RequestListener = ({ url }, response) => {
    const type = url!.endsWith(".json") ? "application/json" : "application/typescript";
    response.writeHead(url! in texts ? 200 : 404, { "content-type": type }).end(texts[url!]);
  };
  const envAt = (host: string) => ({ DENO_DIR: join(folder, "cache"), JSR_URL: `http://${host}/` });
  const host = await loadFrom(answer, () => "jsr:@own/kept@1", { folder, env: envAt });
  const env = envAt(host);
  write(folder, {
    "app/app.ts": `import { start, takeSnapshot } from "tracemalloc";\nimport { keep } from "jsr:@own/kept@1";\nstart();\nkeep(50);\n${SHOW}`,
  });
  const words = ["instrument", "app", "-o", "app/out", "--import-map", "app/map.json"];
  const { code, stderr } = tracemalloc(words, { cwd: folder, env });
  assertEquals(code, 0, stderr);
  assertEquals(runDeno(["--import-map=map.json", "app.ts"], join(folder, "app"), env), [
    `${env.JSR_URL}@own/kept/1.2.0/box.ts 1 50`,
    `${env.JSR_URL}@own/kept/1.2.0/mod.ts 4 50`,
  ]);
});

test("Node and Bun run the copies where the package is installed", (folder) => {
  const imports = `import { start, takeSnapshot } from "tracemalloc";\n`;
  write(folder, {
    "app/package.json": `{ "type": "module" }`,
    "app/app.ts": `${imports}import { keep } from "./keep.cjs";\nstart();\nkeep(40);\n${SHOW}`,
    "app/keep.cjs":
      "const kept = [];\nexports.keep = (n) => {\n  for (let i = 0; i < n; i++) kept.push({ i });\n};\n",
  });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(fileURLToPath(new URL("../../", import.meta.url)), join(folder, "node_modules", "tracemalloc"));
  assertEquals(tracemalloc(["instrument", "app", "-o", "out"], { cwd: folder }).code, 0);
  assertFalse(existsSync(join(folder, "out", "_tracemalloc")));
  for (const runtime of ["node", "bun"]) {
    const { stdout } = spawnSync(join(bin, runtime), ["out/app.ts"], { cwd: folder, encoding: "utf8" });
    assertEquals(stdout, `${folder}/app/keep.cjs 3 40\n`, runtime);
  }
});

test("a second run writes what has changed, and removes what is gone", (folder) => {
  write(folder, {
    "app/a.js": "export const a = [1];\n",
    "app/b.js": "export const b = [1];\n",
    "app/c.txt": "c",
  });
  const run = (...more: string[]): string =>
    tracemalloc(["instrument", "app", "-o", "out", ...more], { cwd: folder }).stderr;
  assertStringIncludes(run(), "2 files instrumented, 1 copied in out");
  const writtenAt = statSync(join(folder, "out/a.js")).mtimeMs;
  write(folder, { "app/b.js": "export const b = [2, 3];\n", "app/d.js": "export const d = {};\n" });
  rmSync(join(folder, "app/c.txt"));
  assertStringIncludes(run(), "2 files instrumented, 0 copied, 1 unchanged, 1 removed in out");
  assertEquals(statSync(join(folder, "out/a.js")).mtimeMs, writtenAt);
  assertStringIncludes(readFileSync(join(folder, "out/b.js"), "utf8"), "2, 3");
  assertFalse(existsSync(join(folder, "out/c.txt")));
  // What somebody deleted is written again; another choice is another text.
  rmSync(join(folder, "out/d.js"));
  assertStringIncludes(run(), "1 files instrumented, 0 copied, 2 unchanged in out");
  assertStringIncludes(run("--exclude", "b.js"), "0 files instrumented, 1 copied, 2 unchanged in out");
  assertEquals(readFileSync(join(folder, "out/b.js"), "utf8"), "export const b = [2, 3];\n");
  assertEquals(run("--quiet"), "");
});

test("what has a source map bears its sources' names and lines, and is made again when the map changes", (folder) => {
  const map = (source: string): string =>
    JSON.stringify({ version: 3, sources: [source], names: [], mappings: "AAUA" });
  write(folder, {
    "app/out/a.js": "export const list = [];\n//# sourceMappingURL=a.js.map\n",
    "app/out/a.js.map": map("../src/a.ts"),
  });
  const run = (): string => {
    assertEquals(tracemalloc(["instrument", "app", "-o", "traced"], { cwd: folder }).code, 0);
    return readFileSync(join(folder, "traced/out/a.js"), "utf8");
  };
  assertStringIncludes(run(), join(folder, "app/src/a.ts"));
  write(folder, { "app/out/a.js.map": map("../src/b.ts") });
  assertStringIncludes(run(), join(folder, "app/src/b.ts"));
});

test("a large tree is instrumented by several threads, to the same texts", (folder) => {
  const text = (name: string): string => `export const all = [${`{ name: "${name}" },\n`.repeat(2000)}];\n`;
  write(folder, Object.fromEntries(Array.from({ length: 24 }, (_, i) => [`app/f${i}.js`, text(`f${i}`)])));
  assertEquals(tracemalloc(["instrument", "app", "-o", "out"], { cwd: folder }).code, 0);
  const all = Array.from({ length: 24 }, (_, i) => readFileSync(join(folder, `out/f${i}.js`), "utf8"));
  for (const [i, copy] of all.entries()) {
    assertStringIncludes(copy, `"f${i}"`);
    assertStringIncludes(copy, `app/f${i}.js`);
    assertEquals(
      copy.split("\n").length,
      text("").split("\n").length + 1,
      "no line moves; one is the source map",
    );
  }
});

test("what is no code is copied as it is: bytes, links, modes, what does not parse", (folder) => {
  const bytes = new Uint8Array([0xff, 0xfe, 0, 1, 2]);
  write(folder, {
    "app/bin.js": bytes,
    "app/broken.js": "export const = ;\n",
    "app/types.d.ts": "export declare const t: number[];\n",
    "app/run.sh": "#!/bin/sh\n",
    "app/a.js": "export const a = [1];\n",
    "app/.git/config": "",
    "outside.txt": "outside",
  });
  chmodSync(join(folder, "app/run.sh"), 0o755);
  symlinkSync("a.js", join(folder, "app/inside.js"));
  symlinkSync("../outside.txt", join(folder, "app/outside"));
  symlinkSync(join(folder, "app/a.js"), join(folder, "app/absolute.js"));
  const { code, stderr } = tracemalloc(["instrument", "app", "-o", "out"], { cwd: folder });
  assertEquals(code, 0);
  assertStringIncludes(stderr, `tracemalloc: not instrumented: ${folder}/app/broken.js:1:`);
  const out = join(folder, "out");
  assertEquals(new Uint8Array(readFileSync(join(out, "bin.js"))), bytes);
  assertEquals(readFileSync(join(out, "broken.js"), "utf8"), "export const = ;\n");
  assertEquals(readFileSync(join(out, "types.d.ts"), "utf8"), "export declare const t: number[];\n");
  assert((statSync(join(out, "run.sh")).mode & 0o111) !== 0);
  assertEquals(readlinkSync(join(out, "inside.js")), "a.js");
  assertEquals(readlinkSync(join(out, "outside")), join(folder, "outside.txt"));
  assertEquals(readlinkSync(join(out, "absolute.js")), join(out, "a.js"));
  assertFalse(existsSync(join(out, ".git")));
});

test("nothing is written outside of OUT, whatever is in it", (folder) => {
  write(folder, {
    "app/sub/a.js": "export const a = [1];\n",
    "app/b.txt": "b",
    "victim/a.js": "mine",
    "gone.txt": "mine",
  });
  const run = (): { code: number | null } => tracemalloc(["instrument", "app", "-o", "out"], { cwd: folder });
  assertEquals(run().code, 0);
  rmSync(join(folder, "out/sub"), { recursive: true });
  symlinkSync("../victim", join(folder, "out/sub"));
  rmSync(join(folder, "out/b.txt"));
  symlinkSync("../gone.txt", join(folder, "out/b.txt"));
  const manifest = join(folder, "out/.tracemalloc.json");
  const { made, files } = JSON.parse(readFileSync(manifest, "utf8"));
  writeFileSync(manifest, JSON.stringify({ made, files: { ...files, "sub/../x": "1" } }));
  assertEquals(run().code, 0);
  assertEquals(readFileSync(join(folder, "victim/a.js"), "utf8"), "mine");
  assertEquals(readFileSync(join(folder, "gone.txt"), "utf8"), "mine");
  assertStringIncludes(readFileSync(join(folder, "out/sub/a.js"), "utf8"), "tracemalloc/tracker");
  writeFileSync(manifest, JSON.stringify({ made, files: { ...files, "../gone.txt": "1" } }));
  assertEquals(run().code, 1);
  assert(existsSync(join(folder, "gone.txt")));
  for (const name of ["../a", "/etc/a", "a/../../b", "", "a\0b"]) {
    let refused = false;
    try {
      new SafeFolder(join(folder, "out")).write(name, "x", 0o644);
    } catch {
      refused = true;
    }
    assert(refused, name);
  }
});

for (const runtime of ["node", "deno", "bun"]) {
  test(`the umask holds for what is written on ${runtime}`, (folder) => {
    const modes = { "plain.js": 0o666, "own.js": 0o600, "run.sh": 0o755, "locked.js": 0o444 };
    for (const [name, mode] of Object.entries(modes)) {
      write(folder, { [`app/${name}`]: "export const a = [1];\n" });
      chmodSync(join(folder, "app", name), mode);
    }
    const command = [join(bin, runtime), ...(runtime === "deno" ? ["run", "-A"] : []), main, "instrument"];
    const found = ["022", "027", "077"].map((umask) => {
      const out = join(folder, umask);
      const args = [...command, join(folder, "app"), "-o", out, "--import-map", `${out}.json`];
      const { status, stderr } = spawnSync("sh", ["-c", `umask ${umask}; exec "$@"`, "sh", ...args], {
        encoding: "utf8",
      });
      assertEquals(status, 0, stderr);
      const files = [...Object.keys(modes), ".tracemalloc.json"].map((name) => join(out, name));
      return [...files, `${out}.json`].map((file) => (statSync(file).mode & 0o777).toString(8));
    });
    assertEquals(found, [
      ["644", "600", "755", "644", "644", "644"],
      ["640", "600", "750", "640", "640", "640"],
      ["600", "600", "700", "600", "600", "600"],
    ]);
  });
}

test("folders that would be written over are refused", (folder) => {
  write(folder, { "app/a.js": "", "full/x.txt": "x", file: "" });
  const refusals: [string[], number, string][] = [
    [["app", "-o", "app"], 2, "--output app is or holds app, which would be written over"],
    [["app", "-o", "."], 2, "--output . is or holds app"],
    [
      ["app", "-o", "full"],
      1,
      "cannot write full: it is not empty, and tracemalloc instrument has not made it",
    ],
    [["app", "-o", "file"], 1, "cannot write file: it is no folder"],
    [["nowhere", "-o", "out"], 1, "cannot read nowhere: no such folder"],
    [["app"], 2, "--output is missing"],
    [["-o", "out"], 2, "DIR is missing"],
  ];
  for (const [words, expected, message] of refusals) {
    const { code, stderr } = tracemalloc(["instrument", ...words], { cwd: folder });
    assertEquals(code, expected, stderr);
    assertStringIncludes(stderr, message);
  }
  assertEquals(readdirSync(folder).sort(), ["app", "file", "full"]);
});
