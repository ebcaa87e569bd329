import { type ParserOptions, type ParserPlugin, parse as parseBabel } from "@babel/parser";
import type * as t from "@babel/types";

export type SourceType = "module" | "commonjs" | "script" | "unambiguous";

/**
 * Parses a file by its name's ending: types in `.ts`, `.mts`, `.cts` and `.tsx`, JSX in `.jsx`, `.tsx` and `.js`.
 *
 * @throws {SyntaxError} with `loc` (line 1-based, column 0-based) when the text does not parse.
 */
export function parse(code: string, filename: string, sourceType: SourceType): t.File {
  const path = filename.replace(/[?#].*$/, "");
  const typescript = /\.[mc]?tsx?$/.test(path);
  const jsx = /\.(tsx|jsx|js|mjs|cjs)$/.test(path) || !/\.\w+$/.test(path);
  const plugins: ParserPlugin[] = ["decorators", "decoratorAutoAccessors"];
  if (typescript) plugins.push("typescript");
  const options: ParserOptions = {
    sourceType,
    plugins,
    // Kept as nodes: whether a function is in brackets, and where they end, decides where an edit may go.
    createParenthesizedExpressions: true,
    attachComment: false,
    // Recovered errors would become code that runs (HAZARDS 8).
    errorRecovery: false,
    allowReturnOutsideFunction: sourceType !== "module" && sourceType !== "script",
    allowNewTargetOutsideFunction: sourceType === "commonjs",
    allowUndeclaredExports: true,
  };
  if (!jsx) return parseBabel(code, options);
  try {
    // Without JSX first: `a<b>c</b>` and the like parse both ways, and most files have none.
    return parseBabel(code, options);
  } catch (error) {
    if (!code.includes("<")) throw error;
    try {
      return parseBabel(code, { ...options, plugins: [...plugins, "jsx"] });
    } catch {
      throw error;
    }
  }
}
