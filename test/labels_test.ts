// Labels: what carries them, how many there may be, and that they survive a file; on every runtime.
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { Profile } from "pprof-format";
import { collect, Snapshot, start, stop, takeSnapshot } from "../mod.ts";
import { withLabels } from "../src/labels.ts";
import { instrumented } from "./instrumented.ts";

const { keep, later, drop } = await instrumented(
  `const kept = [];
export const keep = (n) => { for (let i = 0; i < n; i++) kept.push({ i }); };
export const later = async (n) => { await null; await new Promise((resolve) => setTimeout(resolve, 1)); keep(n); };
export const drop = () => { kept.length = 0; };
`,
  { filename: "/app/labels.mjs" },
);

function countsBy(snapshot: Snapshot, label: string): Record<string, number> {
  const lines = snapshot.filterTraces([]).statistics(`label:${label}`);
  return Object.fromEntries(lines.filter(({ count }) => count > 0).map(({ key, count }) => [key, count]));
}

/** No more apart than a line of ours makes besides: its arrays. */
function assertNear(found: number | undefined, expected: number, share = 0): void {
  assert(Math.abs((found ?? 0) - expected) <= expected * share + 3, `${found}, expected ${expected}`);
}

test("where nobody has used labels, there are none to carry", () => {
  start({ seed: 1 });
  try {
    keep(10);
    const { blocks, processes } = takeSnapshot().columns;
    assertEquals([blocks.process, processes], [undefined, undefined]);
  } finally {
    stop();
  }
});

for (const sampling of ["exact", "adaptive"] as const) {
  test(`${sampling}: blocks carry the labels under which they were made, across awaits, nested and side by side`, async () => {
    start({ nframe: 3, sampling, seed: 1 });
    try {
      await Promise.all([
        withLabels({ route: "/orders", tenant: "a" }, () => later(100)),
        withLabels({ route: "/users" }, () => later(300)),
        withLabels({ route: "/orders" }, () => withLabels({ tenant: "b" }, () => later(50))),
      ]);
      keep(20);
      await collect();
      const bytes = takeSnapshot().toBytes();
      const snapshot = Snapshot.fromBytes(bytes);
      const routes = countsBy(snapshot, "route");
      assertNear(routes["/orders"], 150);
      assertNear(routes["/users"], 300);
      const tenants = countsBy(snapshot, "tenant");
      assertNear(tenants.a, 100);
      assertNear(tenants.b, 50);
      const whole = snapshot.statistics("lineno").reduce((sum, { count }) => sum + count, 0);
      assertEquals(
        Object.values(routes).reduce((sum, count) => sum + count, 0),
        whole,
      );
      // What pprof tools read.
      const profile = Profile.decode(gunzipSync(bytes));
      const text = (n: unknown): string => profile.stringTable.strings[Number(n)]!;
      const found = profile.sample.flatMap(({ label }) =>
        label.map(({ key, str }) => `${text(key)}=${text(str)}`),
      );
      for (const each of ["route=/orders", "route=/users", "tenant=a", "tenant=b"])
        assert(found.includes(each), each);
      drop();
      await collect();
      assert((countsBy(takeSnapshot(), "route")["/users"] ?? 0) < 30);
    } finally {
      stop();
    }
  });
}

test("tracing that starts within labels knows them", () => {
  withLabels({ job: "import" }, () => start({ seed: 1 }));
  try {
    withLabels({ job: "import" }, () => keep(200));
    assertNear(countsBy(takeSnapshot(), "job").import, 200);
  } finally {
    stop();
  }
});

test("withLabels gives what the function gives, and refuses what is no label", () => {
  assertEquals(
    withLabels({}, () => 5),
    5,
  );
  assertThrows(
    () =>
      withLabels({ a: "1" }, () => {
        throw new RangeError("own");
      }),
    RangeError,
    "own",
  );
  assertThrows(() => withLabels({ a: "1" }, 5 as never), TypeError, "expected a function");
  assertThrows(() => withLabels(null as never, () => {}), TypeError, "must be an object");
  assertThrows(() => withLabels({ a: 1 } as never, () => {}), TypeError, "must be a text");
  for (const name of ["", "a b", "1a", "type", "pid", "exactSize", "x".repeat(65), "ä"])
    assertThrows(() => withLabels({ [name]: "1" }, () => {}), RangeError, "label's name");
  assertThrows(() => withLabels({ a: "x".repeat(201) }, () => {}), RangeError, "200 characters");
  const nine = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`l${i}`, "x"]));
  assertThrows(() => withLabels(nine, () => {}), RangeError, "at most 8");
});
