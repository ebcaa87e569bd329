// A view that is given a buffer has not made it: the buffer, and its bytes outside the heap, count once.
import { test } from "node:test";
import { assert } from "@std/assert";
import { collect, start, stop, takeSnapshot } from "../../../mod.ts";
import { instrumented } from "../../instrumented.ts";

const program = await instrumented(`
  export const views = () => {
    const whole = new Uint8Array(100), buffer = new ArrayBuffer(200), small = new ArrayBuffer(8);
    return [whole, whole.subarray(3, 9), buffer, new Uint8Array(buffer, 8, 16), small, new DataView(small)];
  };
`);

const COUNT = 4000;

test("where some objects are followed, buffers that views are given count once", async () => {
  start({ sampling: "adaptive", seed: 7 });
  try {
    const kept: object[] = [];
    for (let i = 0; i < COUNT; i++) kept.push(program.views());
    await collect();
    const types = new Map(
      takeSnapshot()
        .statistics("type")
        .map(({ key, count }) => [key, count / kept.length]),
    );
    // Two that the program has made, and what is outside the heap of these and the typed array's own.
    const counts = { ArrayBuffer: 5, Uint8Array: 3, DataView: 1 };
    for (const [type, count] of Object.entries(counts))
      assert(Math.abs(types.get(type)! / count - 1) < 0.1, `${types.get(type)} of ${type}, not ${count}`);
  } finally {
    stop();
  }
});
