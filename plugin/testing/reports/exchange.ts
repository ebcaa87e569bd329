// How what a test file keeps comes from the process that ran it to the reporter: as a snapshot in a folder of the reporter's own.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Snapshot } from "../../../mod.ts";
import { FOLDER_VARIABLE } from "./record_file.ts";

/** What one test file kept. */
export interface KeptByFile {
  /** The test file's path. */
  readonly file: string;
  readonly snapshot: Snapshot;
}

/** Makes the folder, and has the processes that will be started know of it. */
export function openExchange(): string {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-tests-"));
  process.env[FOLDER_VARIABLE] = folder;
  return folder;
}

/** Called in the process that has run a test file. */
export function sendKept(folder: string, file: string, snapshot: Snapshot): void {
  snapshot.metadata.testFile = file;
  mkdirSync(folder, { recursive: true });
  // Threads of one process may end two files in the same moment.
  const name = `${process.pid}-${performance.now()}-${Math.random().toString(36).slice(2)}`;
  writeFileSync(join(folder, `${name}.pb.gz`), snapshot.toBytes());
}

/**
 * What has come since the last call. Snapshots of processes that ran no test file are left out.
 *
 * @param isTestFile Whether a program was a test file, for snapshots that were written at the end of a process.
 */
export function takeKept(folder: string, isTestFile: (program: string) => boolean): KeptByFile[] {
  const found: KeptByFile[] = [];
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (!name.endsWith(".pb.gz")) continue;
    const snapshot = Snapshot.fromBytes(readFileSync(path));
    const { testFile, program } = snapshot.metadata;
    rmSync(path);
    if (typeof testFile === "string") found.push({ file: testFile, snapshot });
    else if (typeof program === "string" && isTestFile(program)) found.push({ file: program, snapshot });
  }
  return found;
}

/** Removes the folder. */
export function closeExchange(folder: string): void {
  if (process.env[FOLDER_VARIABLE] === folder) delete process.env[FOLDER_VARIABLE];
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
