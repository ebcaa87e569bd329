// What takes inserted texts out again follows from what inserts them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { assert, assertEquals } from "@std/assert";
import {
  derivePatterns,
  type InsertionPatterns,
  PATTERNS_FILE,
  patternsModule,
} from "../../../scripts/derive_patterns.ts";
import { emittedTexts, fileTexts, SUFFIX, type TextName } from "../../../scripts/inserted_texts.ts";
import { Emitter, namesWith } from "../../../src/instrument/text/emit.ts";
import { patternsFor, withSuffix } from "../../../src/instrument/text/original_text.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

test("the patterns are those of the texts: `npm run build` makes them", () => {
  assertEquals(readFileSync(join(root, PATTERNS_FILE), "utf8"), patternsModule());
});

/** The texts of files with a suffix: by the name of what inserts them. */
function textsOf(suffix: string, isEvaluating: boolean): [name: string, text: string][] {
  const texts = Object.entries(emittedTexts(new Emitter(namesWith(suffix, isEvaluating))));
  const ofFiles = fileTexts().map((text) => text.replaceAll(SUFFIX, suffix));
  return [...texts, ["file", ofFiles] as const].flatMap(([name, each]) =>
    each.map((text): [string, string] => [name, text]),
  );
}

test("each text that is inserted is taken out, alone and between others", () => {
  for (const [suffix, isEvaluating] of [
    ["", false],
    ["q7_", false],
    ["_", true],
  ] as const) {
    const { written } = patternsFor(suffix);
    const texts = textsOf(suffix, isEvaluating);
    assert(texts.length > 80, String(texts.length));
    for (const [name, text] of texts) {
      assertEquals(text.replace(written, ""), "", name);
      assertEquals(`a[${text}b] = ${text}`.replace(written, ""), "a[b] = ", name);
    }
  }
});

/** Whether all of a text is taken out of a file without a suffix. */
function takesOut({ written, whole, opening, closing }: InsertionPatterns, text: string): boolean {
  const pattern = new RegExp(withSuffix(`${written}|${whole}|${opening}|${closing}`, "", ""), "g");
  return text.replaceAll(SUFFIX, "").replace(pattern, "") === "";
}

const NAME = new RegExp(String.raw`\$\w+\$${SUFFIX}?`);

test("a text that is changed changes its pattern", () => {
  const usual = derivePatterns();
  const names = Object.keys(emittedTexts(new Emitter(namesWith(SUFFIX)))) as TextName[];
  assert(names.length > 35);
  for (const name of names) {
    const emitter = new Emitter(namesWith(SUFFIX));
    const method = emitter[name] as (...args: unknown[]) => string;
    // As if something were read from the first name in it.
    const changed = (...args: unknown[]): string => method.apply(emitter, args).replace(NAME, "$&.x9");
    Object.defineProperty(emitter, name, { value: changed });
    const texts = emittedTexts(emitter)[name];
    const patterns = derivePatterns(emitter);
    for (const text of texts) {
      assert(!takesOut(usual, text), `${name}: ${text}`);
      assert(takesOut(patterns, text), `${name}: ${text}`);
    }
  }
});

test("what ends a file takes no comment after it along", () => {
  const { written } = patternsFor("");
  const note = `;var $v$=0&&(module.exports={"a":exports});`;
  assertEquals(`f()${note} // g({});`.replace(written, ""), "f() // g({});");
});
