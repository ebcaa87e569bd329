// Small Buffers of Node and Deno share a pool outside the heap: its bytes are allocated once, however many views there are.
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { collect, start, stop, takeSnapshot } from "../../../mod.ts";
import { instrumented } from "../../instrumented.ts";

Object.assign(globalThis, { Buffer });
const program = await instrumented(`
  export const from = () => Buffer.from("x");
  export const allocUnsafe = () => Buffer.allocUnsafe(10);
`);

const VIEWS = 30_000;

for (const sampling of ["exact", "adaptive", 4096] as const) {
  for (const name of ["from", "allocUnsafe"]) {
    test(`${sampling}: a pool that many Buffers of ${name}() share counts once`, async () => {
      start({ sampling, seed: 7 });
      try {
        const kept: Buffer[] = [];
        for (let i = 0; i < VIEWS; i++) kept.push(program[name]());
        await collect();
        // By bytes, each view has its own part of the pool; else the pool counts, and the first may be from before.
        const isByView = sampling === 4096 && kept[0].buffer.byteLength > kept[0].byteLength;
        const parts: { byteLength: number }[] = isByView
          ? kept
          : [...new Set(kept.map(({ buffer }) => buffer))];
        const bytes = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
        const external = takeSnapshot()
          .statistics("type")
          .find(({ key }) => key === "ArrayBuffer");
        const spare = sampling === 4096 ? bytes / 4 : 2 ** 16 + 64;
        const { allocatedSize, size } = external ?? { allocatedSize: 0, size: 0 };
        assert(
          Math.abs(allocatedSize - bytes) <= spare,
          `${allocatedSize} B of ${parts.length} parts, ${bytes} B`,
        );
        assert(size <= allocatedSize, `${size} of ${allocatedSize}`);
        if (sampling === "exact") assertEquals(size, allocatedSize);
      } finally {
        stop();
      }
    });
  }
}
