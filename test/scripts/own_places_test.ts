import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { askedForBuiltins, withOwnPlace } from "../../scripts/own_places.ts";

test("modules that find files by their own place look for them where they were", () => {
  assertEquals(withOwnPlace("export {};", "src/a.js"), "export {};");
  assertEquals(
    withOwnPlace(`const url = new URL("./b.js", import.meta.url);`, "src/a.js"),
    `import { placeOf } from "own_place";\nconst url = new URL("./b.js", placeOf("src/a.js"));`,
  );
});

test("built-in modules are asked for, types and other modules stay as they are", () => {
  const kept = `import type { Stats } from "node:fs";\nimport { parse } from "./parse.ts";\nimport picocolors from "picocolors";\n`;
  assertEquals(askedForBuiltins(kept), kept);
  const asked = askedForBuiltins(
    `${kept}import {\n  readFileSync,\n  type Stats as S,\n  statSync as stat,\n} from "node:fs";\nimport * as path from "node:path/posix";\nimport own from "node:process";\n`,
  );
  assert(
    asked.endsWith(
      `${kept}const { readFileSync, statSync: stat } = builtin("node:fs");\nconst path = builtin("node:path/posix");\nconst own = builtin("node:process");\n`,
    ),
    asked,
  );
});
