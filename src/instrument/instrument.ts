import type * as t from "@babel/types";
import remapping from "@jridgewell/remapping";
import type { Site } from "../sites/site_table.ts";
import { SiteTable } from "../sites/site_table.ts";
import { Kind } from "../vocabulary/kinds.ts";
import { accessorNames } from "./facts/accessors.ts";
import { survey } from "./facts/captures.ts";
import { resourceAliases } from "./facts/resource_aliases.ts";
import { openSourceMap, type SourceMapInput, type SourcePositions } from "./maps/source_positions.ts";
import { CallPlaces } from "./plan/call_places.ts";
import { HANDLERS } from "./plan/handlers.ts";
import { frameAccess, reportDeclaredFunctions } from "./plan/plan_functions.ts";
import { type FunctionScope, type Origins, Planner } from "./plan/planner.ts";
import { boundNames, type Node } from "./syntax/ast.ts";
import { commonJsExports } from "./syntax/commonjs_exports.ts";
import { Lines } from "./syntax/lines.ts";
import { isStackOverflow, nestedTooDeeply } from "./syntax/nesting.ts";
import { parse, type SourceType } from "./syntax/parse.ts";
import { continuations } from "./text/continuations.ts";
import { Edits } from "./text/edits.ts";
import { Emitter, mentionsGlobals, type Names, namesWith, safeString } from "./text/emit.ts";
import { footer, header } from "./text/header.ts";

export type { Site } from "../sites/site_table.ts";
export type { SourceMapInput } from "./maps/source_positions.ts";
export type { SourceType } from "./syntax/parse.ts";

/** What `instrument` needs to know about a text. */
export interface InstrumentOptions {
  /** The name that frames bear: a path, or a URL. Its ending says whether there are types or JSX in the text. */
  filename: string;
  /** Default `"unambiguous"`: a module if it has an import or export. */
  sourceType?: SourceType;
  /** `true`: give a map; `"inline"`: append it to the code as well. Default `false`. */
  sourceMap?: boolean | "inline";
  /** The map of the text itself, where it is generated; sites and map then point to its originals. */
  inputSourceMap?: SourceMapInput | null;
  /**
   * With `inputSourceMap`: whether the map that comes out leads to the originals, too. Default `true`. `false`: it ends at the text that
   * was given, for tools that chain maps themselves, as bundlers do.
   */
  chainMap?: boolean;
  /**
   * With `inputSourceMap`: whether sites are those of the originals. Default `true`. `false`: they have the lines of the text that was given,
   * unless that bears its original's name, as what a compiler made while it was loaded.
   */
  mapSites?: boolean;
  /** Whether to say what was inserted where (`edits` of the result), by which coverage of the code is led back to the text. Default `false`. */
  describesEdits?: boolean;
  /**
   * Whether calls are recorded, for tracebacks of more than one frame. Default `true`. Without, only calls of built-in
   * functions that allocate are, so that their results have a line.
   */
  calls?: boolean;
  /**
   * A module that the code loads before it looks for the tracker: a bundler then runs it first, whatever chunk the code
   * lands in. Default: none, as for code that a preload instruments.
   */
  tracker?: string | null;
  /**
   * Whether the code will run in a `vm` context, as Jest's tests do. There each look at a property of the global object
   * asks the host, which takes longer than most functions: the file then has variables of its own, and records its
   * calls from the start. Default `false`.
   */
  inContext?: boolean;
}

/** What `instrument` gives back. */
export interface InstrumentResult {
  code: string;
  /** Source map of version 3 as JSON, or null where none was asked for or the text is unchanged. */
  map: string | null;
  /** The places that the code can report, in the order of their numbers. */
  sites: readonly Site[];
  /** Where it was asked for, and the text has changed. */
  edits?: EditDescription;
}

/** What coverage of the code has to be led back by. */
export interface EditDescription {
  /** Position in the text and length of each insertion, in turns, in the order of the text. */
  readonly insertions: readonly number[];
  /** By the end of each statement (position in the text), the end of the block around it: where coverage may go on. */
  readonly continuations: ReadonlyMap<number, number>;
}

/**
 * Rewrites a module or script so that its allocations and calls report to the tracker.
 *
 * Every edit is an insertion without a newline, so line numbers stay. The code carries its sites with it: written to
 * a file and run where the tracker is, it is traced; run elsewhere, it does what the original does.
 *
 * @param code The source text: JavaScript or TypeScript, with or without JSX.
 * @param options The file's name and what is to be made of it.
 * @throws {SyntaxError} when the text does not parse, or is nested too deeply; `loc` holds `line` (1-based) and `column` (0-based).
 *
 * @example
 * ```ts
 * import { instrument } from "tracemalloc/instrument";
 * const { code, sites } = instrument("export const list = [1, 2];", { filename: "/app/list.js" });
 * console.log(code.includes("[1, 2]"), sites.length > 0); // true true
 * ```
 */
export function instrument(code: string, options: InstrumentOptions): InstrumentResult {
  try {
    return transform(code, options);
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    throw nestedTooDeeply(code, options.filename, options.sourceType ?? "unambiguous");
  }
}

function transform(code: string, options: InstrumentOptions): InstrumentResult {
  const {
    filename,
    sourceType = "unambiguous",
    sourceMap = false,
    inputSourceMap = null,
    chainMap = true,
    mapSites = true,
    describesEdits = false,
    calls = true,
    tracker = null,
    inContext = false,
  } = options;
  const { program } = parse(code, filename, sourceType);
  const texts = withPlainNames(code);
  if (texts.some(mentionsGlobals) || program.directives.some(({ value }) => value.value === "use asm"))
    return { code, map: null, sites: [] };
  const emitter = new Emitter(namesInFile(texts, { code, filename, program, sourceType }));
  const edits = new Edits(code, emitter.glue());
  const input =
    inputSourceMap === null ? null : openSourceMap(inputSourceMap, { filename, characters: code.length });
  const sites = new SiteTable(filename);
  const lines = new Lines(code);
  planProgram({
    code,
    lines,
    filename,
    program,
    edits,
    emitter,
    sites,
    sourceType,
    calls,
    tracker,
    inContext,
    origins:
      input === null || !(mapSites || isOutputOfItself(input, filename))
        ? TEXT_ITSELF
        : originsOf(input, sites, lines),
  });
  if (sites.sites.length === 0) return { code, map: null, sites: [] };
  const description = describesEdits
    ? { edits: { insertions: edits.insertions(), continuations: continuations(program) } }
    : {};
  if (sourceMap === false) return { code: edits.text(), map: null, sites: sites.sites, ...description };
  const { text, map } = withMap(edits, filename, chainMap ? input : null);
  if (sourceMap !== "inline") return { code: text, map, sites: sites.sites, ...description };
  return {
    code: withInlineMap(chainMap ? withoutMap(text) : text, map),
    map,
    sites: sites.sites,
    ...description,
  };
}

/** @param input The text's own map, where the new one is to lead on through it. */
function withMap(
  edits: Edits,
  filename: string,
  input: SourcePositions | null,
): { text: string; map: string } {
  const edited = edits.apply();
  const own = edited.generateMap({ source: filename, includeContent: input === null, hires: "boundary" });
  const map = own.toString();
  return { text: edited.toString(), map: input === null ? map : chainMaps(map, input) };
}

interface ProgramPlan {
  readonly code: string;
  readonly lines: Lines;
  readonly filename: string;
  readonly program: t.Program;
  readonly edits: Edits;
  readonly emitter: Emitter;
  readonly sites: SiteTable;
  readonly sourceType: SourceType;
  readonly calls: boolean;
  readonly tracker: string | null;
  readonly inContext: boolean;
  readonly origins: Origins;
}

type NamedProgram = Pick<ProgramPlan, "code" | "filename" | "program" | "sourceType">;

function planProgram(plan: ProgramPlan): void {
  const { code, lines, filename, program, edits, emitter, sites, sourceType, calls, origins } = plan;
  if (program.body.length === 0) return;
  sites.addFunction("<module>", 1);
  sites.add({ kind: Kind.entry, line: 1, column: 1, functionIndex: 0, parameter: 0 });
  const accessors = calls ? accessorNames(code) : new Set<string>();
  // Where all calls are recorded, nobody asks.
  const aliases = calls ? new Set<string>() : resourceAliases(code);
  const isFunctionBody = sourceType !== "script";
  const surveyed = survey(program, { accessors, aliases, isFunctionBody });
  const own = surveyed.facts.get(program)!;
  const isFramed = !own.isUnframeable && (calls ? own.calls || own.awaits : own.callsBuiltin);
  const frame = !isFramed ? "none" : own.awaits ? "activation" : "sync";
  const scope: FunctionScope = {
    // A module's frame takes its slot at once: `start()` in it must not lose what called.
    access: { ...frameAccess(emitter, frame, false), isLazy: false },
    functionIndex: 0,
    isActivation: frame === "activation",
    hasCompletionValue: program.sourceType === "script" && sourceType !== "commonjs",
    storedLine: -1,
    pending: null,
  };
  const isTypeScript = /\.[mc]?tsx?$/.test(filename);
  const places = calls ? null : new CallPlaces();
  const shared = {
    handlers: HANDLERS,
    edits,
    sites,
    emitter,
    ...surveyed,
    origins,
    calls,
    places,
  };
  const planner = new Planner({ source: code, lines, ...shared, isTypeScript, accessors, aliases }, scope);
  const at = headerPosition(program, emitter);
  const placeholder = edits.start(at.position, "");
  reportDeclaredFunctions(planner, program, at.position);
  planner.visitStatements(program, program.body);
  if (sites.sites.length === 1 && places?.hasCalls !== true) {
    // Nothing but the module's own entry: nothing to report.
    sites.sites.length = 0;
    return;
  }
  const shadowed = topLevelNames(program);
  for (const name of own.variables) shadowed.add(name);
  for (const name of own.declaredInBlocks ?? []) shadowed.add(name);
  const { names } = emitter;
  const around = { names, frame, shadowed, ownGlobals: plan.inContext } as const;
  placeholder.text = at.separator + loadTracker(plan) + header(around);
  const payload = sites.encode(places?.encode(lines, edits.insertions(), program.sourceType === "module"));
  const last = program.body[program.body.length - 1];
  // The names come last: where `module.exports` is assigned again, the lexers forget what they had.
  const note = program.sourceType === "module" || sourceType === "script" ? "" : commonJsExports(code);
  const exported = note === "" ? "" : emitter.exportsNote(note);
  edits.end(last.end!, footer({ ...around, payload }) + exported);
}

/**
 * Loads the tracker the way the file loads other modules. Whether a text without imports and exports is CommonJS, its
 * words say: an `import` would make a module of it, and elsewhere there may be no `require`.
 */
function loadTracker({ code, program, tracker }: ProgramPlan): string {
  if (tracker === null) return "";
  if (program.sourceType === "module") return `import${safeString(tracker)};`;
  return /\b(?:module|exports|require)\b/.test(code) ? `require(${safeString(tracker)});` : "";
}

/**
 * After the last directive, which has to stay one, else right before the first statement: never at offset 0, where
 * there can be a hashbang or an HTML-like comment.
 */
function headerPosition(program: t.Program, emitter: Emitter): { position: number; separator: string } {
  const { directives, body } = program;
  if (directives.length === 0) return { position: body[0].start!, separator: "" };
  return { position: directives[directives.length - 1].end!, separator: emitter.separator() };
}

/** Names that the file binds at its top level and that the header would use. */
function topLevelNames(program: t.Program): Set<string> {
  const names = new Set<string>();
  const add = (statement: Node): void => {
    switch (statement.type) {
      case "ExportNamedDeclaration":
        if (statement.declaration) add(statement.declaration);
        return;
      case "ImportDeclaration":
        for (const { local } of statement.specifiers) names.add(local.name);
        return;
      case "VariableDeclaration":
        for (const { id } of statement.declarations) boundNames(id, names);
        return;
      case "FunctionDeclaration":
      case "ClassDeclaration":
        if (statement.id) names.add(statement.id.name);
    }
  };
  for (const statement of program.body) add(statement);
  return names;
}

/**
 * Modules have a scope of their own. Scripts of one realm share theirs, and one script can run in it twice: names that
 * depend on the content keep two scripts apart, and let the same one find its own again.
 *
 * @param texts `withPlainNames(code)`
 */
function namesInFile(texts: readonly string[], { code, filename, program, sourceType }: NamedProgram): Names {
  const isScoped = program.sourceType === "module" || sourceType === "commonjs";
  // In sloppy code `eval` makes variables of whatever text it gets: no short name is safe from `var $t$`.
  const isEvaluating = program.sourceType !== "module" && /\beval\b/.test(code);
  let suffix = isScoped && !isEvaluating ? "" : hash(filename, "\n", code);
  for (;;) {
    const name = new RegExp(`\\$[tsbdaiv]\\$${suffix}(?![\\w$])`);
    if (!texts.some((text) => name.test(text))) break;
    suffix += "_";
  }
  // Nor are the global object's: a file that may call `eval` has variables of its own for those without which nothing goes on.
  return namesWith(suffix, isEvaluating && /\beval\b\W*\(/.test(code));
}

/** A character that a name can have, ASCII's, as `\\u0024` or `\\u{24}`. */
const ESCAPED = /\\u(?:\{0*([0-9a-f]{2})\}|00([0-9a-f]{2}))/gi;

/** The text, and the lines that have escaped characters with these written plainly: `\\u0024t$` is one of our names, too. */
function withPlainNames(code: string): string[] {
  const texts = [code];
  if (!code.includes("\\u")) return texts;
  let end = 0;
  for (const { index } of code.matchAll(ESCAPED)) {
    if (index < end) continue;
    const start = code.lastIndexOf("\n", index) + 1;
    const next = code.indexOf("\n", index);
    end = next === -1 ? code.length : next;
    const plain = (_: string, braced: string, two: string): string =>
      String.fromCharCode(Number.parseInt(braced ?? two, 16));
    texts.push(code.slice(start, end).replace(ESCAPED, plain));
  }
  return texts;
}

/** FNV-1a, 32 bits, of the texts one after the other. */
function hash(...texts: readonly string[]): string {
  let h = 0x811c9dc5;
  for (const text of texts)
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(36);
}

const TEXT_ITSELF: Origins = {
  locate: (line, column) => ({ line, column, file: 0, where: line }),
  nameOf: ({ name }) => name,
};

function originsOf(positions: SourcePositions, sites: SiteTable, lines: Lines): Origins {
  const files = new Map<number, number>();
  const fileOf = (source: number): number => {
    let file = files.get(source);
    if (file === undefined) files.set(source, (file = sites.addFile(positions.sources[source])));
    return file;
  };
  // A compiler's own helpers stand nowhere in a file of which the text is the output.
  const hasHelpers = isOutputOfItself(positions, sites.filename);
  return {
    locate(line, column) {
      const found = positions.find(line, column);
      if (found === null)
        return hasHelpers
          ? { line: 0, column: 0, file: 0, where: 0 }
          : { line, column, file: 0, where: line };
      const file = fileOf(found.source);
      return { line: found.line, column: found.column, file, where: file * 2 ** 32 + found.line };
    },
    nameOf: ({ name, start }) => positions.nameAt(lines.lineAt(start!), lines.columnAt(start!) + 1) ?? name,
  };
}

function isOutputOfItself({ sources }: SourcePositions, filename: string): boolean {
  return sources.includes(filename);
}

function chainMaps(own: string, input: SourcePositions): string {
  const chained = remapping(own, (_, { depth }) => (depth === 1 ? (input.map as never) : null));
  chained.sources = chained.sources.map((source) => source && asUrl(source));
  return chained.toString();
}

/** Paths stay as they are, but for characters that mean something in a URL, which sources are. */
function asUrl(name: string): string {
  return /^\/.*[#?%]/.test(name) ? name.replace(/[#?%]/g, encodeURIComponent) : name;
}

/** Only a comment that ends the text: elsewhere the same characters can be part of a string. */
function withoutMap(text: string): string {
  return text.replace(/\n?\/\/[#@] sourceMappingURL=[^\s'"`*]*\s*$/, "");
}

function withInlineMap(text: string, map: string): string {
  const encoded = btoa(utf8(map));
  return `${text}\n//# sourceMappingURL=data:application/json;base64,${encoded}`;
}

/** UTF-8 bytes as characters, for `btoa`. */
function utf8(text: string): string {
  let out = "";
  for (const byte of new TextEncoder().encode(text)) out += String.fromCharCode(byte);
  return out;
}
