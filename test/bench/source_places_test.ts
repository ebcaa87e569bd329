// Both sides of bench/accuracy name a function by its source: V8 knows the text that runs.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { isStaticInitializer, mappedSources, sourcePlace } from "../../bench/accuracy/source_places.ts";

test("functions of a minified package stand in its sources under their own names, modules in the text that runs", () => {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-places-"));
  try {
    const lib = join(folder, "node_modules/some/lib");
    mkdirSync(lib, { recursive: true });
    const file = join(lib, "some.js");
    const text = `function a(b){return[b]}class c{static d=new Set}${" ".repeat(600)}`;
    // Columns 9 and 10 are line 3, column 4, with a name each.
    const map = {
      version: 3,
      sources: ["../src/some.ts"],
      names: ["makeList", "item"],
      mappings: "SAEIA,CAAAC",
    };
    writeFileSync(file, `${text}\n//# sourceMappingURL=some.js.map\n`);
    writeFileSync(`${file}.map`, JSON.stringify(map));
    const original = join(folder, "node_modules/some/src/some.ts");
    // V8 gives the place of the parameters.
    assertEquals(sourcePlace({ file, line: 1, column: 11, name: "a" }), {
      file: original,
      line: 3,
      name: "makeList",
    });
    const module = { file, line: 1, column: 1, name: "" };
    assertEquals(sourcePlace(module), module);
    assertEquals(mappedSources(), { [file]: [original] });
    const initializer = { file, line: 1, column: text.indexOf("static") + 1, name: "c" };
    assertEquals([initializer, module].map(isStaticInitializer), [true, false]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
