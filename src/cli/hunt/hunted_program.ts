import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import type { HuntAnswer, HuntRequest } from "../../vocabulary/hunt_messages.ts";
import { InputError, systemReason } from "../cli_error.ts";

/** So much of what the program has printed is kept, to be shown where it dies. */
const KEPT_OUTPUT = 4000;
const SHOWN_LINES = 8;
const STACK_LINE = /^\s+at /;
/** After it was asked to end, the program has so long. */
const PATIENCE_MS = 3000;

const POLL_MS = 20;
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
  /** Of processes and workers that are there; the first is the program's own. */
  readonly #sockets: Socket[] = [];
  readonly #pids = new Set<number>();
  readonly #waiting = new Map<
    number,
    { readonly socket: Socket; readonly resolve: (answer: HuntAnswer) => void }
  >();
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
      server.on("connection", (socket) => {
        this.#sockets.push(socket);
        createInterface({ input: socket }).on("line", (line) => this.#take(JSON.parse(line) as HuntAnswer));
        socket.on("error", () => {});
        socket.on("close", () => this.#gone(socket));
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

  /** The last lines that the program has printed, but for stacks. */
  get lastWords(): string[] {
    const lines = stripVTControlCharacters(this.#output).split("\n");
    return lines.filter((line) => line.trim() !== "" && !STACK_LINE.test(line)).slice(-SHOWN_LINES);
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
    const found = await Promise.race([this.#send(socket, request), this.ended]);
    if (found.error !== undefined) throw new InputError(found.error);
    return found;
  }

  /**
   * Asks the workers of the program, and the processes that it has started, as far as they are traced.
   *
   * @returns The answers of those that could do it, by what they were asked.
   */
  async askOthers<T extends Distribute<HuntRequest>>(
    requestFor: (index: number) => T,
  ): Promise<{ request: T; answer: HuntAnswer }[]> {
    const first = await this.#connected;
    const others = this.#sockets.filter((socket) => socket !== first);
    const answers = others.map(async (socket, index) => {
      const request = requestFor(index);
      return { request, answer: await Promise.race([this.#send(socket, request), this.ended]) };
    });
    return (await Promise.all(answers)).filter(({ answer }) => answer.error === undefined);
  }

  #send(socket: Socket, request: Distribute<HuntRequest>): Promise<HuntAnswer> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, { socket, resolve });
      socket.write(`${JSON.stringify({ ...request, id })}\n`);
    });
  }

  /** @param pid Whom it concerns; default: the process that was started. */
  kill(signal: NodeJS.Signals, pid: number = this.pid): void {
    try {
      // Not `child.kill()`: after that Deno says the child died by this signal, whatever the child made of it.
      if (pid !== 0 && (pid !== this.pid || !this.#isOver)) process.kill(pid, signal);
    } catch {
      // It has ended, of which this process is about to hear.
    }
  }

  /** Ends the program and what it has started, and waits for that: the next one wants its port. */
  async end(): Promise<void> {
    this.kill("SIGTERM");
    for (const pid of this.#pids) this.kill("SIGTERM", pid);
    const started = performance.now();
    while (!this.#isOver || [...this.#pids].some(isAlive)) {
      await pause(POLL_MS);
      if (performance.now() - started < PATIENCE_MS) continue;
      this.kill("SIGKILL");
      for (const pid of this.#pids) this.kill("SIGKILL", pid);
    }
    await this.ended.catch(() => {});
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #take(answer: HuntAnswer): void {
    if (answer.pid !== undefined) this.#pids.add(answer.pid);
    this.#waiting.get(answer.id)?.resolve(answer);
    this.#waiting.delete(answer.id);
  }

  /** A worker or a process has ended: it answers nothing any more. */
  #gone(socket: Socket): void {
    this.#sockets.splice(this.#sockets.indexOf(socket), 1);
    for (const [id, waiting] of this.#waiting) {
      if (waiting.socket !== socket) continue;
      this.#waiting.delete(id);
      waiting.resolve({ id, error: "the program has closed the connection" });
    }
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

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
