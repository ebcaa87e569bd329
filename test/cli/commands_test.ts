import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { FORMATS } from "../../src/report/export/formats.ts";
import type { CheckReport } from "../../src/report/views/check.ts";
import type { GrowthReport } from "../../src/report/views/growth.ts";
import type { StatsReport } from "../../src/report/views/stats.ts";
import type { TreeReport } from "../../src/report/views/tree.ts";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";
import { blocksAt, snapshotOf } from "../report/fixtures.ts";
import { tracemalloc, withFolder } from "./tracemalloc.ts";

/** Three snapshots of a program whose second line leaks, each of another process, and one with a hostile name. */
function withSeries(use: (folder: string) => void): Promise<void> {
  return withFolder({}, (folder) => {
    for (const [step, name] of ["one", "two", "three"].entries()) {
      const leak = blocksAt(10 * (step + 1), 1024, `${folder}/app.ts:2`, `${folder}/main.ts:1`);
      const { columns } = snapshotOf(leak, blocksAt(1, 512, "lib.ts:9"));
      const time = new Date(Date.UTC(2026, 0, 1, 0, step)).toISOString();
      new Snapshot(columns, { pid: 100 + step, time }).dump(join(folder, `${name}.pb.gz`));
    }
    snapshotOf(blocksAt(1, 4096, "::error::\x1b[2J\n.ts:1")).dump(join(folder, "hostile.pb.gz"));
    use(folder);
  });
}

test("tracemalloc tree prints the tree, and as JSON", () =>
  withSeries((cwd) => {
    const { code, stdout, stderr } = tracemalloc(["tree", "one.pb.gz"], { cwd });
    assertEquals([code, stderr], [0, ""]);
    assertEquals(stdout.split("\n"), [
      "Live: 10.5 KiB in 11 blocks",
      `├─  95.2 %  10.0 KiB  ${cwd}/main.ts:1`,
      `│   95.2 %  10.0 KiB  ${cwd}/app.ts:2`,
      "└─   4.8 %     512 B  lib.ts:9",
      "",
    ]);
    const report: TreeReport & { file: string } = JSON.parse(
      tracemalloc(["tree", "--json", "--min", "50%", "one.pb.gz"], { cwd }).stdout,
    );
    assertEquals([report.file, report.total, report.nodes.length], ["one.pb.gz", 10752, 2]);
    assertEquals(report.hiddenInAll, { branches: 1, total: 512 });
  }));

test("tracemalloc diff of three lists what grew in every step, and as JSON", () =>
  withSeries((cwd) => {
    const files = ["one.pb.gz", "two.pb.gz", "three.pb.gz"];
    const { code, stdout, stderr } = tracemalloc(["diff", ...files], { cwd });
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(stdout, `${cwd}/app.ts:2: 10.0 KiB → 20.0 KiB → 30.0 KiB (+20.0 KiB)\n`);
    assertStringIncludes(stdout, "[ Top 10 differences ]\n");
    const report: { files: string[]; growth: GrowthReport } = JSON.parse(
      tracemalloc(["diff", "--json", "--min-growth", "1MiB", ...files], { cwd }).stdout,
    );
    assertEquals([report.files, report.growth.found], [files, 0]);
    const backwards = tracemalloc(["diff", ...files.toReversed()], { cwd });
    assertStringIncludes(backwards.stderr, "note: two.pb.gz was taken before three.pb.gz");
  }));

test("views tell packages, and the program's own lines that led to what they hold", () =>
  withFolder({}, (cwd) => {
    const router = `${cwd}/node_modules/express/router.js:7`;
    for (const [step, name] of ["old", "new"].entries()) {
      const routes = blocksAt(1000 * (step + 1), 1024, router, `${cwd}/app.ts:3`);
      snapshotOf(routes, blocksAt(1, 512, `${cwd}/app.ts:2`)).dump(join(cwd, `${name}.pb.gz`));
    }
    const run = (...words: string[]): string => tracemalloc(words, { cwd }).stdout;
    assertStringIncludes(
      run("top", "--by", "package", "new.pb.gz"),
      "#1: express: 2000 KiB\n#2: <own code>: 512 B\n",
    );
    assertStringIncludes(
      run("diff", "--by", "package", "old.pb.gz", "new.pb.gz"),
      "express: size=2000 KiB (+1000 KiB), count=2000 (+1000)",
    );
    assertStringIncludes(
      run("top", "--by", "ownline", "new.pb.gz"),
      `Top 10 lines of the program's own\n#1: ${cwd}/app.ts:3: 2000 KiB\n`,
    );
    const limit = ["--max-growth", "10%", "--by", "package"];
    assertStringIncludes(
      run("check", "new.pb.gz", "--against", "old.pb.gz", ...limit),
      "1 packages grew by more than 10 %",
    );
    const { packages }: StatsReport = JSON.parse(run("stats", "--json", "new.pb.gz"));
    assertEquals(
      packages.map((one) => [one.package, one.size, one.count]),
      [
        ["express", 2_048_000, 2000],
        ["<own code>", 512, 1],
      ],
    );
    assertStringIncludes(run("stats", "new.pb.gz"), "Packages whose lines hold the most memory\n");
  }));

test("tracemalloc merge writes one snapshot of several processes", () =>
  withSeries((cwd) => {
    const merged = tracemalloc(["merge", "one.pb.gz", "two.pb.gz", "-o", "all.pb.gz"], { cwd });
    assertEquals([merged.code, merged.stdout, merged.stderr], [0, "", ""]);
    const { stdout } = tracemalloc(["top", "--by", "process", "all.pb.gz"], { cwd });
    assertEquals(
      stdout,
      "Top 10 processes\n#1: pid 101: 20.5 KiB\n#2: pid 100: 10.5 KiB\nTotal allocated size: 31.0 KiB\n",
    );
    const twice = tracemalloc(["merge", "one.pb.gz", "all.pb.gz", "-o", "no.pb.gz"], { cwd });
    assertEquals([twice.code, twice.stdout], [1, ""]);
    assertMatch(twice.stderr, /one\.pb\.gz and all\.pb\.gz are both of process 100.*\(--same-pid if .*\)\n$/);
  }));

test("tracemalloc check ends with 0 in one line, and with 1 and a table when memory grew", () =>
  withSeries((cwd) => {
    const check = (...words: string[]): ReturnType<typeof tracemalloc> =>
      tracemalloc(["check", "two.pb.gz", "--against", "one.pb.gz", ...words], { cwd });
    const good = check("--max-growth", "100%");
    assertEquals(
      [good.code, good.stdout, good.stderr],
      [0, "ok: live memory 10.5 KiB -> 20.5 KiB (+10.0 KiB, +95.2 %), allowed is 100 %\n", ""],
    );
    const bad = check("--max-growth", "8KiB", "--by", "lineno");
    assertEquals(bad.code, 1);
    assertMatch(
      bad.stdout,
      /^FAILED: .* more than 8 KiB: .*; 1 lines grew by more than 8 KiB\n.*old.*\n.*app\.ts:2 .*\+10\.0 KiB.*\n$/,
    );
    const json = check("--max-growth", "5%", "--json");
    const report: CheckReport & { file: string; against: string } = JSON.parse(json.stdout);
    assertEquals([json.code, report.ok, report.file, report.against], [1, false, "two.pb.gz", "one.pb.gz"]);
    assertStringIncludes(
      check("--max-growth", "5%", "--markdown").stdout,
      "| lines | old | new | growth | share |",
    );
  }));

test("on GitHub, check annotates lines, and no name is taken for a command", () =>
  withSeries((cwd) => {
    const env = { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: cwd };
    const check = (file: string): string[] =>
      tracemalloc(["check", file, "--against", "one.pb.gz", "--max-growth", "0", "--by", "lineno"], {
        cwd,
        env,
      })
        .stdout.trimEnd()
        .split("\n");
    const lines = check("two.pb.gz");
    assertMatch(lines.at(-1)!, /^::error file=app\.ts,line=2,title=tracemalloc check::live memory grew: /);
    const hostile = check("hostile.pb.gz");
    const [, token] = /^::stop-commands::(.+)$/.exec(hostile[0]) ?? [];
    const end = hostile.indexOf(`::${token}::`);
    assert(end > 0);
    for (const line of hostile.slice(end + 1))
      assertMatch(line, /^::error (?:file=[^:,]*,line=1,)?title=tracemalloc check::/);
    assertFalse(hostile.join("").includes("\x1b"));
  }));

test("tracemalloc export writes every format, to a file or to standard output", () =>
  withSeries((cwd) => {
    for (const format of Object.keys(FORMATS)) {
      const words = ["export", "two.pb.gz", "--format", format];
      const printed = tracemalloc(words, { cwd });
      assertEquals([printed.code, printed.stderr], [0, ""], format);
      assertStringIncludes(printed.stdout, "app.ts");
      const written = tracemalloc([...words, "-o", "out"], { cwd });
      assertEquals([written.code, written.stdout, written.stderr], [0, "", ""]);
      assertEquals(readFileSync(join(cwd, "out"), "utf8"), printed.stdout);
    }
    const grown = tracemalloc(["export", "two.pb.gz", "-f", "markdown", "--against", "one.pb.gz"], { cwd });
    assertStringIncludes(grown.stdout, "In all: +10.0 KiB.");
  }));
