import { unescape as unescapeText } from "html-escaper";

/** How many tests of a run did what. */
export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Counts the test cases of a JUnit report, the one format that Node, Deno and Bun all write.
 *
 * @param xml The report's text; what was cut off is not counted.
 * @example
 * ```ts
 * countTests(`<testcase name="a"/><testcase name="b"><failure/></testcase>`); // { passed: 1, failed: 1, skipped: 0 }
 * ```
 */
export function countTests(xml: string): TestCounts {
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  // Names are escaped but for ">": an attribute is skipped as a whole.
  for (const [, body = ""] of xml.matchAll(
    /<testcase\b(?:[^>"]|"[^"]*")*?(?:\/>|(?<!\/)>(.*?)<\/testcase>)/gs,
  )) {
    if (/<(?:failure|error)\b/.test(body)) counts.failed++;
    else if (/<skipped\b/.test(body)) counts.skipped++;
    else counts.passed++;
  }
  return counts;
}

/** Why the first test that a JUnit report says was skipped did not run; "no reason given" where it says none. */
export function skipReason(xml: string): string {
  const message = /<skipped\b[^>]*?\bmessage="([^"]*)"/.exec(xml)?.[1] ?? "";
  return unescapeText(message) || "no reason given";
}
