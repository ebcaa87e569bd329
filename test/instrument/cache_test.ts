import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { type Cache, createCache, findCacheFolder, systemCacheFolder } from "../../src/instrument/cache.ts";

function withFolder(body: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-cache-"));
  try {
    body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const key = { source: "a", filename: "/a.js", options: ["module", false] };
const entriesOf = (folder: string): string[] => readdirSync(folder).filter((name) => !name.startsWith("."));

test("an entry comes back whole, and only for the same key and fingerprint", () => {
  withFolder((folder) => {
    const cache = createCache({ folder, fingerprint: "1" });
    const code = "line\r\n\u{1F600}\u2028\0 end";
    cache.set(key, code);
    assertEquals(cache.get(key), code);
    assertEquals(createCache({ folder, fingerprint: "1" }).get({ ...key }), code);
    assertEquals(createCache({ folder, fingerprint: "2" }).get(key), null);
    for (const other of [{ source: "b" }, { filename: "/b.js" }, { options: ["module", "inline"] }]) {
      assertEquals(cache.get({ ...key, ...other }), null);
    }
    assertEquals(entriesOf(folder).length, 1);
  });
});

test("a damaged entry counts as missing and can be written again", () => {
  withFolder((folder) => {
    const cache = createCache({ folder, fingerprint: "1" });
    cache.set(key, "the code");
    const [name] = entriesOf(folder);
    const path = join(folder, name!);
    const whole = readFileSync(path, "utf8");
    for (const damaged of [
      "",
      "\n",
      "the code",
      whole.slice(0, -1),
      whole.replace("the", "The"),
      "x".repeat(99),
    ]) {
      writeFileSync(path, damaged);
      assertEquals(cache.get(key), null);
    }
    cache.set(key, "the code");
    assertEquals(cache.get(key), "the code");
  });
});

test("a place that cannot be written is given up silently", () => {
  withFolder((folder) => {
    writeFileSync(join(folder, "file"), "");
    for (const place of [join(folder, "file"), join(folder, "file/sub"), "/proc/none/cache"]) {
      const cache: Cache = createCache({ folder: place, fingerprint: "1" });
      cache.set(key, "code");
      assertEquals(cache.get(key), null);
    }
  });
});

test("old entries, abandoned temporary files and what exceeds the size are dropped", () => {
  withFolder((folder) => {
    const fill = createCache({ folder, fingerprint: "1" });
    for (let i = 0; i < 5; i++) fill.set({ ...key, source: `${i}` }, "x".repeat(1000));
    const names = entriesOf(folder);
    const daysAgo = (days: number): number => Date.now() / 1000 - days * 86_400;
    names.forEach((name, i) => void utimesSync(join(folder, name), daysAgo(i * 10), daysAgo(i * 10)));
    writeFileSync(join(folder, "left.tmp"), "");
    utimesSync(join(folder, "left.tmp"), daysAgo(2), daysAgo(2));
    const prune = (maxBytes: number): void => {
      rmSync(join(folder, ".pruned"));
      createCache({ folder, fingerprint: "1", maxBytes, maxDays: 25 }).set({ ...key, source: "new" }, "new");
    };
    prune(1e9);
    const kept = entriesOf(folder);
    assert(!kept.includes("left.tmp"));
    assertEquals(
      names.filter((name) => kept.includes(name)),
      names.slice(0, 3),
    );
    prune(2200);
    assert(kept.includes(names[0]!) && !entriesOf(folder).includes(names[2]!));
  });
});

test("the folder is that of the nearest node_modules, else the system's", () => {
  withFolder((folder) => {
    const env = { XDG_CACHE_HOME: join(folder, "xdg"), HOME: folder, LOCALAPPDATA: join(folder, "local") };
    assert(findCacheFolder(folder, env)?.startsWith(folder));
    writeFileSync(join(folder, "node_modules"), "no folder");
    assertEquals(findCacheFolder(folder, env), systemCacheFolder(env));
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
