import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Cache, createCache } from "../../../src/instrument/cache/cache.ts";

function withFolder(body: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-cache-"));
  try {
    body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const key = { source: "a", filename: "/a.js", options: ["module", false] };
const LEFT = `${"a".repeat(64)}.12.0123456789ab.tmp`;
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
    writeFileSync(join(folder, LEFT), "");
    utimesSync(join(folder, LEFT), daysAgo(2), daysAgo(2));
    const prune = (maxBytes: number): void => {
      rmSync(join(folder, ".pruned"));
      createCache({ folder, fingerprint: "1", maxBytes, maxDays: 25 }).set({ ...key, source: "new" }, "new");
    };
    prune(1e9);
    const kept = entriesOf(folder);
    assert(!kept.includes(LEFT));
    assertEquals(
      names.filter((name) => kept.includes(name)),
      names.slice(0, 3),
    );
    prune(2200);
    assert(kept.includes(names[0]!) && !entriesOf(folder).includes(names[2]!));
  });
});

const isWindows = process.platform === "win32";
const self = process.geteuid?.() ?? -1;

/** Makes a path somebody else's, as far as this user may; gives the user to say that the cache is run by. */
function giveAway(path: string): number {
  if (self !== 0) return self + 1;
  chownSync(path, 12_345, 12_345);
  return self;
}

/** A cache whose folder holds one entry, then `change`d; what it answers, and what it says. */
function afterwards(change: (entry: string, folder: string) => number | void): {
  code: string | null;
  again: string | null;
  warnings: string[];
  path: string;
} {
  let result: ReturnType<typeof afterwards> | undefined;
  withFolder((above) => {
    const folder = join(above, "cache");
    createCache({ folder, fingerprint: "1" }).set(key, "the code");
    const path = join(folder, entriesOf(folder)[0]!);
    const user = change(path, folder) ?? self;
    const warnings: string[] = [];
    const warn = (message: string): void => void warnings.push(message);
    const cache = createCache({ folder, fingerprint: "1", user: user === -1 ? null : user, warn });
    const code = cache.get(key);
    cache.get(key);
    cache.set(key, "made anew");
    result = { code, warnings: [...warnings], path, again: cache.get(key) };
  });
  return result!;
}

test("an entry that anybody else may have written is not run, and is made anew", { skip: isWindows }, () => {
  const changes: Record<string, (entry: string) => number | void> = {
    "others may write": (entry) => chmodSync(entry, 0o666),
    "the group may write": (entry) => chmodSync(entry, 0o620),
    "a link": (entry) => {
      renameSync(entry, `${entry}.real`);
      symlinkSync(`${entry}.real`, entry);
    },
    "a device behind a link": (entry) => {
      rmSync(entry);
      symlinkSync("/dev/zero", entry);
    },
    "a pipe without a writer": (entry) => {
      rmSync(entry);
      assertEquals(spawnSync("mkfifo", [entry]).status, 0);
    },
    "a folder": (entry) => {
      rmSync(entry);
      mkdirSync(entry);
    },
  };
  if (self === 0) changes["another user's"] = giveAway;
  for (const [what, change] of Object.entries(changes)) {
    const { code, again, warnings, path } = afterwards(change);
    assertEquals([what, code, warnings.length], [what, null, 1]);
    assert(warnings[0]!.includes(path), warnings[0]);
    // A folder cannot be replaced.
    assertEquals([what, again], [what, what === "a folder" ? null : "made anew"]);
  }
});

test("a folder that anybody else may write to, and a link to one, are not used", { skip: isWindows }, () => {
  const changes: Record<string, (entry: string, folder: string) => number | void> = {
    "another user's": (_, folder) => giveAway(folder),
    "others may write": (_, folder) => chmodSync(folder, 0o777),
    "a link": (_, folder) => {
      renameSync(folder, `${folder}.real`);
      symlinkSync(`${folder}.real`, folder);
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    const { code, again, warnings } = afterwards(change);
    assertEquals([what, code, again, warnings.length], [what, null, null, 1]);
    assertMatch(warnings[0]!, /^tracemalloc: the cache in .*cache is not used: /);
  }
});

test("one entry under another's name is not taken for it", () => {
  withFolder((folder) => {
    const cache = createCache({ folder, fingerprint: "1" });
    cache.set(key, "the code");
    const [first] = entriesOf(folder);
    const other = { ...key, source: "other" };
    cache.set(other, "other code");
    const second = entriesOf(folder).find((name) => name !== first)!;
    rmSync(join(folder, second));
    linkSync(join(folder, first!), join(folder, second));
    assertEquals(cache.get(other), null);
  });
});

test("pruning removes entries alone, and writes to nothing that others have put there", {
  skip: isWindows,
}, () => {
  withFolder((above) => {
    const folder = join(above, "cache");
    const cache = createCache({ folder, fingerprint: "1" });
    cache.set(key, "old");
    const old = entriesOf(folder)[0]!;
    const victim = join(above, "victim");
    writeFileSync(victim, "precious");
    rmSync(join(folder, ".pruned"));
    symlinkSync(victim, join(folder, ".pruned"));
    const linked = "b".repeat(64);
    symlinkSync(victim, join(folder, linked));
    const others = ["notes.txt", "left.tmp", "a".repeat(63), "A".repeat(64), `${"a".repeat(64)}.bak`];
    for (const name of others) writeFileSync(join(folder, name), "not ours");
    for (const name of [old, ...others]) utimesSync(join(folder, name), 1, 1);
    utimesSync(victim, 1, 1);
    createCache({ folder, fingerprint: "1" }).set({ ...key, source: "new" }, "new");
    assert(!existsSync(join(folder, old)));
    for (const name of others) assert(existsSync(join(folder, name)), name);
    assert(lstatSync(join(folder, linked)).isSymbolicLink());
    assertEquals(readFileSync(victim, "utf8"), "precious");
    assert(lstatSync(join(folder, ".pruned")).isFile());
  });
});
