import { readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { transformFingerprint } from "../instrument/cache/fingerprint.ts";
import { createSelection } from "../instrument/selection.ts";
import { type RemoteModules, remoteItems, remoteModules } from "./ahead/deno_graph.ts";
import { importMap, ownImportMap } from "./ahead/import_map.ts";
import { readManifest } from "./ahead/manifest.ts";
import { ownItems } from "./ahead/own_items.ts";
import { SafeFolder } from "./ahead/safe_folder.ts";
import { type Item, OWN_FOLDER, treeItems } from "./ahead/tree_items.ts";
import { isForeign, type Written, writeItems } from "./ahead/write_items.ts";
import { InputError, UsageError } from "./cli_error.ts";
import { expectOperands, parseCommand } from "./command_line.ts";
import { writeMessage } from "./output.ts";
import { packageVersion } from "./package_root.ts";
import { withProgress } from "./progress.ts";
import { findRuntime } from "./runtimes.ts";
import { text, type ValueParser } from "./values.ts";

const FLAGS = {
  output: {
    type: text("--output", "a folder"),
    alias: "o",
    placeholder: "OUT",
    description: "The folder to write; nothing is written anywhere else",
  },
  "import-map": {
    type: text("--import-map", "a file name"),
    placeholder: "FILE",
    description: "Write a Deno import map that sends the program, and what it imports, to the copies",
  },
  include: {
    type: [text("--include", "a glob")] as [ValueParser<string>],
    placeholder: "GLOB",
    description: "Only instrument files that match, and copy the others; may be repeated",
  },
  exclude: {
    type: [text("--exclude", "a glob")] as [ValueParser<string>],
    placeholder: "GLOB",
    description: "Do not instrument files that match, only copy them; may be repeated",
  },
  quiet: { type: Boolean, alias: "q", default: false, description: "Show no progress and no summary" },
} as const;

/** `tracemalloc instrument DIR -o OUT`: copies a tree, with instrumented code. */
export async function instrument(argv: readonly string[]): Promise<number> {
  const { flags, operands } = parseCommand(
    {
      name: "instrument",
      description: "Copies a folder with its code instrumented, to be run without a preload",
      usage: "[options] DIR -o OUT",
      examples: [
        "tracemalloc instrument . -o traced --import-map traced.json",
        "deno run --import-map=traced.json app.ts",
      ],
      flags: FLAGS,
    },
    argv,
  );
  expectOperands(operands, ["DIR"]);
  if (flags.output === undefined) throw new UsageError("--output is missing: the folder to write");
  const mapFile = flags["import-map"] === undefined ? null : resolve(flags["import-map"]);
  const { from, to } = folders(operands[0], flags.output);
  const { include, exclude, quiet } = flags;
  const selected = createSelection({ include, exclude, cwd: from });
  const before = readManifest(to);
  const written = await withProgress({ quiet }, async (progress) => {
    progress.step(`reading ${operands[0]}`);
    const items = treeItems({
      from,
      to,
      selected,
      forDeno: mapFile !== null,
      skip: new Set([to, mapFile ?? to]),
    });
    if (items.some(({ name }) => name.startsWith(`${OWN_FOLDER}/`))) {
      throw new InputError(`${join(from, OWN_FOLDER)} is in the way: the copies have a folder of that name`);
    }
    if (mapFile !== null) items.push(...forDeno(items, { mapFile, from, to, selected }));
    progress.step("instrumenting");
    return await writeItems(items, {
      folder: new SafeFolder(to),
      before: before === "broken" ? null : before,
      made: transformFingerprint() ?? `${packageVersion()} ${Date.now()}`,
      progress,
    });
  });
  for (const warning of written.warnings) writeMessage(warning);
  if (!quiet) writeMessage(`${summary(written)} in ${flags.output}`);
  return 0;
}

/** What is written besides the tree when the program is to run on Deno; writes the map, too. */
function forDeno(
  items: readonly Item[],
  {
    mapFile,
    from,
    to,
    selected,
  }: { mapFile: string; from: string; to: string; selected: (name: string) => boolean },
): Item[] {
  const files = items.flatMap(({ code, source }) =>
    code === null || source === null || source.includes("node_modules") ? [] : [source],
  );
  const own = ownImportMap(from);
  const remote = remoteOf(files, own?.config ?? null, from);
  if (remote.packages.length > 0) {
    writeMessage(
      `not instrumented: npm packages in Deno's cache (${remote.packages.slice(0, 5).join(", ")}): ` +
        "those in a node_modules folder are, see docs/ahead-of-time.md",
    );
  }
  const map = importMap({ file: mapFile, from, to, remote, own });
  new SafeFolder(dirname(mapFile)).write(
    relative(dirname(mapFile), mapFile),
    `${JSON.stringify(map, null, 2)}\n`,
    0o644,
  );
  return [...ownItems(), ...remoteItems(remote.modules, selected)];
}

function remoteOf(files: readonly string[], config: string | null, from: string): RemoteModules {
  try {
    return remoteModules(findRuntime("deno", from), { files, config });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    writeMessage("modules in Deno's cache are left as they are: deno is not installed");
    return { modules: [], redirects: {}, packages: [] };
  }
}

/**
 * @throws {UsageError} where one is the other, or would be written over.
 * @throws {InputError} where DIR is no folder, or OUT has something in it that is not ours.
 */
function folders(directory: string, output: string): { from: string; to: string } {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new InputError(`cannot read ${directory}: no such folder`);
  }
  const from = realpathSync(directory);
  const to = realPath(resolve(output));
  const back = relative(to, from);
  if (back === "" || (!back.startsWith("..") && !isAbsolute(back))) {
    throw new UsageError(`--output ${output} is or holds ${directory}, which would be written over`);
  }
  const stats = statSync(to, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isDirectory())
    throw new InputError(`cannot write ${output}: it is no folder`);
  if (stats !== undefined && isForeign(to, readdirSync(to))) {
    throw new InputError(
      `cannot write ${output}: it is not empty, and tracemalloc instrument has not made it`,
    );
  }
  return { from, to };
}

/** The real path of what need not be there yet. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), relative(parent, path));
  }
}

function summary({ instrumented, copied, unchanged, removed }: Written): string {
  const parts = [`${instrumented} files instrumented`, `${copied} copied`];
  if (unchanged > 0) parts.push(`${unchanged} unchanged`);
  if (removed > 0) parts.push(`${removed} removed`);
  return parts.join(", ");
}
