// The walk of docs/why.md, from symptom to fix, with the program that it is about.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { HeldHop, ReportModel } from "../../src/report/html/model.ts";
import { type FirstPart, type LaterPart, unpackModel } from "../../src/report/html/packed_model.ts";
import { tracemalloc, withFolder } from "../cli/tracemalloc.ts";
import { buildOnce } from "../hosts/host.ts";
import { fencedBlocks, root } from "./readme.ts";

const EXAMPLE = join(root, "examples", "price-list");
const VISITORS = "200";

const read = (name: string): string => readFileSync(join(EXAMPLE, name), "utf8");

/** The model in a report. */
function modelIn(file: string): ReportModel {
  const html = readFileSync(file, "utf8");
  const part = (id: string): unknown =>
    JSON.parse(new RegExp(`<script type="application/json" id="${id}">(.*?)</script>`, "s").exec(html)![1]!);
  return unpackModel(part("report") as FirstPart, () => part("later") as LaterPart);
}

test("docs/why.md: the path leads from the line that holds memory to the one that is to blame, and the fix frees it", () =>
  withFolder({ "shop.mjs": read("shop.mjs"), "pages.mjs": read("pages.mjs") }, (cwd) => {
    buildOnce();
    const [before, after] = fencedBlocks("docs/why.md", "console").map((block) => block.split("\n"));
    const words = before![0]!.replace("$ tracemalloc ", "").split(" ");
    assertEquals([words[0], after![0]], ["run", before![0]]);
    const run = (): string => {
      const { code, stdout, stderr } = tracemalloc([...words, VISITORS], { cwd });
      assertEquals([code, stdout], [0, ""], stderr);
      return stderr.replaceAll(`${cwd}/`, "/app/");
    };
    // Figures aside, which go with the visitors, and the order of kinds, which goes with the figures, what the page shows comes out.
    const shape = (text: string): string =>
      text.replace(/^(no line: ).*$/, "$1…").replaceAll(/[\d.,]+(?: (?:[KM]i)?B\b| %)?(?=[ :;)]|$)/gm, "N");
    const said = run();
    const missing = (block: string[], text: string): string[] => {
      const lines = new Set(text.split("\n").map(shape));
      const promised = block.slice(1).filter((line) => line !== "" && line !== "...");
      assert(promised.length > 1, block.join("\n"));
      return promised.filter((line) => !lines.has(shape(line)));
    };
    assertEquals(missing(before!, said), [], said);
    // The page has the line that is to blame, and its text.
    const { code, stderr } = tracemalloc(["report", "shop.pb.gz", "-o", "shop.html"], { cwd });
    assertEquals(code, 0, stderr);
    const { filenames, held, sources } = modelIn(join(cwd, "shop.html"));
    const [first] = held;
    assertEquals([filenames[first!.file], first!.line], [join(cwd, "pages.mjs"), 5]);
    const isListener = ({ file, line }: HeldHop): boolean =>
      filenames[file] === join(cwd, "shop.mjs") && line === 13;
    const hop = first!.paths[0]!.hops.find(isListener);
    assertStringIncludes(
      sources.find(({ file }) => file === hop!.file)!.parts[0]![1][12]!,
      "const onChange = ",
    );

    const [fix] = fencedBlocks("docs/why.md", "js");
    const added = '  prices.on("change", onChange);\n';
    assertStringIncludes(read("shop.mjs"), added);
    writeFileSync(join(cwd, "shop.mjs"), read("shop.mjs").replace(added, `${added}  ${fix}`));
    const mended = run();
    assertEquals(missing(after!, mended), [], mended);
    const [, left] = /; (\d+) B alive at the end;/.exec(mended) ?? [];
    assert(Number(left) < 1000, mended);
    const [, why = ""] = mended.split("Why it is alive:");
    assert(!why.includes("pages.mjs:5"), mended);
  }));
