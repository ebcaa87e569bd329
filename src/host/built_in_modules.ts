// Browser compatible.
import { host } from "./host.ts";

/** What is used of `node:fs`. Written out here because the core is type-checked without Node's types. */
export interface FileSystem {
  chmodSync(filename: string, mode: number): void;
  closeSync(descriptor: number): void;
  fstatSync(descriptor: number): FileStatus;
  openSync(filename: string, flags: string): number;
  readSync(descriptor: number, buffer: Uint8Array, offset: number, length: number, position: null): number;
  realpathSync(filename: string): string;
  renameSync(from: string, to: string): void;
  rmSync(filename: string, options: { force: boolean }): void;
  statSync(filename: string, options: { throwIfNoEntry: false }): FileStatus | undefined;
  writeFileSync(filename: string, bytes: Uint8Array, options: { flag?: string; mode?: number }): void;
}

export interface FileStatus {
  readonly size: number;
  readonly mode: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

/** What is used of `node:path`. */
export interface PathModule {
  isAbsolute(path: string): boolean;
  resolve(...paths: readonly string[]): string;
  dirname(path: string): string;
  join(...parts: string[]): string;
}

/** What is used of `node:zlib`. */
export interface Zlib {
  gzipSync(bytes: Uint8Array, options: { level: number; chunkSize?: number }): Uint8Array;
  gunzipSync(bytes: Uint8Array, options: { maxOutputLength: number; chunkSize?: number }): Uint8Array;
}

/** What is used of `node:vm`. */
export interface VmModule {
  createContext(globals: object, options: { microtaskMode: "afterEvaluate" }): object;
  runInContext(code: string, context: object): unknown;
  runInNewContext(code: string): unknown;
}

/** What is used of `bun:jsc`. */
export interface JavaScriptCore {
  estimateShallowMemoryUsageOf?(object: object): number;
  /** A large number where nothing is compiled in the background. */
  numberOfDFGCompiles?(compiled: (rounds: number) => number): number;
}

/** What tells values apart by what they are inside. */
export interface ValueTypes {
  isProxy(value: unknown): boolean;
  isNativeError(value: unknown): boolean;
  isWeakMap(value: unknown): boolean;
  isWeakSet(value: unknown): boolean;
}

/** By name, what is used of them. */
export interface HostModules {
  "bun:jsc": JavaScriptCore;
  "node:util": {
    readonly types?: ValueTypes;
    readonly TextEncoder: typeof TextEncoder;
    readonly TextDecoder: typeof TextDecoder;
  };
  "node:async_hooks": {
    readonly AsyncLocalStorage: new () => {
      run<T>(store: number, callback: () => T): T;
      getStore(): number | undefined;
    };
  };
  "node:os": { totalmem(): number };
  "node:v8": {
    setFlagsFromString(flags: string): void;
    getHeapStatistics?(): { readonly heap_size_limit: number };
  };
  "node:vm": VmModule;
  "node:worker_threads": { readonly isMainThread: boolean; readonly threadId: number };
  "node:fs": FileSystem;
  "node:timers": object;
  "node:path": PathModule;
  "node:zlib": Zlib;
}

/** A module of Node, Deno or Bun; undefined in a browser. Asked anew each time, so that nothing is bound at load. */
export function hostModule<Name extends keyof HostModules>(name: Name): HostModules[Name] | undefined;
export function hostModule(name: string): object | undefined;
export function hostModule(name: string): unknown {
  return host.process?.getBuiltinModule?.(name);
}

/** The number of this process; 0 where there is none. */
export function processId(): number {
  return host.process?.pid ?? 0;
}
