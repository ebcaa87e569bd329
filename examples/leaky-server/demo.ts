// `npm run demo`: runs the leaky server under the tracker, sends it visitors, and shows what its lines hold.
// Ends with exit code 1 unless the three leaking lines are the first three. `npm run demo -- --runtime bun` runs the
// server on Bun, `--runtime deno` on Deno.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { hangUp, send, visit } from "./load.ts";

const VISITORS_BEFORE = 50;
const VISITORS_AFTER = 450;
const TIME_LIMIT_MS = 50_000;

const root = fileURLToPath(new URL("../../", import.meta.url));
const cli = join(root, "dist", "src", "cli", "main.js");
const serverFile = relative(root, fileURLToPath(new URL("server.ts", import.meta.url)));

/** The lines below the marks. */
function leakingLines(): number[] {
  const lines = readFileSync(join(root, serverFile), "utf8").split("\n");
  return lines.flatMap((line, index) => (line.includes("// LEAK:") ? [index + 2] : []));
}

function step(text: string): void {
  console.log(`\n--- ${text}`);
}

/** Starts the server as a user would; what it and `tracemalloc run` print is passed on. */
function startServer(words: readonly string[]): {
  child: ChildProcess;
  port: Promise<number>;
  end: Promise<number>;
} {
  console.log(`$ tracemalloc ${words.join(" ")}`);
  const child = spawn(process.execPath, [cli, ...words], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const end = new Promise<number>((resolve) => {
    child.on("close", (code, signal) => resolve(signal === null ? (code ?? 1) : 1));
  });
  const port = new Promise<number>((resolve, reject) => {
    let said = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      process.stdout.write(text);
      said += text;
      const found = /listening on port (\d+)\n/.exec(said);
      if (found !== null) resolve(Number(found[1]));
    });
    end.then((code) => reject(new Error(`the server ended with exit code ${code} before it listened`)));
  });
  return { child, port, end };
}

/** Runs a view and shows it. */
function view(...words: string[]): void {
  console.log(`$ tracemalloc ${words.join(" ")}`);
  const { status } = spawnSync(process.execPath, [cli, ...words], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) throw new Error(`tracemalloc ${words[0]} ended with exit code ${status}`);
}

/** The first three lines of a view, as `server.ts:23`. */
function firstThree(...words: string[]): string[] {
  const { stdout } = spawnSync(process.execPath, [cli, ...words, "--json", "--limit", "3"], {
    cwd: root,
    encoding: "utf8",
  });
  const { top } = JSON.parse(stdout) as { top: { key: string }[] };
  return top.map(({ key }) => relative(root, key));
}

/** Says whether these are the leaking lines, whatever their order. */
function check(what: string, found: readonly string[]): boolean {
  const expected = leakingLines().map((line) => `${serverFile}:${line}`);
  const good = expected.length === 3 && [...found].sort().join() === [...expected].sort().join();
  console.log(good ? `${what}: the three leaking lines come first` : `${what}: WRONG`);
  if (!good) console.log(`  expected ${expected.join(", ")}\n  found    ${found.join(", ")}`);
  return good;
}

async function main(folder: string, options: readonly string[]): Promise<boolean> {
  const [early, late, last] = ["early", "late", "exit"].map((name) => join(folder, `${name}.pb.gz`)) as [
    string,
    string,
    string,
  ];
  step(
    "The server starts under the tracker; it is run as it is, there is no build and no change to its code",
  );
  const { child, port: listening, end } = startServer(["run", ...options, "-o", last, serverFile, folder]);
  const guard = setTimeout(() => child.kill(), TIME_LIMIT_MS);
  try {
    const port = await listening;
    step(
      `${VISITORS_BEFORE} visitors come, then a first snapshot is taken; ${VISITORS_AFTER} more, then a second one`,
    );
    const before = await visit(port, [0, VISITORS_BEFORE]);
    await send(port, "POST", "/debug/snapshot/early");
    const after = await visit(port, [VISITORS_BEFORE, VISITORS_BEFORE + VISITORS_AFTER]);
    await send(port, "POST", "/debug/snapshot/late");
    console.log(`${before + after} requests answered`);
    step("The server shuts down, and tracemalloc shows the lines that hold the most memory");
    await send(port, "POST", "/shutdown");
    hangUp();
    const code = await end;
    if (code !== 0) throw new Error(`the server ended with exit code ${code}`);
  } finally {
    clearTimeout(guard);
    child.kill();
  }
  step("What grew between the two snapshots");
  view("diff", early, late, "--limit", "5");
  step("The answer");
  const results = [check("top", firstThree("top", last)), check("diff", firstThree("diff", early, late))];
  console.log(`Each of them is below a "LEAK" mark in ${serverFile}.`);
  return results.every(Boolean);
}

const folder = mkdtempSync(join(tmpdir(), "tracemalloc-demo-"));
try {
  process.exitCode = (await main(folder, process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
