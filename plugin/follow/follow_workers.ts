import { syncBuiltinESMExports } from "node:module";
import { isAbsolute, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { currentRuntime } from "../../src/host/capabilities.ts";
import { startOfWorkers } from "../control/worker_channel.ts";
import { nextWorkerNumber, noteWorker, workerThreads } from "../preload/thread.ts";
import { followerVariables } from "./follower_variables.ts";

type Class = abstract new (...args: never[]) => object;
type Arguments = readonly unknown[];

/** What a `Worker` of any runtime may be told, as far as it matters here. */
interface WorkerOptions {
  eval?: unknown;
  env?: unknown;
  execArgv?: unknown;
  preload?: unknown;
}

/**
 * Has every worker that this thread starts load the preload first, where the runtime does not see to it by itself: Node
 * does unless it is told other `execArgv`, Deno and Bun never do.
 *
 * @param preload The preload's URL, of a file.
 * @returns Takes it back.
 */
export function followWorkers(preload: string): () => void {
  const threads = workerThreads as unknown as { Worker: Class };
  const host = globalThis as { Worker?: Class };
  const undos: (() => void)[] = [];
  undos.push(replaceClass(threads, (args) => threadArguments(args, preload)));
  syncBuiltinESMExports();
  if (typeof host.Worker === "function") {
    undos.push(replaceClass(host as { Worker: Class }, (args) => webArguments(args, preload)));
  }
  return () => {
    for (const undo of undos) undo();
    syncBuiltinESMExports();
  };
}

/** A stand-in that differs from the class in nothing but the arguments that arrive. */
function replaceClass(owner: { Worker: Class }, adjust: (args: Arguments) => Arguments): () => void {
  const original = owner.Worker;
  const replaced: Class = new Proxy(original, {
    construct(target, args, newTarget) {
      noteWorker();
      let adjusted: Arguments = args;
      try {
        adjusted = adjust(args);
      } catch {
        // Arguments that the class itself will refuse, with an error of its own.
      }
      return Reflect.construct(
        target as never,
        adjusted as never,
        newTarget === replaced ? target : newTarget,
      );
    },
  });
  const { prototype } = original as { prototype: { constructor: unknown } };
  const set = (value: Class): void => {
    owner.Worker = value;
    Object.defineProperty(prototype, "constructor", { value, configurable: true, writable: true });
  };
  set(replaced);
  return () => {
    if (owner.Worker === replaced) set(original);
  };
}

/** `new Worker()` of `node:worker_threads`. */
function threadArguments(args: Arguments, preload: string): Arguments {
  const [filename, given, ...rest] = args;
  const options = withEnvironment((given ?? {}) as WorkerOptions);
  switch (currentRuntime()) {
    case "bun":
      return [filename, withPreload(options, preload), ...rest];
    case "deno":
      return [options.eval ? filename : denoEntry(filename, preload, null), options, ...rest];
    default:
      if (Array.isArray(options.execArgv)) {
        const path = fileURLToPath(preload);
        const { execArgv } = options;
        if (![preload, path].some((each) => execArgv.includes(each)))
          options.execArgv = ["--require", path, ...execArgv];
      }
      return [filename, options, ...rest];
  }
}

/** `new Worker()` as in browsers. */
function webArguments(args: Arguments, preload: string): Arguments {
  const [url, options, ...rest] = args;
  if (currentRuntime() === "bun") return [url, withPreload({ ...(options as object) }, preload), ...rest];
  // Deno has workers of modules only, and says so itself.
  const isModule = (options as { type?: unknown } | undefined)?.type === "module";
  return isModule ? [denoEntry(url, preload, nextWorkerNumber()), options, ...rest] : args;
}

/** A worker with an environment of its own is one of this run all the same. */
function withEnvironment(options: WorkerOptions): WorkerOptions {
  const { env } = options;
  if (typeof env !== "object" || env === null) return { ...options };
  return { ...options, env: { ...followerVariables(process.env), ...env } };
}

function withPreload(options: WorkerOptions, preload: string): WorkerOptions {
  const given = options.preload === undefined ? [] : [options.preload].flat();
  const path = fileURLToPath(preload);
  return { ...options, preload: given.includes(path) ? given : [path, ...given] };
}

/** Where a worker of Deno starts: in a module of ours that goes on to the program's. */
function denoEntry(specifier: unknown, preload: string, number: number | null): unknown {
  const url = urlOf(specifier);
  if (!/^(?:file|https?):/.test(url)) return specifier;
  const entry = new URL(`./follow/worker_deno${preload.slice(-3)}`, preload);
  entry.searchParams.set("entry", url);
  if (number !== null) entry.searchParams.set("number", String(number));
  const start = startOfWorkers();
  if (start !== null) entry.searchParams.set("start", JSON.stringify(start));
  return number === null ? entry : entry.href;
}

function urlOf(specifier: unknown): string {
  const text = String(specifier);
  if (specifier instanceof URL || /^[a-z][\w+.-]+:/i.test(text)) return text;
  if (isAbsolute(text) || /^\.\.?[\\/]/.test(text)) return pathToFileURL(resolve(text)).href;
  return "";
}
