// The live page, however it was started, on every runtime: it shows the program's own lines, and nothing else.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { engines, type Host, Project, root } from "./host.ts";

const MAIN = join(root, "dist", "src", "cli", "main.js");

/** What stands before the script, by what the page is started with. */
const STARTS: Readonly<Record<string, Readonly<Record<Host, readonly string[]>>>> = {
  "run --live": {
    node: [MAIN, "run", "--live"],
    deno: ["run", "-A", MAIN, "run", "--live"],
    bun: [MAIN, "run", "--live"],
  },
  preload: {
    node: ["--import", "tracemalloc/register"],
    deno: ["run", "-A", "--no-check", "--preload", "npm:tracemalloc/register"],
    bun: ["--preload", "tracemalloc/register"],
  },
};

/** Keeps a thousand objects, on the line with the mark, and lives while its standard input is open. */
const APP = `import { work } from "./work.cjs";
const kept = [];
for (let i = 0; i < 1000; i++) kept.push({ i }); // the line
work(kept.length);
process.stdin.on("end", () => process.exit(kept.length === 1000 ? 7 : 1)).resume();
console.log("ready");
`;

/** The same with a server of its own; it uses what the tracer has of libraries, while it is traced. */
const MOUNTED = `import { createServer } from "node:http";
import { instrument } from "tracemalloc/instrument";
import { createNodeHandler } from "tracemalloc/http";
${APP}
const { sites } = instrument("export const x = {};", { filename: "x.js", sourceType: "module" });
if (sites.length === 0) throw new Error("no sites");
const server = createServer(createNodeHandler());
server.listen(0, "127.0.0.1", () => console.log("own at http://127.0.0.1:" + server.address().port + "/debug/tracemalloc/"));
`;

const FILES = {
  "app.mjs": APP,
  "mounted.mjs": MOUNTED,
  "work.cjs": "const seen = []; exports.work = (n) => { seen.push([n]); };",
  // As it is installed: no runtime but Bun gets the sources.
  "package.json": `{"dependencies":{"tracemalloc":"*"}}`,
  "deno.json": `{"nodeModulesDir":"manual"}`,
};

interface Program extends AsyncDisposable {
  /** Where its page is. */
  readonly origin: string;
  /** Lets it come to its end. */
  end(): Promise<number | null>;
}

/** Starts a program of a project; resolves once it has made its objects and the page is served. */
async function startProgram(
  project: Project,
  { program, args, env = {} }: { program: string; args: readonly string[]; env?: Record<string, string> },
): Promise<Program> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:TRACEMALLOC|NODE_)/.test(name));
  const child = spawn(program, args, {
    cwd: project.folder,
    env: { ...Object.fromEntries(inherited), NO_COLOR: "1", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const guard = setTimeout(() => child.kill("SIGKILL"), 60_000);
  void ended.then(() => clearTimeout(guard));
  const page = /(?:live|own) at (http:\/\/\S+)\/debug\/tracemalloc\/\n/;
  while (!/^ready$/m.test(said) || !page.test(said)) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(said);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const end = (): Promise<number | null> => {
    child.stdin.end();
    return ended;
  };
  return {
    origin: page.exec(said)![1]!,
    end,
    [Symbol.asyncDispose]: async () => void (await end()),
  };
}

/** The line that keeps the objects, in a file of that name, and what a page tells of it. */
async function assertShowsProgram(origin: string, project: Project, file: string): Promise<void> {
  const text = readFileSync(project.path(file), "utf8").split("\n");
  const line = `${file}:${text.findIndex((each) => each.includes("// the line")) + 1}`;
  const profile = await fetch(`${origin}/debug/pprof/heap`);
  assertEquals(profile.status, 200);
  const lines = Snapshot.fromBytes(new Uint8Array(await profile.arrayBuffer())).statistics("lineno");
  const found = lines.find(({ key }) => key.endsWith(`/${line}`));
  assert(found !== undefined && found.count >= 1000, `${line}: ${found}`);
  // Neither the tracer's own files nor what it alone has loaded.
  assertEquals(
    lines
      .map(({ traceback }) => traceback.at(-1)!.filename.replace(/^.*\//, ""))
      .filter((name) => !(name in FILES)),
    [],
  );
  const forPeople = await (await fetch(`${origin}/debug/pprof/heap?debug=1`)).text();
  assertStringIncludes(forPeople, `/${line}: size=`);
  const events = (await fetch(`${origin}/debug/tracemalloc/events`)).body!.getReader();
  const [, data] = /^event: state\ndata: (.*)\n/.exec(new TextDecoder().decode((await events.read()).value))!;
  await events.cancel();
  const { isTracing, top } = JSON.parse(data!) as {
    isTracing: boolean;
    top: { key: string; count: number }[];
  };
  assert(isTracing);
  assert(
    top.some(({ key, count }) => key.endsWith(`/${line}`) && count >= 1000),
    JSON.stringify(top),
  );
}

for (const { name, host, program } of engines) {
  const options = { skip: program === null && `${name} is not on the PATH`, timeout: 120_000 };
  for (const [start, words] of Object.entries(STARTS)) {
    test(`${name}: ${start}: the page shows the program's lines and no others`, options, async () => {
      using project = new Project(FILES);
      const env: Record<string, string> =
        start === "preload" ? { TRACEMALLOC: "5", TRACEMALLOC_LIVE: "0" } : {};
      await using running = await startProgram(project, {
        program: program!,
        args: [...words[host], "app.mjs"],
        env,
      });
      await assertShowsProgram(running.origin, project, "app.mjs");
      assertEquals(await running.end(), 7);
    });
  }

  test(`${name}: tracemalloc/http: the page shows the program's lines and no others`, options, async () => {
    using project = new Project(FILES);
    await using running = await startProgram(project, {
      program: program!,
      args: [...STARTS.preload![host], "mounted.mjs"],
      env: { TRACEMALLOC: "5" },
    });
    await assertShowsProgram(running.origin, project, "mounted.mjs");
    assertEquals(await running.end(), 7);
  });
}
