// Browser compatible.

import { type Owner, ownerOf } from "../../../vocabulary/package_of.ts";
import type { FlameModel } from "../model.ts";
import { nameText } from "./format.ts";
import { commonFolder, shortName } from "./paths.ts";

/** A call tree with what its frames are called, and whose code they are. */
export class FlameData {
  readonly model: FlameModel;
  /** Whose code each file is. */
  readonly owners: readonly Owner[];
  readonly #common: string;
  readonly #fileTexts: string[] = [];
  readonly #functionTexts: string[] = [];

  constructor(model: FlameModel) {
    this.model = model;
    this.owners = model.filenames.map(ownerOf);
    this.#common = commonFolder(model.filenames);
  }

  /** `server.ts`, as short as it stays clear. */
  fileText(file: number): string {
    return (this.#fileTexts[file] ??=
      nameText(shortName(this.model.filenames[file], this.#common)) || "(no file)");
  }

  /** The whole path. */
  pathText(file: number): string {
    return nameText(this.model.filenames[file]);
  }

  functionText(name: number): string {
    return name === -1 ? "" : (this.#functionTexts[name] ??= nameText(this.model.functionNames[name]));
  }

  /** `server.ts:23`; a line that is unknown is left out. */
  placeText(file: number, line: number): string {
    return line > 0 ? `${this.fileText(file)}:${line}` : this.fileText(file);
  }

  frameText(frame: number): string {
    const { frames } = this.model;
    const name = this.functionText(frames.function[frame]);
    if (this.model.filenames[frames.file[frame]] === "") return name;
    const place = this.placeText(frames.file[frame], frames.line[frame]);
    return name === "" ? place : `${name}  ${place}`;
  }

  ownerOfFrame(frame: number): Owner {
    return this.owners[this.model.frames.file[frame]];
  }

  /** By frame of an earlier snapshot's: its number here; -1 where it is no more. */
  numbersOf(before: FlameData): Int32Array {
    const numbers = new Map(this.#keys().map((key, frame) => [key, frame]));
    return Int32Array.from(before.#keys(), (key) => numbers.get(key) ?? -1);
  }

  /** What tells a frame from all others, in any snapshot. */
  #keys(): string[] {
    const { filenames, functionNames, frames } = this.model;
    return frames.file.map((file, frame) => {
      const name = functionNames[frames.function[frame]] ?? "";
      return `${frames.line[frame]} ${frames.functionLine[frame]} ${JSON.stringify([filenames[file], name])}`;
    });
  }
}
