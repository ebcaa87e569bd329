import type { Snapshot } from "../snapshot/model/snapshot.ts";
import { CodeNames, wordsOf } from "./code_names.ts";
import { findDominators } from "./dominators.ts";
import { type DumpMarks, dumpMarks, placeOfRow } from "./dump_marks.ts";
import { type FoundMarks, type FoundSession, findMarks, findSessions } from "./find_marks.ts";
import type { HeapGraph } from "./heap_graph.ts";
import { type HeapLines, linesOf } from "./heap_lines.ts";
import { HeapMismatchError } from "./heap_mismatch.ts";
import { type HeapLine, HeapReport, type RetainingPath } from "./heap_report.ts";
import { setAsideJobRefs } from "./job_refs.ts";
import { likelyLines } from "./likely_lines.ts";
import { type LineSizes, lineSizes } from "./line_sizes.ts";
import { setAsideForeignHolders } from "./page_owned.ts";
import { PathShapes } from "./path_shapes.ts";
import { ownFunctions, Scripts } from "./scripts.ts";
import { Depths, type ShortestPaths, shortestPaths } from "./shortest_paths.ts";
import { VariableUsers } from "./variable_users.ts";
import { weakenTables } from "./weak_maps.ts";

export interface AnalyseOptions {
  readonly dump: Snapshot;
  /** Lines in the order in which they grew since. */
  readonly since?: Snapshot | undefined;
  /** Lines, 10. */
  readonly limit?: number | undefined;
  /** 3. */
  readonly pathsPerLine?: number | undefined;
  /** These lines alone, in this order; the end of a file's path will do. */
  readonly lines?: readonly { readonly filename: string; readonly lineno: number }[] | undefined;
  /** Beside these, so many of those that take most, with what only they hold; the largest of all comes first. */
  readonly largest?: number | undefined;
  /** Whether to tell keys that are data. */
  readonly keys?: boolean | undefined;
  /** Gives the texts of the program's files. */
  readonly sources?: ((filenames: readonly string[]) => Iterable<string>) | undefined;
}

/** Joins a heap with the dump of the same moment. Uses the graph up. */
export function analyse(graph: HeapGraph, options: AnalyseOptions): HeapReport {
  const joined = join(graph, options);
  const { lines, sizes, order } = joined;
  const { limit = 10 } = options;
  const shown = order.slice(0, limit);
  const paths = pathsOf(graph, joined, shown, options);
  return new HeapReport({
    ...totalsOf(sizes),
    lines: shown.map(
      (line): HeapLine => ({
        ...lines.places[line - 1],
        count: Math.round(sizes.count[line]),
        selfSize: Math.round(sizes.selfSize[line]),
        engineSize: Math.round(sizes.engineSize[line]),
        retainedSize: Math.round(sizes.retainedSize[line]),
        paths: paths.get(line) ?? [],
      }),
    ),
    lineCount: order.length,
    notes: notesOf(lines, order, options),
  });
}

function notesOf({ unknown }: HeapLines, order: readonly number[], { since }: AnalyseOptions): string[] {
  const notes: string[] = [];
  if (unknown > 0) notes.push(`${unknown} objects are younger than the dump`);
  if (since !== undefined && order.length === 0) notes.push("no line has grown since the older snapshot");
  return notes;
}

interface Joined {
  readonly lines: HeapLines;
  readonly sizes: LineSizes;
  readonly weightOf: (node: number) => number;
  readonly scripts: Scripts;
  /** Whether a node is the tracker's own. */
  readonly isOwn: (node: number) => boolean;
  /** Lines in the order of the report. */
  readonly order: readonly number[];
}

/** Finds the lines in the heap. The dominators, which take 4 bytes a node, are gone when it returns. */
function join(graph: HeapGraph, options: AnalyseOptions): Joined {
  const { dump } = options;
  const known = dumpMarks(dump);
  setAsideForeignHolders(graph);
  setAsideJobRefs(graph);
  weakenTables(graph);
  const dominator = findDominators(graph);
  const marks = findMarks(graph, sessionsOf(graph, known));
  const lines = linesOf(marks, known);
  if (lines.unknown > marks.count / 10)
    throw new HeapMismatchError(
      `the heap snapshot is of another moment than the dump: of ${marks.count} objects ${lines.unknown} are younger than it; take both together`,
    );
  const weightOf = weights(dump, marks, lines);
  const scripts = new Scripts(graph);
  const own = ownFunctions(graph, scripts, marks.keepers);
  const isOwn = (node: number): boolean => marks.own.has(node) || own.has(node) || marks.isToken[node] === 1;
  const sizes = lineSizes({ graph, dominator, lines, scripts, isOwn, weightOf, isSampled: isSampled(dump) });
  return { lines, sizes, weightOf, scripts, isOwn, order: chosen(lines, sizes, options) };
}

/** Whether objects of a line may bear no mark. */
function isSampled({ metadata: { sampling } }: Snapshot): boolean {
  return sampling !== "exact" && sampling !== undefined;
}

/** For how many objects one that bears a mark stands. */
function weights(dump: Snapshot, marks: FoundMarks, lines: HeapLines): (node: number) => number {
  const { sampling } = dump.metadata;
  if (sampling === "adaptive") return (node) => marks.weights.get(node) ?? 1;
  if (typeof sampling !== "number") return () => 1;
  // By bytes: how many there are the dump knows, of each line.
  const { blocks } = dump.columns;
  const alive = new Float64Array(lines.places.length + 1);
  const marked = new Float64Array(lines.places.length + 1);
  for (let row = 0; row < blocks.count.length; row++) {
    const { filename, lineno } = placeOfRow(dump, row);
    const line = lines.find(filename, lineno);
    if (line !== 0 && blocks.domain[row] === 0) alive[line] += blocks.count[row];
  }
  for (const line of lines.ofNode) if (line !== 0) marked[line]++;
  return (node) => Math.max(1, alive[lines.ofNode[node]] / marked[lines.ofNode[node]]);
}

/** Who holds the objects of these lines. */
function pathsOf(
  graph: HeapGraph,
  { lines, weightOf, scripts, isOwn }: Joined,
  wanted: readonly number[],
  { dump, sources, keys = false, pathsPerLine = 3 }: AnalyseOptions,
): Map<number, RetainingPath[]> {
  const paths = shortestPaths(graph, isOwn);
  const { filenames } = dump.columns.frames;
  const names = new CodeNames(
    graph,
    wordsOf(() => sources?.(filenames) ?? []),
  );
  const of = { paths, places: lines.places, names, scripts };
  const lineOf = isSampled(dump)
    ? likelyLines(graph, { ...of, lines, weightOf })
    : (node: number): number => lines.ofNode[node];
  const users = new VariableUsers(graph, scripts, (filename) => [...(sources?.([filename]) ?? [])][0]);
  const shapes = new PathShapes({ ...of, graph, lineOf, keys, users });
  const groups = groupPaths(graph, { lines, shapes, paths, weightOf }, new Set(wanted));
  return new Map(wanted.map((line) => [line, topPaths(groups.get(line), shapes, pathsPerLine)]));
}

/** V8 names its handles so among the roots; JavaScriptCore has no such node. */
const V8_ROOTS = "(Global handles)";

/** @throws {HeapMismatchError} where the heap is not that of the dump. */
function sessionsOf(graph: HeapGraph, { started }: DumpMarks): FoundSession[] {
  const sessions = findSessions(graph);
  const reason =
    sessions.length === 0 && graph.strings.indexOf(V8_ROOTS) === -1
      ? "the heap snapshot is of another engine than V8 (Bun writes V8's format, too), which has no marks of ours: take it with Node, Deno or Chrome"
      : sessions.length === 0
        ? "nothing is traced in the process that the heap snapshot is of: take both files in one process"
        : sessions.every((session) => session.started === null)
          ? 'the heap snapshot was taken without numerical values: take it with exposeNumericValues, in DevTools with "numerical values"'
          : sessions.some((session) => session.started !== null && Math.abs(session.started - started) < 1e-3)
            ? null
            : "the heap snapshot and the dump are of two processes, or of two sessions: take both in one";
  if (reason !== null) throw new HeapMismatchError(reason);
  return sessions;
}

function totalsOf({
  selfSize,
  engineSize,
  heapSize,
  others,
}: LineSizes): Pick<HeapReport, "totals" | "otherKinds"> {
  const sum = (column: Float64Array): number => Math.round(column.reduce((all, each) => all + each, 0));
  // Estimates may add up to more than there can be.
  const most = heapSize - Math.floor(others.size);
  const attributedSize = Math.min(sum(selfSize), most);
  const ofEngine = Math.min(sum(engineSize), most - attributedSize);
  const otherSize = heapSize - attributedSize - ofEngine;
  return {
    totals: { heapSize, attributedSize, engineSize: ofEngine, otherSize },
    otherKinds: others.list(otherSize),
  };
}

/** Lines in the order of the report. */
function chosen(
  lines: HeapLines,
  sizes: LineSizes,
  { dump, since, lines: wanted, largest = 0 }: AnalyseOptions,
): number[] {
  const isAlive = (line: number): boolean => sizes.count[line] > 0;
  const all = lines.places.map((_, i) => i + 1).filter(isAlive);
  if (wanted !== undefined) {
    const found = wanted.flatMap(({ filename, lineno }) => lines.findAll(filename, lineno)).filter(isAlive);
    if (largest === 0) return found;
    const taken = (line: number): number => sizes.selfSize[line] + sizes.engineSize[line];
    const byTaken = (a: number, b: number): number => taken(b) - taken(a) || a - b;
    return [...new Set([...found, ...all.sort(byTaken).slice(0, largest)])].sort(byTaken);
  }
  if (since === undefined) return all.sort((a, b) => sizes.retainedSize[b] - sizes.retainedSize[a] || a - b);
  return grownSince(lines, sizes, dump, since);
}

/** Below that, what the engine keeps for a line is what it keeps for any. */
const LEAST_UNKNOWN = 4096;

/** Lines in the order of their growth. */
function grownSince(lines: HeapLines, sizes: LineSizes, dump: Snapshot, since: Snapshot): number[] {
  const growth = new Map<number, number>();
  const later = shareSince(dump, since);
  for (const { traceback, size, sizeDiff } of dump.compareTo(since, "lineno")) {
    const { filename, lineno } = traceback.at(-1)!;
    const line = lines.find(filename, lineno);
    if (line === 0 || sizes.count[line] === 0) continue;
    if (sizeDiff > 0) {
      // What the engine keeps for them has grown with them, and is most of it where requests, buffers or promises are held.
      const all = sizes.selfSize[line] + sizes.engineSize[line];
      growth.set(line, Math.max(sizeDiff, (all * sizeDiff) / size));
      continue;
    }
    // Of a promise that everybody waits for, a socket, a signal there are no more than before. What the engine keeps for them is in no
    // snapshot: as if it had come evenly with what was allocated.
    const unknown = sizes.selfSize[line] + sizes.engineData[line] - size;
    if (unknown * later >= LEAST_UNKNOWN) growth.set(line, unknown * later);
  }
  return [...growth].sort(([, a], [, b]) => b - a).map(([line]) => line);
}

/** How much of what was allocated came after the older snapshot, from 0 to 1. */
function shareSince(dump: Snapshot, since: Snapshot): number {
  const allocated = ({ columns: { blocks } }: Snapshot): number =>
    blocks.allocatedSize.reduce((sum, each) => sum + each, 0);
  const all = allocated(dump);
  return all > 0 ? Math.max(0, 1 - allocated(since) / all) : 0;
}

interface Group {
  count: number;
  size: number;
  /** One that goes this way: where lists are folded, the one with the longest way. */
  example: number;
  /** Edges on its way. */
  depth: number;
}

interface GroupSources {
  readonly lines: HeapLines;
  readonly shapes: PathShapes;
  readonly paths: ShortestPaths;
  readonly weightOf: (node: number) => number;
}

/** By line, its objects by the shape of their ways. */
function groupPaths(
  graph: HeapGraph,
  { lines, shapes, paths, weightOf }: GroupSources,
  wanted: ReadonlySet<number>,
): Map<number, Map<number, Group>> {
  const found = new Map<number, Map<number, Group>>();
  const depths = new Depths(paths);
  for (let node = 0; node < graph.nodeCount; node++) {
    const line = lines.ofNode[node];
    if (line === 0 || !wanted.has(line)) continue;
    const shape = shapes.of(node);
    if (shape === -1) continue;
    let groups = found.get(line);
    if (groups === undefined) found.set(line, (groups = new Map()));
    const weight = weightOf(node);
    const depth = depths.of(node);
    const group = groups.get(shape);
    if (group === undefined)
      groups.set(shape, { count: weight, size: graph.sizes.at(node) * weight, example: node, depth });
    else {
      group.count += weight;
      group.size += graph.sizes.at(node) * weight;
      if (depth > group.depth) Object.assign(group, { example: node, depth });
    }
  }
  return found;
}

function topPaths(
  groups: Map<number, Group> | undefined,
  shapes: PathShapes,
  limit: number,
): RetainingPath[] {
  return [...(groups ?? [])]
    .sort(([, a], [, b]) => b.count - a.count || b.size - a.size)
    .slice(0, limit)
    .map(([shape, { count, size, example }]) => ({
      count: Math.round(count),
      size: Math.round(size),
      ...shapes.describe(shape, example),
    }));
}
