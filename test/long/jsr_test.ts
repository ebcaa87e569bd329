// What JSR would say to the package. Needs no network; checks the types of everything.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { root } from "../hosts/host.ts";

test("JSR's checks pass: no slow types, and nothing missing", () => {
  const deno = join(root, "node_modules", ".bin", "deno");
  const { status, stderr } = spawnSync(deno, ["publish", "--dry-run", "--allow-dirty"], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  assertEquals(status, 0, stderr);
  assert(stderr.includes("Dry run complete"), stderr);
  // Modules of the program, and packages by a name in a variable, are found when they are wanted.
  const warnings = [...stderr.matchAll(/^warning\[(.+?)\]/gm)].map(([, kind]) => kind!);
  assertEquals(
    warnings.filter((kind) => kind !== "unanalyzable-dynamic-import"),
    [],
  );
});
