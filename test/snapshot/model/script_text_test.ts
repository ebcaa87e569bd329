import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { readScript } from "../../../src/snapshot/model/script_text.ts";
import { readScript as readInPage } from "../../../src/snapshot/model/script_text_in_page.ts";
import { withFolder } from "../../cli/tracemalloc.ts";

const text = (name: string): string | undefined => readScript(name)?.text;

test("source files are read, links to them too", () =>
  withFolder({ "a.ts": "one\n", "b.cjs": "two", "page.svelte": "three", "main.go": "four" }, (folder) => {
    symlinkSync(join(folder, "a.ts"), join(folder, "link.js"));
    const names = ["a.ts", "b.cjs", "page.svelte", "main.go", "link.js"];
    assertEquals(
      names.map((name) => text(join(folder, name))),
      ["one\n", "two", "three", "four", "one\n"],
    );
    assert(Math.abs(readScript(join(folder, "a.ts"))!.changed - Date.now()) < 60_000);
    assertEquals(readInPage(join(folder, "a.ts")), undefined);
  }));

test("nothing else is read: a snapshot may name any file of this machine", () =>
  withFolder(
    {
      secret: "key",
      ".env": "key",
      ".js": "key",
      id_ed25519: "key",
      "a.json": "1",
      "a.pem": "key",
      "n.js": "a\0b",
    },
    (folder) => {
      symlinkSync(join(folder, "secret"), join(folder, "link.js"));
      symlinkSync("/dev/zero", join(folder, "zero.js"));
      symlinkSync(folder, join(folder, "folder-link.js"));
      mkdirSync(join(folder, "folder.js"));
      spawnSync("mkfifo", [join(folder, "pipe.js")]);
      writeFileSync(join(folder, "binary.js"), Uint8Array.of(0x61, 0xff));
      writeFileSync(join(folder, "huge.js"), "");
      truncateSync(join(folder, "huge.js"), 2 ** 25 + 1);
      const own =
        "secret .env .js id_ed25519 a.json a.pem n.js link.js zero.js folder-link.js folder.js pipe.js binary.js huge.js none.js";
      const names = [
        ...own.split(" ").map((name) => join(folder, name)),
        ...["/etc/passwd", "/dev/stdin", "/proc/kmsg", "/proc/self/environ", "", "<unknown>", "\0.js"],
        ...[
          "https://example.org/a.js",
          `file://${folder}/a.js`,
          "\\\\host\\share\\a.js",
          "//host/share/a.js",
        ],
      ];
      for (const name of names) assertEquals(readScript(name), undefined, name);
    },
  ));
