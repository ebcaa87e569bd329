// What runs in the middle of a program asks for no built-in by a name that the program may have given another value, and uses no
// iterators. `test/hosts/primordials_test.ts` replaces them all and looks; this finds what no program there comes across.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "@babel/parser";
import type { Node } from "@babel/types";
import { assertEquals } from "@std/assert";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Files that run outside `quietly`. */
const FILES: readonly string[] = [
  ...["src/tables", "src/sites", "src/track", "src/traces"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
  ),
  ...["src/host/engine.ts", "src/host/ensure_stack.ts", "src/host/v8_flags.ts", "src/vocabulary/domains.ts"],
  "src/instrument/text/original_text.ts",
  "src/recording/recording.ts",
];

/** Functions that run when the package is loaded, or within `quietly`; null: the whole file. */
const ELSEWHERE: Readonly<Record<string, readonly string[] | null>> = {
  "src/sites/builtin_tables.ts": ["row", "names"], // when it is loaded
  "src/sites/closure_parameter.ts": ["closureParameter"], // the transform's
  "src/tables/code_points.ts": null, // snapshots
  "src/tables/name_table.ts": null, // snapshots
  "src/tables/sequence_table.ts": null, // snapshots
  "src/tables/safe_collections.ts": ["fix"], // when it is loaded
  "src/sites/site_table.ts": null, // the transform's
  "src/tables/vlq.ts": ["encodeNumbers"], // the transform's
  "src/track/objects/contents.ts": null, // snapshots
  "src/host/engine.ts": null, // when it is loaded
  "src/track/texts/function_text_in_page.ts": null,
  "src/track/calls/script_map.ts": null, // pages, when maps have come and when a snapshot is taken
  "src/track/calls/script_places.ts": null, // the same
  "src/track/calls/file_registry.ts": ["installFileRegistry"], // when it is loaded
  "src/track/calls/instrumented_globals.ts": ["defineGlobals", "takeOver"], // when it is loaded
  "src/track/builtins/intrinsics.ts": ["findIntrinsics", "note", "noteAll"], // when it is loaded
  "src/track/resources/listeners.ts": ["areInvisible"], // when it is loaded
  "src/track/sizes/size.ts": ["useSizes"], // start
  "src/track/sizes/size_primitives.ts": null, // snapshots
  "src/traces/growth/thinned_growth.ts": ["prune", "thin", "capFor", "alive"], // within quietly
  "src/track/builtins/deferred_builtins.ts": ["deferBuiltins"], // the preload
  "src/traces/growth/watch_grown.ts": ["memoryPoints"], // snapshots
  "src/traces/following/label_shares.ts": ["shares", "addTo", "listOf"], // snapshots
  "src/traces/liveness/heap_questions.ts": null, // within quietly
  "src/traces/growth/measure_growth.ts": null, // snapshots
  "src/traces/session/memory.ts": null, // within quietly
  "src/traces/blocks/block_table.ts": ["parts"], // for memory.ts
  "src/traces/blocks/recent_blocks.ts": ["parts"],
  "src/traces/paths/path_table.ts": ["parts"],
  "src/traces/paths/path_figures.ts": null, // snapshots
  "src/traces/paths/spread_paths.ts": null, // snapshots
  "src/traces/liveness/settle_now.ts": null, // within quietly
  "src/host/v8_flags.ts": null, // start, within quietly
};

const NAMES =
  /^(?:Math|Object|Array|Reflect|JSON|Number|String|Symbol|Promise|RegExp|Date|Error|RangeError|Map|Set|WeakMap|WeakSet|WeakRef|FinalizationRegistry|Proxy|U?[Ii]nt\d+Array|Float\d+Array|BigInt)$/;
/** Of arrays and strings, and of no class of ours. */
const METHODS =
  /^(?:filter|map|reduce|find|findIndex|includes|indexOf|join|sort|splice|fill|flat|flatMap|some|every|concat|shift|unshift|pop|reverse|replace|replaceAll|split|startsWith|endsWith|match|matchAll|test|subarray|trim|padStart|repeat|call|bind)$/;

function offences(file: string): string[] {
  const { program } = parse(readFileSync(join(root, file), "utf8"), {
    sourceType: "module",
    plugins: ["typescript"],
  });
  const free = ELSEWHERE[file];
  const found: string[] = [];
  const visit = (node: Node, inFunction: boolean): void => {
    if (
      /^TS|^(?:Import|Export(?:All|Named)Declaration$)/.test(node.type) &&
      !("declaration" in node && node.declaration)
    ) {
      if (node.type === "TSAsExpression" || node.type === "TSNonNullExpression")
        visit(node.expression, inFunction);
      return;
    }
    const name = nameOf(node);
    if (name !== null && free?.includes(name)) return;
    const offence = inFunction ? offenceOf(node) : null;
    if (offence !== null) found.push(`${file}:${node.loc!.start.line} ${offence}`);
    const isFunction = /Function|Method$/.test(node.type);
    for (const [key, child] of Object.entries(node)) {
      if (
        key === "typeAnnotation" ||
        key === "returnType" ||
        key === "superClass" ||
        key === "typeParameters"
      )
        continue;
      for (const each of Array.isArray(child) ? child : [child])
        if (typeof each?.type === "string" && each.loc) visit(each as Node, inFunction || isFunction);
    }
  };
  visit(program, false);
  return found;
}

function nameOf(node: Node): string | null {
  if (node.type === "FunctionDeclaration" || node.type === "VariableDeclarator")
    return node.id?.type === "Identifier" ? node.id.name : null;
  return node.type === "ClassMethod" && node.key.type === "Identifier" ? node.key.name : null;
}

function offenceOf(node: Node): string | null {
  if (node.type === "ForOfStatement" || node.type === "ArrayPattern" || node.type === "ForInStatement")
    return node.type;
  if (node.type === "CallExpression" || node.type === "NewExpression" || node.type === "ArrayExpression") {
    const list = node.type === "ArrayExpression" ? node.elements : node.arguments;
    if (list.some((each) => each?.type === "SpreadElement")) return "SpreadElement";
  }
  if (node.type === "NewExpression" && node.callee.type === "Identifier" && NAMES.test(node.callee.name))
    return `new ${node.callee.name}`;
  if (
    node.type === "BinaryExpression" &&
    node.operator === "instanceof" &&
    node.right.type === "Identifier" &&
    NAMES.test(node.right.name)
  )
    return `instanceof ${node.right.name}`;
  if (node.type !== "CallExpression") return null;
  const { callee } = node;
  if (callee.type === "Identifier" && NAMES.test(callee.name)) return `${callee.name}()`;
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return null;
  if (callee.object.type === "Identifier" && NAMES.test(callee.object.name))
    return `${callee.object.name}.${callee.property.name}`;
  return METHODS.test(callee.property.name) ? `.${callee.property.name}()` : null;
}

test("what runs in the middle of a program asks no built-in by name, and no iterator", () => {
  const files = FILES.filter((file) => ELSEWHERE[file] !== null);
  assertEquals(files.length > 40, true);
  assertEquals(files.flatMap(offences), []);
});

test("the exceptions are of files that are there", () => {
  assertEquals(
    Object.keys(ELSEWHERE).filter((file) => !FILES.includes(file)),
    [],
  );
});
