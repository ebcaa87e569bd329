import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readInputMap, textsOf } from "../../../src/instrument/maps/input_map.ts";

/** A folder with files; disposing removes it. */
function folderOf(files: Record<string, string>): { path(name: string): string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-maps-"));
  mkdirSync(join(folder, "maps"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return {
    path: (name) => join(folder, name),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const MAP = JSON.stringify({ version: 3, sources: ["a.ts"], names: [], mappings: "AAAA" });
const base64 = Buffer.from(MAP).toString("base64");

test("an inline map is found in each form that a data URL has", () => {
  for (const comment of [
    `//# sourceMappingURL=data:application/json;base64,${base64}`,
    `//@ sourceMappingURL=data:application/json;charset=utf-8;base64,${base64}`,
    `//# sourceMappingURL=data:application/json,${encodeURIComponent(MAP)}`,
    `/*# sourceMappingURL=data:application/json;base64,${base64} */`,
  ]) {
    for (const code of [`f();\n${comment}`, `f();\n${comment}\n\n`, `f();${comment}\n//# debugId=1\n`]) {
      const { map, problem } = readInputMap(code, "/app/out/a.js");
      assertEquals([map?.text, problem], [MAP, null], code);
      assertEquals(map?.nameOf("a.ts"), "/app/out/a.ts");
    }
  }
});

test("what only looks like a map's comment is part of the program", () => {
  const url = `sourceMappingURL=data:application/json;base64,${base64}`;
  for (const code of [
    `const text = \`\n//# ${url}\`;`,
    `const text = "//# ${url}";`,
    `//# ${url}\nf();`,
    `// see ${url}`,
    "//# sourceMappingURL=",
    "//# sourceMappingURL=\nf()",
  ]) {
    assertEquals(readInputMap(code, "/app/a.js"), { map: null, problem: null }, code);
  }
});

test("a file is found by a relative path and by a URL, and its sources start from its own folder", () => {
  using folder = folderOf({ "maps/a b.map": `)]}'\n${MAP}` });
  const url = pathToFileURL(folder.path("maps/a b.map")).href;
  for (const target of ["maps/a%20b.map", "./x/../maps/a%20b.map", url]) {
    const { map, problem } = readInputMap(`f();\n//# sourceMappingURL=${target}`, folder.path("a.js"));
    assertEquals([map?.text, problem], [MAP, null], target);
    assertEquals(map?.nameOf("../src/a.ts"), folder.path("src/a.ts"));
  }
});

test("what is missing, no file, too large or on another machine is not read, and said", () => {
  using folder = folderOf({ "huge.map": "" });
  truncateSync(folder.path("huge.map"), 65 * 1024 * 1024);
  const hasPipes =
    process.platform !== "win32" && spawnSync("mkfifo", [folder.path("pipe.map")]).status === 0;
  for (const [target, kind, reason] of [
    ["none.map", "missing", "none.map cannot be read (ENOENT)"],
    ["maps", "unusable", "maps is no regular file"],
    ["huge.map", "unusable", "huge.map is larger than 64 MiB"],
    ["https://example.com/a.map", "unusable", "no file of this machine: https://example.com/a.map"],
    ["//example.com/a.map", "unusable", "no file of this machine"],
    ["file://example.com/a.map", "unusable", "no file of this machine"],
    ["data:text/html,x", "unusable", "no JSON"],
    ["data:application/json,%", "unusable", "URI"],
    ...(hasPipes ? ([["pipe.map", "unusable", "pipe.map is no regular file"]] as const) : []),
  ] as const) {
    const { map, problem } = readInputMap(`f();\n//# sourceMappingURL=${target}`, folder.path("a.js"));
    assertEquals([map, problem?.kind], [null, kind], target);
    assertStringIncludes(problem!.reason, reason);
  }
});

test("a text from elsewhere names no file of this machine", () => {
  using folder = folderOf({ "a.js.map": MAP });
  const url = pathToFileURL(folder.path("a.js.map")).href;
  for (const target of ["a.js.map", url]) {
    const reading = readInputMap(`f();\n//# sourceMappingURL=${target}`, "https://example.com/a.js");
    assertEquals(reading, { map: null, problem: null });
  }
});

test("sources that are generated bring their own maps, by their text or by their file, and the key has all of them", () => {
  const own = (source: string): string => MAP.replace("a.ts", source);
  const outer = (fields: object): string =>
    JSON.stringify({ version: 3, sources: ["lib/a.js"], names: [], mappings: "AAAA", ...fields });
  const text = "g();\n//# sourceMappingURL=a.js.map";
  for (const fields of [{}, { sourcesContent: [text] }]) {
    using folder = folderOf({ "out.js.map": outer(fields) });
    mkdirSync(folder.path("lib"));
    writeFileSync(folder.path("lib/a.js"), text);
    writeFileSync(folder.path("lib/a.js.map"), own("../src/a.ts"));
    const code = "f();\n//# sourceMappingURL=out.js.map";
    const before = readInputMap(code, folder.path("out.js")).map!;
    assertEquals([...before.inner.keys()], [folder.path("lib/a.js")]);
    assertEquals(before.inner.get(folder.path("lib/a.js"))!.nameOf("../src/a.ts"), folder.path("src/a.ts"));
    writeFileSync(folder.path("lib/a.js.map"), own("../src/b.ts"));
    const after = readInputMap(code, folder.path("out.js")).map!;
    assert(textsOf(before).join() !== textsOf(after).join());
  }
});

test("a map that leads to its own text ends", () => {
  using folder = folderOf({});
  const map = JSON.stringify({ version: 3, sources: ["b.js"], names: [], mappings: "AAAA" });
  for (const [name, other] of [
    ["a", "b"],
    ["b", "a"],
  ]) {
    writeFileSync(folder.path(`${name}.js`), `f();\n//# sourceMappingURL=${name}.js.map`);
    writeFileSync(folder.path(`${name}.js.map`), map.replace("b.js", `${other}.js`));
  }
  const { map: found } = readInputMap("f();\n//# sourceMappingURL=a.js.map", folder.path("a.js"));
  assert(textsOf(found!).length < 32);
});
