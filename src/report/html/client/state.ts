// Browser compatible.
import type { TableName } from "../model.ts";
import type { Measure, Side, Unit } from "./measures.ts";
import type { SortKey } from "./rows.ts";

export type ViewName = "flame" | "table" | "timeline" | "source";

/** Everything that a link to the report carries. */
export interface State {
  readonly view: ViewName;
  readonly measure: Measure;
  readonly unit: Unit;
  readonly side: Side;
  readonly hideDependencies: boolean;
  readonly hideRuntime: boolean;
  /** The flame graph: the lines that allocate first; the root at the bottom; the frames from the root to the zoomed one. */
  readonly invert: boolean;
  readonly flames: boolean;
  readonly zoom: readonly number[];
  readonly search: string;
  /** The table: what its rows are, their order, and the row that is open, by its text. */
  readonly table: TableName;
  readonly sort: SortKey | null;
  readonly descending: boolean;
  readonly filter: string;
  readonly row: string;
  /** The timeline: milliseconds. */
  readonly from: number | null;
  readonly to: number | null;
  /** The source view: a file by its whole name, and a line. */
  readonly file: string;
  readonly line: number;
}

export const FIRST_STATE: State = {
  view: "flame",
  measure: "alive",
  unit: "bytes",
  side: "difference",
  hideDependencies: false,
  hideRuntime: false,
  invert: false,
  flames: false,
  zoom: [],
  search: "",
  table: "line",
  sort: null,
  descending: true,
  filter: "",
  row: "",
  from: null,
  to: null,
  file: "",
  line: 0,
};

const WORDS: { readonly [K in keyof State]?: readonly State[K][] } = {
  view: ["flame", "table", "timeline", "source"],
  measure: ["alive", "peak", "allocated", "freed"],
  unit: ["bytes", "blocks"],
  side: ["new", "old", "difference"],
  table: ["line", "function", "file", "package", "type"],
  sort: ["name", "alive", "peak", "allocated", "freed", "aliveGrowth", "allocatedGrowth", "freedGrowth"],
};

/** Whether the page shows what it shows first to those who follow no link. */
export function isFirstState(state: State): boolean {
  return formatState(state) === "";
}

/** The part of a link behind `#`: what differs from the first state. */
export function formatState(state: State): string {
  const parameters = new URLSearchParams();
  for (const key of Object.keys(FIRST_STATE) as (keyof State)[]) {
    const value = state[key];
    const text = Array.isArray(value) ? value.join(".") : String(value ?? "");
    const first = FIRST_STATE[key];
    if (text !== (Array.isArray(first) ? first.join(".") : String(first ?? ""))) parameters.set(key, text);
  }
  return parameters.toString();
}

/** The state that a link asks for; what it does not say, or says wrongly, is as at first. */
export function parseState(hash: string): State {
  const state: Record<string, unknown> = { ...FIRST_STATE };
  for (const [key, text] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (!Object.hasOwn(FIRST_STATE, key)) continue;
    const value = parseValue(key as keyof State, text);
    if (value !== undefined) state[key] = value;
  }
  return state as unknown as State;
}

function parseValue(key: keyof State, text: string): unknown {
  const words: readonly unknown[] | undefined = WORDS[key];
  if (words !== undefined) return words.find((word) => word === text);
  const first = FIRST_STATE[key];
  if (typeof first === "boolean") return text === "true" ? true : text === "false" ? false : undefined;
  if (key === "zoom") {
    if (text === "") return [];
    const path = text.split(".").map(Number);
    return path.every((frame) => Number.isInteger(frame) && frame >= 0) ? path : undefined;
  }
  if (key === "from" || key === "to" || key === "line") {
    const value = Number(text);
    return Number.isFinite(value) && value >= 0 ? value : undefined;
  }
  return text;
}
