import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { root } from "../hosts/host.ts";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

test("README names every dependency with its reason, and each is used", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, table = ""] = /^## Dependencies\n([\s\S]*?)^The API itself/m.exec(readme) ?? [];
  const rows = [...table.matchAll(/^\| (`.*?) +\| (.+?) +\|$/gm)];
  const named = rows.flatMap(([, packages, why]) => {
    assert(why!.length > 10, packages);
    return [...packages!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
  });
  assertEquals(named.sort(), Object.keys(manifest.dependencies).sort());
  const sources = globSync("{src,plugin}/**/*.{ts,cts}", { cwd: root })
    .map((file) => readFileSync(join(root, file), "utf8"))
    .join("\n");
  const unused = named.filter(
    (name) => !new RegExp(`(?:from |import\\(|import )"${name}(?:/[^"]*)?"`).test(sources),
  );
  assertEquals(unused, []);
});
