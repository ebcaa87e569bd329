import { createHash } from "node:crypto";
import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { unpackModel } from "../../../src/report/html/packed_model.ts";
import { reportPage, scriptJson } from "../../../src/report/html/page.ts";
import { MAX_PAGE_BYTES, writeReport } from "../../../src/report/html/write_report.ts";
import type { RawTrace } from "../../../src/snapshot/model/from_traces.ts";
import { Snapshot } from "../../../src/snapshot/model/snapshot.ts";
import { modelOf, snapshotOfRows } from "./models.ts";

const ASSETS = { script: "start();", style: "p{color:red}" };
const HOSTILE = `</script><script>alert(1)</script><!--<script>"'&\u2028\u2029\u0000\u202e`;

/** What stands in an element that holds data. */
function dataOf(html: string, id: "report" | "later" = "report"): string {
  return new RegExp(`<script type="application/json" id="${id}">(.*?)</script>`, "s").exec(html)![1]!;
}

test("nothing in the data can end its element, and it reads back as it was", () => {
  const text = scriptJson({ text: HOSTILE });
  assertFalse(/[<\u2028\u2029\0]/.test(text), text);
  assertEquals(JSON.parse(text), { text: HOSTILE });
});

test("the page holds the model, and markup of a name is text in its title", () => {
  const snapshot = snapshotOfRows([{ at: [`f a.ts:1`], type: HOSTILE }], {
    program: `/app/<img src=x onerror=alert(1)>"`,
  });
  const model = modelOf(snapshot);
  const html = reportPage(model, ASSETS);
  const read = unpackModel(JSON.parse(dataOf(html)), () => JSON.parse(dataOf(html, "later")));
  assertEquals(JSON.parse(JSON.stringify(read)), JSON.parse(JSON.stringify(model)));
  assertStringIncludes(html, "<title>&lt;img src=x onerror=alert(1)&gt;&quot; – tracemalloc</title>");
  assertEquals(html.match(/<script/g)?.length, 3);
  assertFalse(html.includes("<img"));
});

test("the policy allows this script and this style, and nothing else", () => {
  const html = reportPage(modelOf(snapshotOfRows([])), ASSETS);
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
  const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  assertEquals(policy.split("; "), [
    "default-src 'none'",
    `script-src ${hash(ASSETS.script)}`,
    `style-src ${hash(ASSETS.style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  assertStringIncludes(html, `<script>${ASSETS.script}</script>`);
  assertStringIncludes(html, `<style>${ASSETS.style}</style>`);
});

test("names without end make no page without end", () => {
  // Each of these takes 6 bytes as JSON: 400 · 8 names of 1000 would make 19 MB.
  const long = "\u0001".repeat(1100);
  const traces = Array.from({ length: 400 }, (_, i): RawTrace => {
    return [0, 8, Array.from({ length: 8 }, (_, depth): [string, number] => [`${i}-${depth}${long}`, depth])];
  });
  const { html, model } = writeReport(
    { current: { name: "x", snapshot: Snapshot.fromTraces(traces, 25) } },
    ASSETS,
  );
  assert(html.length <= MAX_PAGE_BYTES, `${html.length} bytes`);
  assertEquals(model.totals[1], 400);
});
