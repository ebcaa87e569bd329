// V8's answer: allocation tracking, then a heap snapshot. Run with the flags of `main.ts` and the workload's path.
import { Session } from "node:inspector/promises";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Edge, HeapSnapshot, type TraceFrame } from "./heap_snapshot.ts";
import { functionKey, report } from "./side.ts";
import {
  derivedClasses,
  isModule,
  isStaticInitializer,
  mappedSources,
  sourcePlace,
} from "./source_places.ts";

const OBJECTS = new Set(["object", "closure", "regexp"]);
/** Nodes of their own in a snapshot that belong to the object alone. */
const STORES = new Set(["elements", "properties", "table"]);
/** The elements that the code has for an array literal of constants. */
const SHARED_BY_CODE = "constant_elements";
/** A class that is evaluated gets hidden classes of its own; functions and literals share theirs. */
const HIDDEN_CLASSES = new Set(["map", "initial_map", "descriptors"]);
/** Node's module loader, and the lazy loading of its own modules. */
const LOADER = /^node:internal\/(?:modules\/|bootstrap\/realm$)/;

const snapshot = await take(process.argv[2]);
const functions: Record<string, number> = {};
let elsewhere = 0;
const counted = new Set<number>();
const owners = countOwners();
const moduleTraces = tracesOfModuleContexts();
for (let node = 0; node < snapshot.length; node++) {
  if (!OBJECTS.has(snapshot.type(node)) || isInternal(node)) continue;
  const trace = moduleTraces.get(node) ?? snapshot.trace(node);
  if (trace === null || isOfLoader(node, trace)) continue;
  const frame = programFrame(node, trace);
  const size = ownSize(node);
  if (frame === null) elsewhere += size;
  else {
    const { file, line, name } = sourcePlace({ ...frame, file: pathOf(frame.script) });
    const key = functionKey(file, line, name);
    functions[key] = (functions[key] ?? 0) + size;
  }
}
report({ functions, elsewhere, sources: mappedSources() });

async function take(workload: string): Promise<HeapSnapshot> {
  const session = new Session();
  session.connect();
  await session.post("HeapProfiler.enable");
  await session.post("HeapProfiler.startTrackingHeapObjects", { trackAllocations: true });
  const { run } = (await import(pathToFileURL(resolve(workload)).href)) as { run(): unknown };
  (globalThis as { kept?: unknown }).kept = await run();
  await session.post("HeapProfiler.collectGarbage");
  const chunks: string[] = [];
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ params }) => chunks.push(params.chunk));
  await session.post("HeapProfiler.stopTrackingHeapObjects", { reportProgress: false });
  return new HeapSnapshot(chunks.join(""));
}

/** The engine's own: modules, scope descriptions. Contexts count. */
function isInternal(node: number): boolean {
  const name = snapshot.name(node);
  return name.startsWith("system /") && name !== "system / Context";
}

/**
 * What the host makes to load a module (its record and cache entries, package.json, Node's own modules that are loaded
 * when first used) is made by no expression of the program's, though V8 has the `require()` on the stack. So is the
 * generator object that V8 runs a module's body as.
 */
function isOfLoader(node: number, trace: TraceFrame): boolean {
  if (snapshot.name(node) === "Generator" && isOfProgram(trace) && !isCalledByProgram(trace)) return true;
  for (let frame: TraceFrame | null = trace; frame !== null && !isOfProgram(frame); frame = frame.parent)
    if (LOADER.test(frame.script)) return true;
  return false;
}

function isCalledByProgram(trace: TraceFrame): boolean {
  for (let frame = trace.parent; frame !== null; frame = frame.parent) if (isOfProgram(frame)) return true;
  return false;
}

/**
 * The variables of a module that its functions use: V8 makes room for them when the module is linked, before its first line runs. They go to the
 * module, as those of functions do to these: what it makes tells which one it is.
 */
function tracesOfModuleContexts(): Map<number, TraceFrame> {
  const traces = new Map<number, TraceFrame>();
  for (let node = 0; node < snapshot.length; node++) {
    const trace = snapshot.trace(node);
    if (snapshot.type(node) !== "closure" || trace === null || !isOfProgram(trace) || !isModule(trace))
      continue;
    const context = snapshot.edges(node).find(({ type, name }) => type === "internal" && name === "context");
    if (context !== undefined && isModuleContext(context.to)) traces.set(context.to, trace);
  }
  return traces;
}

function isModuleContext(node: number): boolean {
  const extension = snapshot.edges(node).find(({ name }) => name === "extension");
  return extension !== undefined && snapshot.name(extension.to) === "system / SourceTextModule";
}

/** How many objects have the node as a store: literals share theirs with the code until they write to it. */
function countOwners(): Map<number, number> {
  const count = new Map<number, number>();
  for (let node = 0; node < snapshot.length; node++) {
    for (const { type, name, to } of snapshot.edges(node)) {
      if (type !== "internal" || !(STORES.has(name) || SHARED_BY_CODE === name || HIDDEN_CLASSES.has(name)))
        continue;
      count.set(to, (count.get(to) ?? 0) + 1);
    }
  }
  return count;
}

/** The hidden classes that a class, or another constructor, and its `prototype` have to themselves. */
function hiddenClasses(node: number): number {
  if (snapshot.type(node) !== "closure") return 0;
  const edges = snapshot.edges(node);
  const own = (of: readonly Edge[]): number[] =>
    of
      .filter(({ type, name, to }) => type === "internal" && HIDDEN_CLASSES.has(name) && owners.get(to) === 1)
      .map(({ to }) => to);
  const prototype = edges.find(({ type, name }) => type === "property" && name === "prototype");
  const ofPrototype =
    prototype === undefined || !isMadeFor(prototype.to, node) ? [] : snapshot.edges(prototype.to);
  const maps = [...own(edges), ...own(ofPrototype)];
  const all = [...maps, ...maps.flatMap((map) => own(snapshot.edges(map)))];
  return all.reduce((sum, part) => sum + snapshot.selfSize(part), 0);
}

/** Whether a `prototype` is the one that V8 has made for the function, and not an object of the program's. */
function isMadeFor(prototype: number, maker: number): boolean {
  return snapshot.edges(prototype).some(({ name, to }) => name === "constructor" && to === maker);
}

/** The object with its stores, and the numbers that it holds in boxes of their own. */
function ownSize(node: number): number {
  let size = snapshot.selfSize(node) + hiddenClasses(node);
  const isView = /^(?:\w+Array|DataView)$/.test(snapshot.name(node)) && snapshot.name(node) !== "Array";
  for (const { type, name, to } of snapshot.edges(node)) {
    // An error keeps the stack that it captured in a raw array, which no program's property can hold.
    const isCapturedStack = type === "property" && snapshot.type(to) === "array";
    const isStore = (type === "internal" && STORES.has(name) && owners.get(to) === 1) || isCapturedStack;
    // The bytes of a small typed array are elements to V8, and external bytes (domain 1) to the tracker.
    if (isStore && isView && name === "elements") continue;
    const isBox = snapshot.type(to) === "number" && type !== "internal";
    if ((!isStore && !isBox) || counted.has(to)) continue;
    counted.add(to);
    size += snapshot.selfSize(to);
  }
  return size;
}

/**
 * The innermost function of the program's: built-ins and Node's own code are charged to who called them. What V8
 * charges to the constructor that calls `super()` is charged to the `new` expression, as the tracker does.
 */
function programFrame(node: number, trace: TraceFrame): TraceFrame | null {
  let frame: TraceFrame | null = trace;
  const made = snapshot.name(node);
  let at: TraceFrame | null = trace;
  while (at !== null && at.script === "") at = at.parent; // `super()` into a built-in class
  for (; at !== null && isDerivedConstructor(at); at = at.parent) if (at.name === made) frame = at.parent;
  // A static initialiser belongs to the code around the class.
  while (
    frame !== null &&
    !(isOfProgram(frame) && !isStaticInitializer({ ...frame, file: pathOf(frame.script) }))
  )
    frame = frame.parent;
  return frame;
}

function isOfProgram({ script }: TraceFrame): boolean {
  return (script.startsWith("file:") || script.startsWith("/")) && !script.endsWith("/v8_side.ts");
}

function isDerivedConstructor({ script, name }: TraceFrame): boolean {
  if (!script.startsWith("file:") && !script.startsWith("/")) return false;
  return derivedClasses(pathOf(script)).has(name);
}

function pathOf(script: string): string {
  return script.startsWith("file:") ? fileURLToPath(script) : script;
}
