import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { countTests, skipReason } from "../../scripts/count_tests.ts";

test("countTests() counts what passed, failed and was skipped, as the three runtimes write it", () => {
  const node = `<testcase name="a -&gt; b" file="x"/><testcase name="c"><failure message="no">x</failure></testcase>`;
  const deno = `<testcase name="a > b" time="1">\n        </testcase><testcase name="s"><skipped/></testcase>`;
  const bun = `<testcase name="/>" assertions="0" /><testcase name="e"><error>x</error></testcase>`;
  assertEquals(countTests(node), { passed: 1, failed: 1, skipped: 0 });
  assertEquals(countTests(deno), { passed: 1, failed: 0, skipped: 1 });
  assertEquals(countTests(bun), { passed: 1, failed: 1, skipped: 0 });
});

test("countTests() counts nothing in a report that is missing or cut off", () => {
  assertEquals(countTests(""), { passed: 0, failed: 0, skipped: 0 });
  assertEquals(countTests(`<testsuites><testcase name="a"><fail`), { passed: 0, failed: 0, skipped: 0 });
});

test("skipReason() gives the first reason, as Node writes it", () => {
  const node = `<testcase name="a"><skipped type="skipped" message="no &quot;chromium&quot; &amp; co"/></testcase>`;
  assertEquals(skipReason(node), `no "chromium" & co`);
  assertEquals(skipReason(`<testcase name="s"><skipped/></testcase>`), "no reason given");
  assertEquals(skipReason(""), "no reason given");
});
