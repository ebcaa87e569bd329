import { test } from "node:test";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { start, stop, takeSnapshot } from "../../mod.ts";
import { instrument } from "../../src/instrument/instrument.ts";
import { shadowStack } from "../../src/track/calls/shadow_stack.ts";
import { importText, instrumented, type TestModule } from "../instrumented.ts";
import { path, traced } from "../traced.ts";
import { soak } from "./soak.ts";

const source = `
  export const object = () => ({ made: 1 });
  export const call = (f) => f();
  export function fail() { throw new Error(String(1)); }
  export function caught(f) {
    try {
      return f();
    } catch {
      return object(); // line 9
    }
  }
  export function after(f) {
    try { f(); } catch {}
    return object(); // line 14
  }
  export function lastly(f) {
    try { return f(); } finally { kept = object(); } // line 17
  }
  export let kept;
  export function* generator(at) {
    try {
      yield object(); // line 22
      yield object();
    } catch {
      yield object(); // line 25
    } finally {
      kept = object(); // line 27
    }
  }
  export async function waits(f) {
    try {
      await null;
      return f();
    } catch {
      return object(); // line 35
    }
  }
  export async function rejects(f) {
    await 0;
    return f();
  }
  export function forever() { return [forever()]; }
  export async function foreverAsync() { return foreverAsync(); }
  export function* foreverGenerator() { yield* foreverGenerator(); }
  export const overflows = [() => forever(), () => [...foreverGenerator()], () => [1].map(function r() { return [1].map(r); })];
`;

const program: TestModule = await instrumented(source);

/** The paths of the objects that `run` makes. */
async function objects(run: () => unknown): Promise<string[]> {
  const traces = await traced(run);
  assertEquals(shadowStack[0], 1);
  return traces.filter(({ type }) => type === "Object").map(path);
}

test("after an exception caught at any level the path is right", async () => {
  const { call, caught, fail, after, lastly, object } = program;
  assertEquals(await objects(() => caught(fail)), ["caught:9 object:2"]);
  assertEquals(await objects(() => after(() => call(() => call(fail)))), ["after:14 object:2"]);
  assertEquals(await objects(() => call(() => caught(() => call(fail)))), ["call:3 caught:9 object:2"]);
  assertEquals(await objects(() => assertThrows(() => lastly(fail))), ["lastly:17 object:2"]);
  assertEquals(await objects(() => call(() => [assertThrows(() => call(fail)), object()])), [
    "call:3 object:2",
  ]);
});

test("errors of the engine's own leave nothing behind", async () => {
  const { after, call } = program;
  for (const wrong of [
    () => null!,
    () => (undefined as unknown as () => unknown)(),
    () => new (1 as unknown as new () => unknown)(),
    () => JSON.parse("{"),
    () => [].reduce((a) => a),
  ]) {
    assertEquals(await objects(() => after(() => call(() => (wrong() as { x: 1 }).x))), [
      "after:14 object:2",
    ]);
  }
});

test("a caught stack overflow leaves nothing behind", async () => {
  const { after, call, overflows, object } = program;
  for (const overflow of overflows) {
    const traces = await traced(() => {
      after(() => call(overflow));
      return call(() => object());
    });
    assertEquals(shadowStack[0], 1);
    const made = traces.filter(({ type }) => type === "Object").map(path);
    assertEquals(made.filter((at) => at === "after:14 object:2").length, 1);
    assertEquals(made.filter((at) => at === "call:3 object:2").length, 1);
  }
});

test("an overflow in async functions leaves nothing behind", async () => {
  const { foreverAsync, after, object } = program;
  assertEquals(
    (
      await objects(async () => {
        await foreverAsync().catch(() => {});
        await null;
        after(() => foreverAsync().catch(() => {}));
        await null;
        return object();
      })
    ).sort(),
    ["after:14 object:2", "object:2"],
  );
});

test("generators: closed early, thrown into, left alone", async () => {
  const { generator, call, object } = program;
  assertEquals(
    await objects(() => {
      for (const item of generator()) return item;
    }),
    ["generator:22 object:2", "generator:27 object:2"].sort(),
  );
  assertEquals(
    (
      await objects(() =>
        call(() => {
          const it = generator();
          it.next();
          it.throw(new Error("in"));
          return [it.return(), object()];
        }),
      )
    ).sort(),
    [
      "call:3 generator:22 object:2",
      "call:3 generator:25 object:2",
      "call:3 generator:27 object:2",
      "call:3 object:2",
    ],
  );
  assertEquals(
    (
      await objects(() => {
        const it = generator();
        call(() => it.next());
        return [object(), it];
      })
    ).sort(),
    ["call:3 generator:22 object:2", "object:2"],
  );
});

test("rejected promises", async () => {
  const { waits, rejects, fail, object } = program;
  assertEquals(await objects(() => waits(fail)), ["waits:35 object:2"]);
  assertEquals(await objects(() => waits(() => rejects(fail)).catch(() => object())), ["object:2"]);
  await traced(() => assertRejects(() => rejects(() => rejects(fail))));
  assertEquals(shadowStack[0], 1);
});

test("a module that throws while it is evaluated leaves the depth as it was", async () => {
  const throws = instrument(`const f = () => { throw new TypeError("from the top"); };\nf();`, {
    filename: "/app/throws.mjs",
    sourceType: "module",
  }).code;
  const waitsFirst = instrument(`await 1;\nconst f = () => { throw new TypeError("from the top"); };\nf();`, {
    filename: "/app/throws2.mjs",
    sourceType: "module",
  }).code;
  start(5);
  for (let i = 0; i < 3; i++) {
    await importText(throws).then(
      () => assert(false),
      (error) => assertEquals(error.message, "from the top"),
    );
    await importText(waitsFirst).then(
      () => assert(false),
      (error) => assertEquals(error.message, "from the top"),
    );
    await new Promise((resolve) => setTimeout(resolve, 0));
    assertEquals(shadowStack[0], 1);
  }
  stop();
});

test("start and stop in the middle of calls: functions are there from their next call on", async () => {
  const { call, object } = program;
  const traces: string[][] = [];
  for (let i = 0; i < 3; i++) {
    call(() =>
      call(() => {
        start(25);
        const kept = [object(), call(() => object())];
        traces.push([...takeSnapshot().traces].filter(({ type }) => type === "Object").map(path));
        stop();
        return kept;
      }),
    );
    assertEquals(shadowStack[0], 1);
  }
  // Of those that have called `start` without having been recorded, nothing is known.
  const each = ["call:3 object:2", "object:2"];
  assertEquals(
    traces.map((paths) => paths.sort()),
    [each, each, each],
  );
});

test("a restart with another nframe keeps the frames of functions that go on", async () => {
  const { run } = await instrumented(`
    export function run(restart) {
      const all = [];
      all.push(make(restart)); return all;
    }
    function make(restart) {
      ({}); restart(); const o = [{ made: 1 }]; return o;
    }
  `);
  start(10);
  run(() => {
    stop();
    start(20);
  });
  const paths = [...takeSnapshot().traces].filter(({ type }) => type === "Object").map(path);
  stop();
  assertEquals(paths, ["run:4 make:7"]);
});

test("soak: throws and rejections over 50,000 turns leave the depth at 1 and the paths bounded", async () => {
  const { worstDepth, finalDepth, failures, earlyPaths, finalPaths } = await soak(50_000, 1);
  assertEquals([worstDepth, finalDepth], [1, 1]);
  assert(failures > 10_000);
  assert(finalPaths < 1000 && finalPaths < earlyPaths * 2, `${earlyPaths} paths became ${finalPaths}`);
});
