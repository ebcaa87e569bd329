import {
  closeSync,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, isAbsolute, join, normalize, sep } from "node:path";

/**
 * A folder that is written to by names relative to it, and never outside it: a link that somebody has put in the way is
 * replaced, not followed.
 */
export class SafeFolder {
  readonly root: string;
  readonly #made = new Set<string>();

  /** @param root Its absolute path. */
  constructor(root: string) {
    this.root = root;
  }

  /** @throws {Error} where the name leads out of the folder. */
  path(name: string): string {
    const normal = normalize(name);
    if (
      name === "" ||
      name.includes("\0") ||
      isAbsolute(normal) ||
      normal === ".." ||
      normal.startsWith(`..${sep}`)
    ) {
      throw new Error(`${JSON.stringify(name)} leads out of ${this.root}`);
    }
    return join(this.root, normal);
  }

  /**
   * Writes a file whole or not at all.
   *
   * @param mode As far as the umask leaves it; its owner can always write.
   */
  write(name: string, content: string | Uint8Array, mode: number): void {
    const path = this.#place(name);
    const temporary = `${path}.${process.pid}.tmp`;
    rmSync(temporary, { force: true });
    // A new file has the umask's mode as long as none is given: one that is given to Deno, that sets past the umask.
    const descriptor = openSync(temporary, "wx");
    try {
      const umasked = fstatSync(descriptor).mode & 0o777;
      const wanted = withinUmask(mode, umasked);
      // Some file systems have one mode for all, and refuse.
      if (wanted !== umasked) fchmodSync(descriptor, wanted);
      writeFileSync(descriptor, content);
    } finally {
      closeSync(descriptor);
    }
    this.#rename(temporary, path);
  }

  link(name: string, target: string): void {
    const path = this.#place(name);
    rmSync(path, { force: true, recursive: true });
    symlinkSync(target, path);
  }

  remove(name: string): void {
    const path = this.path(name);
    if (this.#isReal(dirname(path))) rmSync(path, { force: true, recursive: true });
  }

  /** Whether a name is a file of its own here: no link, and behind none. */
  isFile(name: string): boolean {
    const path = this.path(name);
    return this.#isReal(dirname(path)) && lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
  }

  #rename(from: string, to: string): void {
    try {
      renameSync(from, to);
    } catch {
      // A folder stands there.
      rmSync(to, { force: true, recursive: true });
      renameSync(from, to);
    }
  }

  #place(name: string): string {
    const path = this.path(name);
    this.#make(dirname(path));
    return path;
  }

  #make(folder: string): void {
    if (this.#made.has(folder)) return;
    if (folder !== this.root) this.#make(dirname(folder));
    const stats = folder === this.root ? undefined : lstatSync(folder, { throwIfNoEntry: false });
    if (stats !== undefined && !stats.isDirectory()) rmSync(folder);
    if (stats?.isDirectory() !== true) mkdirSync(folder, { recursive: folder === this.root });
    this.#made.add(folder);
  }

  #isReal(folder: string): boolean {
    if (folder === this.root || this.#made.has(folder)) return true;
    return (
      this.#isReal(dirname(folder)) && lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
    );
  }
}

/** Who may not read a file may not run it, either: the mode of a new file says no more of the umask. */
function withinUmask(mode: number, umasked: number): number {
  return ((mode | 0o200) & umasked) | (mode & 0o111 & ((umasked & 0o444) >> 2));
}
