// Browser compatible.

import { type Owner, ownerOfPackage, packageOf } from "../../../vocabulary/package_of.ts";
import { kindsText } from "../../text/kind_texts.ts";
import type { FigureColumns, HeldLine, MarkedLine, ReportModel, TableName } from "../model.ts";
import { FlameData } from "./flame_data.ts";
import { nameText } from "./format.ts";
import { columnOf, type Selection } from "./measures.ts";

/** The figures of a selection: of each item, and how much they differ from the old ones (null: nothing to compare). */
export interface Figures {
  readonly value: Float64Array;
  readonly delta: Float64Array | null;
}

/** The report's model with what views ask of it again and again. */
export class ReportData extends FlameData {
  declare readonly model: ReportModel;
  #entriesOf: Map<number, number[]> | null = null;
  #marks: Map<string, MarkedLine> | null = null;
  #kindOf: Map<number, string> | null = null;

  get isComparison(): boolean {
    return this.model.old !== null;
  }

  /** The figures of columns that have `length` items. */
  figures(columns: FigureColumns, length: number, { measure, unit, side }: Selection): Figures {
    const of = (which: "new" | "old"): Float64Array => {
      const column = columns[columnOf(measure, unit, which)] ?? null;
      return column === null ? new Float64Array(length) : Float64Array.from(column);
    };
    if (side === "old") return { value: of("old"), delta: null };
    const value = of("new");
    if (side === "new") return { value, delta: null };
    const old = of("old");
    return { value, delta: value.map((now, index) => now - old[index]) };
  }

  /** The sum over everything. */
  total({ measure, unit, side }: Selection): number {
    const { totals } = this.model;
    if (side === "old") return totals[columnOf(measure, unit, "old")];
    const now = totals[columnOf(measure, unit)];
    return side === "new" ? now : now - totals[columnOf(measure, unit, "old")];
  }

  typeText(type: number): string {
    return nameText(this.model.types[type]) || "(unknown)";
  }

  rowCount(table: TableName): number {
    const columns = this.model.tables[table];
    return columns[table === "type" || table === "package" ? table : "file"].length;
  }

  /** What a link calls a table's row. */
  rowKey(table: TableName, row: number): string {
    const { filenames, functionNames, types, packages, tables } = this.model;
    const { file, line, function: names, type, package: ofPackage } = tables[table];
    if (table === "type") return types[type[row]];
    if (table === "package") return packages[ofPackage[row]];
    if (table === "file") return filenames[file[row]];
    const place = `${filenames[file[row]]}:${line[row]}`;
    return table === "line" ? place : `${functionNames[names[row]]} ${place}`;
  }

  /** The row that a link names, or -1. */
  findRow(table: TableName, key: string): number {
    const length = this.rowCount(table);
    for (let row = 0; row < length; row++) if (this.rowKey(table, row) === key) return row;
    return -1;
  }

  /** What a table's row is called. */
  rowText(table: TableName, row: number): string {
    const columns = this.model.tables[table];
    if (table === "type") return this.typeText(columns.type[row]);
    if (table === "package") return nameText(this.model.packages[columns.package[row]]);
    if (table === "file") return this.fileText(columns.file[row]);
    const place = this.placeText(columns.file[row], columns.line[row]);
    if (table === "line") return place;
    return `${this.functionText(columns.function[row]) || "(unknown)"} (${place})`;
  }

  ownerOfRow(table: TableName, row: number): Owner {
    if (table === "package") return ownerOfPackage(this.rowKey(table, row));
    return table === "type" ? "own" : this.owners[this.model.tables[table].file[row]];
  }

  /** The entries that belong to a table's row. */
  entriesOf(table: TableName, row: number): readonly number[] {
    const { tree, frames, tables } = this.model;
    const { entries } = tree;
    const { file, line, function: names, type } = tables[table];
    if (table === "type") return indices(entries.type, (own) => own === type[row]);
    if (table === "package") {
      const name = this.rowKey(table, row);
      const isOf = this.model.filenames.map((filename) => packageOf(filename) === name);
      return indices(entries.node, (node) => isOf[frames.file[tree.frame[node]]]);
    }
    return this.#entriesAt(file[row]).filter((entry) => {
      const frame = tree.frame[entries.node[entry]];
      if (table === "line") return frames.line[frame] === line[row];
      return (
        table === "file" ||
        (frames.functionLine[frame] === line[row] && frames.function[frame] === names[row])
      );
    });
  }

  #entriesAt(file: number): readonly number[] {
    if (this.#entriesOf === null) {
      this.#entriesOf = new Map();
      const { tree, frames } = this.model;
      for (const [entry, node] of tree.entries.node.entries()) {
        const own = frames.file[tree.frame[node]];
        const list = this.#entriesOf.get(own);
        if (list === undefined) this.#entriesOf.set(own, [entry]);
        else list.push(entry);
      }
    }
    return this.#entriesOf.get(file) ?? [];
  }

  /** A row's blocks that are alive by kind, where some are timers, listeners or suspended calls; else empty. */
  kindsText(table: TableName, row: number): string {
    const { otherKinds, tables, tree } = this.model;
    if (table === "type" || otherKinds.length === 0) return "";
    const blocks = columnOf("alive", "blocks");
    const counts = new Map<string, number>();
    this.#kindOf ??= new Map(otherKinds.flatMap(({ kind, types }) => types.map((type) => [type, kind])));
    for (const entry of this.entriesOf(table, row)) {
      const kind = this.#kindOf.get(tree.entries.type[entry]);
      const count = tree.entries.figures[blocks]?.[entry] ?? 0;
      if (kind !== undefined && count > 0) counts.set(kind, (counts.get(kind) ?? 0) + count);
    }
    // Strings and bytes outside the heap are no objects.
    const memory = counts.delete("blocks") ? "blocks" : "objects";
    if (counts.size === 0) return "";
    const others = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const rest = (tables[table].figures[blocks]?.[row] ?? 0) - others;
    const kinds = Array.from(counts, ([kind, count]) => ({ kind, count }));
    return kindsText(rest > 0 ? [{ kind: memory, count: rest }, ...kinds] : kinds);
  }

  /** What stands out about a table's row, if it is a line. */
  markOf(table: TableName, row: number): MarkedLine | null {
    if (table !== "line") return null;
    const { file, line } = this.model.tables.line;
    this.#marks ??= new Map(this.model.marks.map((mark) => [`${mark.file}:${mark.line}`, mark]));
    return this.#marks.get(`${file[row]}:${line[row]}`) ?? null;
  }

  /** Of the lines that belong to a table's row, those of which it is known who holds their objects. */
  heldOf(table: TableName, row: number): HeldLine[] {
    const { frames, tables } = this.model;
    const { file, line, function: names } = tables[table];
    if (table === "type" || table === "package") return [];
    const inFile = this.model.held.filter((one) => one.file === file[row]);
    if (table === "file") return inFile;
    if (table === "line") return inFile.filter((one) => one.line === line[row]);
    const lines = new Set<number>();
    for (const [frame, own] of frames.file.entries())
      if (
        own === file[row] &&
        frames.functionLine[frame] === line[row] &&
        frames.function[frame] === names[row]
      )
        lines.add(frames.line[frame]);
    return inFile.filter((one) => lines.has(one.line));
  }

  /** The frames from the oldest to the node's own. */
  framesTo(node: number): number[] {
    const { parent, frame } = this.model.tree;
    const frames: number[] = [];
    for (let at = node; at > 0; at = parent[at]) frames.push(frame[at]);
    return frames.reverse();
  }
}

function indices(column: readonly number[], test: (value: number) => boolean): number[] {
  const found: number[] = [];
  for (const [index, value] of column.entries()) if (test(value)) found.push(index);
  return found;
}
