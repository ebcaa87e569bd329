// What the transform knows of scopes (captures.ts, open_scopes.ts, scope_names.ts, function_facts.ts) against what
// `@babel/traverse` finds out by other means. `test/long/scopes_test.ts` does it with many programs.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { assert, assertEquals } from "@std/assert";
import { makeProgram } from "../../fuzz/program.ts";
import { FORMS, HAZARDS } from "../hazards.ts";
import { compareScopes } from "./compare_scopes.ts";
import { SCOPE_CASES, TYPED_SCOPE_CASES } from "./scope_cases.ts";

test("scopes, captured variables and free names of hard cases are those that Babel finds", () => {
  for (const source of SCOPE_CASES) {
    const { ours, theirs } = compareScopes(
      source,
      "/app/a.js",
      source.includes("export") ? "module" : "script",
    );
    assertEquals(ours, theirs, source);
  }
  for (const source of TYPED_SCOPE_CASES) {
    const { ours, theirs } = compareScopes(source, "/app/a.ts", "module");
    assertEquals(ours, theirs, source);
  }
});

test("those of the transform's cases are", () => {
  const cases = [...HAZARDS, ...FORMS].filter(({ mayFail }) => mayFail !== true);
  assert(cases.length > 60, `${cases.length} cases`);
  for (const { name, source, sourceType = "script" } of cases) {
    const { ours, theirs } = compareScopes(source, "/app/a.js", sourceType);
    assertEquals(ours, theirs, `${name}: ${source}`);
  }
});

test("those of the transform's own sources are", () => {
  const folder = fileURLToPath(new URL("../../../src/instrument/", import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  assert(files.length > 30, `${files.length} files`);
  for (const name of files) {
    const { ours, theirs } = compareScopes(readFileSync(join(folder, name), "utf8"), name, "module");
    assertEquals(ours, theirs, name);
  }
});

test("those of random programs are", () => {
  let compared = 0;
  let state = 1;
  for (let i = 0; i < 250; i++) {
    const bytes = Array.from({ length: 400 }, () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 16) & 255;
    });
    const { source, sourceType } = makeProgram(bytes);
    // The transform leaves `with` as it is, so that it does not see what is used and bound in it.
    if (/\bwith\b/.test(source)) continue;
    let words: ReturnType<typeof compareScopes>;
    try {
      words = compareScopes(source, "/app/a.js", sourceType);
    } catch (error) {
      // Some declare a name twice.
      if (error instanceof SyntaxError) continue;
      throw error;
    }
    assertEquals(words.ours, words.theirs, source);
    compared++;
  }
  assert(compared > 150, `${compared} programs`);
});
