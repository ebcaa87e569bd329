// Bundles the transform, with its libraries, into the one CommonJS file that preloads load when a file needs it.
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { sourcesFingerprint } from "../src/instrument/cache/fingerprint.ts";

/**
 * Writes `transform.cjs` into `dist/plugin/`, the licences of what is in it, and the fingerprint of its sources, so that
 * programs need not read these at each start.
 *
 * @param root The repository, with a slash at its end.
 * @throws {Error} when it cannot be bundled; esbuild has said why.
 */
export async function bundleTransform(root: string): Promise<void> {
  const folder = `${root}dist/plugin/`;
  const { metafile } = await build({
    entryPoints: [`${root}src/instrument/instrument.ts`],
    outfile: `${folder}transform.cjs`,
    bundle: true,
    minifyWhitespace: true,
    minifySyntax: true,
    format: "cjs",
    platform: "node",
    target: "node22",
    charset: "utf8",
    legalComments: "inline",
    metafile: true,
    logLevel: "warning",
    tsconfig: `${root}tsconfig.base.json`,
    plugins: [smallParser(root)],
  });
  writeFileSync(`${folder}transform.licenses.txt`, licences(root, Object.keys(metafile.inputs)));
  const fingerprint = sourcesFingerprint(`${root}src/`);
  if (fingerprint === null) throw new Error(`no fingerprint of ${root}src/`);
  writeFileSync(`${folder}transform.fingerprint`, fingerprint);
  appendFileSync(`${folder}transform.cjs`, lengthMark(fingerprint));
}

/** What Babel's parser keeps without need, and what stands in its place. */
const PARTS: readonly (readonly [from: string, to: string])[] = [
  ["locDataCache = new Uint32Array((this.length + 1) * 2);", "locDataCache = new Uint32Array(0);"],
  [
    `this.locData[dataIndex * 2] = loc.line;
    this.locData[dataIndex * 2 + 1] = loc.column;`,
    "",
  ],
  [
    "new Position(this.locData[dataIndex * 2], this.locData[dataIndex * 2 + 1], locIndex)",
    "((lines) => new Position(lines.lineAt(dataIndex), lines.columnAt(dataIndex), locIndex))(this.countedLines ??= new Lines(this.input))",
  ],
  [
    `this.comments.push(comment);
    this.state.commentsLen++;`,
    "",
  ],
  [
    `elts.push(this.parseExprListItem(7, false, refExpressionErrors, allowPlaceholder));
    }
    return elts;`,
    `elts.push(this.parseExprListItem(7, false, refExpressionErrors, allowPlaceholder));
    }
    return elts.slice();`,
  ],
  [
    `this.addExtra(node, "rawValue", value);
    this.addExtra(node, "raw", this.input.slice(this.offsetToSourcePos(node.start), this.state.end));
    node.value = value;`,
    `if (type === "StringLiteral") {
      this.addExtra(node, "rawValue", value);
      this.addExtra(node, "raw", this.input.slice(this.offsetToSourcePos(node.start), this.state.end));
    }
    node.value = value;`,
  ],
  [
    "this.finishToken(131, word);\n    }\n  }\n  checkKeywordEscapes",
    `const known = this.length < 2 ** 20 ? word : (this.ownNames ??= new Map()).get(word);
      if (known === undefined) this.ownNames.set(word, word);
      this.finishToken(131, known ?? word);
    }
  }
  checkKeywordEscapes`,
  ],
];

/**
 * - Line and column of each token, in 8 bytes for each character of the greatest text, for as long as the process lives: 73 MB for TypeScript, a
 *   seventh of what its first load took. It asks for them of errors alone, and those can be counted then.
 * - Comments: 10 MB of 123 that the tree of TypeScript takes.
 * - Room for 17 arguments of each call, as arrays have in V8 that have grown: another 10.
 * - How each number is written, and, in texts of a megabyte, each name once more wherever it stands: 14 MB. (In small ones it would take longer.)
 */
function smallParser(root: string): Plugin {
  const lines = JSON.stringify(`${root}src/instrument/syntax/lines.ts`);
  return {
    name: "small-parser",
    setup({ onLoad }) {
      onLoad({ filter: /@babel[\\/]parser[\\/]lib[\\/]index\.js$/ }, ({ path }) => ({
        contents: `import { Lines } from ${lines};\n${withoutPositions(readFileSync(path, "utf8"))}`,
      }));
    },
  };
}

/** @throws {Error} when it is another parser than this was written for. */
export function withoutPositions(text: string): string {
  for (const [from, to] of PARTS) {
    if (text.split(from).length !== 2) throw new Error(`@babel/parser has changed: there is not one ${from}`);
    text = text.replace(from, () => to);
  }
  return text;
}

/**
 * A comment that gives texts of different fingerprints different lengths: Deno up to 2.9 runs CommonJS from V8's code cache,
 * and V8 takes what was compiled of another text of the same length for it (https://github.com/denoland/deno/issues/36413):
 * `Unexpected identifier`, or the old code.
 */
export function lengthMark(fingerprint: string): string {
  return `/* ${" ".repeat(Number.parseInt(fingerprint.slice(0, 3), 16))}*/\n`;
}

/** The licence of each package of which the bundle holds files. */
function licences(root: string, inputs: readonly string[]): string {
  const packages = new Set<string>();
  for (const input of inputs) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (name !== undefined) packages.add(name);
  }
  const texts = [...packages].sort().map((name) => {
    const folder = join(root, "node_modules", name);
    const file = existsSync(folder)
      ? readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
      : undefined;
    if (file === undefined) throw new Error(`${name} is bundled, and ${folder} has no licence`);
    return `${name}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  });
  return texts.join("\n\n");
}
