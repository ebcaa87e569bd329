// Runs every TypeScript block of the README and of docs/, and holds the outputs that they promise.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { hosts, Project } from "../hosts/host.ts";
import { root } from "./readme.ts";

interface Example {
  title: string;
  code: string;
  /** What the text block right behind the code shows. */
  promised: string[];
}

/** Pages whose examples run on every runtime; those of the others run on the first. */
const EVERYWHERE = ["README.md", "docs/api.md"];

/** The blocks in order: a block that begins with a comment `// name.ts` is a file that the others may import. */
function read(page: string): { files: Record<string, string>; examples: Example[] } {
  const files: Record<string, string> = {};
  const examples: Example[] = [];
  const text = readFileSync(join(root, page), "utf8");
  const parts = /^#+ ([^\n]+)$|^```(\w+)\n(.*?)^```$/gms;
  let title = "";
  let last: Example | null = null;
  for (const [, heading, language, body = ""] of text.matchAll(parts)) {
    if (heading !== undefined) title = heading;
    else if (language === "text" && last !== null) last.promised = body.trimEnd().split("\n");
    if (language !== "ts") {
      last = null;
      continue;
    }
    const name = /^\/\/ (\w+\.ts)\n/.exec(body)?.[1];
    if (name === undefined) examples.push((last = { title, code: body, promised: [] }));
    else files[name] = body;
  }
  return { files, examples };
}

/** Figures that the size models of the engines decide, and folders. */
function masked(line: string): string {
  return line
    .replace(/(["#: ])\/\S*\/(\w+\.ts)/, "$1/$2")
    .replace(/^\/\S*\/(\w+\.ts:)/, "/$1")
    .replaceAll(/\d+(?:\.\d+)? [KM]?i?B\b/g, "SIZE")
    .replaceAll(/\b(current|peak)=\d+/g, "$1=SIZE");
}

/** The promised lines must come in this order; others may stand between them. */
function missing(promised: readonly string[], stdout: string): string[] {
  const lines = stdout.split("\n").map(masked);
  let at = 0;
  return promised.filter((line) => {
    const found = lines.indexOf(masked(line), at);
    if (found >= 0) at = found + 1;
    return found < 0;
  });
}

const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => `docs/${name}`),
];

test("docs/api.md has the manual's examples, and they show their output, as does the README's", () => {
  const { examples } = read("docs/api.md");
  const manual = ["Top 10", "Differences", "The traceback of a block", "Pretty top", "Current and peak"];
  assertEquals(
    examples.map(({ title }) => title).filter((title) => manual.includes(title)),
    manual,
  );
  const ofReadme = read("README.md").examples;
  assert(ofReadme.length > 0, "the README has no example");
  for (const { title, promised } of [...examples, ...ofReadme])
    assert(promised.length > 0, `${title} shows no output`);
});

for (const page of pages) {
  const { files, examples } = read(page);
  for (const [index, { title, code, promised }] of examples.entries()) {
    for (const host of EVERYWHERE.includes(page) ? hosts : hosts.slice(0, 1)) {
      test(`${page}: "${title}" (${index + 1}) runs on ${host}`, async () => {
        using project = new Project({ ...files, "package.json": `{"type":"module"}`, "example.ts": code });
        const { code: exitCode, stdout, stderr } = await project.run(host, "./example.ts");
        assertEquals([exitCode, stderr], [0, ""]);
        assertEquals(missing(promised, stdout), [], stdout);
      });
    }
  }
}
