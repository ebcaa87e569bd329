import { unescape as unescapeText } from "html-escaper";

const FAILURE = /<(?:failure|error)\b/;

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
  for (const { body } of testCases(xml)) {
    if (FAILURE.test(body)) counts.failed++;
    else if (/<skipped\b/.test(body)) counts.skipped++;
    else counts.passed++;
  }
  return counts;
}

/**
 * What failed in a JUnit report: each test's name, and what it said, where the runtime writes that down (Bun does not).
 *
 * @example
 * ```ts
 * failuresOf(`<testcase name="b"><failure message="no"/></testcase>`); // ["b\n  no"]
 * ```
 */
export function failuresOf(xml: string): string[] {
  return [...testCases(xml)]
    .filter(({ body }) => FAILURE.test(body))
    .map(({ attributes, body }) => {
      const [, message = "", text = ""] =
        /<(?:failure|error)\b(?:[^>"]|"[^"]*")*?(?:\bmessage="([^"]*)"(?:[^>"]|"[^"]*")*?)?(?:\/>|>(.*?)<\/)/s.exec(
          body,
        ) ?? [];
      const said = [message, text.replace(/^\s*<!\[CDATA\[|\]\]>\s*$/g, "")].map((part) =>
        unescapeText(part).trim(),
      );
      const lines = said.filter((part, index) => part !== "" && said.indexOf(part) === index);
      const name = unescapeText(/\bname="([^"]*)"/.exec(attributes)?.[1] ?? "(a test without a name)");
      return [name, ...lines].join("\n").replaceAll("\n", "\n  ");
    });
}

/** Why the first test that a JUnit report says was skipped did not run; "no reason given" where it says none. */
export function skipReason(xml: string): string {
  const message = /<skipped\b[^>]*?\bmessage="([^"]*)"/.exec(xml)?.[1] ?? "";
  return unescapeText(message) || "no reason given";
}

function* testCases(xml: string): Iterable<{ attributes: string; body: string }> {
  // Names are escaped but for ">": an attribute is skipped as a whole.
  const pattern = /<testcase\b((?:[^>"]|"[^"]*")*?)(?:\/>|(?<!\/)>(.*?)<\/testcase>)/gs;
  for (const [, attributes = "", body = ""] of xml.matchAll(pattern)) yield { attributes, body };
}
