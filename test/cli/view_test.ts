import { spawnSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import type { DiffReport } from "../../src/report/views/diff.ts";
import { TENTHS_RULE } from "../../src/report/views/line_marks.ts";
import type { ShortLivedReport } from "../../src/report/views/short_lived.ts";
import type { StatsReport } from "../../src/report/views/stats.ts";
import type { TopReport } from "../../src/report/views/top.ts";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";
import { blocksAt, snapshotOf } from "../report/fixtures.ts";
import { COMMAND, tracemalloc, withFolder } from "./tracemalloc.ts";

const SOURCE = "const cache = new Map();\n  cache.set(key, { value });\n";

/** A folder with a source file, two snapshots of it, and one whose names are hostile. */
function withSnapshots(use: (folder: string) => void): Promise<void> {
  return withFolder({ "app.ts": SOURCE }, (folder) => {
    const app = join(folder, "app.ts");
    const other = blocksAt(1, 512, "lib.ts:9", `${app}:1`);
    snapshotOf(blocksAt(10, 1024, `${app}:2`, `${app}:1`), other).dump(join(folder, "old.pb.gz"));
    snapshotOf(blocksAt(50, 1024, `${app}:2`, `${app}:1`), other).dump(join(folder, "new.pb.gz"));
    snapshotOf(blocksAt(1, 64, "\x1b]0;x\x07\n\u202e\x9b.ts:1")).dump(join(folder, "hostile.pb.gz"));
    use(folder);
  });
}

test("tracemalloc top prints the pretty top with source lines", () =>
  withSnapshots((cwd) => {
    const { code, stdout, stderr } = tracemalloc(["top", "old.pb.gz"], { cwd });
    assertEquals([code, stderr], [0, ""]);
    assertEquals(stdout.split("\n"), [
      "Top 10 lines",
      `#1: ${cwd}/app.ts:2: 10.0 KiB`,
      "    cache.set(key, { value });",
      "#2: lib.ts:9: 512 B",
      "Total allocated size: 10.5 KiB",
      "",
    ]);
  }));

test("tracemalloc top takes its options before and after the file", () =>
  withSnapshots((cwd) => {
    const expected = `Top 1 files\n#1: ${cwd}/app.ts: 20.5 KiB\n1 other: 512 B\nTotal allocated size: 10.5 KiB\n`;
    const words = ["--by=filename", "--limit", "1", "--cumulative"];
    assertEquals(tracemalloc(["top", ...words, "old.pb.gz"], { cwd }).stdout, expected);
    assertEquals(tracemalloc(["top", "old.pb.gz", ...words], { cwd }).stdout, expected);
    const filtered = tracemalloc(["top", "old.pb.gz", "--include", "*.ts", "--exclude", "*/app.ts"], { cwd });
    assertEquals(filtered.stdout, "Top 10 lines\n#1: lib.ts:9: 512 B\nTotal allocated size: 512 B\n");
  }));

test("tracemalloc top --json has figures in bytes", () =>
  withSnapshots((cwd) => {
    const { code, stdout } = tracemalloc(["top", "--json", "--limit", "1", "old.pb.gz"], { cwd });
    const report: TopReport & { file: string; notes: string[] } = JSON.parse(stdout);
    assertEquals(code, 0);
    const { top, ...rest } = report;
    assertEquals(rest, {
      file: "old.pb.gz",
      by: "lineno",
      cumulative: false,
      limit: 1,
      other: { entries: 1, size: 512, count: 1 },
      unknown: { entries: 0, size: 0, count: 0 },
      total: { entries: 2, size: 10752, count: 11 },
      suspects: [],
      suspectsRule: TENTHS_RULE,
      notes: [],
    });
    assertEquals(top.length, 1);
    const { traceback, ...entry } = top[0];
    assertEquals(entry, {
      rank: 1,
      key: `${cwd}/app.ts:2`,
      size: 10240,
      count: 10,
      allocatedSize: 10240,
      allocatedCount: 10,
    });
    assertEquals(
      traceback.map(({ filename, lineno }) => [filename, lineno]),
      [[`${cwd}/app.ts`, 2]],
    );
  }));

test("tracemalloc diff prints what grew, and as JSON", () =>
  withSnapshots((cwd) => {
    const { code, stdout, stderr } = tracemalloc(["diff", "old.pb.gz", "new.pb.gz"], { cwd });
    assertEquals([code, stderr], [0, ""]);
    assertEquals(stdout.split("\n"), [
      "[ Top 10 differences ]",
      `${cwd}/app.ts:2: size=50.0 KiB (+40.0 KiB), count=50 (+40), average=1024 B`,
      "    cache.set(key, { value });",
      "1 unchanged",
      "Total: size=50.5 KiB (+40.0 KiB), count=51 (+40)",
      "",
    ]);
    const json = tracemalloc(["diff", "--json", "--by", "filename", "new.pb.gz", "old.pb.gz"], { cwd });
    const { top, ...rest }: DiffReport & { old: string; new: string; notes: string[] } = JSON.parse(
      json.stdout,
    );
    assertEquals(rest, {
      old: "new.pb.gz",
      new: "old.pb.gz",
      by: "filename",
      cumulative: false,
      limit: 10,
      other: { entries: 0, size: 0, sizeDiff: 0, count: 0, countDiff: 0 },
      unchanged: 1,
      total: { entries: 2, size: 10752, sizeDiff: -40960, count: 11, countDiff: -40 },
      notes: [],
    });
    assertEquals([top[0].key, top[0].sizeDiff, top[0].countDiff], [`${cwd}/app.ts`, -40960, -40]);
  }));

test("tracemalloc stats prints totals, and as JSON", () =>
  withSnapshots((cwd) => {
    const { code, stdout, stderr } = tracemalloc(["stats", "old.pb.gz"], { cwd });
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(stdout, "Live:       10.5 KiB in 11 blocks\n");
    const report: StatsReport = JSON.parse(tracemalloc(["stats", "--json", "old.pb.gz"], { cwd }).stdout);
    assertEquals(report.total, { size: 10752, count: 11, allocatedSize: 10752, allocatedCount: 11 });
    assertEquals([report.tracebacks, report.tracebackLimit], [2, 25]);
    assertEquals(report.domains, [{ domain: 0, name: "objects", ...report.total }]);
    assertEquals(
      report.types.map(({ size }) => size),
      [10752],
    );
    assertEquals(report.histogram, [
      { from: 512, to: 1024, count: 1, size: 512 },
      { from: 1024, to: 2048, count: 10, size: 10240 },
    ]);
    assertEquals(
      report.allocatorsBySize.map(({ lineno }) => lineno),
      [2, 9],
    );
    assertEquals(
      report.allocatorsByCount.map(({ allocatedCount }) => allocatedCount),
      [10, 1],
    );
  }));

test("no view lets a hostile name reach the terminal", () =>
  withSnapshots((cwd) => {
    for (const words of [["top"], ["top", "--by", "traceback"], ["stats"], ["diff", "old.pb.gz"]]) {
      for (const format of [[], ["--json"]]) {
        const { code, stdout } = tracemalloc([...words, "hostile.pb.gz", ...format], { cwd });
        assertEquals(code, 0);
        assertFalse(/(?!\n)[\p{Cc}\p{Cf}]/u.test(stdout), JSON.stringify(stdout));
        assertStringIncludes(stdout, "]0;x");
      }
    }
  }));

test("a reader that goes away ends the command quietly", () =>
  withSnapshots((cwd) => {
    const [program, ...args] = COMMAND;
    const words = [program, ...args, "top", "--json", "new.pb.gz"].map((word) => `'${word}'`).join(" ");
    const { stdout, stderr, status } = spawnSync("/bin/sh", ["-c", `{ ${words}; echo "$?" >&2; } | true`], {
      cwd,
      encoding: "utf8",
    });
    assertEquals([status, stdout, stderr], [0, "", "0\n"]);
  }));

/** Runs a command on a terminal of 50 columns and gives what it wrote. */
const ON_TERMINAL = `
import fcntl, os, pty, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 50, 0, 0))
    os.execv(sys.argv[1], sys.argv[1:])
try:
    while data := os.read(terminal, 65536):
        os.write(1, data)
except OSError:
    pass
`;

// Deno moves the cursor of a terminal before the program starts, so not just any escape.
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
const COLOUR = /\x1b\[\d+m/;

const python = spawnSync("python3", ["-c", "import pty"]);

test(
  "on a terminal views have colours and its width, unless NO_COLOR says not",
  { skip: python.status !== 0 },
  () =>
    withSnapshots((cwd) => {
      const view = (env: Record<string, string>): string => {
        const { NO_COLOR, FORCE_COLOR, ...inherited } = process.env;
        const words = ["-c", ON_TERMINAL, ...COMMAND, "diff", "old.pb.gz", "new.pb.gz"];
        const { stdout, stderr } = spawnSync("python3", words, {
          cwd,
          encoding: "utf8",
          env: { ...inherited, TERM: "xterm", ...env },
        });
        assertEquals(stderr, "");
        return stdout;
      };
      const coloured = view({});
      assertStringIncludes(coloured, "\x1b[31m: size=50.0 KiB (+40.0 KiB)");
      for (const env of [{ NO_COLOR: "1" }, { TERM: "dumb" }] as Record<string, string>[]) {
        const plain = view(env);
        assertFalse(COLOUR.test(plain), JSON.stringify(plain));
        assertStringIncludes(plain, "app.ts:2: size=50.0 KiB (+40.0 KiB)");
        assertFalse(plain.includes(cwd), "a long path is cut");
      }
      assert(COLOUR.test(view({ NO_COLOR: "" })), "an empty NO_COLOR does not count");
    }),
);

test("tracemalloc top --short-lived shows what died again, and as JSON", () =>
  withFolder({ "app.ts": SOURCE }, (cwd) => {
    const live = snapshotOf(blocksAt(3, 1024, `${cwd}/app.ts:2`), blocksAt(2, 100, "lib.ts:9"));
    const { blocks } = live.columns;
    // Of line 2 there were 1,003 blocks once.
    const died = {
      allocatedCount: blocks.allocatedCount.map(
        (count, row) => count + (blocks.size[row] === 1024 ? 1000 : 0),
      ),
      allocatedSize: blocks.allocatedSize.map(
        (size, row) => size + (blocks.size[row] === 1024 ? 1_024_000 : 0),
      ),
    };
    new Snapshot({ ...live.columns, blocks: { ...blocks, ...died } }).dump(join(cwd, "app.pb.gz"));
    const { code, stdout, stderr } = tracemalloc(["top", "--short-lived", "app.pb.gz"], { cwd });
    assertEquals([code, stderr], [0, ""]);
    assertEquals(stdout.split("\n"), [
      "Top 10 lines by what died again",
      `#1: ${cwd}/app.ts:2: 1000 KiB, 1,000 of 1,003 blocks`,
      "    cache.set(key, { value });",
      "Total freed size: 1000 KiB of 1003 KiB",
      "",
    ]);
    const words = ["top", "--short-lived", "--by", "filename", "--json", "app.pb.gz"];
    const report: ShortLivedReport = JSON.parse(tracemalloc(words, { cwd }).stdout);
    assertEquals(
      report.shortLived.map(({ rank, key, freedSize, freedCount }) => [rank, key, freedSize, freedCount]),
      [[1, `${cwd}/app.ts`, 1_024_000, 1000]],
    );
    assertEquals(report.total, {
      freedSize: 1_024_000,
      freedCount: 1000,
      allocatedSize: 1_027_072,
      allocatedCount: 1003,
    });
    const traced = tracemalloc(["top", "--short-lived", "--by", "traceback", "app.pb.gz"], { cwd }).stdout;
    assertStringIncludes(traced, `#1: 1000 KiB, 1,000 of 1,003 blocks\n  File "${cwd}/app.ts", line 2`);
  }));

test("what a snapshot names is shown as source only where it is a source file, in every view", () =>
  withFolder({ ".env": "KEY=hidden-key", id_rsa: "hidden-key", "a.ts": "const shown = 1;" }, (cwd) => {
    symlinkSync(join(cwd, "id_rsa"), join(cwd, "link.ts"));
    spawnSync("mkfifo", [join(cwd, "pipe.ts")]);
    const names = [".env", "id_rsa", "link.ts", "pipe.ts", "a.ts"].map((name) => join(cwd, name));
    const all = [...names, "/etc/passwd", "/proc/kmsg", "/dev/zero"];
    const traces = all.flatMap((name) => blocksAt(2, 64, `${name}:1`));
    const file = join(cwd, "named.pb.gz");
    snapshotOf(traces).dump(file);
    for (const words of [
      "top FILE",
      "top --by traceback FILE",
      "diff other.pb.gz FILE",
      "export FILE --format markdown",
      "report FILE -o out.html",
    ]) {
      snapshotOf(blocksAt(1, 8, "other.ts:1")).dump(join(cwd, "other.pb.gz"));
      const { code, stdout, stderr } = tracemalloc(
        words.split(" ").map((word) => (word === "FILE" ? file : word)),
        { cwd },
      );
      assertEquals(code, 0, stderr);
      const shown = words.startsWith("report") ? readFileSync(join(cwd, "out.html"), "utf8") : stdout;
      assertStringIncludes(shown, "const shown = 1;", words);
      assertFalse(/hidden-key|root:x:/.test(shown), `${words}: ${shown.slice(0, 2000)}`);
    }
  }));
