import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import type { ReportModel } from "../../src/report/html/model.ts";
import { unpackModel } from "../../src/report/html/packed_model.ts";
import { blocksAt, snapshotOf } from "../report/fixtures.ts";
import { tracemalloc, withFolder } from "./tracemalloc.ts";

const SOURCE = "const cache = new Map();\n  cache.set(key, { value });\n";

/** A folder with a source file and two snapshots of it. */
function withSnapshots(use: (folder: string) => void): Promise<void> {
  return withFolder({ "app.ts": SOURCE }, (folder) => {
    const app = join(folder, "app.ts");
    snapshotOf(blocksAt(10, 1024, `${app}:2`)).dump(join(folder, "old.pb.gz"));
    snapshotOf(blocksAt(50, 1024, `${app}:2`)).dump(join(folder, "new.pb.gz"));
    use(folder);
  });
}

function modelIn(file: string): ReportModel {
  const html = readFileSync(file, "utf8");
  const [first, later] = ["report", "later"].map((id) =>
    JSON.parse(new RegExp(`id="${id}">(.*?)</script>`, "s").exec(html)![1]!),
  );
  return unpackModel(first, () => later);
}

test("tracemalloc report writes a page beside where it is called, and says whose text is in it", () =>
  withSnapshots((cwd) => {
    const { code, stdout, stderr } = tracemalloc(["report", "new.pb.gz"], { cwd });
    assertEquals([code, stdout], [0, ""]);
    assertMatch(
      stderr,
      /^tracemalloc: report written to new\.report\.html \(\d+ KiB, with the source text of 1 file; --no-source leaves it out\)\n$/,
    );
    const model = modelIn(join(cwd, "new.report.html"));
    assertEquals([model.totals[0], model.old, model.header.file], [51200, null, "new.pb.gz"]);
    assertEquals(model.sources[0]!.parts, [[1, SOURCE.split("\n")]]);
  }));

test("tracemalloc report FILE OLD compares, and -o names the page", () =>
  withSnapshots((cwd) => {
    const { code, stderr } = tracemalloc(["report", "new.pb.gz", "old.pb.gz", "-o", "out.html", "--quiet"], {
      cwd,
    });
    assertEquals([code, stderr], [0, ""]);
    const model = modelIn(join(cwd, "out.html"));
    assertEquals([model.totals[0], model.totals[8], model.old?.file], [51200, 10240, "old.pb.gz"]);
  }));

test("tracemalloc report --no-source leaves every source line out", () =>
  withSnapshots((cwd) => {
    const { code, stderr } = tracemalloc(["report", "--no-source", "new.pb.gz", "-o", "out.html"], { cwd });
    assertEquals(code, 0);
    assertStringIncludes(stderr, "without source text");
    assertFalse(readFileSync(join(cwd, "out.html"), "utf8").includes("cache.set"));
  }));

test("a hostile profile gets no file into the report that is no script", () =>
  withFolder({ secret: "the key", "secret.json": "the key" }, (cwd) => {
    symlinkSync(join(cwd, "secret"), join(cwd, "link.js"));
    const names = ["secret", "secret.json", "link.js", "../../etc/passwd"].map((name) => join(cwd, name));
    snapshotOf(...names.map((name) => blocksAt(1, 64, `${name}:1`))).dump(join(cwd, "evil.pb.gz"));
    assertEquals(tracemalloc(["report", "evil.pb.gz"], { cwd }).code, 0);
    const page = readFileSync(join(cwd, "evil.report.html"), "utf8");
    assertFalse(page.includes("the key"));
    assertEquals(modelIn(join(cwd, "evil.report.html")).sources, []);
  }));

test("bad input is one line on stderr and exit code 1, and nothing is written", () =>
  withSnapshots((cwd) => {
    const good = readFileSync(join(cwd, "new.pb.gz"));
    const bad: Record<string, Uint8Array | string> = {
      "truncated.pb.gz": good.subarray(0, good.length >> 1),
      "empty.pb.gz": "",
      "foreign.pb.gz": '{"head": {}}',
      "text.pb.gz": "</script>\x1b[31m",
      "corrupt.pb.gz": good.map((byte, i) => (i > 40 ? byte ^ 0x55 : byte)),
    };
    for (const [name, content] of Object.entries(bad)) writeFileSync(join(cwd, name), content);
    mkdirSync(join(cwd, "folder"));
    const before = readdirSync(cwd);
    for (const words of [
      ...[...Object.keys(bad), "folder", "missing.pb.gz", "/dev/null"].map((name) => [name]),
      ["new.pb.gz", "truncated.pb.gz"],
      ["new.pb.gz", "-o", "missing/out.html"],
      ["new.pb.gz", "-o", "folder"],
    ]) {
      const { code, stdout, stderr } = tracemalloc(["report", ...words], { cwd });
      assertEquals([code, stdout], [1, ""], `${words}: ${stderr}`);
      assertMatch(stderr, /^tracemalloc: report: \P{Cc}+\n$/u, words.join());
    }
    assertEquals(readdirSync(cwd), before);
  }));

test("wrong usage is exit code 2", () =>
  withSnapshots((cwd) => {
    for (const words of [
      [],
      ["new.pb.gz", "old.pb.gz", "new.pb.gz"],
      ["new.pb.gz", "--output"],
      ["new.pb.gz", "--nosource"],
      ["new.pb.gz", "-o", "new.pb.gz"],
      ["new.pb.gz", "-o", "./new.pb.gz"],
    ]) {
      const { code, stderr } = tracemalloc(["report", ...words], { cwd });
      assertEquals(code, 2, `${words}: ${stderr}`);
    }
    assert(existsSync(join(cwd, "new.pb.gz")));
    assertEquals(readdirSync(cwd).sort(), ["app.ts", "new.pb.gz", "old.pb.gz"]);
  }));
