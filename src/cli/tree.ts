import { terminalTree } from "../report/terminal/terminal_tree.ts";
import { MEASURES, type Measure } from "../report/views/measure.ts";
import { notesOf } from "../report/views/notes.ts";
import { treeReport } from "../report/views/tree.ts";
import { expectOperands, parseCommand } from "./command_line.ts";
import { openSnapshot } from "./open_snapshot.ts";
import { withProgress } from "./progress.ts";
import { notesText, showView } from "./show_view.ts";
import { oneOf, percentage, wholeNumber } from "./values.ts";
import { SELECTION_FLAGS, VIEW_FLAGS } from "./view_flags.ts";

const FLAGS = {
  measure: {
    type: oneOf("--measure", Object.keys(MEASURES) as Measure[]),
    default: "size" as Measure,
    placeholder: "FIGURE",
    description: `What the tree is about: ${Object.keys(MEASURES).join(", ")}`,
  },
  min: {
    type: percentage("--min"),
    default: 0.01,
    placeholder: "PERCENT",
    description: "Hide branches below this share of the whole (default: 1%)",
  },
  depth: {
    type: wholeNumber("--depth", 1, 65536),
    placeholder: "N",
    description: "How many calls deep to show the tree (default: all)",
  },
  invert: {
    type: Boolean,
    default: false,
    description: "Begin with the lines that allocate, their callers below them",
  },
  ...SELECTION_FLAGS,
  json: VIEW_FLAGS.json,
} as const;

/** `tracemalloc tree FILE`: the calls that lead to the memory. */
export function tree(argv: readonly string[]): Promise<number> {
  const { flags, operands } = parseCommand(
    {
      name: "tree",
      description: "Shows the calls that lead to the memory, as a tree without its small branches",
      usage: "[options] FILE",
      examples: ["tracemalloc tree app.pb.gz", "tracemalloc tree --min 5% --invert app.pb.gz"],
      flags: FLAGS,
    },
    argv,
  );
  expectOperands(operands, ["FILE"]);
  const [file] = operands;
  const { measure, min, invert, include, exclude, domain, quiet } = flags;
  const depth = flags.depth ?? Number.POSITIVE_INFINITY;
  const view = { measure, min, depth, inverted: invert, include, exclude, domain };
  return withProgress({ quiet }, (progress) => {
    const snapshot = openSnapshot(file, progress);
    progress.step("building the tree");
    showView(flags.json, {
      report: () => ({ file, ...treeReport(snapshot, view), notes: notesOf(snapshot) }),
      text: (options) => [...terminalTree(snapshot, view, options), ...notesText(notesOf(snapshot))],
    });
    return 0;
  });
}
