import { runHeapJob } from "../../heap/heap_job.ts";
import { HeapReport } from "../../heap/heap_report.ts";
import { terminalDiff } from "../../report/terminal/terminal_diff.ts";
import { terminalGrowth } from "../../report/terminal/terminal_growth.ts";
import { terminalShortLived } from "../../report/terminal/terminal_short_lived.ts";
import { terminalTop } from "../../report/terminal/terminal_top.ts";
import { terminalTree } from "../../report/terminal/terminal_tree.ts";
import { terminalWhy } from "../../report/terminal/terminal_why.ts";
import { atPeak } from "../../report/views/at_peak.ts";
import { LEAST_GROWTH } from "../../report/views/growth.ts";
import { keptPaths } from "../../report/views/kept_paths.ts";
import { MEASURES, type Measure } from "../../report/views/measure.ts";
import { notesOf, notesOfAll, sharedNoteText } from "../../report/views/notes.ts";
import { GROUPINGS } from "../../report/views/view.ts";
import { InputError, UsageError } from "../cli_error.ts";
import { notesText } from "../show_view.ts";
import { viewOptions } from "../view_flags.ts";
import { HUNT } from "./hunt_tool.ts";
import { listFiles } from "./list_files.ts";
import {
  choice,
  fileName,
  fileNames,
  flag,
  number,
  optionalFile,
  patterns,
  type Values,
} from "./parameters.ts";
import { sourceLines } from "./source_text.ts";
import { type Tool, tool } from "./tool.ts";

const SNAPSHOT = "A snapshot of tracemalloc's (.pb.gz), or a heap profile (pprof, V8's .heapprofile)";
const SELECTION = {
  include: patterns("Only files whose names match one of these globs, such as */src/*"),
  exclude: patterns("No files whose names match one of these globs, such as */node_modules/*"),
  domain: number("0 objects, 1 external bytes, 2 strings, 3 timers, 4 listeners, 5 suspended async calls", {
    ...{ least: 0, most: 2 ** 31 - 1, fallback: null },
  }),
};
const ENTRIES = {
  by: choice("What an entry stands for: lineno is file and line", GROUPINGS, "lineno"),
  limit: number("How many entries", { least: 1, most: 100, fallback: 10 }),
  ...SELECTION,
};

const view = (values: Values<typeof ENTRIES> & { readonly cumulative: boolean }) =>
  viewOptions({ ...values, domain: values.domain ?? undefined });

/** The views of the command line, as tools. */
export const TOOLS: readonly Tool[] = [
  tool(
    {
      name: "snapshots",
      title: "List snapshots",
      description:
        "Lists the snapshots, heap profiles and heap snapshots below the folder, the newest first.",
    },
    { limit: number("How many", { least: 1, most: 200, fallback: 50 }) },
    ({ limit }, { reader }) => listFiles(reader.folder.path, limit),
  ),
  tool(
    {
      name: "top",
      title: "Lines that hold the most memory",
      description:
        "Lists the lines (or files, functions, types, packages, call paths) of a snapshot that hold the most memory, each with its size and source line. " +
        "Begin here. peak: what was alive when most was; short_lived: what was allocated and has died again, which keeps the garbage collector busy.",
    },
    {
      snapshot: fileName(SNAPSHOT),
      ...ENTRIES,
      cumulative: flag("Charge every frame of a traceback, not only the line that allocated"),
      peak: flag("What was alive at the peak, instead of at the end"),
      short_lived: flag("Order by what has died, instead of what is alive"),
    },
    (values, { reader }) => {
      if (values.peak && values.short_lived) throw new UsageError("peak and short_lived exclude each other");
      const opened = reader.snapshot(values.snapshot);
      const snapshot = values.peak ? atPeak(opened) : opened;
      if (snapshot === null)
        throw new InputError(`${values.snapshot} does not tell what was alive at the peak`);
      const text = values.short_lived ? terminalShortLived : terminalTop;
      return [...text(snapshot, view(values), reader.text), ...notesText(notesOf(snapshot))];
    },
  ),
  tool(
    {
      name: "diff",
      title: "What grew between snapshots",
      description:
        "Compares two snapshots of one program, or more in the order of time: the largest differences, and with three or more the lines that grew in every step, which is what a leak does.",
    },
    {
      snapshots: fileNames("From the oldest to the newest", 2),
      ...ENTRIES,
      cumulative: flag("Charge every frame of a traceback, not only the line that allocated"),
    },
    (values, { reader }) => {
      const named = values.snapshots.map((name) => ({ name, snapshot: reader.snapshot(name) }));
      const snapshots = named.map(({ snapshot }) => snapshot);
      const options = view(values);
      const growth =
        snapshots.length === 2
          ? []
          : [...terminalGrowth(snapshots, { ...options, leastGrowth: LEAST_GROWTH }, reader.text), ""];
      const differences = terminalDiff(snapshots.at(-1)!, snapshots[0]!, options, reader.text);
      return [...growth, ...differences, ...notesText(notesOfAll(named).map(sharedNoteText))];
    },
  ),
  tool(
    {
      name: "tree",
      title: "Calls that lead to the memory",
      description:
        "Shows the calls that lead to the memory of a snapshot, as a tree without its small branches. invert: begins with the lines that allocate, their callers below them.",
    },
    {
      snapshot: fileName(SNAPSHOT),
      measure: choice("The figure", Object.keys(MEASURES) as Measure[], "size"),
      min: number("Hide branches below this share of the whole, in percent", {
        ...{ least: 0, most: 100, fallback: 2, fraction: true },
      }),
      depth: number("How many calls deep", { least: 1, most: 1000, fallback: 40 }),
      invert: flag("Begin with the lines that allocate"),
      ...SELECTION,
    },
    ({ snapshot: name, min, invert, domain, ...values }, { reader }) => {
      const snapshot = reader.snapshot(name);
      const options = {
        ...values,
        min: min / 100,
        inverted: invert,
        domain: domain ?? undefined,
        most: 1000,
      };
      return [...terminalTree(snapshot, options, reader.text), ...notesText(notesOf(snapshot))];
    },
  ),
  tool(
    {
      name: "source",
      title: "Source lines with what they hold",
      description:
        "Shows lines of a source file below the folder; with a snapshot, how many bytes and blocks each of them holds.",
    },
    {
      file: fileName("The file, as top names it"),
      line: number("The line in the middle", { least: 1, most: 2 ** 31 - 1, fallback: 1 }),
      around: number("Lines before and after it", { least: 0, most: 100, fallback: 10 }),
      snapshot: optionalFile(SNAPSHOT),
    },
    ({ file, line, around, snapshot: name }, { reader }) => {
      const snapshot = name === null ? null : reader.snapshot(name);
      return sourceLines(reader.folder.file(file), { name: file, line, around, snapshot });
    },
  ),
  tool(
    {
      name: "why",
      title: "Who holds the objects",
      description:
        "Shows who holds the objects of the lines that hold the most, as paths from a root: from a snapshot that `tracemalloc run --why` took, or from a heap snapshot of V8's (.heapsnapshot) and the snapshot that was taken with it.",
    },
    {
      snapshot: fileName(SNAPSHOT),
      heap: optionalFile("A .heapsnapshot, where the snapshot itself does not tell"),
      limit: number("How many lines", { least: 1, most: 50, fallback: 5 }),
    },
    ({ snapshot: name, heap, limit }, { reader }) => {
      const snapshot = reader.snapshot(name);
      if (heap !== null) {
        const heapFile = reader.folder.file(heap);
        const { path } = reader.folder;
        return new HeapReport(runHeapJob({ heapFile, dump: snapshot, limit, sourcesBelow: path })).format();
      }
      const kept = keptPaths(snapshot);
      if (kept === null)
        throw new InputError(
          `${name} does not tell who holds what: take it with tracemalloc run --why (Node, Deno), or give a heap snapshot, too`,
        );
      return terminalWhy({ ...kept, lines: kept.lines.slice(0, limit) });
    },
  ),
  HUNT,
];
