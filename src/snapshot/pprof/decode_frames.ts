// Browser compatible.

import type { FrameColumns } from "../model/columns.ts";
import { FUNCTION, LINE, LOCATION, MAPPING, PROFILE } from "./fields.ts";
import { IdMap } from "./id_map.ts";
import { IntSequences } from "./int_sequences.ts";
import { ProfileNames } from "./profile_names.ts";
import type { ProtoReader } from "./proto_reader.ts";
import type { StringTable } from "./string_table.ts";

const UNKNOWN_FILE = "<unknown>";
const MAX_INT32 = 2 ** 31 - 1;

/** The frames of a profile, and which of them each location stands for. */
export interface LocationFrames {
  readonly ids: IdMap;
  /** Location `i` has the frames `frame[start[i]] … frame[start[i + 1] - 1]`, the innermost first. */
  readonly start: Int32Array;
  readonly frame: Int32Array;
  /** By location id: the frame of a location that has a single one and a small id, as most; else -1. */
  readonly single: Int32Array;
  readonly columns: FrameColumns;
}

/** Reads mappings, functions and locations. In `own` profiles an empty file name is just that. */
export function decodeFrames(
  reader: ProtoReader,
  { strings, own, otherFields }: { strings: StringTable; own: boolean; otherFields: readonly number[] },
): LocationFrames {
  const decoder = new FrameDecoder(reader, strings, own);
  const eachField = (field: number, visit: () => void): void => {
    for (let run = 0; run < otherFields.length; run += 2) {
      const outer = reader.end;
      reader.pos = otherFields[run];
      reader.end = otherFields[run + 1];
      while (reader.next()) {
        if (reader.field === field) visit();
        else reader.skip();
      }
      reader.leave(outer);
    }
  };
  eachField(PROFILE.mapping, () => decoder.readMapping());
  eachField(PROFILE.function, () => decoder.readFunction());
  eachField(PROFILE.location, () => decoder.readLocation());
  return decoder.finish();
}

class FrameDecoder {
  private readonly reader: ProtoReader;
  private readonly strings: StringTable;
  private readonly own: boolean;
  private readonly mappings = new IdMap();
  private readonly mappingFilename: number[] = [];
  private readonly functions = new IdMap();
  /** Name, file, and line of declaration of each function, as numbers of `functionNames` and `filenames`. */
  private readonly functionData: number[] = [];
  private readonly locations = new IdMap();
  private readonly start = [0];
  private readonly frame: number[] = [];
  /** Frames as (file, line, column, function, line of declaration). */
  private readonly frames = new IntSequences();
  private readonly filenames = new ProfileNames();
  private readonly functionNames = new ProfileNames();

  constructor(reader: ProtoReader, strings: StringTable, own: boolean) {
    this.reader = reader;
    this.strings = strings;
    this.own = own;
  }

  readMapping(): void {
    const { reader, strings } = this;
    const { tagOffset } = reader;
    let id: number | bigint = 0;
    let filename = 0;
    const outer = reader.enter("a mapping");
    while (reader.next()) {
      if (reader.field === MAPPING.id) id = this.readIdentity("the id of a mapping");
      else if (reader.field === MAPPING.filename) filename = strings.readNumber("the file of a mapping");
      else reader.skip();
    }
    reader.leave(outer);
    this.register(this.mappings, id, { what: "mapping", tagOffset });
    this.mappingFilename.push(filename);
  }

  readFunction(): void {
    const { reader, strings } = this;
    const { tagOffset } = reader;
    let id: number | bigint = 0;
    let name = 0;
    let systemName = 0;
    let filename = 0;
    let startLine = 0;
    const outer = reader.enter("a function");
    while (reader.next()) {
      if (reader.field === FUNCTION.id) id = this.readIdentity("the id of a function");
      else if (reader.field === FUNCTION.name) name = strings.readNumber("the name of a function");
      else if (reader.field === FUNCTION.systemName)
        systemName = strings.readNumber("the name of a function");
      else if (reader.field === FUNCTION.filename) filename = strings.readNumber("the file of a function");
      else if (reader.field === FUNCTION.startLine) startLine = this.readPosition("the line of a function");
      else reader.skip();
    }
    reader.leave(outer);
    this.register(this.functions, id, { what: "function", tagOffset });
    // Ours have what is shown in `name` (see `shownName`), and the name itself in the other.
    const named = this.own || strings.get(name) === "" ? systemName : name;
    this.functionData.push(this.functionNames.numberOf(strings, named), this.fileNumber(filename), startLine);
  }

  readLocation(): void {
    const { reader } = this;
    const { tagOffset } = reader;
    let id: number | bigint = 0;
    let mapping: number | bigint = 0;
    let address: number | bigint = 0;
    const outer = reader.enter("a location");
    while (reader.next()) {
      if (reader.field === LOCATION.id) id = this.readIdentity("the id of a location");
      else if (reader.field === LOCATION.mappingId) mapping = this.readIdentity("the mapping of a location");
      else if (reader.field === LOCATION.address) address = this.readIdentity("the address of a location");
      else if (reader.field === LOCATION.line) this.readLine();
      else reader.skip();
    }
    reader.leave(outer);
    this.register(this.locations, id, { what: "location", tagOffset });
    const mappingIndex = mapping === 0 ? -1 : this.mappings.get(mapping);
    if (mapping !== 0 && mappingIndex === -1) {
      reader.fail(`location ${id} names mapping ${mapping}, which is missing`, tagOffset);
    }
    if (this.frame.length === this.start.at(-1)) this.addUnsymbolized(mappingIndex, address);
    this.start.push(this.frame.length);
  }

  /** A native location without lines is shown by its binary and address. */
  private addUnsymbolized(mapping: number, address: number | bigint): void {
    const file = this.fileNumber(mapping === -1 ? 0 : this.mappingFilename[mapping]);
    const name = this.functionNames.intern(address === 0 ? "" : `0x${address.toString(16)}`);
    this.addFrame([file, 0, 0, name, 0]);
  }

  private readLine(): void {
    const { reader } = this;
    const { tagOffset } = reader;
    let id: number | bigint = 0;
    let line = 0;
    let column = 0;
    const outer = reader.enter("a line");
    while (reader.next()) {
      if (reader.field === LINE.functionId) id = this.readIdentity("the function of a line");
      else if (reader.field === LINE.line) line = this.readPosition("a line");
      else if (reader.field === LINE.column) column = this.readPosition("a column");
      else reader.skip();
    }
    reader.leave(outer);
    if (id === 0) {
      this.addFrame([this.fileNumber(0), line, column, this.functionNames.intern(""), 0]);
      return;
    }
    const index = this.functions.get(id) * 3;
    if (index < 0) reader.fail(`a line names function ${id}, which is missing`, tagOffset);
    const { functionData: data } = this;
    this.addFrame([data[index + 1], line, column, data[index], data[index + 2]]);
  }

  private addFrame(frame: readonly number[]): void {
    const { entries } = this.reader.limits;
    if (this.frame.length === entries) this.reader.failOver(entries, "lines in locations");
    this.frame.push(this.frames.intern(frame, 5));
  }

  private fileNumber(string: number): number {
    if (!this.own && this.strings.get(string) === "") return this.filenames.intern(UNKNOWN_FILE);
    return this.filenames.numberOf(this.strings, string);
  }

  private readIdentity(what: string): number | bigint {
    this.reader.expectVarint(what);
    return this.reader.identity();
  }

  /** A line or column; what can't be one is unknown. */
  private readPosition(what: string): number {
    this.reader.expectVarint(what);
    const value = this.reader.signed();
    return value >= 0 && value <= MAX_INT32 ? value : 0;
  }

  private register(
    map: IdMap,
    id: number | bigint,
    { what, tagOffset }: { what: string; tagOffset: number },
  ): void {
    const { reader } = this;
    if (id === 0) reader.fail(`a ${what} has the id 0`, tagOffset);
    if (!map.add(id)) reader.fail(`two ${what}s have the id ${id}`, tagOffset);
  }

  private singleFrames(): Int32Array {
    const { start, frame, locations } = this;
    const single = new Int32Array(locations.size + 1).fill(-1);
    for (let id = 1; id < single.length; id++) {
      const index = locations.get(id);
      if (index !== -1 && start[index + 1] - start[index] === 1) single[id] = frame[start[index]];
    }
    return single;
  }

  finish(): LocationFrames {
    const { data, size } = this.frames;
    const column = (at: number): Int32Array => {
      const values = new Int32Array(size);
      for (let i = 0; i < size; i++) values[i] = data[i * 5 + at];
      return values;
    };
    return {
      ids: this.locations,
      start: Int32Array.from(this.start),
      frame: Int32Array.from(this.frame),
      single: this.singleFrames(),
      columns: {
        filenames: this.filenames.names,
        functionNames: this.functionNames.names,
        filename: column(0),
        lineno: column(1),
        column: column(2),
        functionName: column(3),
        functionLine: column(4),
      },
    };
  }
}
