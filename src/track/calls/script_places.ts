// Browser compatible.

import { placesOf } from "../../sites/call_places.ts";
import { PAYLOAD_VERSION } from "../../sites/payload_format.ts";
import { SafeMap } from "../../tables/safe_collections.ts";
import { files } from "./file_registry.ts";
import { type FramesOfFile, framesOf, siteIn } from "./native_frames.ts";
import { quietly } from "./quietly.ts";
import { frameOfScript, onScript, type Script, scripts } from "./script_frames.ts";
import { ScriptMap } from "./script_map.ts";

// A bundler moves code after it was instrumented. Where a frame of its scripts comes from, their source maps tell; which function that is
// in, the files' own payloads do.

/** As much of a page as is used of it. */
interface Page {
  readonly fetch?: (url: string) => Promise<PageResponse>;
  readonly setTimeout?: (run: () => void, ms: number) => unknown;
  readonly clearTimeout?: (timer: unknown) => void;
  readonly location?: { readonly origin: string };
}

interface PageResponse {
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** What is known of a script. */
interface ScriptPlaces {
  readonly map: ScriptMap;
  /** By source. */
  readonly payloads: readonly (FoundPayload | null)[];
  /** By source: whether it is the instrumented text, as with a bundler that reads no maps of it. */
  readonly isInstrumented: readonly boolean[];
  /** By source. */
  readonly frames: Map<number, FramesOfFile | null>;
  /** By frame; 0: it is of no instrumented file. */
  readonly sites: Map<number, number>;
}

/** A file's payload in a script's text. */
interface FoundPayload {
  /** The file's name. */
  readonly name: string;
  /** Without its escapes. */
  readonly text: string;
}

/** Whoever waits for a script waits no longer. */
const PATIENCE_MS = 10_000;
const { fetch: ownFetch, setTimeout: ownTimeout, clearTimeout: ownClear, location } = globalThis as Page;
const OwnPromise = Promise;

/** Null: it has no map that could be read. */
const known = new SafeMap<Script, ScriptPlaces | null>();
const asked = new SafeMap<Script, Promise<void>>();

/** How many scripts there is something known of: what frames are may change with that. */
export function knownScripts(): number {
  return known.size;
}

/** The number of a frame of a script, below 0, as `frame_sites.ts` has it; 0: it is of no instrumented file, as far as is known. */
export function siteOfFrame(number: number): number {
  const { script, line, column } = frameOfScript(number);
  const places = known.get(script);
  if (places === undefined || places === null) return 0;
  let site = places.sites.get(number);
  if (site === undefined) places.sites.set(number, (site = findSite(places, line, column)));
  return site;
}

function findSite(places: ScriptPlaces, line: number, column: number): number {
  const place = places.map.find(line, column);
  if (place === null) return 0;
  let frames = places.frames.get(place.source);
  if (frames === undefined) places.frames.set(place.source, (frames = framesIn(places, place.source)));
  return frames === null ? 0 : siteIn(frames, place.line, place.column);
}

function framesIn({ payloads, isInstrumented }: ScriptPlaces, source: number): FramesOfFile | null {
  const found = payloads[source]!;
  if (found === null) return null;
  const start = `[${PAYLOAD_VERSION},${JSON.stringify(found.name)},`;
  const named = files.filter(({ payload }) => payload.startsWith(start));
  // It can have been loaded in several versions: the script has one of them.
  const own = named.filter(({ payload }) => plain(payload) === found.text);
  const file = own[0] ?? named[named.length - 1];
  if (file === undefined) return null;
  // Where the file came with a map of its own, its places are those of the text, of which the lines hold.
  const leadsToSource = placesOf(file.payload)?.[2] === 4 && !isInstrumented[source];
  return framesOf(file, found.name, leadsToSource);
}

/** Asks for what is not known of the scripts that have been seen. Resolves when all is known that can be. */
export async function scriptsKnown(): Promise<void> {
  for (const script of scripts) if (!asked.has(script) && isOfPage(script)) asked.set(script, learn(script));
  const all = OwnPromise.all([...asked.values()]);
  let timer: unknown;
  const late = new OwnPromise<void>((resolve) => {
    timer = ownTimeout?.(resolve, PATIENCE_MS);
  });
  await OwnPromise.race([all, late]);
  ownClear?.(timer);
}

// So that those who cannot wait have it soon.
onScript.call = () => ownTimeout?.(() => void scriptsKnown(), 0);

/**
 * Whether a script may be one of those that a bundler has made. They come from where the tracker's own comes from, which is the first that
 * was seen, or from the page's origin. Others', which may run in between, are no affair of ours, and most may not be asked for.
 */
function isOfPage({ name }: Script): boolean {
  const origin = originOf(name);
  return origin === originOf(scripts[0]!.name) || origin === location?.origin;
}

function originOf(url: string): string | null {
  try {
    return new URL(url).origin;
  } catch {
    return null;
  }
}

async function learn(script: Script): Promise<void> {
  let places: ScriptPlaces | null = null;
  try {
    const { text, map } = await load(script.name);
    places = map === null ? null : quietly(() => placesIn(text, map));
  } catch {
    // It cannot be fetched, or has no map: lines are then without callers, which `docs/browsers.md` says.
  }
  known.set(script, places);
}

/** A script's text, and its source map; null: it has none. */
async function load(url: string): Promise<{ text: string; map: object | null }> {
  const { body: text, header } = await get(url);
  const named = header ?? /\/\/[#@] sourceMappingURL=([^\s'"`]+)\s*$/.exec(text)?.[1];
  if (named === undefined) return { text, map: null };
  const inline = /^data:application\/json[^,]*?(;base64)?,/.exec(named);
  const written =
    inline === null
      ? (await get(new URL(named, url).href)).body
      : quietly(() => decodeInline(named.slice(inline[0].length), inline[1] !== undefined));
  // Some servers put a line before it that is no JSON.
  return { text, map: quietly(() => JSON.parse(written.replace(/^\)\]\}'?[^\n]*\n/, ""))) as object };
}

function decodeInline(text: string, isBase64: boolean): string {
  if (!isBase64) return decodeURIComponent(text);
  return new TextDecoder().decode(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
}

async function get(url: string): Promise<{ body: string; header: string | undefined }> {
  const response = await quietly(() => ownFetch!(url));
  if (!response.ok) throw new Error(`no answer for ${url}`);
  const header = response.headers.get("SourceMap") ?? undefined;
  return { body: await quietly(() => response.text()), header };
}

function placesIn(text: string, map: object): ScriptPlaces {
  const opened = new ScriptMap(map);
  const { sourcesContent } = map as { sourcesContent?: unknown };
  const contents: unknown[] = Array.isArray(sourcesContent) ? sourcesContent : [];
  return {
    map: opened,
    payloads: payloadsIn(text, opened),
    isInstrumented: opened.sources.map((_, i) => INSTRUMENTED.test(String(contents[i]))),
    frames: new SafeMap(),
    sites: new SafeMap(),
  };
}

/** A payload's beginning, in a string of any kind: version, name of the file, number of sites. */
const PAYLOAD = /(["'`])\[\d+,(\\?)"((?:(?!\2",).)*)\2",\d+,\[/g;
/** As the transform writes it. */
const INSTRUMENTED = /\.register\("\[\d+,\\"/;

/**
 * Bundlers name sources each in its way. But each file's payload stands at the file's end, with the name that sites have, and the map says
 * which source that is.
 */
function payloadsIn(text: string, map: ScriptMap): (FoundPayload | null)[] {
  const payloads: (FoundPayload | null)[] = map.sources.map(() => null);
  let line = 1;
  let lineStart = 0;
  for (const { index, 1: quote, 3: written } of text.matchAll(PAYLOAD)) {
    for (
      let end = text.indexOf("\n", lineStart);
      end !== -1 && end < index;
      end = text.indexOf("\n", lineStart)
    ) {
      line++;
      lineStart = end + 1;
    }
    const source = map.findBefore(line, index - lineStart + 1)?.source;
    const name = nameIn(written!);
    if (source === undefined || name === null || lastPart(name) !== lastPart(map.sources[source]!)) continue;
    let end = text.indexOf(quote!, index + 1);
    while (end !== -1 && text[end - 1] === "\\") end = text.indexOf(quote!, end + 1);
    payloads[source] = { name, text: plain(text.slice(index + 1, end)) };
  }
  return payloads;
}

/** Without escapes, which every tool writes in its way. */
function plain(payload: string): string {
  return payload.replaceAll("\\", "");
}

/** An escape in a string's text: a code in hexadecimal, or any character. */
const ESCAPE = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]+)\}|([\s\S]))/gi;

/** The name in a payload in the text of a string; null: it is none. */
function nameIn(written: string): string | null {
  const json = written.replace(ESCAPE, (_, two?: string, four?: string, more?: string, itself?: string) =>
    itself === undefined ? String.fromCodePoint(Number.parseInt((two ?? four ?? more)!, 16)) : itself,
  );
  try {
    return JSON.parse(`"${json}"`) as string;
  } catch {
    return null;
  }
}

/** Of a path or URL, without a query. */
function lastPart(name: string): string {
  return name.replace(/[?#].*$/, "").replace(/^.*[\\/]/, "");
}
