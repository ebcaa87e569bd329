import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { detectEngine } from "../../src/host/engine.ts";
import { detectEngine as detectInPage } from "../../src/host/engine_in_page.ts";
import { host } from "../../src/host/host.ts";

/** What is said where the global object has these. */
function engineWith(globals: Readonly<Record<string, unknown>>, detect: () => string): string {
  const before = Object.entries(globals).map(
    ([name]) => [name, Object.getOwnPropertyDescriptor(host, name)] as const,
  );
  try {
    for (const [name, value] of Object.entries(globals))
      Object.defineProperty(host, name, { value, configurable: true, writable: true });
    return detect();
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor === undefined) Reflect.deleteProperty(host, name);
      else Object.defineProperty(host, name, descriptor);
    }
  }
}

/** Bun's name cannot be taken from it. */
const isBun = host.Bun !== undefined;
const NODE = { node: "24.0.0", v8: "13.6" };

test("V8 compresses pointers in Electron, in its pages too, and in a Node that was built so: objects take half", () => {
  if (isBun) return assertEquals(detectEngine(), "jsc");
  const other = { Bun: undefined, Deno: undefined };
  const uncompressed = { variables: { v8_enable_pointer_compression: 0 } };
  const compressed = { variables: { v8_enable_pointer_compression: 1 } };
  const inNode = (process: object): string => engineWith({ ...other, process }, detectEngine);
  assertEquals(inNode({ versions: NODE }), "v8");
  assertEquals(inNode({ versions: NODE, config: uncompressed }), "v8");
  assertEquals(inNode({ versions: NODE, config: compressed }), "v8-compressed");
  assertEquals(inNode({ versions: { ...NODE, electron: "37.0.0" }, config: uncompressed }), "v8-compressed");

  const inPage = (process: unknown): string => engineWith({ ...other, process }, detectInPage);
  assertEquals(inPage({ versions: NODE }), "v8");
  const withoutProcess = inPage(undefined);
  assertEquals(inPage({ type: "renderer", versions: { ...NODE, electron: "37.0.0" } }), withoutProcess);
  assertEquals(withoutProcess, "v8-compressed");
});

test("Bun and Deno are told by their own names, whatever their `process` says", () => {
  if (isBun) return assertEquals(detectEngine(), "jsc");
  const process = { versions: { ...NODE, electron: "37.0.0" } };
  assertEquals(engineWith({ Bun: { version: "1.4.5" }, process }, detectEngine), "jsc");
  assertEquals(
    engineWith({ Bun: undefined, Deno: { version: { deno: "2.9.6" } }, process }, detectEngine),
    "v8",
  );
});
