import { readFileSync } from "node:fs";
import { test } from "node:test";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { tracemalloc, withFolder } from "./tracemalloc.ts";

/** What was done wrong, and the words that the one line on stderr must have. */
const WRONG_USAGES: readonly (readonly [words: string, message: string])[] = [
  ["", "a command is missing: run, hunt, top, tree, why, stats, diff, check, export, merge"],
  ["tpo", 'unknown command "tpo" (did you mean top?)'],
  ["frobnicate", 'unknown command "frobnicate"; see'],
  ["--vresion", "unknown option --vresion (did you mean --version?)"],
  ["--", "a command is missing"],
  ["top", "FILE is missing"],
  ["top a b", 'unexpected argument "b"'],
  ["top --lmit 3 a", "unknown option --lmit (did you mean --limit?)"],
  ["top -x a", "unknown option -x"],
  ["top a --limit", "--limit needs a value: a whole number from 1"],
  ["top --limit --json a", "--limit needs a value"],
  ["top --limit 1e3 a", '--limit must be a whole number from 1 to 1000000, not "1e3"'],
  ["top --limit=0 a", 'not "0"'],
  ["top --by linno a", 'not "linno" (did you mean lineno?)'],
  ["top --by ownline --cumulative a", "--cumulative cannot be used with --by ownline"],
  ["top --by type --cumulative a", "--cumulative cannot be used with --by type"],
  ["top --json=yes a", "--json takes no value"],
  ["top --include= a", "--include needs a value"],
  ["hunt", "the script is missing"],
  ["hunt test/cli/main_test.ts --url http://example.com/", "--allow-remote"],
  ["hunt test/cli/main_test.ts --url http://localhost/ --signal SIGUSR2", "exclude each other"],
  ["hunt test/cli/main_test.ts --header x", '--header must be like "Name: value"'],
  ["hunt test/cli/main_test.ts app-argument", "the program's own stand behind --"],
  ["mcp a b", 'unexpected argument "b"'],
  ["stats", "FILE is missing"],
  ["stats --by type a", "unknown option --by"],
  ["diff a", "NEW is missing"],
  ["diff --min-growth 1KX a b", '--min-growth must be a size like 4096, 512KiB or 1.5MiB, not "1KX"'],
  ["diff --cumulativ a b", "did you mean --cumulative?"],
  ["tree", "FILE is missing"],
  ["tree --min 101% a", '--min must be a percentage from 0% to 100%, not "101%"'],
  ["tree --measure sizes a", "(did you mean size?)"],
  ["tree --depth 0 a", "--depth must be a whole number from 1"],
  ["top --domain -1 a", "--domain needs a value"],
  ["merge a -o b", "a second FILE is missing"],
  ["merge a b", "--output is missing"],
  ["merge a b -o ./a", "--output ./a is one of the files to merge"],
  ["merge --samePid a b -o c", "unknown option --samePid (did you mean --same-pid?)"],
  ["export a", "--format is missing: heapprofile, speedscope, collapsed, csv, json, markdown"],
  ["export a --format pprof", "--format must be heapprofile, speedscope, collapsed, csv, json or markdown"],
  ["export a --format json --limit 5", "--limit is for --format csv and markdown, not for json"],
  ["export a --format csv --against b", "--against is for --format markdown, not for csv"],
  ["export a --format csv --by type --cumulative", "--cumulative cannot be used with --by type"],
  ["export --format json", "FILE is missing"],
  ["check a", "--against is missing"],
  ["check a --against b", "--max-growth is missing"],
  ["check a --against b --max-growth much", "--max-growth must be a percentage like 5%, or a size like 4096"],
  ["check a --against b --max-growth 5% --json --markdown", "--json and --markdown exclude each other"],
  ["run", "the script is missing"],
  ["run --", "the script is missing"],
  ["run -", "- is not supported: give the name of a script file"],
  ["run -e 1", "-e is not supported"],
  ["run --runtime pyhton a", "--runtime must be node, deno or bun"],
  ["run --runtime dneo a", "(did you mean deno?)"],
  ["run --nframe 65536 a", 'must be a whole number from 1 to 65535, not "65536"'],
  ["run --nframe -1 a", "--nframe needs a value"],
  ["run --sample 0 a", "--sample must be a whole number from 1"],
  ["run --exact --sample 5 a", "--exact and --sample exclude each other"],
  ["run --nfrmae 5 a", "did you mean --nframe?"],
];

for (const [words, message] of WRONG_USAGES) {
  test(`tracemalloc ${words}: wrong usage ends with 2 and one line`, () => {
    const { code, stdout, stderr } = tracemalloc(words.split(" ").filter((word) => word !== ""));
    assertEquals(code, 2, stderr);
    assertEquals(stdout, "");
    assertMatch(stderr, /^tracemalloc: [^\n]*; see tracemalloc [a-z ]*--help\n$/);
    assertStringIncludes(stderr, message);
  });
}

for (const command of ["top", "stats"]) {
  test(`tracemalloc ${command}: a file that cannot be read ends with 1 and one line`, async () => {
    await withFolder({ "foreign.pb.gz": "no snapshot at all\n", "empty.pb.gz": "" }, (cwd) => {
      for (const [file, reason] of [
        ["missing.pb.gz", "cannot read missing.pb.gz: no such file"],
        [".", "cannot read .: it is no regular file"],
        ["foreign.pb.gz/x", "cannot read foreign.pb.gz/x: a part of the path is no directory"],
        ["mis\x1b[31m\nsing", "cannot read mis\\x1b[31m\\nsing: no such file"],
        ["foreign.pb.gz", "foreign.pb.gz"],
        ["empty.pb.gz", "empty.pb.gz"],
      ]) {
        const { code, stdout, stderr } = tracemalloc([command, file], { cwd });
        assertEquals(code, 1, stderr);
        assertEquals(stdout, "");
        assertMatch(stderr, /^tracemalloc: [^\n]*\n$/);
        assertStringIncludes(stderr, reason);
      }
    });
  });
}

test("tracemalloc diff: names the file that cannot be read", () => {
  const { code, stderr } = tracemalloc(["diff", "old.pb.gz", "new.pb.gz"]);
  assertEquals([code, stderr], [1, "tracemalloc: diff: cannot read old.pb.gz: no such file\n"]);
});

test("tracemalloc --version prints the version of the package", () => {
  const { code, stdout, stderr } = tracemalloc(["--version"]);
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^\d+\.\d+\.\d+[^\n]*\n$/);
});

test("--help prints the help of the program, and of each command", () => {
  const help = tracemalloc(["--help"]);
  assertEquals([help.code, help.stderr], [0, ""]);
  const [, list = ""] = /^Commands:\n(.*?)^$/ms.exec(help.stdout) ?? [];
  const commands = [...list.matchAll(/^ {2}(\w+) {2,}\w/gm)].map(([, name]) => name!);
  assert(commands.length >= 10, help.stdout);
  const page = readFileSync(new URL("../../docs/command-line.md", import.meta.url), "utf8");
  for (const command of commands) {
    assertMatch(page, new RegExp(`\`${command}\\b`), "docs/command-line.md");
    for (const flag of ["--help", "-h"]) {
      const { code, stdout, stderr } = tracemalloc([command, flag]);
      assertEquals([code, stderr], [0, ""]);
      assertStringIncludes(stdout, `  tracemalloc ${command} [options] `);
    }
  }
});

test("help has no colours outside of a terminal, also on a build machine", () => {
  for (const env of [{ CI: "true", GITHUB_ACTIONS: "true" }, { FORCE_COLOR: "1" }] as Record<
    string,
    string
  >[]) {
    const { stdout } = tracemalloc(["top", "--help"], { env });
    assert(!stdout.includes("\x1b") && stdout.length > 100, JSON.stringify(stdout));
  }
});
