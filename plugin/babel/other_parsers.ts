// Whether another plugin parses a file: Babel fails where two plugins give it a tree.
// Types are the parser's, which is there whatever the user has; those of `@babel/core` have other names in Babel 7 and 8.
import type { ParserOptions as BabelParserOptions, parse as babelParse } from "@babel/parser";

/** Babel's parser options. */
export interface ParserOptions extends BabelParserOptions {
  /** The file's name, as Babel's core gives it to its parser. */
  sourceFileName?: string;
}

/** Babel's parser. */
export type Parse = typeof babelParse;

/** What Babel's parser gives. */
export type Tree = ReturnType<Parse>;

/** From a text to its tree; undefined: Babel, or another plugin, is to parse it. */
export type ParserOverride = (code: string, options: ParserOptions, parse: Parse) => Tree | undefined;

/** The parts of a plugin that are read here. */
interface OtherPlugin {
  key?: unknown;
  parserOverride?(code: string, options: ParserOptions, parse: Parse): Tree | undefined;
}

/** The part of Babel's options that is read here. */
export interface FileOptions {
  plugins?: readonly OtherPlugin[];
}

/** What is known of the plugins beside ours. */
export interface OtherParsers {
  /** Called before a file is parsed, with the plugins that have been chosen for it. */
  remember(options: FileOptions, parserOptions: ParserOptions): void;
  /** The name of the plugin that parses the file itself; null: none does. */
  find(code: string, parserOptions: ParserOptions, parse: Parse): string | null;
}

const ours = new WeakSet<ParserOverride>();

/** Says that an override is this package's own, and none of the others. */
export function markAsOurs(override: ParserOverride): void {
  ours.add(override);
}

/** Asks the others by letting them parse: React Native's preset has a plugin that takes some files and leaves the rest. */
export function createOtherParsers(): OtherParsers {
  const known = new WeakMap<ParserOptions, readonly OtherPlugin[]>();
  return {
    remember: ({ plugins = [] }, parserOptions) => {
      known.set(parserOptions, plugins);
    },
    find: (code, parserOptions, parse) => {
      const found = known.get(parserOptions)?.find(({ parserOverride }) => {
        if (parserOverride === undefined || ours.has(parserOverride)) return false;
        try {
          return parserOverride(code, parserOptions, parse) !== undefined;
        } catch {
          // Babel asks it once more, and reports what is wrong.
          return true;
        }
      });
      return found === undefined ? null : String(found.key);
    },
  };
}
