// What the documents say of the tree: links and paths lead somewhere, and the README tells what there is to read.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { FORMATS } from "../../src/report/export/formats.ts";
import { root } from "./readme.ts";

const PAGES = readdirSync(join(root, "docs"))
  .filter((name) => name.endsWith(".md"))
  .sort()
  .map((name) => `docs/${name}`);

const DOCUMENTS = ["README.md", ".github/ARCHITECTURE.md", ".github/CONTRIBUTING.md", ...PAGES];

function read(document: string): string {
  return readFileSync(join(root, document), "utf8");
}

/** The text without its fenced blocks, where a `#` begins a comment and paths are made up. */
function prose(document: string): string {
  return read(document).replaceAll(/^ *```.*?^ *```$/gms, "");
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchors(document: string): string[] {
  return [...prose(document).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

for (const document of DOCUMENTS) {
  test(`the links of ${document} lead to files and headings that there are`, () => {
    const broken = [...prose(document).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link]) => link!)
      .filter((link) => !/^\w+:/.test(link))
      .filter((link) => {
        const [, path = "", anchor] = /^([^#]*)(?:#(.*))?$/.exec(link)!;
        const target = path === "" ? document : join(dirname(document), path);
        if (!existsSync(join(root, target))) return true;
        return anchor !== undefined && !anchors(target).includes(anchor);
      });
    assertEquals(broken, []);
  });

  test(`the files and documents that ${document} names are in the tree`, () => {
    const text = prose(document);
    const paths = text.matchAll(/`((?:\.github|bench|docs|examples|plugin|scripts|src|test)\/[\w./-]*)`/g);
    // `NAME` stands for what the reader adds.
    const missing = [...paths]
      .map(([, path]) => path!)
      .filter((path) => !path.includes("NAME") && !existsSync(join(root, path)));
    // By name alone: `DESIGN 3.2`, `HAZARDS 12`, `NOTES.md`. What is meant has to stand where it is read.
    const names = text.matchAll(/\b(?:DESIGN|HAZARDS|STYLE|BRIEF)\b|(?<![\w./-])[A-Z]{3,}\.md\b/g);
    const foreign = [...names]
      .map(([name]) => name)
      .filter((name) => ![root, join(root, dirname(document))].some((at) => existsSync(join(at, name))));
    assertEquals([...missing, ...foreign], []);
  });
}

test("commands of the README and of the examples name files from where npx finds this package: the root", () => {
  const examples = readdirSync(join(root, "examples"))
    .map((name) => `examples/${name}/README.md`)
    .filter((name) => existsSync(join(root, name)));
  const wrong = ["README.md", ...examples].flatMap((document) =>
    // npm runs a package's own commands in its root alone, and in projects that have installed it.
    [...read(document).matchAll(/^(?:\$ )?((?:\w+=\S+ )*npx tracemalloc .*|cd .*)$/gm)].flatMap(
      ([, command]) => {
        const files = command!.split(" ").filter((word) => /^[\w./-]+\.(?:[cm]?[jt]s|txt)$/.test(word));
        const isThere = files.length > 0 && files.every((file) => existsSync(join(root, file)));
        return isThere ? [] : [`${document}: ${command}`];
      },
    ),
  );
  assertEquals(wrong, []);
});

test("the README can be read in one go, and says in a line each what docs/ has", () => {
  const readme = read("README.md");
  const lines = readme.trimEnd().split("\n").length;
  assert(lines <= 200, `${lines} lines`);
  const [, index = ""] = /^## Documentation\n(.*?)^## /ms.exec(readme) ?? [];
  const rows = [...index.matchAll(/^\| \[([\w-]+)\]\((docs\/[\w-]+\.md)\) +\| (.*\S) +\|$/gm)];
  assertEquals(rows.map(([, , page]) => page!).sort(), PAGES);
  for (const [, name, page, about] of rows) {
    assertEquals(page, `docs/${name}.md`);
    assert(about!.length > 10, page);
  }
});

test("docs/exports.md has a row for each format, and docs/bundlers.md for each bundler", () => {
  const first = (page: string, column: number): string[] =>
    [...read(page).matchAll(/^\|.*\|$/gm)].map(([row]) => row.split("|")[column]!.trim());
  const formats = Object.keys(FORMATS).map((name) => `\`${name}\``);
  assertEquals(
    formats.filter((name) => !first("docs/exports.md", 1).includes(name)),
    [],
  );
  const { exports } = JSON.parse(read("package.json")) as { exports: Record<string, unknown> };
  const bundlers = Object.keys(exports).filter((entry) => /^\.\/(?:unplugin\/|bun$)/.test(entry));
  assert(bundlers.length > 5, `${bundlers.length} bundlers`);
  const entries = bundlers.map((entry) => `\`tracemalloc${entry.slice(1)}\``);
  assertEquals(
    entries.filter((entry) => !first("docs/bundlers.md", 2).includes(entry)),
    [],
  );
});
