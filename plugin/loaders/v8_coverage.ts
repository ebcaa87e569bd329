import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { threadNumber } from "../../src/host/thread.ts";
import type { InstrumentedFile } from "../../src/instrument/instrument_file.ts";
import type { InputMap } from "../../src/instrument/maps/input_map.ts";
import { type FunctionCoverage, originalFunctions } from "../../src/instrument/text/coverage_ranges.ts";
import { reasonOf, warn } from "../preload/warn.ts";

/** What V8's coverage of this thread needs from the loader. */
export interface CoverageFollower {
  onInstrumented(file: InstrumentedFile): void;
  undo(): void;
}

/** One of Node's files of coverage. */
interface CoverageFile {
  result: { url: string; functions: FunctionCoverage[] }[];
  "source-map-cache"?: Record<string, { lineLengths?: number[]; data: object | null; url: string | null }>;
}

/**
 * Whether Node's test runner collects coverage of the modules that it loads itself. It reads them before anybody could lead
 * them back to the source.
 */
export function isCoverageOfRunner(): boolean {
  const flags = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? "").split(/\s+/)];
  return flags.includes("--experimental-test-coverage") && process.env.NODE_TEST_CONTEXT === undefined;
}

/**
 * Where Node writes V8's coverage (`NODE_V8_COVERAGE`; c8 and `node --test --experimental-test-coverage` set it), what it has
 * written is led back to the sources at the end of the thread: tools read it from the folder. Null: nothing is written.
 */
export function followCoverage(): CoverageFollower | null {
  const { NODE_V8_COVERAGE: folder } = process.env;
  if (folder === undefined || folder === "") return null;
  const files = new InstrumentedFiles();
  const path = resolve(folder);
  const end = (): void => {
    const v8 = process.getBuiltinModule("node:v8");
    try {
      // Node writes at the very end, too, when nobody can change it any more: then only what has run since, none of the program.
      v8.takeCoverage();
      rewriteAll(path, files);
    } catch (error) {
      warn(`tracemalloc: the coverage in ${path} is that of instrumented text: ${reasonOf(error)}`);
    }
  };
  const undo = atLastExit(end);
  return { onInstrumented: (file) => files.add(file), undo };
}

/** The listener is kept behind those of the program, which is covered, too. */
function atLastExit(listener: () => void): () => void {
  let isMoving = false;
  const stayLast = (name: unknown): void => {
    if (name !== "exit" || isMoving) return;
    isMoving = true;
    process.removeListener("exit", listener);
    queueMicrotask(() => {
      process.on("exit", listener);
      isMoving = false;
    });
  };
  process.on("exit", listener);
  process.on("newListener", stayLast);
  return () => {
    process.removeListener("newListener", stayLast);
    process.removeListener("exit", listener);
  };
}

class InstrumentedFiles {
  readonly #byPath = new Map<string, InstrumentedFile[]>();

  add(file: InstrumentedFile): void {
    const known = this.#byPath.get(file.name);
    if (known === undefined) this.#byPath.set(file.name, [file]);
    // The program may load a file in two ways, and again after it has changed.
    else if (!known.some(({ code }) => code === file.code)) known.push(file);
  }

  /** Null: not instrumented; `"unknown"`: not as it ran. */
  find(url: string, length: number | null): InstrumentedFile | "unknown" | null {
    if (!url.startsWith("file:")) return null;
    const known = this.#byPath.get(fileURLToPath(url));
    if (known === undefined) return null;
    if (length === null) return known.length === 1 ? known[0]! : "unknown";
    return known.find(({ code }) => code.length === length) ?? "unknown";
  }
}

function rewriteAll(folder: string, files: InstrumentedFiles): void {
  const ours = new RegExp(`^coverage-${process.pid}-\\d+-${threadNumber()}\\.json$`);
  for (const name of readdirSync(folder).filter((each) => ours.test(each))) {
    const path = join(folder, name);
    try {
      rewrite(path, files);
    } catch (error) {
      rmSync(path, { force: true });
      warn(`tracemalloc: coverage is left out: ${path}: ${reasonOf(error)}`);
    }
  }
}

function rewrite(path: string, files: InstrumentedFiles): void {
  const coverage = JSON.parse(readFileSync(path, "utf8")) as CoverageFile;
  const maps = coverage["source-map-cache"];
  coverage.result = coverage.result.flatMap((script) => {
    const file = files.find(script.url, scriptLength(script.functions));
    if (file === null) return [script];
    if (file === "unknown") {
      warn(
        `tracemalloc: coverage is left out: ${script.url}: a loader has changed the instrumented text; ` +
          "name it before tracemalloc/register",
      );
      if (maps !== undefined) delete maps[script.url];
      return [];
    }
    if (maps !== undefined) {
      if (file.inputSourceMap === null) delete maps[script.url];
      else maps[script.url] = mapEntry(file.source, file.inputSourceMap);
    }
    return [{ ...script, functions: originalFunctions(script.functions, file) }];
  });
  const temporary = `${path}.tmp`;
  writeFileSync(temporary, JSON.stringify(coverage));
  renameSync(temporary, path);
}

/** The first function is the script itself, if V8 still has it. */
function scriptLength(functions: readonly FunctionCoverage[]): number | null {
  const whole = functions[0]?.ranges[0];
  return whole?.startOffset === 0 && functions[0]!.functionName === "" ? whole.endOffset : null;
}

/** As Node keeps a map, with absolute sources. */
function mapEntry(
  source: string,
  { text, nameOf }: InputMap,
): { lineLengths: number[]; data: object; url: null } {
  const map = JSON.parse(text) as { sources?: (string | null)[]; sourceRoot?: string };
  const absolute = (name: string): string =>
    /^[a-z][a-z\d+.-]+:/i.test(name) ? name : pathToFileURL(name).href;
  const sources = map.sources?.map((each) => each && absolute(nameOf(each, map.sourceRoot)));
  return {
    lineLengths: source.split(/\n|\u2028|\u2029/).map(({ length }) => length),
    data: sources === undefined ? map : { ...map, sources, sourceRoot: "" },
    url: null,
  };
}
