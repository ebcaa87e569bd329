// Browser compatible.
import { IntColumn } from "../traces/columns.ts";
import { IntPairMap } from "../traces/int_pair_map.ts";
import type { Session } from "../traces/session.ts";
import { sitePlace } from "../track/hub.ts";
import type { SnapshotColumns } from "./columns.ts";

/** Copies the session's tables out as a snapshot's columns; given a row, one block of that row alone. */
export function snapshotColumns(session: Session, only = -1): SnapshotColumns {
  const { blocks, nframe } = session;
  const frames = new FrameInterner();
  const tracebacks = new TracebackInterner(session, frames);
  const first = Math.max(only, 0);
  const count = only < 0 ? blocks.site.length : 1;
  const traceback = new Int32Array(count);
  const type = new Int32Array(count);
  const domain = new Int32Array(count);
  const allocatedSize = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const row = first + i;
    traceback[i] = tracebacks.of(blocks.path.at(row), blocks.site.at(row));
    type[i] = blocks.type.at(row);
    domain[i] = blocks.types[type[i]].domain;
    allocatedSize[i] = blocks.allocated.at(row) * blocks.size.at(row);
  }
  return {
    frames: frames.columns(),
    tracebacks: tracebacks.columns(),
    blocks: {
      traceback,
      type,
      domain,
      size: blocks.size.copy(first, first + count),
      count: only < 0 ? blocks.live.copy(0, count) : Float64Array.of(1),
      allocatedCount: blocks.allocated.copy(first, first + count),
      allocatedSize,
    },
    types: blocks.types.map(({ name }) => name),
    tracebackLimit: nframe,
  };
}

/** Sites → frames. */
class FrameInterner {
  readonly #bySite = new Map<number, number>();
  readonly #names = new NameTable();
  readonly #files = new NameTable();
  readonly #filename = new IntColumn();
  readonly #lineno = new IntColumn();
  readonly #column = new IntColumn();
  readonly #functionName = new IntColumn();
  readonly #functionLine = new IntColumn();

  of(site: number): number {
    let frame = this.#bySite.get(site);
    if (frame === undefined) {
      frame = this.#add(site);
      this.#bySite.set(site, frame);
    }
    return frame;
  }

  #add(site: number): number {
    const place =
      site === 0
        ? { filename: "<unknown>", line: 0, column: 0, functionName: "", functionLine: 0 }
        : sitePlace(site);
    this.#lineno.push(place.line);
    this.#column.push(place.column);
    this.#functionName.push(this.#names.of(place.functionName));
    this.#functionLine.push(place.functionLine);
    return this.#filename.push(this.#files.of(place.filename)) - 1;
  }

  columns(): SnapshotColumns["frames"] {
    return {
      filenames: this.#files.names,
      functionNames: this.#names.names,
      filename: this.#filename.copy(),
      lineno: this.#lineno.copy(),
      column: this.#column.copy(),
      functionName: this.#functionName.copy(),
      functionLine: this.#functionLine.copy(),
    };
  }
}

class NameTable {
  readonly names: string[] = [];
  readonly #index = new Map<string, number>();

  of(name: string): number {
    let index = this.#index.get(name);
    if (index === undefined) {
      index = this.names.push(name) - 1;
      this.#index.set(name, index);
    }
    return index;
  }
}

/** (path, site) → tracebacks. */
class TracebackInterner {
  readonly #session: Session;
  readonly #frames: FrameInterner;
  readonly #known = new IntPairMap();
  readonly #offset = new IntColumn();
  readonly #entries = new IntColumn();
  readonly #total = new IntColumn();

  constructor(session: Session, frames: FrameInterner) {
    this.#session = session;
    this.#frames = frames;
    this.#offset.push(0);
  }

  of(path: number, site: number): number {
    let index = this.#known.get(path, site);
    if (index !== -1) return index;
    const { paths } = this.#session;
    const callers = paths.frames(path);
    for (const caller of callers) this.#entries.push(this.#frames.of(caller));
    // Site 0 (a block of the user's own domain) has no place of its own: its caller's line is the line.
    if (site !== 0 || callers.length === 0) this.#entries.push(this.#frames.of(site));
    this.#offset.push(this.#entries.length);
    index = this.#total.push(paths.total(path) + (site !== 0 || callers.length === 0 ? 1 : 0)) - 1;
    this.#known.set(path, site, index);
    return index;
  }

  columns(): SnapshotColumns["tracebacks"] {
    return { offset: this.#offset.copy(), frames: this.#entries.copy(), totalNframe: this.#total.copy() };
  }
}
