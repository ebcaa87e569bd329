import { realpathSync, statSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { InputError, systemReason } from "../cli_error.ts";

/** The folder that a server was started in: what it may read lies below it, wherever links lead. */
export class Folder {
  /** Without links. */
  readonly path: string;
  readonly #known = new Map<string, boolean>();

  /** @throws {InputError} where there is none. */
  constructor(path: string) {
    try {
      this.path = realpathSync(path);
    } catch (error) {
      throw new InputError(`cannot read ${path}: ${systemReason(error) ?? String(error)}`);
    }
    if (!statSync(this.path).isDirectory()) throw new InputError(`cannot read ${path}: it is no folder`);
  }

  /**
   * The path of a file below the folder, without links.
   *
   * @param name As somebody has written it: from the folder, or absolute.
   * @throws {InputError} where it is none, or lies elsewhere.
   */
  file(name: string): string {
    let path: string;
    try {
      path = realpathSync(resolve(this.path, name));
    } catch (error) {
      const reason = systemReason(error);
      // Whether there is such a file elsewhere is nobody's business.
      if (reason === undefined || !this.#isBelow(resolve(this.path, name))) throw this.#outside(name);
      throw new InputError(`cannot read ${name}: ${reason}`);
    }
    if (!this.#isBelow(path)) throw this.#outside(name);
    if (!statSync(path).isFile()) throw new InputError(`cannot read ${name}: it is no regular file`);
    return path;
  }

  /** Whether a file that a snapshot names may be read. */
  has(path: string): boolean {
    let has = this.#known.get(path);
    if (has === undefined) {
      try {
        has = isAbsolute(path) && this.#isBelow(realpathSync(path));
      } catch {
        has = false;
      }
      this.#known.set(path, has);
    }
    return has;
  }

  /** Forgets where links have led: they may lead elsewhere now. */
  forget(): void {
    this.#known.clear();
  }

  #isBelow(path: string): boolean {
    const way = relative(this.path, path);
    return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  }

  #outside(name: string): InputError {
    return new InputError(
      `${name} is not below ${this.path}: start tracemalloc mcp in a folder above what it is to read`,
    );
  }
}
