import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { InputError } from "../cli_error.ts";
import type { RemoteModules } from "./deno_graph.ts";
import { OWN_ENTRIES } from "./own_items.ts";

/** An import map as Deno reads it: addresses are relative to the map. */
export interface ImportMap {
  imports: Record<string, string>;
  scopes: Record<string, Record<string, string>>;
}

/** What the map leads from and to. */
export interface ImportMapOptions {
  /** The map's own file. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly remote: RemoteModules;
  /** The project's own map, whose place this one takes; null: it has none. */
  readonly own: { readonly file: string; readonly map: Partial<ImportMap> } | null;
}

/** Sends the program and what it imports to the instrumented copies. */
export function importMap({ file, from, to, remote, own }: ImportMapOptions): ImportMap {
  const address = (path: string): string => relativeUrl(dirname(file), path);
  const folder = (path: string): string => `${address(path)}/`.replace(/\/\/$/, "/");
  const map: ImportMap = { imports: {}, scopes: {} };
  if (own !== null) {
    const moved = (target: string): string => movedAddress(target, { base: own.file, from, to, address });
    map.imports = mapValues(own.map.imports ?? {}, moved);
    for (const [scope, imports] of Object.entries(own.map.scopes ?? {})) {
      map.scopes[moved(scope)] = mapValues(imports, moved);
    }
  }
  const copies = new Map(remote.modules.map(({ url, name }) => [url, join(to, name)]));
  const copyOf = (url: string): string | undefined => copies.get(follow(url, remote.redirects));
  for (const url of [...copies.keys(), ...Object.keys(remote.redirects)]) {
    const copy = copyOf(url);
    if (copy !== undefined) map.imports[url] = address(copy);
  }
  for (const { url, imports } of remote.modules) {
    const scope: Record<string, string> = {};
    const base = pathToFileURL(copies.get(url)!);
    for (const { specifier, url: target } of imports) {
      const copy = copyOf(target);
      if (copy === undefined || !/^\.{0,2}\//.test(specifier)) continue;
      // What the words would lead to from where the copy lies, if that is not the copy of what they mean.
      const leadsTo = new URL(specifier, base);
      if (leadsTo.href !== pathToFileURL(copy).href)
        scope[address(fileURLToPath(leadsTo)) + leadsTo.search] = address(copy);
    }
    if (Object.keys(scope).length > 0) map.scopes[address(copies.get(url)!)] = scope;
  }
  for (const [name, entry] of Object.entries(OWN_ENTRIES)) map.imports[name] = address(join(to, entry));
  map.imports[folder(from)] = folder(to);
  // The more specific one wins: the copies may lie below what they are copies of.
  map.imports[folder(to)] = folder(to);
  return map;
}

/** The project's own map: in deno.json, or in the file that this names. */
export function ownImportMap(folder: string): (ImportMapOptions["own"] & { config: string }) | null {
  for (const name of ["deno.json", "deno.jsonc"]) {
    const config = join(folder, name);
    let text: string;
    try {
      text = readFileSync(config, "utf8");
    } catch {
      continue;
    }
    const {
      importMap: other,
      imports,
      scopes,
    } = readJson(config, text) as Partial<ImportMap> & { importMap?: unknown };
    if (typeof other !== "string" || imports !== undefined || scopes !== undefined) {
      return { config, file: config, map: { ...(imports && { imports }), ...(scopes && { scopes }) } };
    }
    const file = join(folder, other);
    return { config, file, map: readJson(file, readFileSync(file, "utf8")) as Partial<ImportMap> };
  }
  return null;
}

function readJson(file: string, text: string): unknown {
  // Comments and commas at the end, outside of strings.
  const plain = text
    .replace(/("(?:[^"\\\n]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, string?: string) => string ?? " ")
    .replace(/("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])/g, (_, string?: string) => string ?? "");
  try {
    const value: unknown = JSON.parse(plain);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new InputError(`cannot read ${file}: it is no JSON object`);
}

function movedAddress(
  target: string,
  { base, from, to, address }: { base: string; from: string; to: string; address: (path: string) => string },
): string {
  if (!/^(?:\.{0,2}\/|file:)/.test(target)) return target;
  const path = fileURLToPath(new URL(target, pathToFileURL(base)));
  const inside = relative(from, path);
  const moved = inside.startsWith("..") || isAbsolute(inside) ? path : join(to, inside);
  return target.endsWith("/") ? `${address(moved).replace(/\/$/, "")}/` : address(moved);
}

function follow(url: string, redirects: Readonly<Record<string, string>>): string {
  let at = url;
  for (let steps = 0; steps < 20 && Object.hasOwn(redirects, at); steps++) at = redirects[at];
  return at;
}

function mapValues(
  record: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(String(value))]));
}

function relativeUrl(folder: string, path: string): string {
  const words = relative(folder, path).split(sep).map(encodeURIComponent).join("/").replaceAll("%40", "@");
  return words.startsWith("..") ? words : `./${words}`;
}
