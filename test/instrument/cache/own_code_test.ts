import { realpathSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { assert, assertEquals, assertFalse } from "@std/assert";
import { createOwnCode } from "../../../src/instrument/cache/own_code.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const OWN = join(root, "src", "instrument", "instrument.ts");
const libraryFile = (...parts: string[]): string =>
  join(realpathSync(join(root, "node_modules", parts[0]!)), ...parts.slice(1));
const REMAPPING = libraryFile("@jridgewell/remapping", "dist", "remapping.mjs");
const TRACE_MAPPING = libraryFile("@jridgewell/trace-mapping", "dist", "trace-mapping.mjs");
const PICOMATCH = libraryFile("picomatch", "lib", "picomatch.js");

test("the package's files are its own, and what they import, and what that depends on", () => {
  const isOwn = createOwnCode();
  assert(isOwn(OWN, `import remapping from "@jridgewell/remapping";\nimport { x } from "./x.ts";`));
  assert(isOwn(REMAPPING, ""));
  assert(isOwn(TRACE_MAPPING, ""), "remapping depends on it");
  assertFalse(isOwn(PICOMATCH, ""), "nobody of ours has asked for it");
});

test("every form of import counts", () => {
  for (const text of [
    `import p from "picomatch";`,
    `import "picomatch";`,
    `await import("picomatch")`,
    `require("picomatch/posix")`,
  ]) {
    const isOwn = createOwnCode();
    isOwn(OWN, text);
    assert(isOwn(PICOMATCH, ""), text);
  }
});

test("a library that the program loads first stays the program's", () => {
  const isOwn = createOwnCode();
  assertFalse(isOwn(PICOMATCH, ""));
  isOwn(OWN, `import picomatch from "picomatch";`);
  assertFalse(isOwn(PICOMATCH, ""));
  assertFalse(isOwn(libraryFile("picomatch", "lib", "scan.js"), ""));
});

test("the program's files and their imports are the program's", () => {
  const isOwn = createOwnCode();
  const names = [
    "/app/main.ts",
    "/app/node_modules/picomatch/index.js",
    join(root, "examples", "x.js"),
    "https://host/x.js",
  ];
  assertEquals(
    names.filter((name) => isOwn(name, `import picomatch from "picomatch";`)),
    [],
  );
  assertFalse(isOwn(PICOMATCH, ""));
});

test("what is no dependency of this package is not taken: a test runner that a plugin of ours imports", () => {
  const isOwn = createOwnCode();
  assert(isOwn(join(root, "plugin", "testing", "vitest.ts"), `import { expect } from "vitest";`));
  assertFalse(isOwn(libraryFile("vitest", "dist", "index.js"), ""));
});
