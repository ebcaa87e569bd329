// Components: files that a framework's own plugin makes JavaScript of. They are instrumented after it, by its source map.
import { readFileSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { decodedMappings, TraceMap } from "@jridgewell/trace-mapping";
import type { InputMap } from "../../src/instrument/maps/input_map.ts";
import { warn } from "../preload/warn.ts";
import { type BuildOptions, createBuildStep, isPlainQuery } from "./build_step.ts";
import type { TransformedCode } from "./build_transform.ts";
import { mapOfPart } from "./component_parts.ts";

/** `.svelte.js` and `.svelte.ts` have runes, which Svelte takes in places alone where nothing can be inserted around them. */
const EXTENSION = String.raw`\.(?:vue|svelte|astro|mdx|svelte(?:\.[^./\\]+)*\.[jt]s)`;
const COMPONENT = new RegExp(`${EXTENSION}$`);

/** What bundlers need to ask the plugin about: components, and the parts that plugins make modules of, by the query. */
export const COMPONENT_FILES: RegExp = new RegExp(String.raw`${EXTENSION}(?:\?|$)|\?(?:.*&)?vue&`);

/** Whether a file is compiled by its framework's plugin before it is JavaScript. */
export function isComponent(path: string): boolean {
  return COMPONENT.test(path);
}

/**
 * The component's file whose code a bundler's module has; null: it has none. Vue's plugins make modules of scripts and
 * templates (`App.vue?vue&type=script&lang.ts`, also of files that a component names by `src`), Astro's of scripts.
 */
export function componentOf(id: string): string | null {
  const at = id.indexOf("?");
  const path = at < 0 ? id : id.slice(0, at);
  if (!isAbsolute(path) || id.includes("\0")) return null;
  if (at < 0 || isPlainQuery(id.slice(at))) return isComponent(path) ? path : null;
  const query = new URLSearchParams(id.slice(at));
  const type = query.get("type");
  const isCode = query.has("vue")
    ? type === "script" || type === "template"
    : query.has("astro") && type === "script";
  return isCode && !query.has("raw") && !query.has("url") ? path : null;
}

/** The parts of bundlers' contexts that are used here. */
interface TransformContext {
  /** Rollup, Rolldown and Vite. */
  getCombinedSourcemap?: (() => unknown) | undefined;
  /** unplugin, in webpack and Rspack. */
  getNativeBuildContext?: (() => object | null) | undefined;
}

/** From a component's code, as it was compiled, to what takes its place; null: it stays. */
export type ComponentTransform = (this: TransformContext, code: string, id: string) => TransformedCode | null;

/** The transform of components that all bundlers share. */
export function createComponentTransform(options: BuildOptions): ComponentTransform {
  const step = createBuildStep(options);
  let hasWarned = false;
  return function (code, id) {
    const name = componentOf(id);
    if (name === null || !step.selects(name)) return null;
    const map = usableMap(mapOf(this), code);
    const root = typeof map?.sourceRoot === "string" ? map.sourceRoot : "";
    const isChained = this.getCombinedSourcemap !== undefined;
    const parts = new Map<string, InputMap>();
    const sources = (map?.sources ?? []).map((source, i) => {
      const content = map?.sourcesContent?.[i];
      const found = sourceName(source, root, name);
      if (found === name) return isChained || isTextOf(name, content) ? name : "";
      if (found !== "") return found;
      const part = mapOfPart(name, content);
      if (part !== null) parts.set(`${name}?${i}`, part);
      return part === null ? "" : `${name}?${i}`;
    });
    const isOfParts = /\?vue&type=(?:script|template)/.test(code);
    if (!sources.some((source) => source !== "") && !isOfParts && !hasWarned) {
      hasWarned = true;
      warn(
        `tracemalloc: lines of ${name} are not known, as may be others: what compiled it gave no source map`,
      );
    }
    // Code that stands nowhere in the file has no line there: what compiles components adds some to each.
    if (!sources.includes(name)) sources.push(name);
    const { names = [], mappings = "" } = map ?? {};
    const text = JSON.stringify({ version: 3, sources, names, mappings });
    const inputMap: InputMap = {
      text,
      nameOf: (source) => source,
      characters: code.length,
      inner: parts,
    };
    return step({ name, source: code, inputMap });
  };
}

interface RawMap {
  sources: unknown[];
  sourcesContent?: unknown[];
  sourceRoot?: unknown;
  names?: unknown;
  mappings: unknown;
}

function mapOf(context: TransformContext): unknown {
  if (context.getCombinedSourcemap !== undefined) return context.getCombinedSourcemap();
  return (context.getNativeBuildContext?.() as { inputSourceMap?: unknown } | null | undefined)
    ?.inputSourceMap;
}

/** Null where the map says nothing, or where the bundler made one up, by which nothing has moved, though the text is another. */
function usableMap(found: unknown, code: string): RawMap | null {
  let map = found as RawMap | null | undefined;
  if (typeof found === "string") {
    try {
      map = JSON.parse(found) as RawMap;
    } catch {
      return null;
    }
  }
  if (typeof map !== "object" || map === null || !Array.isArray(map.sources) || !map.mappings) return null;
  return isMadeUp(map, code) ? null : map;
}

/**
 * Whether a map says that nothing has moved, of a text that is another. A block that starts in a file's first line has such a map, too,
 * and is right: Vue's plugins have line ends in the place of the lines above it.
 */
function isMadeUp(map: RawMap, code: string): boolean {
  const content = map.sourcesContent?.[0];
  if (map.sources.length !== 1 || typeof content !== "string" || content === code) return false;
  const before = content.split("\n");
  const now = code.split("\n");
  let same = 0;
  let mapped = 0;
  try {
    for (const [line, segments] of decodedMappings(new TraceMap(map as never)).entries()) {
      const moved = ([column, , itsLine, itsColumn]: (typeof segments)[number]) =>
        itsLine !== undefined && (itsLine !== line || itsColumn !== column);
      if (segments.some(moved)) return false;
      if (segments.length === 0) continue;
      mapped++;
      if (before[line] === now[line]) same++;
    }
  } catch {
    // The transform says so.
    return false;
  }
  return same * 2 < mapped;
}

/** A plain path; empty: none. A module that is a part of a component is no file, and its lines are those of the part. */
function sourceName(source: unknown, root: string, name: string): string {
  if (typeof source !== "string" || source === "") return "";
  // webpack's name for what its loaders have made of the file so far.
  if (source.includes("!")) return "";
  const [path = "", query] = source.replace(/^file:\/\//, "").split("?", 2);
  if (query !== undefined && isComponent(path) && !isPlainQuery(`?${query}`)) return "";
  if (lastName(path) === lastName(name)) return name;
  return /^[a-z][a-z\d+.-]+:/i.test(path) ? path : resolve(dirname(name), root, path);
}

/**
 * Whether a source's text is that of the component's file, where loaders chain maps, or do not: esbuild-loader drops the map of the loader before it, and calls
 * by the file's name what that one had made.
 */
function isTextOf(name: string, content: unknown): boolean {
  if (typeof content !== "string") return true;
  try {
    return sameText(readFileSync(name, "utf8")) === sameText(content);
  } catch {
    // The bundler has it from somewhere else.
    return true;
  }
}

/** Compilers drop the mark at the start, and have line ends of one kind. */
function sameText(text: string): string {
  return text
    .replace(/^\uFEFF/, "")
    .replaceAll("\r\n", "\n")
    .trimEnd();
}

function lastName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
