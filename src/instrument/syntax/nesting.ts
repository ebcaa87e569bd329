import { forEachChild, type Node } from "./ast.ts";
import { Lines } from "./lines.ts";
import { parse, type SourceType } from "./parse.ts";

/** Whether an engine has run out of stack. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof Error && /call stack|too much recursion/i.test(error.message);
}

/**
 * What to say of a text in which parser or walk ran out of stack: nested too deeply, and where.
 *
 * @returns An error with the parser's `loc`: line from 1, column from 0.
 */
export function nestedTooDeeply(code: string, filename: string, sourceType: SourceType): SyntaxError {
  const error = new SyntaxError("nested too deeply to be instrumented");
  return Object.assign(error, { loc: deepestPlace(code, filename, sourceType) });
}

interface Place {
  readonly line: number;
  readonly column: number;
}

function deepestPlace(code: string, filename: string, sourceType: SourceType): Place {
  try {
    const { start } = deepestNode(parse(code, filename, sourceType).program);
    const lines = new Lines(code);
    return { line: lines.lineAt(start!), column: lines.columnAt(start!) };
  } catch {
    return deepestBracket(code);
  }
}

/** Without recursion: that is what has failed. */
function deepestNode(program: Node): Node {
  const pending: [node: Node, depth: number][] = [[program, 0]];
  let deepest: Node = program;
  let most = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [node, depth] = next;
    if (depth > most) {
      most = depth;
      deepest = node;
    }
    forEachChild(node, (child) => void pending.push([child, depth + 1]));
  }
  return deepest;
}

/** By the brackets alone, those in strings too: where the parser itself gives up there is nothing else to go by. */
function deepestBracket(code: string): Place {
  let depth = 0;
  let most = 0;
  let at = 0;
  for (let i = 0; i < code.length; i++) {
    const character = code[i]!;
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    if (depth > most) {
      most = depth;
      at = i;
    }
  }
  const before = code.slice(0, at).split("\n");
  return { line: before.length, column: before.at(-1)!.length };
}
