// Browser compatible.
import { SequenceTable } from "../../tables/sequence_table.ts";
import { type Figures, figureColumns, sumsBy, sumsOf } from "./figures.ts";
import type { TableColumns, TableName } from "./model.ts";
import type { OutputNames } from "./output_names.ts";
import { leastShare, rowsAbove, sharesOf } from "./prune.ts";
import type { CallTree } from "./report_tree.ts";

/** The names that frames and their blocks point to. */
export interface FrameNames {
  readonly files: OutputNames;
  readonly functions: OutputNames;
  readonly types: OutputNames;
}

/** The names that the rows of tables point to. */
export interface TableNames extends FrameNames {
  readonly packages: OutputNames;
}

/** What tells the rows of a table apart: of each line frame, or of each type. */
interface Keys {
  /** `[file, line, function, type, package]`, -1 where that does not apply. */
  readonly table: SequenceTable;
  /** The key of each entry. */
  readonly of: Int32Array;
  /** Per key, the function that all its frames have in common; -1: several. */
  readonly commonFunction: Int32Array;
}

/** The largest rows of a table; the figures of the others are added up. */
export function tableColumns(
  tree: CallTree,
  { name, rows, names }: { name: TableName; rows: number; names: TableNames },
): TableColumns {
  const keys = keysOf(tree, name);
  const figures = sumsBy(tree.figures, keys.of, keys.table.length);
  const shares = sharesOf(figures, tree.totals);
  const kept = rowsAbove(shares, leastShare(shares, rows));
  const field = (index: number): number[] => Array.from(kept, (key) => keys.table.elementAt(key, index));
  return {
    file: name === "type" || name === "package" ? [] : field(0).map((id) => names.files.number(id)),
    line: name === "line" || name === "function" ? field(1) : [],
    function: name === "line" || name === "function" ? functionsOf(keys, kept, names.functions) : [],
    type: name === "type" ? field(3).map((id) => names.types.number(id)) : [],
    package: name === "package" ? field(4).map((id) => names.packages.number(id)) : [],
    figures: figureColumns(figures, kept),
    left: leftRows(figures, shares, kept),
  };
}

function keysOf(tree: CallTree, name: TableName): Keys {
  const { frames, frame, node, type } = tree;
  const table = new SequenceTable();
  const common: number[] = [];
  const key = new Int32Array(5);
  // Entries are many, and frames and types are few: keys are looked up once for each of these.
  const of = name === "type" ? type : node.map((one) => frame[one]);
  const keyOf = Int32Array.from({ length: name === "type" ? tree.types.length : frames.length }, (_, id) => {
    key.fill(-1);
    if (name === "type") key[3] = id;
    else if (name === "package") key[4] = tree.packageOfFile[frames.file(id)];
    else key[0] = frames.file(id);
    if (name === "line") key[1] = frames.line(id);
    if (name === "function") {
      key[1] = frames.functionLine(id);
      key[2] = frames.function(id);
    }
    const number = table.intern(key);
    const functionId = name === "type" ? -1 : frames.function(id);
    if (number === common.length) common.push(functionId);
    else if (common[number] !== functionId) common[number] = -1;
    return number;
  });
  return { table, of: of.map((id) => keyOf[id]), commonFunction: Int32Array.from(common) };
}

function functionsOf({ commonFunction }: Keys, kept: Int32Array, functions: OutputNames): number[] {
  return Array.from(kept, (key) => (commonFunction[key] === -1 ? -1 : functions.number(commonFunction[key])));
}

function leftRows(figures: Figures, shares: Float64Array, kept: Int32Array): TableColumns["left"] {
  const all = sumsOf(figures);
  const shown = figures.map((column) => kept.reduce((sum, key) => sum + column[key], 0));
  const used = shares.reduce((sum, share) => sum + (share > 0 ? 1 : 0), 0);
  return {
    rows: used - kept.length,
    sums: all.map((sum, index) => Math.max(0, sum - Math.round(shown[index]))),
  };
}
