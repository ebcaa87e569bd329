import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { HuntAnswer, HuntRequest } from "../../vocabulary/hunt_messages.ts";
import { InputError, systemReason } from "../cli_error.ts";

/** So much of what the program has printed is kept, to be shown where it dies. */
const KEPT_OUTPUT = 4000;
const SHOWN_LINES = 8;
/** After it was asked to end, the program has so long. */
const PATIENCE_MS = 3000;

/** What a program has printed last arrives in so much time. */
const OUTPUT_MS = 300;

/** What is started. */
export interface ProgramOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** The script whose default export is called; null: none is. */
  readonly script: string | null;
  /** Whether the program's output is passed on. */
  readonly showOutput: boolean;
}

/** The program is no more. */
export class ProgramEnded extends Error {
  override readonly name = "ProgramEnded";
}

type Distribute<T> = T extends unknown ? Omit<T, "id"> : never;

/** The program that is hunted, and the socket over which it answers. */
export class HuntedProgram {
  /** Rejects when the program ends, whoever is waiting. */
  readonly ended: Promise<never>;
  readonly #child: ChildProcess;
  readonly #server: Server;
  readonly #folder: string;
  readonly #connected: Promise<Socket>;
  readonly #waiting = new Map<number, (answer: HuntAnswer) => void>();
  #output = "";
  #lastId = 0;
  #isOver = false;

  /** @throws {InputError} where it cannot be started. */
  static async start(options: ProgramOptions): Promise<HuntedProgram> {
    // Only its owner can enter the folder, and so connect.
    const folder = mkdtempSync(join(tmpdir(), "tracemalloc-hunt-"));
    const path =
      process.platform === "win32" ? `\\\\.\\pipe\\tracemalloc-${randomUUID()}` : join(folder, "socket");
    const server = createServer();
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(path, resolve);
      });
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw new InputError(`cannot make a socket in ${tmpdir()}: ${systemReason(error) ?? error}`);
    }
    return new HuntedProgram(options, { server, folder, path });
  }

  private constructor(
    { file, args, env, script, showOutput }: ProgramOptions,
    { server, folder, path }: { server: Server; folder: string; path: string },
  ) {
    this.#server = server;
    this.#folder = folder;
    this.#connected = new Promise((resolve) => {
      server.once("connection", (socket) => {
        createInterface({ input: socket }).on("line", (line) => this.#take(JSON.parse(line) as HuntAnswer));
        socket.on("error", () => {});
        resolve(socket);
      });
    });
    const child = spawn(file, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...env, TRACEMALLOC_HUNT: path, ...(script !== null && { TRACEMALLOC_HUNT_SCRIPT: script }) },
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output = (this.#output + text).slice(-KEPT_OUTPUT);
        if (showOutput) process.stderr.write(text);
      });
    }
    this.ended = new Promise((_, reject) => {
      child.once("error", (error) =>
        reject(new InputError(`cannot start ${file}: ${systemReason(error) ?? error.message}`)),
      );
      child.once("exit", (code, signal) => {
        this.#isOver = true;
        const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
        // What it has said last is read by then; processes that it has left behind may keep its output open.
        const tell = (): void => reject(new ProgramEnded(`the program ${how}`));
        child.once("close", tell);
        setTimeout(tell, OUTPUT_MS);
      });
    });
    // Who waits hears of it; where nobody does, it is no error.
    this.ended.catch(() => {});
  }

  /** The last lines that the program has printed. */
  get lastWords(): string[] {
    const lines = this.#output.split("\n").filter((line) => line.trim() !== "");
    return lines.slice(-SHOWN_LINES);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** @throws {ProgramEnded} */
  connected(timeoutMs: number): Promise<unknown> {
    return this.#before(this.#connected, timeoutMs, "the program's tracker did not answer");
  }

  /**
   * Asks the program to do something.
   *
   * @throws {ProgramEnded} where it ends before it answers.
   * @throws {InputError} where it cannot be done.
   */
  async ask(request: Distribute<HuntRequest>): Promise<HuntAnswer> {
    const socket = (await Promise.race([this.#connected, this.ended])) as Socket;
    const id = ++this.#lastId;
    const answer = new Promise<HuntAnswer>((resolve) => this.#waiting.set(id, resolve));
    socket.write(`${JSON.stringify({ ...request, id })}\n`);
    const found = await Promise.race([answer, this.ended]);
    if (found.error !== undefined) throw new InputError(found.error);
    return found;
  }

  /** @param pid Whom it concerns; default: the process that was started. */
  kill(signal: NodeJS.Signals, pid: number = this.pid): void {
    try {
      // Not `child.kill()`: after that Deno says the child died by this signal, whatever the child made of it.
      if (!this.#isOver && pid !== 0) process.kill(pid, signal);
    } catch {
      // It has ended, of which this process is about to hear.
    }
  }

  /** Ends the program, if it has not ended, and waits for that. */
  async end(): Promise<void> {
    this.kill("SIGTERM");
    const timer = setTimeout(() => this.kill("SIGKILL"), PATIENCE_MS);
    await this.ended.catch(() => {});
    clearTimeout(timer);
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #take(answer: HuntAnswer): void {
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }

  async #before<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new InputError(`${what} within ${ms / 1000} s`)), ms);
    });
    try {
      return await Promise.race([promise, late, this.ended]);
    } finally {
      clearTimeout(timer);
    }
  }
}
