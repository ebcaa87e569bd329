import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { Snapshot } from "../../../mod.ts";
import { encoder, newDecoder } from "../../../src/snapshot/pprof/text_coding.ts";

test("where there is no TextEncoder and no TextDecoder, as in Jest's jsdom, snapshots are written and read", () => {
  const snapshot = Snapshot.fromTraces([[0, 10, [["/한글.ts", 3]]]], 1);
  const names = ["TextDecoder", "TextEncoder"] as const;
  const before = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name)!);
  for (const name of names) delete (globalThis as { [name: string]: unknown })[name];
  try {
    const bytes = snapshot.toBytes();
    assertEquals(
      String(Snapshot.fromBytes(bytes).statistics("lineno")[0]),
      "/한글.ts:3: size=10 B, count=1, average=10 B",
    );
    assertEquals(newDecoder({ fatal: true }).decode(encoder().encode("한글")), "한글");
  } finally {
    names.forEach((name, index) => void Object.defineProperty(globalThis, name, before[index]!));
  }
});
