import type * as t from "@babel/types";
import { Lines } from "../../../src/instrument/syntax/lines.ts";
import { parse, type SourceType } from "../../../src/instrument/syntax/parse.ts";
import { closeTree, ownFacts, type ScopeTree, without } from "./scope_tree.ts";
import { traverseFacts } from "./traverse_scopes.ts";

/** Facts about a program's scopes, in words that can be compared. */
export interface ScopeWords {
  /** What is used, and not bound in the program. */
  readonly free: readonly string[];
  /** What each function binds by parameters, `var` and functions declared in its body. */
  readonly bound: readonly string[];
  /** A line per scope: what it binds, and what of that functions inside capture. */
  readonly scopes: readonly string[];
}

/** Our facts about a text's scopes beside those of `@babel/traverse`. */
export function compareScopes(
  code: string,
  filename: string,
  sourceType: SourceType,
): { ours: ScopeWords; theirs: ScopeWords } {
  const isFunctionBody = sourceType !== "script";
  const file = parse(code, filename, sourceType);
  const own = ownFacts(file.program, isFunctionBody);
  const oracle = traverseFacts(file, isFunctionBody);
  const { leftOut, outermost } = oracle;
  const text = new Lines(code);
  const bindings = (node: t.Node, names: Iterable<string>): string =>
    `${text.lineAt(node.start!)}:${text.columnAt(node.start!)} ${without(names, leftOut)}`;
  return {
    ours: {
      free: without(own.free, new Set([...leftOut, ...outermost])),
      bound: [...oracle.functions.keys()].map((node) => {
        const { variables, declared } = own.functions.get(node)!;
        return bindings(node, new Set([...variables, ...declared]));
      }),
      scopes: lines(closeTree(own.scopes, leftOut)),
    },
    theirs: {
      free: without(oracle.free, leftOut),
      bound: [...oracle.functions].map(([node, names]) => bindings(node, names)),
      scopes: lines(closeTree(oracle.scopes, leftOut)),
    },
  };
}

function lines({ names, captured, inner }: ScopeTree, indent = ""): string[] {
  const own = `${indent}${names}${captured.length > 0 ? ` captured: ${captured}` : ""}`;
  return [own, ...inner.flatMap((one) => lines(one, `${indent}  `))];
}
