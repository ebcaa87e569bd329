// A page whose code does not record its calls, and what its snapshot has to say of call paths.
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { join } from "node:path";
import { assert, assertEquals } from "@std/assert";
import { Snapshot, type Traceback } from "../../mod.ts";
import { Project } from "../hosts/host.ts";

const MAIN = `import { collect, snapshotBytes, start, stop } from "tracemalloc/browser";
addEventListener("error", ({ message }) => void fetch("/error", { method: "POST", body: message }));
addEventListener("unhandledrejection", ({ reason }) => void fetch("/error", { method: "POST", body: String(reason?.stack ?? reason) }));
// The program's own affair, and neither disturbed nor believed.
Error.stackTraceLimit = 1;
Object.assign(Error, { prepareStackTrace: () => "the program's own" });
for (const sampling of ["adaptive", 20_000]) {
  await start({ sampling, nframe: 25, seed: 1 });
  const { run } = await import("./app.ts");
  const kept = await run(100);
  await collect();
  const bytes = await snapshotBytes();
  Object.assign(globalThis, { kept, own: String(Error.stackTraceLimit) + new Error("x").stack });
  stop();
  await fetch("/result?own=" + encodeURIComponent(own), { method: "POST", body: bytes });
}
`;

const APP = `// Lines and columns of people: none of them is the bundle's.
import { Store, type Row } from "./lib/store.ts";

interface Kept {
  rows: Row[];
}

function route(store: Store): void {
  store
    .add(1);
}

function viaCallback(store: Store): void {
  [2].map((id) => store.add(id));
}

function deep(store: Store, levels: number): void {
  if (levels > 0) return void (deep(store, levels - 1), 0);
  store.add(3);
}

async function load(store: Store): Promise<void> {
  await null;
  route(store);
}

async function page(store: Store): Promise<void> {
  await load(store);
  store.name += "";
}

export async function run(count: number): Promise<Kept> {
  const store = new Store("rows");
  for (let i = 0; i < count; i++) {
    route(store);
    viaCallback(store);
    deep(store, 60);
    await page(store);
  }
  return store;
}
`;

const STORE = `export interface Row {
  readonly id: number;
}

export class Store {
  readonly rows: Row[] = [];
  constructor(public name: string) {}

  add(id: number): this {
    this.rows.push(this.#make(id));
    return this;
  }

  #make(id: number): Row {
    return { id, values: new Float64Array(1000) } as Row;
  }
}
`;

export interface Answer {
  own: string;
  snapshot: Snapshot;
}

/** The page, which somebody has to bundle, and what it sends. */
export class Page implements AsyncDisposable {
  readonly home: string;
  /** Where the bundle is to be: the page loads `main.js`. */
  readonly out: string;
  /** In adaptive mode, and sampled by bytes. */
  readonly answers: Promise<Answer[]>;
  readonly #project: Project;
  readonly #server: Server;

  constructor() {
    this.#project = new Project({ "main.ts": MAIN, "app.ts": APP });
    this.home = realpathSync(this.#project.folder);
    this.out = join(this.home, "out/assets");
    mkdirSync(join(this.home, "lib"));
    writeFileSync(join(this.home, "lib/store.ts"), STORE);
    const { promise, resolve, reject } = Promise.withResolvers<Answer[]>();
    this.answers = promise;
    const answers: Answer[] = [];
    this.#server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, "http://localhost");
      if (request.method === "POST") {
        body(request)
          .then((bytes) => {
            if (pathname === "/error") throw new Error(`the page: ${bytes.toString()}`);
            answers.push({ own: searchParams.get("own")!, snapshot: Snapshot.fromBytes(bytes) });
            if (answers.length === 2) resolve(answers);
          })
          .catch(reject);
        response.end();
      } else if (pathname.startsWith("/assets/")) {
        response
          .writeHead(200, { "content-type": "text/javascript" })
          .end(readFileSync(join(this.home, "out", pathname)));
      } else {
        response.writeHead(200, { "content-type": "text/html" });
        response.end(
          `<!doctype html><title>page</title><script type="module" src="assets/main.js"></script>`,
        );
      }
    });
  }

  async serve(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#project[Symbol.dispose]();
  }
}

async function body(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** The object, and its array: the same line, and so the same traceback, which has the column of the one that was met first. */
const [OBJECT, LINE] = ["Store.#make lib/store.ts:15:12", "Store.#make lib/store.ts:15:26"];

/** `function file:line:column`, the oldest first. */
function framesOf(traceback: Traceback, home: string): string[] {
  return [...traceback]
    .map(
      ({ functionName, filename, lineno, column }) =>
        `${functionName} ${filename.replace(`${home}/`, "")}:${lineno}:${column}`,
    )
    .map((frame) => (frame === OBJECT ? LINE : frame));
}

const ADD = ["Store.add lib/store.ts:10:15", LINE];
const MODULE = "<module> main.ts:10:16";
const ROUTED = ["route app.ts:10:6", ...ADD];

/** Whole call paths, and the end of a long one. V8 knows who awaits; Firefox does while its developer tools are open. */
export function check({ own, snapshot }: Answer, home: string): void {
  assert(["v8-compressed", "spidermonkey"].includes(String(snapshot.metadata.engine)));
  const isV8 = snapshot.metadata.engine === "v8-compressed";
  assert(own.startsWith(isV8 ? "1the program's own" : "1"), own);
  const module = isV8 ? [MODULE] : [];
  const expected = [
    [...module, "run app.ts:35:5", ...ROUTED],
    [...module, "run app.ts:36:5", "viaCallback app.ts:14:7", "<anonymous> app.ts:14:25", ...ADD],
    [...(isV8 ? [MODULE, "run app.ts:38:5", "page app.ts:28:3"] : []), "load app.ts:24:3", ...ROUTED],
  ];
  const ofLine = [...snapshot.statistics("traceback")].filter(
    ({ traceback }) => framesOf(traceback, home).at(-1) === LINE,
  );
  const all = ofLine.map(({ traceback }) => framesOf(traceback, home));
  // What has been awaited once is called by nobody that Firefox knows.
  const paths = isV8 ? all : all.filter(([oldest]) => oldest !== MODULE);
  const shown = JSON.stringify(paths, null, 1);
  for (const path of expected)
    assert(
      paths.some((one) => String(one) === String(path)),
      `${path}: ${shown}`,
    );
  const deep = paths.find((one) => one.length === 25);
  assertEquals(deep, [...Array(22).fill("deep app.ts:18:32"), "deep app.ts:19:9", ...ADD]);
  assertEquals(paths.length, 4, shown);
  // Of whole paths it is known how long they are.
  const totals = [...snapshot.traces].map(({ traceback }) => [traceback.totalNframe, traceback.length]);
  assert(
    totals.every(([total, length]) => total === length || (total === null && length === 25) || length === 1),
  );
  if (snapshot.metadata.sampling !== "adaptive") return;
  // An object, an array, and its numbers; figures by path add up to the line's.
  const [line] = snapshot
    .statistics("lineno")
    .filter(({ traceback }) => String(traceback).endsWith("/store.ts:15"));
  assertEquals(line!.allocatedCount, 3 * 4 * 100);
  assertEquals(
    ofLine.reduce((sum, { allocatedCount }) => sum + allocatedCount, 0),
    line!.allocatedCount,
  );
}

/** The same of all that the page sends. */
export async function checkAll({ answers, home }: Page): Promise<void> {
  const all = await answers;
  for (const answer of all) check(answer, home);
  assertEquals(
    all.map(({ snapshot }) => snapshot.metadata.sampling),
    ["adaptive", 20_000],
  );
}
