import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { hashOf } from "./manifest.ts";
import { type Item, OWN_FOLDER } from "./tree_items.ts";

/** A module in Deno's cache. */
export interface RemoteModule {
  /** The URL that it came from in the end. */
  readonly url: string;
  /** Where its copy goes, relative to the folder that is written. */
  readonly name: string;
  /** Deno's file. */
  readonly local: string;
  /** What it imports: the words as written, and the URL that they lead to. */
  readonly imports: readonly { readonly specifier: string; readonly url: string }[];
}

/** What a program imports that is none of its files. */
export interface RemoteModules {
  readonly modules: readonly RemoteModule[];
  /** `jsr:` and other specifiers, and URLs that redirect, to where they lead. */
  readonly redirects: Readonly<Record<string, string>>;
  /** `npm:` packages that lie in Deno's cache, and in no `node_modules`. */
  readonly packages: readonly string[];
}

interface Graph {
  modules?: {
    kind?: string;
    specifier?: string;
    local?: string;
    mediaType?: string;
    dependencies?: { specifier: string; code?: { specifier?: string } }[];
  }[];
  redirects?: Record<string, string>;
  npmPackages?: Record<string, { localPath?: string }>;
}

/**
 * Asks Deno what these files import from elsewhere, as far as it has that in its cache; nothing is fetched.
 *
 * @param deno The program.
 * @param config The configuration that the files belong to; null: none.
 */
export function remoteModules(
  deno: string,
  { files, config }: { files: readonly string[]; config: string | null },
): RemoteModules {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-graph-"));
  try {
    const entry = join(folder, "entry.ts");
    writeFileSync(
      entry,
      files.map((file) => `import(${JSON.stringify(pathToFileURL(file).href)});\n`).join(""),
    );
    // All hosts, as nothing is fetched: a proxy that nobody answers at.
    const hosts = [...importedHosts(files)].join(",");
    const args = ["info", "--json", "--no-lock", ...(hosts === "" ? [] : [`--allow-import=${hosts}`])];
    if (config !== null) args.push("--config", config);
    const proxy = "http://127.0.0.1:9";
    const { stdout } = spawnSync(deno, [...args, entry], {
      encoding: "utf8",
      maxBuffer: 2 ** 30,
      env: { ...process.env, HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: "", NO_COLOR: "1" },
    });
    return readGraph(JSON.parse(stdout) as Graph);
  } catch {
    return { modules: [], redirects: {}, packages: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Deno asks for permission to import from hosts that it does not know. */
function importedHosts(files: readonly string[]): Set<string> {
  const hosts = new Set<string>();
  for (const file of files) {
    for (const [, host] of readFileSync(file, "utf8").matchAll(/["'`]https?:\/\/([\w.-]+(?::\d+)?)[/"'`]/g)) {
      hosts.add(host);
    }
  }
  return hosts;
}

function readGraph({ modules = [], redirects = {}, npmPackages = {} }: Graph): RemoteModules {
  const found: RemoteModule[] = [];
  for (const { kind, specifier = "", local, mediaType = "", dependencies = [] } of modules) {
    if (kind !== "esm" || local === undefined || !/^https?:/.test(specifier) || !existsSync(local)) continue;
    found.push({
      url: specifier,
      name: nameOf(new URL(specifier), mediaType),
      local,
      imports: dependencies.flatMap(({ specifier: words, code }) =>
        code?.specifier === undefined ? [] : [{ specifier: words, url: code.specifier }],
      ),
    });
  }
  const packages = Object.entries(npmPackages)
    .filter(([, { localPath = "" }]) => !localPath.includes("node_modules"))
    .map(([name]) => name);
  return { modules: found, redirects, packages };
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  JavaScript: ".js",
  Mjs: ".mjs",
  JSX: ".jsx",
  TypeScript: ".ts",
  Mts: ".mts",
  TSX: ".tsx",
  Json: ".json",
};

/** The path of the URL, so that most relative imports hold; Deno takes the type of files from their ending. */
function nameOf({ protocol, host, pathname, search }: URL, mediaType: string): string {
  const path =
    pathname
      .replace(/^\/+/, "")
      .replace(/[^\w./@+~-]/g, "_")
      .replace(/\/(?=\/|$)/g, "/_") || "_";
  const wanted = EXTENSIONS[mediaType] ?? "";
  const ending =
    search === "" && extname(path) === wanted ? "" : `${search === "" ? "" : `.${hashOf(search)}`}${wanted}`;
  return `${OWN_FOLDER}/remote/${protocol.slice(0, -1)}/${host.replace(/[^\w.-]/g, "_")}/${path}${ending}`;
}

/** The modules as things to write. */
export function remoteItems(modules: readonly RemoteModule[], selected: (name: string) => boolean): Item[] {
  return modules.map(({ url, name, local }) => {
    const [ending] = /\.[cm]?[jt]sx?$/.exec(name) ?? [""];
    const isCode = ending !== "" && selected(url);
    // The ending says whether there are types in it; not all URLs do.
    const { href, pathname } = new URL(url);
    const filename = pathname.endsWith(ending) ? url : href.replace(/(?=[?#]|$)/, ending);
    return {
      name,
      source: local,
      bytes: statSync(local).size,
      mode: 0o644,
      code: isCode ? { filename, format: "module" as const, tracker: "tracemalloc/tracker" } : null,
    };
  });
}
