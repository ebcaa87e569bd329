// What the engine, Node and code without instrumentation make for the program's objects counts with the line that made these, after a look
// at V8's heap. The truth is what V8's heap grows by without a tracker.
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { engines, Project, root } from "./host.ts";

const PROGRAM = join(root, "test/hosts/made_program.ts");

type Sizes = Readonly<Record<string, number>>;

async function sizesOf(program: string, env: Record<string, string>): Promise<Sizes> {
  using project = new Project({});
  const options = { env, program, ...(env.TRACEMALLOC === undefined && { preload: null }) };
  const { stdout, stderr, code } = await project.run("node", PROGRAM, options);
  assertEquals([code, stderr], [0, ""]);
  return JSON.parse(stdout) as Sizes;
}

for (const { name, host, program } of engines) {
  if (host !== "node") continue;
  const skip = program === null && "it is not on this machine";
  test(`${name}: lines have what others made for their objects, near V8's own figures`, {
    skip,
  }, async () => {
    const truth = await sizesOf(program!, {});
    for (const sampling of ["exact", "adaptive"]) {
      const found = await sizesOf(program!, { TRACEMALLOC: "5", TRACEMALLOC_SAMPLING: sampling });
      for (const [kind, expected] of Object.entries(truth)) {
        // V8's caches hold compiled code for some collections longer. Node 22 binds what `once` gives: without recorded calls that is
        // charged to whoever called the line.
        const hasLess = kind === "code" || (kind === "emitters" && name === "node22");
        const share = found[kind] / expected;
        const least = hasLess ? 0.3 : 0.85;
        assert(share > least && share < 1.15, `${sampling}, ${kind}: ${found[kind]} B of ${expected} B`);
      }
    }
  });
}

// One in five hundred lives, of which hardly any is followed; of the other line all do.
const FEW = `import { collect, takeSnapshot } from "tracemalloc";
const kept = [], all = [];
for (let i = 0; i < 100_000; i++) {
  const found = [i, "a"];
  if (i % 500 === 0) kept.push(found);
}
for (let i = 0; i < 10_000; i++) {
  all.push({ i });
}
await collect();
const lines = takeSnapshot().statistics("lineno");
console.log(JSON.stringify([4, 8].map((n) => lines.find(({ traceback }) => traceback.at(-1).lineno === n)?.count)));
if (kept.length + all.length === 0) throw new Error("they live");
`;

test("after a look as many objects are alive as are there, however few are followed", async () => {
  using project = new Project({ "few.mjs": FEW });
  const env = { TRACEMALLOC: "1", TRACEMALLOC_SAMPLING: "adaptive" };
  const { stdout, stderr } = await project.run("node", "few.mjs", { env });
  assertEquals(stderr, "");
  const [few, all] = JSON.parse(stdout) as [number, number];
  assert(few >= 196 && few <= 204, `${few} of 200`);
  assertEquals(all, 10_000);
});
