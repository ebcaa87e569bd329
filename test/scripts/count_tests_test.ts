import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { countTests, failuresOf, skipReason } from "../../scripts/count_tests.ts";

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

test("failuresOf() gives the names and messages of what failed, as the three runtimes write them", () => {
  const node =
    '<testcase name="a -&gt; b" file="x"/><testcase name="c &quot;d&quot;" failure="no">' +
    '<failure type="testCodeFailure" message="1 !== 2">[Error: 1 !== 2] {\n  code: 1\n}</failure></testcase>';
  const deno =
    '<testcase name="e" time="1">\n<failure message="Uncaught Error: no &lt;x&gt;">stack</failure></testcase>';
  const bun = '<testcase name="f"><failure type="AssertionError" /></testcase><testcase name="g"></testcase>';
  assertEquals(failuresOf(node), ['c "d"\n  1 !== 2\n  [Error: 1 !== 2] {\n    code: 1\n  }']);
  assertEquals(failuresOf(deno), ["e\n  Uncaught Error: no <x>\n  stack"]);
  assertEquals(failuresOf(bun), ["f"]);
  assertEquals(failuresOf(""), []);
});
