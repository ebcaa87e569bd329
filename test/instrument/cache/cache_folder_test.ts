import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { findCacheFolder, systemCacheFolder } from "../../../src/instrument/cache/cache_folder.ts";

function withFolder(body: (folder: string, env: Record<string, string>) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-cache-"));
  try {
    body(folder, { XDG_CACHE_HOME: join(folder, "xdg"), HOME: folder, LOCALAPPDATA: join(folder, "local") });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const self = process.geteuid?.() ?? -1;
const skip = process.platform === "win32";

test("the folder is that of the nearest node_modules, else the system's", () => {
  withFolder((folder, env) => {
    assert(findCacheFolder({ cwd: folder, env })?.startsWith(folder));
    writeFileSync(join(folder, "node_modules"), "no folder");
    assertEquals(findCacheFolder({ cwd: folder, env }), systemCacheFolder(env));
    assertEquals(findCacheFolder({ cwd: null, env }), systemCacheFolder(env));
    assertEquals(systemCacheFolder(env, "linux"), join(folder, "xdg/tracemalloc"));
    assertEquals(
      systemCacheFolder({ HOME: folder, XDG_CACHE_HOME: "relative" }, "linux"),
      join(folder, ".cache/tracemalloc"),
    );
    assertEquals(systemCacheFolder(env, "darwin"), join(folder, "Library/Caches/tracemalloc"));
    assertEquals(systemCacheFolder(env, "win32"), join(folder, "local/tracemalloc/Cache"));
    assertEquals(systemCacheFolder({}, "win32"), null);
  });
});

test("a folder made here is this user's alone", { skip }, () => {
  withFolder((cwd, env) => {
    mkdirSync(join(cwd, "node_modules"));
    const folder = findCacheFolder({ cwd, env })!;
    assertEquals(dirname(dirname(folder)), join(cwd, "node_modules"));
    assertEquals(lstatSync(folder).mode & 0o777, 0o700);
  });
});

test("a folder that is not to be trusted is passed over, and said", { skip }, () => {
  const changes: Record<string, (folder: string) => void> = {
    "others may write": (folder) => chmodSync(folder, 0o777),
    "a link": (folder) => {
      rmSync(folder, { recursive: true });
      symlinkSync(tmpdir(), folder);
    },
    "a link to nothing": (folder) => {
      rmSync(folder, { recursive: true });
      symlinkSync("/nowhere", folder);
    },
  };
  if (self === 0) changes["another user's"] = (folder) => chownSync(folder, 12_345, 12_345);
  for (const [what, change] of Object.entries(changes)) {
    withFolder((cwd, env) => {
      mkdirSync(join(cwd, "node_modules"));
      const folder = findCacheFolder({ cwd, env })!;
      change(folder);
      const warnings: string[] = [];
      const found = findCacheFolder({ cwd, env, warn: (message) => void warnings.push(message) });
      assertEquals([what, found, warnings.length], [what, systemCacheFolder(env), 1]);
      assertMatch(warnings[0]!, /not used: (?:others may write|it is a link|it belongs to user 12345)/);
    });
  }
});

test("nothing is made in a node_modules of somebody else's", { skip }, () => {
  withFolder((cwd, env) => {
    mkdirSync(join(cwd, "node_modules"));
    chmodSync(join(cwd, "node_modules"), 0o777);
    assertEquals(findCacheFolder({ cwd, env }), systemCacheFolder(env));
    assert(!existsSync(join(cwd, "node_modules/.cache")));
  });
});
