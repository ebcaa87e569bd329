// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { keptPaths } from "../views/kept_paths.ts";
import { reportHeader } from "./header.ts";
import { heldLines } from "./held_lines.ts";
import { reportLabels } from "./labels.ts";
import { LIMITS, type ReportLimits } from "./limits.ts";
import { MARK_RULES, markedLines } from "./marks.ts";
import type {
  FlameModel,
  HeldLine,
  ReportHunt,
  ReportModel,
  SourceText,
  TableColumns,
  TableName,
} from "./model.ts";
import { otherKinds } from "./other_kinds.ts";
import { OutputNames, shortened } from "./output_names.ts";
import { buildCallTree, type CallTree } from "./report_tree.ts";
import type { FoundSource, SourceLimits, SourceRequest } from "./sources.ts";
import { type FrameNames, tableColumns } from "./tables.ts";
import { reportTimeline } from "./timeline.ts";
import { pruneTree } from "./tree_columns.ts";

/** A snapshot, and what to call it. */
export interface NamedSnapshot {
  readonly name: string;
  readonly snapshot: Snapshot;
}

/** What goes into a report. */
export interface ReportInput {
  readonly current: NamedSnapshot;
  /** What to compare with. */
  readonly old?: NamedSnapshot | undefined;
  /** Reads source files; absent: the report has no source text. */
  readonly readSources?:
    | ((requests: readonly SourceRequest[], limits: SourceLimits) => FoundSource[])
    | undefined;
  /** What a hunt has found with these snapshots. */
  readonly hunt?: ReportHunt;
}

/** Adds up the snapshots for a report; it can then be cut down to any limits. */
export function prepareReport(input: ReportInput): (limits?: ReportLimits) => ReportModel {
  const { current, old } = input;
  const snapshots = old === undefined ? [current.snapshot] : [current.snapshot, old.snapshot];
  const tree = buildCallTree(snapshots.map(({ columns }) => columns));
  return (limits = LIMITS) => reportModel(input, tree, limits);
}

function reportModel(
  { current, old, readSources, hunt }: ReportInput,
  tree: CallTree,
  limits: ReportLimits,
): ReportModel {
  const names: FrameNames = {
    files: new OutputNames(tree.filenames, limits.name),
    functions: new OutputNames(tree.functionNames, limits.name),
    types: new OutputNames(tree.types, limits.name),
  };
  const packages = new OutputNames(tree.packages, limits.name);
  const pruned = pruneTree(tree, limits, names.types);
  const table = (name: TableName): TableColumns =>
    tableColumns(tree, { name, rows: limits.rows, names: { ...names, packages } });
  const tables = {
    line: table("line"),
    function: table("function"),
    file: table("file"),
    package: table("package"),
    type: table("type"),
  };
  const { metadata, columns } = current.snapshot;
  const frames = frameColumns(tree, pruned.frames, names);
  const kept = keptPaths(current.snapshot);
  const held = kept === null ? [] : heldLines(kept, names.files, limits);
  const time = Date.parse(String(metadata.time ?? ""));
  return {
    version: 1,
    header: reportHeader(current.snapshot, current.name),
    old: old === undefined ? null : reportHeader(old.snapshot, old.name),
    hunt: hunt === undefined ? null : shortHunt(hunt, limits.name),
    hasPeak: columns.blocks.peakCount !== undefined,
    filenames: names.files.names,
    functionNames: names.functions.names,
    types: names.types.names,
    packages: packages.names,
    otherKinds: otherKinds(
      [current, old].flatMap((one) => (one === undefined ? [] : [one.snapshot])),
      names.types.names,
    ),
    frames,
    tree: pruned.tree,
    tables,
    totals: tree.totals,
    timeline: reportTimeline(metadata.timeline),
    labels: reportLabels(current.snapshot),
    marks: markedLines(current.snapshot, names.files),
    markRules: MARK_RULES,
    heldLines: kept === null ? null : held.length,
    held,
    ...sourceTexts({ lines: tables.line, held }, names.files, { readSources, limits, time }),
    leftOut: pruned.leftOut,
  };
}

/** Lines of it that nobody reads here; `hunt --json` has all. */
const MOST_HUNT_LINES = 500;

/** Names in it may be as long as somebody likes. */
function shortHunt({ verdict, text }: ReportHunt, longest: number): ReportHunt {
  return { verdict, text: text.slice(0, MOST_HUNT_LINES).map((line) => shortened(line, 2 * longest)) };
}

/** What the blocks of lines are, for pages that are told again and again. */
export { kindsGrowth, kindsText } from "../text/kind_texts.ts";
/** The whole process, for pages that are told again and again. */
export { processReport as processOf } from "../views/process_memory.ts";
export { kindsBetween, kindsOf, resourceCounts } from "../views/resource_counts.ts";
/** What stands out, by line, for pages that are told again and again. */
export { marksByLine } from "./marks.ts";

/** What a flame graph of the bytes that are alive takes, without the rest of a report: for pages that are told again and again. */
export function flameModel({ columns }: Pick<Snapshot, "columns">, limits: ReportLimits): FlameModel {
  const whole = buildCallTree([columns]);
  const tree = { ...whole, figures: whole.figures.slice(0, 1), totals: whole.totals.slice(0, 1) };
  const names: FrameNames = {
    files: new OutputNames(tree.filenames, limits.name),
    functions: new OutputNames(tree.functionNames, limits.name),
    types: new OutputNames(tree.types, limits.name),
  };
  const pruned = pruneTree(tree, limits, names.types);
  const frames = frameColumns(tree, pruned.frames, names);
  return {
    hasPeak: false,
    old: null,
    filenames: names.files.names,
    functionNames: names.functions.names,
    frames,
    tree: { ...pruned.tree, entries: { ...pruned.tree.entries, type: [] } },
  };
}

function frameColumns(
  { frames }: CallTree,
  kept: readonly number[],
  { files, functions }: FrameNames,
): ReportModel["frames"] {
  return {
    file: kept.map((frame) => files.number(frames.file(frame))),
    line: kept.map((frame) => frames.line(frame)),
    column: kept.map((frame) => frames.column[frame]),
    function: kept.map((frame) => functions.number(frames.function(frame))),
    functionLine: kept.map((frame) => frames.functionLine(frame)),
  };
}

interface SourceOptions {
  readonly readSources: ReportInput["readSources"];
  readonly limits: SourceLimits;
  /** When the snapshot was taken. */
  readonly time: number;
}

/** So many of the largest lines come before those that hold other lines' objects. */
const LINES_FIRST = 20;

/** The text of the files that hold most, and the largest lines of each; and the lines of those who hold them. */
function sourceTexts(
  { lines, held }: { lines: TableColumns; held: readonly HeldLine[] },
  files: OutputNames,
  { readSources, limits, time }: SourceOptions,
): { sources: readonly SourceText[]; sourcesLeftOut: number | null } {
  if (readSources === undefined) return { sources: [], sourcesLeftOut: null };
  const places = rowsByWeight(lines).map((row) => ({ file: lines.file[row], line: lines.line[row] }));
  const hops = held.flatMap(({ paths }) => paths.flatMap((path) => path.hops));
  places.splice(LINES_FIRST, 0, ...hops.filter(({ file }) => file !== -1));
  const wanted = new Map<number, number[]>();
  for (const { file, line } of places) {
    const known = wanted.get(file);
    if (known === undefined) wanted.set(file, [line]);
    else known.push(line);
  }
  const requests = [...wanted].map(([file, own]) => ({ filename: files.original(file), lines: own }));
  const found = readSources(requests, limits);
  const numbers = [...wanted.keys()];
  const sources = found.map(({ request, changed, parts }) => ({
    file: numbers[request],
    changed: changed > time,
    parts,
  }));
  return { sources, sourcesLeftOut: requests.length - found.length };
}

/** The largest share of any figure decides. */
function rowsByWeight({ file, figures }: TableColumns): number[] {
  const weight = new Float64Array(file.length);
  for (const column of figures) {
    const total = column?.reduce((sum, value) => sum + value, 0) ?? 0;
    if (column === null || total === 0) continue;
    column.forEach((value, row) => {
      weight[row] = Math.max(weight[row], value / total);
    });
  }
  return Array.from(file.keys()).sort((a, b) => weight[b] - weight[a]);
}
