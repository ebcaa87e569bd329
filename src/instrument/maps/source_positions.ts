import {
  decodedMappings,
  FlattenMap,
  type SourceMapSegment,
  TraceMap,
  traceSegment,
} from "@jridgewell/trace-mapping";
import { plainPath } from "../../sites/plain_path.ts";
import type { InputMap } from "./input_map.ts";
import type { SourceNamer } from "./source_name.ts";

/** A source map of version 3, as an object or as JSON, or one that `readInputMap` has found. */
export type SourceMapInput = string | object;

/** A place in the source that a map leads to. */
export interface SourcePosition {
  /** Index into `sources`. */
  readonly source: number;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

/** Where a generated text's parts come from. */
export interface SourcePositions {
  /** Plain paths or URLs. */
  readonly sources: readonly string[];
  /** Null where the map has nothing to say: a compiler's own helpers. `line` and `column` are 1-based. */
  find(line: number, column: number): SourcePosition | null;
  /** The name that the source has for the identifier that starts there; null where it is not known to differ. */
  nameAt(line: number, column: number): string | null;
  /** The same as a map with one level, whose sources are those of `sources`. */
  readonly map: TraceMap;
}

/** A map that cannot be used; the message says why. */
export class SourceMapError extends Error {
  override name = "SourceMapError";
}

/**
 * Reads the map of a text: flat or with sections, with the maps of its sources where they are generated, too.
 *
 * @param text The text that the map belongs to; it bounds how much the map can say.
 * @throws {SourceMapError} when it is no source map of version 3.
 */
export function openSourceMap(
  input: SourceMapInput,
  text: { filename: string; characters: number },
): SourcePositions {
  const map = isInputMap(input)
    ? openInputMap(input)
    : flatten(input, { nameOf: namerOf(text.filename), characters: text.characters });
  const sources = map.sources.map((source) => source ?? "");
  return {
    sources,
    map,
    find(line, column) {
      const segment = traceSegment(map, line - 1, column - 1);
      if (segment === null || segment.length === 1) return null;
      const [, source, sourceLine, sourceColumn] = segment;
      const isPlace =
        (sources[source] ?? "") !== "" && isCount(sourceLine, MAX_LINE) && isCount(sourceColumn, MAX_LINE);
      return isPlace ? { source, line: sourceLine + 1, column: sourceColumn + 1 } : null;
    },
    nameAt(line, column) {
      const segment = traceSegment(map, line - 1, column - 1);
      // A segment to the left of it is some other token's.
      if (segment === null || segment.length !== 5 || segment[0] !== column - 1) return null;
      return map.names[segment[4]] ?? null;
    },
  };
}

/** Sites carry numbers of 31 bits. */
const MAX_LINE = 2 ** 29;

function isCount(value: unknown, below: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < below;
}

function isInputMap(input: SourceMapInput): input is InputMap {
  return typeof input === "object" && (input as Partial<InputMap>).inner instanceof Map;
}

/** Without a file system: relative sources start from the text's own folder, and `file:` URLs become paths. */
function namerOf(filename: string): SourceNamer {
  return (source, sourceRoot) => {
    const { resolvedSources } = new TraceMap(
      { version: 3, names: [], mappings: "", sources: [source], ...(sourceRoot ? { sourceRoot } : {}) },
      filename,
    );
    return plainPath(resolvedSources[0]!);
  };
}

function openInputMap({ text, nameOf, characters, inner }: InputMap): TraceMap {
  const outer = flatten(text, { nameOf, characters });
  if (inner.size === 0) return outer;
  const maps = outer.sources.map((source) => {
    const found = inner.get(source ?? "");
    try {
      return found === undefined ? null : openInputMap(found);
    } catch {
      // Broken is as good as none: the way ends at the source.
      return null;
    }
  });
  return compose(outer, maps);
}

/** Follows each segment through the map of its source, where it has one. */
function compose(outer: TraceMap, inner: readonly (TraceMap | null)[]): TraceMap {
  const sources: (string | null)[] = [];
  const sourcesContent: (string | null)[] = [];
  const names: string[] = [];
  const numbers = new Map<string, number>();
  const addSource = (map: TraceMap, index: number): number => {
    const name = map.sources[index] ?? null;
    const known = numbers.get(name ?? "");
    if (known !== undefined) return known;
    numbers.set(name ?? "", sources.length);
    sourcesContent.push(map.sourcesContent?.[index] ?? null);
    return sources.push(name) - 1;
  };
  const through = (segment: SourceMapSegment): SourceMapSegment => {
    if (segment.length === 1) return segment;
    const [column, source, line, sourceColumn] = segment;
    const map = inner[source] ?? null;
    const found = map === null ? segment : trace(map, line, sourceColumn);
    if (found === null || found.length === 1) return [column];
    const from = map ?? outer;
    const target = [column, addSource(from, found[1]), found[2], found[3]] as const;
    // What the original is called, else what it is called in between.
    const name =
      found.length === 5 ? from.names[found[4]] : segment.length === 5 ? outer.names[segment[4]] : null;
    return name == null ? [...target] : [...target, names.push(name) - 1];
  };
  const mappings = decodedMappings(outer).map((line) => line.map(through));
  return new TraceMap({ version: 3, sources, sourcesContent, names, mappings });
}

/** A map of lines alone gives column 0, where the inner map of an indented line has nothing yet. */
function trace(map: TraceMap, line: number, column: number): Readonly<SourceMapSegment> | null {
  return traceSegment(map, line, column) ?? decodedMappings(map)[line]?.[0] ?? null;
}

interface RawMap {
  version?: unknown;
  sources?: unknown;
  sourceRoot?: unknown;
  sourcesContent?: unknown;
  names?: unknown;
  mappings?: unknown;
  sections?: unknown;
}

interface Section {
  offset?: { line?: unknown; column?: unknown };
  map?: RawMap;
}

/** One level, without sections, its sources by their names as frames bear them. */
function flatten(
  input: string | object,
  { nameOf, characters }: { nameOf: SourceNamer; characters: number },
): TraceMap {
  const raw = parse(input);
  const budget = { segments: 2 * characters + 1024 };
  if (raw.sections === undefined) return new TraceMap(checked(raw, nameOf, budget) as never);
  if (!Array.isArray(raw.sections)) throw new SourceMapError("its sections are no list");
  const sections = raw.sections.map((section: Section | null) => {
    const { line, column } = section?.offset ?? {};
    // Empty lines are made for all that a section is said to be away.
    if (!isCount(line, characters + 2) || !isCount(column, MAX_LINE) || !section?.map)
      throw new SourceMapError("one of its sections is no section");
    return { offset: { line, column }, map: checked(section.map, nameOf, budget) };
  });
  return new FlattenMap({ version: 3, sections } as never);
}

function parse(input: string | object): RawMap {
  if (typeof input !== "string") return input;
  let map: unknown;
  try {
    map = JSON.parse(input);
  } catch {
    throw new SourceMapError("its source map is no JSON");
  }
  if (typeof map !== "object" || map === null) throw new SourceMapError("its source map is no object");
  return map;
}

function checked(raw: RawMap, nameOf: SourceNamer, budget: { segments: number }): object {
  const { version, sources, sourceRoot, sourcesContent, names, mappings } = raw;
  if (Number(version) !== 3) throw new SourceMapError(`its source map has version ${String(version)}, not 3`);
  if (!Array.isArray(sources)) throw new SourceMapError("its source map has no list of sources");
  if (typeof mappings === "string") checkMappings(mappings, budget);
  else if (!Array.isArray(mappings)) throw new SourceMapError("its source map has no mappings");
  const root = typeof sourceRoot === "string" ? sourceRoot : undefined;
  const texts = (list: unknown): unknown[] => (Array.isArray(list) ? list : []);
  return {
    version: 3,
    sources: sources.map((source: unknown) =>
      typeof source === "string" && source !== "" ? nameOf(source, root) : null,
    ),
    sourcesContent: texts(sourcesContent).map((content) => (typeof content === "string" ? content : null)),
    names: texts(names).map(String),
    mappings,
  };
}

/** Each segment becomes an array: a map of two bytes per segment would take more memory than it should. */
function checkMappings(mappings: string, budget: { segments: number }): void {
  if (!/^[\w+/,;]*$/.test(mappings) || mappings.includes("_"))
    throw new SourceMapError("its source map's mappings are no base 64 VLQ");
  for (let i = 0; i < mappings.length; i++) {
    const character = mappings.charCodeAt(i);
    if (character === 44 || character === 59) budget.segments--;
  }
  if (budget.segments < 0)
    throw new SourceMapError("its source map has more mappings than the text has characters");
}
