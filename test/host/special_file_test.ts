import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { descriptorOf, isSpecial } from "../../src/host/special_file.ts";

test("descriptorOf() knows the names of a process's own descriptors", () => {
  const names = ["/dev/stdout", "/dev/stderr", "/dev/fd/1", "/dev/fd/63", "/proc/self/fd/7"];
  assertEquals(names.map(descriptorOf), [1, 2, 1, 63, 7]);
  const others = [
    "/dev/null",
    "/dev/fd",
    "/dev/fd/",
    "/dev/fd/x",
    "/dev/fd/1/a",
    "/home/dev/fd/1",
    "/dev/fd/1.pb.gz",
    "",
  ];
  assertEquals(
    others.map(descriptorOf),
    others.map(() => null),
  );
});

test("isSpecial() tells what is no file that one can replace, and never throws", () => {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-special-"));
  const at = (name: string): string => join(folder, name);
  try {
    writeFileSync(at("file"), "");
    spawnSync("mkfifo", [at("pipe")]);
    const names = [
      "/dev/null",
      "/dev/stdout",
      at("pipe"),
      at("file"),
      at("none"),
      at("file/below"),
      folder,
      "a\0b",
    ];
    assertEquals(names.map(isSpecial), [true, true, true, false, false, false, false, false]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
