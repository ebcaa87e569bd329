import { Module } from "node:module";
import { extname } from "node:path";

/** The parts of Node's CommonJS loader that compilers replace: a handler for each extension, which calls `_compile`. */
interface Loader {
  readonly _extensions: Readonly<Record<string, unknown>>;
  readonly prototype: { _compile: Compile };
}

type Compile = (this: unknown, content: unknown, filename: string, ...rest: unknown[]) => unknown;

const { apply } = Reflect;

/**
 * What a text must contain to replace a handler: a part to look for, what stands before it, and the whole. Parts of six characters, as V8
 * takes five to fifty times as long to look for one of seven.
 */
const HANDLERS = [
  { part: "_exten", before: 0, whole: /^\W?_extensions\b/ },
  { part: ".exten", before: "require".length, whole: /^\W?require\.extensions\b/ },
];
const LONGEST = "require.extensions".length;

function mayReplace(text: string): boolean {
  return HANDLERS.some(({ part, before, whole }) => {
    for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) {
      const start = Math.max(at - before - 1, 0);
      if (whole.test(text.slice(start, start + LONGEST + 2))) return true;
    }
    return false;
  });
}

/** CommonJS that a handler of somebody else's gives to Node (tsx, ts-node, swc-node, `@babel/register`). */
export interface CompiledCommonJs {
  /** Whether Node gets another text of a file than load hooks see, if these see it at all. */
  compiles(filename: string): boolean;
  /** To be told of a file that load hooks do not get the text of, since Node reads it itself when it runs it. */
  expect(filename: string): void;
  /** To be told of each text that is loaded: from one that may replace handlers on, `_compile` is watched. */
  noteText(text: string): void;
  /** Takes it back. */
  stop(): void;
}

/**
 * Instruments what such handlers give to Node. Load hooks do not see it: they see the TypeScript, which ts-node would check with
 * our insertions in it, or nothing, as tsx reads the files itself.
 *
 * @param instrument Gives the text to run.
 */
export function watchCompiledCommonJs(
  instrument: (name: string, source: string) => string,
): CompiledCommonJs {
  const { _extensions: handlers, prototype } = Module as unknown as Loader;
  const own = handlers[".js"];
  // Node's own reads the file through the load hooks.
  const isNodes = typeof own === "function" && /\bloadSource\b/.test(Function.prototype.toString.call(own));
  const compiles = (filename: string): boolean => {
    const handler = handlers[extname(filename)] ?? handlers[".js"];
    return !isNodes || handler !== own;
  };

  const expected = new Set<string>();
  let undo: (() => void) | null = null;
  const watch = (): void => {
    const before = prototype._compile;
    const after = new Proxy(before, {
      apply(target, self, args: Parameters<Compile>) {
        const [content, filename] = args;
        const isUnseen = expected.delete(filename) || compiles(filename);
        if (undo !== null && typeof content === "string" && isUnseen) args[0] = instrument(filename, content);
        return apply(target, self, args);
      },
    });
    prototype._compile = after;
    undo = () => {
      if (prototype._compile === after) prototype._compile = before;
      undo = null;
    };
  };
  if (!isNodes || compiles("a.ts")) watch();
  return {
    compiles: (filename) => undo !== null && compiles(filename),
    expect: (filename) => {
      expected.add(filename);
      if (undo === null) watch();
    },
    noteText: (text) => {
      if (undo === null && mayReplace(text)) watch();
    },
    stop: () => undo?.(),
  };
}
