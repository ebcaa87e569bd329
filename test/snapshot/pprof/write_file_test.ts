import * as fs from "node:fs";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { readFileBytes, writeFileAtomically } from "../../../src/snapshot/pprof/files.ts";

function inFolder(body: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-"));
  try {
    body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs `body` with some functions of `node:fs` replaced. */
function withFileSystem(replaced: Record<string, unknown>, body: () => void): void {
  const original = process.getBuiltinModule;
  const broken = { ...fs, ...replaced };
  const get = (name: string): unknown => (name === "node:fs" ? broken : original.call(process, name));
  process.getBuiltinModule = get as typeof original;
  try {
    body();
  } finally {
    process.getBuiltinModule = original;
  }
}

const OLD = Uint8Array.of(1, 2, 3);
const NEW = Uint8Array.of(4, 5);

test("a file is written, and replaced", () => {
  inFolder((folder) => {
    const file = join(folder, "名 a.pb.gz");
    for (const bytes of [OLD, NEW, new Uint8Array()]) {
      writeFileAtomically(file, bytes);
      assertEquals(readFileBytes(file), bytes);
      assertEquals(readdirSync(folder), ["名 a.pb.gz"]);
    }
  });
});

test("a large file is read whole", () => {
  inFolder((folder) => {
    const file = join(folder, "large");
    const bytes = Uint8Array.from({ length: 1_000_003 }, (_, i) => i * 7);
    writeFileAtomically(file, bytes);
    assertEquals(readFileBytes(file), bytes);
  });
});

test("permissions and links survive", () => {
  inFolder((folder) => {
    const file = join(folder, "a");
    const link = join(folder, "link");
    writeFileSync(file, OLD, { mode: 0o600 });
    symlinkSync(file, link);
    writeFileAtomically(link, NEW);
    assertEquals(new Uint8Array(readFileSync(file)), NEW);
    if (process.platform !== "win32") assertEquals(statSync(file).mode & 0o777, 0o600);
    assertEquals(readdirSync(folder).sort(), ["a", "link"]);
  });
});

test("a new file has the mode that the umask gives, an old one keeps its own", {
  // Windows has neither.
  skip: process.platform === "win32",
}, () => {
  const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);
  for (const [umask, expected] of [
    [0o022, "644"],
    [0o077, "600"],
    [0o002, "664"],
  ] as const) {
    inFolder((folder) => {
      const before = process.umask(umask);
      try {
        writeFileAtomically(join(folder, "new"), NEW);
        for (const mode of [0o666, 0o640, 0o600]) {
          const old = join(folder, `old-${mode}`);
          writeFileSync(old, OLD);
          chmodSync(old, mode);
          writeFileAtomically(old, NEW);
          assertEquals(modeOf(old), mode.toString(8));
        }
      } finally {
        process.umask(before);
      }
      assertEquals(modeOf(join(folder, "new")), expected);
    });
  }
});

test("a failed write leaves the old file as it was, and nothing beside it", () => {
  const full = (): never => {
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  };
  const half = (path: string, bytes: Uint8Array): never => {
    writeFileSync(path, bytes.subarray(0, 1));
    return full();
  };
  inFolder((folder) => {
    const file = join(folder, "a.pb.gz");
    writeFileSync(file, OLD);
    for (const replaced of [{ writeFileSync: half }, { renameSync: full }]) {
      withFileSystem(replaced, () => {
        const error = assertThrows(() => writeFileAtomically(file, NEW), Error, "ENOSPC");
        assert(error.message.includes(file), error.message);
        assertEquals((error as Error & { code: string }).code, "ENOSPC");
      });
      assertEquals(new Uint8Array(readFileSync(file)), OLD);
      assertEquals(readdirSync(folder), ["a.pb.gz"]);
    }
  });
});

test("a folder is no file to write", () => {
  inFolder((folder) => {
    const target = join(folder, "target");
    mkdirSync(target);
    const error = assertThrows(() => writeFileAtomically(target, NEW), Error);
    assert(error.message.includes(target), error.message);
    assertEquals(readdirSync(folder), ["target"]);
    assertEquals(readdirSync(target), []);
    assertThrows(() => readFileBytes(target), Error, target);
  });
});

test("missing folders and files are named", () => {
  inFolder((folder) => {
    const file = join(folder, "missing", "a.pb.gz");
    assertThrows(() => writeFileAtomically(file, NEW), Error, file);
    assertThrows(() => readFileBytes(file), Error, file);
    assertEquals(readdirSync(folder), []);
  });
});

test("what is no regular file is written to, not replaced", () => {
  if (process.platform === "win32") return;
  writeFileAtomically("/dev/null", NEW);
  assertEquals(statSync("/dev/null").isFile(), false);
  assertEquals(readFileBytes("/dev/null").length, 0);
});

test("without a file system the error says what else there is", () => {
  const original = process.getBuiltinModule;
  process.getBuiltinModule = (() => undefined) as unknown as typeof original;
  try {
    assertThrows(() => writeFileAtomically("a", NEW), Error, "toBytes()");
    assertThrows(() => readFileBytes("a"), Error, "fromBytes()");
  } finally {
    process.getBuiltinModule = original;
  }
});
