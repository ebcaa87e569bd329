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
        // By bytes, each view has its own part of the pool; else the pool counts, but the newest, and the first may be from before.
        const isShared = kept[0].buffer.byteLength > kept[0].byteLength;
        const pools = new Set(kept.map(({ buffer }) => buffer));
        if (isShared) pools.delete(kept.at(-1)!.buffer);
        const parts: { byteLength: number }[] = isShared && sampling === 4096 ? kept : [...pools];
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

/** In a function of its own: what its variables hold is garbage afterwards. */
function fillPools(kept: Buffer[], external: () => number): void {
  const nextPool = (): ArrayBufferLike => {
    const { buffer } = kept.at(-1)!;
    while (kept.at(-1)!.buffer === buffer) kept.push(program.from());
    return kept.at(-1)!.buffer;
  };
  const { byteLength } = nextPool();
  const atFirst = external();
  assert(atFirst <= byteLength, "at most one is from before");
  nextPool();
  assertEquals(external() - atFirst, byteLength);
}

// Bun has no pool.
if (Buffer.from("x").buffer.byteLength > 1) {
  for (const sampling of ["exact", "adaptive"] as const) {
    test(`${sampling}: the pool that the runtime itself holds is no line's`, async () => {
      start({ sampling, seed: 7 });
      try {
        const external = (): number =>
          takeSnapshot()
            .statistics("type")
            .find(({ key }) => key === "ArrayBuffer")?.size ?? 0;
        const kept = [program.from()];
        fillPools(kept, external);
        kept.length = 0;
        await collect();
        assertEquals(external(), 0);
      } finally {
        stop();
      }
    });
  }
}
