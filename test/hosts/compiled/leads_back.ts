import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { assert, assertEquals } from "@std/assert";
import { Snapshot } from "../../../mod.ts";
import { type Host, hosts, Project, type RunOptions, root } from "../host.ts";
import { marks, PROGRAM, throwingPlace } from "./program.ts";

/** A project with the program once for each of the names, in a folder of its own. */
export function projectOf(names: readonly string[], main: string): Project {
  const files: Record<string, string> = { "package.json": `{"type":"module"}`, "main.mjs": main };
  for (const name of names) {
    files[`${name}/package.json`] = `{"type":"module"}`;
    for (const [file, text] of Object.entries(PROGRAM)) files[`${name}/src/${file}`] = text;
  }
  const project = new Project(files);
  symlinkSync(join(root, "node_modules/tsx"), project.path("node_modules/tsx"), "dir");
  return project;
}

/** Runs the program under the tracker; gives the stacks it printed, and where its objects were made. */
export async function trace(
  project: Project,
  { host, main, ...options }: { host: Host; main: string } & RunOptions,
): Promise<{ stacks: string[]; snapshot: Snapshot; stderr: string }> {
  const out = project.path(`${host}.pb.gz`);
  const env = { TRACEMALLOC: "5", TRACEMALLOC_SAMPLING: "exact", TRACEMALLOC_OUT: out };
  const { code, stdout, stderr } = await project.run(host, main, { ...options, env });
  assertEquals(code, 0, stderr);
  const stacks = [...stdout.matchAll(/^stack:(.*)$/gm)].map(([, json]) => JSON.parse(json!) as string);
  return { stacks, snapshot: Snapshot.load(out), stderr };
}

/** Of the marked lines those that have another number of objects than they make, as `line Type: wanted, found`. */
export function wrongLines(project: Project, name: string, snapshot: Snapshot): string[] {
  const found = new Map<string, number>();
  for (const { traceback, type } of snapshot.traces) {
    const { filename, lineno } = traceback.at(-1)!;
    const place = `${filename}:${lineno} ${type}`;
    found.set(place, (found.get(place) ?? 0) + 1);
  }
  return [...marks()].flatMap(([mark, wanted]) => {
    const count = found.get(project.path(`${name}/src/${mark}`)) ?? 0;
    return count === wanted ? [] : [`${mark}: ${wanted}, ${count}`];
  });
}

export function assertThrownAt(stack: string, path: string, where = throwingPlace()): void {
  const first = stack.split("\n")[1]!;
  assert(first.includes(`${path}:${where.line}:${where.column}`), stack);
}

/** What these compilers and bundlers make of the program leads back to its lines, on all runtimes. */
export async function assertLeadsBack(names: readonly string[]): Promise<void> {
  const main = names.map((name) => `await import("./${name}/out/main.js");\n`).join("");
  using project = projectOf(names, main);
  const { status, stderr } = spawnSync(
    join(root, "node_modules/.bin/node"),
    [join(root, "test/hosts/compiled/compile.ts"), project.folder, ...names],
    { encoding: "utf8" },
  );
  assertEquals(status, 0, stderr);
  const runs: readonly (readonly [Host, string[]])[] = [
    ["node", ["--enable-source-maps"]],
    ["node", []],
    ["deno", []],
    ["bun", []],
  ];
  for (const [host, flags] of runs.filter(([host]) => hosts.includes(host))) {
    const { stacks, snapshot, stderr } = await trace(project, { host, main: "main.mjs", flags });
    assertEquals(stderr, "");
    for (const [i, name] of names.entries()) {
      assertEquals(wrongLines(project, name, snapshot), [], `${host}, ${name}`);
      // webpack's map of what no loader gave a map for knows lines alone.
      const where = name === "webpack_of_tsc" ? { ...throwingPlace(), column: 3 } : throwingPlace();
      if (host === "deno" || flags.length > 0)
        assertThrownAt(stacks[i]!, project.path(`${name}/src/main.ts`), where);
    }
    const functionNames = new Set(
      [...snapshot.traces].map(({ traceback }) => traceback.at(-1)!).map(({ functionName }) => functionName),
    );
    // esbuild and webpack have shortened all of them.
    for (const name of ["Store.add", "Holder.next", "tree", "numbers"]) assert(functionNames.has(name), name);
    for (const name of functionNames) assert(name.length > 1, name);
  }
}
