import { type ParseError, type ParserOptions, type ParserPlugin, parse as parseBabel } from "@babel/parser";
import type * as t from "@babel/types";
import { forEachChild, type Node, unwrap } from "./ast.ts";

export type SourceType = "module" | "commonjs" | "script" | "unambiguous";

/**
 * Parses a file by its name's ending: types in `.ts`, `.mts`, `.cts` and `.tsx`, JSX in `.jsx`, `.tsx` and `.js`.
 * Nodes have offsets and no `loc`.
 *
 * @throws {SyntaxError} with `loc` (line 1-based, column 0-based) when the text does not parse.
 */
export function parse(code: string, filename: string, sourceType: SourceType): t.File {
  const path = pathOf(filename);
  const typescript = /\.[mc]?tsx?$/.test(path);
  const jsx = /\.(tsx|jsx|js|mjs|cjs)$/.test(path) || !/\.\w+$/.test(path);
  const plugins: ParserPlugin[] = [
    "decorators",
    "decoratorAutoAccessors",
    // `import source x from "x"`, `import defer * as x from "x"`, `import.source("x")`, `import.defer("x")`
    "sourcePhaseImports",
    "deferredImportEvaluation",
  ];
  if (typescript) plugins.push("typescript");
  const options: ParserOptions = {
    sourceType,
    plugins,
    // Kept as nodes: whether a function is in brackets, and where they end, decides where an edit may go.
    createParenthesizedExpressions: true,
    attachComment: false,
    // `Lines` has them: parsing takes a third less of the time, and nodes half the memory.
    locations: false,
    errorRecovery: true,
    // What may turn out to be CommonJS is the body of a function. "commonjs" implies both; Babel refuses to be told.
    ...(sourceType === "unambiguous"
      ? { allowReturnOutsideFunction: true, allowNewTargetOutsideFunction: true }
      : {}),
    allowUndeclaredExports: true,
  };
  if (!jsx) return parseStrictly(code, options);
  try {
    // Without JSX first: `a<b>c</b>` and the like parse both ways, and most files have none.
    return parseStrictly(code, options);
  } catch (error) {
    if (!code.includes("<")) throw error;
    try {
      return parseStrictly(code, { ...options, plugins: [...plugins, "jsx"] });
    } catch {
      throw error;
    }
  }
}

/** Without the query of a URL or of a bundler's name; in the path of a file, `?` and `#` are letters like others. */
function pathOf(filename: string): string {
  const isUrl = /^[a-z][a-z\d+.-]+:/i.test(filename);
  return isUrl || !/\.[mc]?[jt]sx?$/.test(filename) ? filename.replace(/[?#].*$/s, "") : filename;
}

/** Throws what the parser could recover from too: recovered code would run where the original does not. */
function parseStrictly(code: string, options: ParserOptions): t.File {
  const file = parseBabel(code, options);
  const error = firstError(file);
  if (error === undefined) return file;
  if (error.reasonCode === "UnsupportedParameterDecorator") {
    // NestJS's and Angular's, which only the grammar of TypeScript's older decorators has.
    const plugins = options.plugins!.filter((plugin) => plugin !== "decorators");
    return parseStrictly(code, { ...options, plugins: [...plugins, "decorators-legacy"] });
  }
  // With recovery on, the parser takes a text that may be either for a module, and reports what is not strict.
  const mayBeSloppy = options.sourceType === "unambiguous" && file.program.sourceType === "script";
  if (!mayBeSloppy) throw error;
  const script = parseBabel(code, { ...options, sourceType: "script" });
  if (firstError(script) !== undefined) throw error;
  return script;
}

function firstError(file: ReturnType<typeof parseBabel>): ParseError | undefined {
  return file.errors?.find(({ reasonCode, pos }) => {
    const mayRun = reasonCode === "InvalidLhs" || reasonCode === "ImportCallNotNewExpression";
    return !mayRun || !startsOfWhatRuns(file).has(pos);
  });
}

/**
 * Where things start that the specification forbids and V8 lets run, so that they have to run instrumented: calls as targets
 * (`f() = 1`, `f()++`, `for (f() of x)`), which fail when they run, for the sake of old pages, in strict code too; and
 * `new import("x").y` (V8 15.0; `new import("x")` is an error in V8, too).
 */
function startsOfWhatRuns(file: t.File): Set<number> {
  const found = new Set<number>();
  const visit = (node: Node): void => {
    const target = targetOf(node);
    if (target?.type === "CallExpression") found.add(target.start!);
    if (node.type === "NewExpression" && node.callee.type === "MemberExpression")
      found.add(node.callee.start!);
    if (node.type === "WithStatement") {
      // Left as it is otherwise, so that it has no children.
      visit(node.object);
      visit(node.body);
    } else forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function targetOf(node: Node): Node | null {
  switch (node.type) {
    case "AssignmentExpression":
    case "ForInStatement":
    case "ForOfStatement":
      return unwrap(node.left);
    case "UpdateExpression":
      return unwrap(node.argument);
    default:
      return null;
  }
}
