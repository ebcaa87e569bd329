// Call paths of the sampled modes, in code that does not record its calls.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { getObjectTraceback, type Snapshot, start, stop, takeSnapshot, track } from "../../../mod.ts";
import { currentRuntime } from "../../../src/host/capabilities.ts";
import { BlockTable } from "../../../src/traces/blocks/block_table.ts";
import { NativePaths } from "../../../src/traces/paths/native_paths.ts";
import { AdaptiveSampler } from "../../../src/traces/sampling/sampler.ts";
import { addFrameSite, snapshotSite } from "../../../src/track/calls/frame_sites.ts";
import { sitePlace } from "../../../src/track/calls/site_place.ts";
import { instrumentedFile } from "../../instrumented_file.ts";

/** The tracebacks of what a run has made, as `function:line`, and how often each was allocated. */
function tracebacks(snapshot: Snapshot): Map<string, number> {
  const found = new Map<string, number>();
  for (const { traceback, allocatedCount } of snapshot.statistics("traceback")) {
    const frames = [...traceback];
    if (!frames.at(-1)!.filename.endsWith("module.mjs")) continue;
    const text = frames.map((frame) => `${frame.functionName}:${frame.lineno}`).join(" ");
    found.set(text, (found.get(text) ?? 0) + allocatedCount);
  }
  return found;
}

// No call is the last thing that a function does: JavaScriptCore leaves no frame of these in strict code.
const SYNC = `
class Store {
  items = [];
  add(x) { const made = { x, y: [x] }; this.items.push(made); if (made === 0) throw 0; return made; }
  static of(...xs) { const store = new Store(); for (const x of xs) { const it = store.add(x); if (it === 0) throw 0; } return store; }
  get first() { const all = this.items.map((x) => ({ x })); if (all === 0) throw 0; return all[0]; }
}
const object = { method(n) { const made = { n }; if (made === 0) throw 0; return made; }, arrow: (n) => { const made = [n]; if (made === 0) throw 0; return made; } };
function outer(n) { const made = inner(n), more = inner(n + 1), both = [made, more]; if (both === 0) throw 0; return both; }
function inner(n) {
  if (n > 2) { const deep = inner(n - 1);
    if (deep === 0) throw 0; const made = { deep }; if (made === 0) throw 0; return made; }
  const [one, two] = [object.method(n), object.arrow(n)], made = { one, two }; if (made === 0) throw 0; return made;
}
function recursion(n) { const below = n === 0 ? null : recursion(n - 1), made = { below }; if (made === 0) throw 0; return made; }
function* generator(n) { for (let i = 0; i < n; i++) { const made = { i }; yield made; } }
function thrower() { try { fails(); } catch (e) { const made = { e }; if (made === 0) throw 0; return made; } }
function fails() { const made = new Error("no"); throw made; }
export function run() {
  const all = [outer(4), Store.of(1, 2), recursion(5)];
  const store = Store.of(3); const first = store.first;
  for (const made of generator(2)) { all.push(made); }
  const thrown = thrower(), parsed = JSON.parse('{"a":[1,2]}'), mapped = [3, 1, 2].map((x) => { const made = { x }; if (made === 0) throw 0; return made; });
  const text = \`\${all.length} of them\`, sorted = [2, 1].sort((a, b) => { const made = [a, b]; return made[0] - made[1]; });
  return [all, store, first, thrown, parsed, mapped, text, sorted];
}`;

test("the engine's stacks give the paths that recorded calls give: functions and lines, oldest first", async () => {
  const recorded = await instrumentedFile(SYNC, { calls: true });
  start({ nframe: 25, sampling: "exact", seed: 1 });
  recorded.run();
  const wanted = tracebacks(takeSnapshot());
  stop();
  const plain = await instrumentedFile(SYNC, { calls: false });
  start({ nframe: 25, sampling: "adaptive", seed: 1 });
  plain.run();
  const found = tracebacks(takeSnapshot());
  stop();
  assert(wanted.size > 25, `${wanted.size}`);
  const differ = (a: Map<string, number>, b: Map<string, number>): string[] =>
    [...a].filter(([text, count]) => b.get(text) !== count).map(([text, count]) => `${count} ${text}`);
  assertEquals(differ(found, wanted), differ(wanted, found));
  assertEquals(differ(wanted, found), []);
});

test("frames behind an await come from the chain of awaits, as far as the engine knows it", async () => {
  const { run } = await instrumentedFile(
    `async function inner(n) {
      await null;
      const made = { n };
      if (made === 0) throw 0; return made;
    }
    async function outer(n) { const made = await inner(n); if (made === 0) throw 0; return made; }
    export async function run(n) { const made = await outer(n); if (made === 0) throw 0; return made; }`,
    { calls: false },
  );
  start({ nframe: 25, sampling: "adaptive" });
  try {
    const made: object = await run(1);
    const frames = [...getObjectTraceback(made)!].map((f) => `${f.functionName}:${f.lineno}`);
    assertEquals(frames.slice(-3), ["run:7", "outer:6", "inner:3"]);
  } finally {
    stop();
  }
});

test("a traceback has the most recent frames, and the number of all as far as the engine has given them", async () => {
  const { run } = await instrumentedFile(
    `function down(n) { const made = n === 0 ? { n } : down(n - 1); if (made === 0) throw 0; return made; }
    export function run(n) { const made = down(n); if (made === 0) throw 0; return made; }`,
    { calls: false },
  );
  start({ nframe: 4, sampling: "adaptive" });
  try {
    const near: object = run(3);
    const short = getObjectTraceback(near)!;
    assertEquals(short.length, 4);
    assertEquals(short.totalNframe, 5);
    const far = getObjectTraceback(run(200))!;
    assertEquals(
      [...far].map((f) => f.functionName),
      ["down", "down", "down", "down"],
    );
    assertEquals(far.totalNframe, null);
    track(16, "key", 100);
  } finally {
    stop();
  }
});

test("Error.prepareStackTrace and Error.stackTraceLimit are neither disturbed nor believed", async () => {
  const { run } = await instrumentedFile(
    `function inner() { const made = {}; if (made === 0) throw 0; return made; } export function run() { const made = inner(); if (made === 0) throw 0; return made; }`,
    { calls: false },
  );
  const host = Error as { prepareStackTrace?: unknown; stackTraceLimit?: unknown };
  const names = ["prepareStackTrace", "stackTraceLimit"] as const;
  const before = names.map((name) => Object.getOwnPropertyDescriptor(host, name));
  let asked = 0;
  const own = (): string => {
    asked++;
    return "";
  };
  const limits = [
    { value: 0, writable: true, enumerable: true, configurable: true },
    // Bun has no limit that could be an accessor.
    ...(currentRuntime() === "bun" ? [] : [{ get: own, set: own, configurable: true, enumerable: false }]),
  ];
  for (const limit of limits) {
    start({ nframe: 25, sampling: "adaptive" });
    try {
      // Bun hears of assignments alone.
      if (currentRuntime() === "bun") host.stackTraceLimit = 0;
      else Object.defineProperty(host, "stackTraceLimit", limit);
      host.prepareStackTrace = own;
      const made: object = run();
      const now = names.map((name) => Object.getOwnPropertyDescriptor(host, name)!);
      assertEquals(now[0]!.value, own);
      assertEquals(
        { ...now[1], set: undefined },
        { ...Object.getOwnPropertyDescriptor(Object.defineProperty({}, "x", limit), "x"), set: undefined },
      );
      assertEquals(getObjectTraceback(made)!.length, 2);
      assertEquals(asked, 0);
    } finally {
      stop();
      for (const [i, name] of names.entries()) {
        if (currentRuntime() === "bun") host[name] = before[i]?.value;
        else if (before[i] === undefined) delete host[name];
        else Object.defineProperty(host, name, before[i]!);
      }
    }
  }
});

test("counts by line and type are exact, and the paths of a line add up to it", async () => {
  const { run } = await instrumentedFile(
    `function make(n) { const made = n % 2 === 0 ? { n } : [n, n]; if (made === 0) throw 0; return made; }
    function often(n) { const made = make(n); if (made === 0) throw 0; return made; }
    function seldom(n) { const made = make(n); if (made === 0) throw 0; return made; }
    export function run(count, kept) {
      for (let i = 0; i < count; i++) {
        const made = i % 100 === 0 ? seldom(i) : often(i);
        if (i % 10 === 0) kept.push(made);
      }
    }`,
    { calls: false },
  );
  const kept: object[] = [];
  start({ nframe: 25, sampling: "adaptive", seed: 3 });
  try {
    run(200_000, kept);
    const snapshot = takeSnapshot();
    const ofLine = snapshot
      .statistics("lineno")
      .find(
        ({ traceback }) => traceback.at(0)!.filename.endsWith("module.mjs") && traceback.at(0)!.lineno === 1,
      )!;
    assertEquals(ofLine.allocatedCount, 200_000);
    let [count, size, allocatedCount, allocatedSize] = [0, 0, 0, 0];
    const paths = new Set<string>();
    for (const one of snapshot.statistics("traceback")) {
      const last = one.traceback.at(-1)!;
      if (!last.filename.endsWith("module.mjs") || last.lineno !== 1) continue;
      count += one.count;
      size += one.size;
      allocatedCount += one.allocatedCount;
      allocatedSize += one.allocatedSize;
      paths.add([...one.traceback].map((f) => f.functionName).join(" "));
      assert(one.count <= one.allocatedCount, `${one} of ${one.allocatedCount}`);
    }
    assertEquals(
      [count, size, allocatedCount, allocatedSize],
      [ofLine.count, ofLine.size, 200_000, ofLine.allocatedSize],
    );
    assert(
      [...paths].some((path) => path.endsWith("run seldom make")),
      [...paths].join("; "),
    );
    const types = snapshot.statistics("type").filter(({ key }) => key === "Object" || key === "Array");
    assertEquals(
      types.map((each) => each.allocatedCount >= 100_000),
      [true, true],
      String(types),
    );
  } finally {
    stop();
  }
});

const place = { filename: "/app/a.js", line: 1, column: 1, functionName: "", functionLine: 1 };
const OFTEN = addFrameSite({ ...place, functionName: "often" });
const SELDOM = addFrameSite({ ...place, functionName: "seldom" });
/** The first site of the file that was imported first. */
const SITE = 1;

/** One line with two paths: of 60,000 blocks one in 50 comes by the second, and lives four times as often. */
function estimates(seed: number): { allocated: number; bytes: number; live: number; total: number } {
  const blocks = new BlockTable(1);
  const sampler = new AdaptiveSampler(seed, { first: 96, perShare: 48, plenty: 10_000 });
  let caller = 0;
  const sites = Int32Array.of(addFrameSite(sitePlace(SITE)), 0);
  const stack = {
    sites,
    ...{ length: 2, total: 2 },
    capture: () => {
      sites[1] = caller;
      return true;
    },
  };
  const natives = new NativePaths(25, seed, { stack, share: 1, now: () => 0 });
  const type = blocks.typeOf("Object", 0);
  for (let i = 0; i < 60_000; i++) {
    const isSeldom = i % 50 === 7;
    caller = isSeldom ? SELDOM : OFTEN;
    // The seldom path's are larger, and of many sizes.
    const row = blocks.row(0, SITE, type, isSeldom ? 64 + (i % 512) * 8 : 48);
    const decision = sampler.decide(SITE);
    blocks.count(row);
    if (decision < 0) continue;
    const weight = sampler.weight(decision);
    const placed = natives.place(blocks, row);
    if (placed !== row) blocks.count(placed, weight);
    blocks.follow(placed, weight);
    if (i % (isSeldom ? 2 : 8) !== 1) blocks.free(placed, weight);
  }
  const [path, site, size, live, allocated] = [
    ...[blocks.path.copy(), blocks.site.copy(), blocks.size.copy(), blocks.live.copy()],
    blocks.allocated.copy(),
  ];
  const out = natives.spread([{ path, site, type: blocks.type.copy(), size, live, allocated }], -1);
  const found = { allocated: 0, bytes: 0, live: 0, total: 0 };
  for (let i = 0; i < out.path.length; i++) {
    found.total += out.allocated[i]!;
    if (natives.paths.frames(out.path[i]!)[0] !== snapshotSite(SELDOM)) continue;
    found.allocated += out.allocated[i]!;
    found.bytes += out.allocated[i]! * out.size[i]!;
    found.live += out.live[i]!;
  }
  return found;
}

test("figures by path are unbiased where a path of little traffic shares its line with one of much", () => {
  const runs = 400;
  const sums = { allocated: [0, 0], bytes: [0, 0], live: [0, 0] };
  for (let seed = 1; seed <= runs; seed++) {
    const found = estimates(seed);
    assertEquals(found.total, 60_000);
    for (const name of ["allocated", "bytes", "live"] as const) {
      sums[name][0]! += found[name];
      sums[name][1]! += found[name] ** 2;
    }
  }
  let bytes = 0;
  let live = 0;
  for (let i = 7; i < 60_000; i += 50) {
    bytes += 64 + (i % 512) * 8;
    if (i % 2 === 1) live++;
  }
  for (const [name, wanted] of [
    ["allocated", 1200],
    ["bytes", bytes],
    ["live", live],
  ] as const) {
    const mean = sums[name][0]! / runs;
    const error = Math.sqrt((sums[name][1]! / runs - mean ** 2) / runs);
    assert(Math.abs(mean - wanted) < 3 * error, `${name}: ${mean} ± ${error}, wanted ${wanted}`);
    // And known well enough for the test to mean something.
    assert(error < wanted / 12, `${name}: ${error}`);
  }
});
