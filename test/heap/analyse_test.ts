// Whole heaps, made by hand, with what is to be said of them worked out by hand.
import { test } from "node:test";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { Snapshot, start, stop } from "../../mod.ts";
import { type AnalyseOptions, analyse } from "../../src/heap/analyse.ts";
import { EMITTER_PROPERTIES, LISTENERS_PROPERTIES, SESSION_PROPERTIES } from "../../src/heap/find_marks.ts";
import { HeapMismatchError } from "../../src/heap/heap_mismatch.ts";
import { HeapReport, type RetainingPath } from "../../src/heap/heap_report.ts";
import { currentSession } from "../../src/recording/recording.ts";
import { EmitterListeners } from "../../src/track/resources/emitter_listeners.ts";
import { Listeners, OwnerToken } from "../../src/track/resources/listeners.ts";
import { FixtureHeap, type FixtureNode, readText } from "./heap_fixture.ts";

const STARTED = 12.625;
const FIRST = 100;
const TOKEN = 16;

/** A dump of lines of app.ts; its rows have numbers from `FIRST` on. */
function dumpOf(lines: readonly number[], metadata: Record<string, unknown> = {}): Snapshot {
  const made = Snapshot.fromTraces(
    lines.map((line) => [0, 8 * line, [["/work/app.ts", line]]]),
    1,
  );
  const { length } = made.columns.blocks.count;
  return new Snapshot(made.columns, {
    sampling: "exact",
    marks: [STARTED, FIRST, length, length],
    ...metadata,
  });
}

/** The number of the mark of a line. */
function markOf({ columns: { blocks, tracebacks, frames } }: Snapshot, line: number): number {
  const row = [...blocks.traceback].findIndex(
    (traceback) => frames.lineno[tracebacks.frames[tracebacks.offset[traceback]]] === line,
  );
  assert(row >= 0);
  return FIRST + row;
}

/** A heap with roots as V8 has them, and a session of ours. */
class MarkedHeap extends FixtureHeap {
  readonly #dump: Snapshot;
  readonly #isExact: boolean;

  constructor(dump: Snapshot, isExact = true) {
    super();
    this.#dump = dump;
    this.#isExact = isExact;
    this.add("root", { kind: "synthetic", name: "" })
      .add("gc", { kind: "synthetic", name: "(GC roots)" })
      .add("handle scope", { kind: "synthetic", name: "(Handle scope)" })
      .add("global handles", { kind: "synthetic", name: "(Global handles)" })
      .add("native context", { kind: "hidden", name: "system / NativeContext" })
      .add("global", { name: "global / ", size: 1 })
      .edge("root", "element", 1, "gc")
      .edge("root", "shortcut", "2", "native context")
      .edge("native context", "internal", "global_object", "global")
      .edge("gc", "element", 1, "handle scope")
      .edge("gc", "element", 2, "global handles");
    this.add("session", { name: "Session" }).edge("global handles", "internal", "1", "session");
    for (const part of ["rows", "budget", "following"])
      this.add(part).edge("session", "property", part, part);
    this.add("marks", { name: isExact ? "StampMarks" : "HeldMarks" }).edge(
      "following",
      "property",
      "marks",
      "marks",
    );
    this.number("started", STARTED).edge("session", "property", "started", "started");
    if (isExact) return;
    this.add("held", { name: "SafeWeakMap" }).edge("marks", "property", "held", "held");
    this.add("held table", { kind: "array", name: "" }).edge("held", "internal", "table", "held table");
  }

  /** Marks a node as made by a line. */
  made(id: string, line: number, weight = 1): this {
    const mark = markOf(this.#dump, line);
    if (this.#isExact) {
      this.add(`${id} token`, { name: "Token", size: TOKEN }).number(`${id} id`, mark);
      return this.edge(id, "property", "#token", `${id} token`).edge(
        `${id} token`,
        "property",
        "id",
        `${id} id`,
      );
    }
    const pair = `part of key (Object @${id}) -> value (smi number @1) pair in WeakMap (table @77)`;
    this.number(`${id} held`, mark * 64 + Math.log2(weight) + 1);
    this.edge(id, "internal", `3 / ${pair}`, `${id} held`);
    return this.edge("held table", "internal", `4 / ${pair}`, `${id} held`).edge(
      "held table",
      "weak",
      "9",
      id,
    );
  }

  analyse(options: Partial<AnalyseOptions> = {}): HeapReport {
    return analyse(readText(this.text), { dump: this.#dump, ...options });
  }
}

function words({ count, size, root, hops }: RetainingPath): string {
  const hop = hops.map(
    ({ edge, type, lineno, times }) =>
      `${edge} ${type}${lineno === null ? "" : `:${lineno}`}${times > 1 ? ` × ${times}` : ""}`,
  );
  return `${count} (${size}): ${[root, ...hop].join(" > ")}`;
}

/** Count, sizes and paths by line. */
function told({ lines }: HeapReport): Record<number, unknown> {
  return Object.fromEntries(
    lines.map(({ lineno, count, selfSize, engineSize, retainedSize, paths }) => [
      lineno,
      [count, selfSize, engineSize, retainedSize, ...paths.map(words)],
    ]),
  );
}

const LINES = [1, 2, 3, 5, 7, 8];

/** app:1 → cache:2, a Map of two entries:3 with a string each, which share something; a list of three items:5. */
function shop(dump: Snapshot, isExact = true): MarkedHeap {
  const heap = new MarkedHeap(dump, isExact);
  heap.add("app", { name: "Object", size: 100 }).edge("global", "property", "app", "app");
  heap.add("cache", { name: "Map", size: 32 }).edge("app", "property", "cache", "cache");
  heap.add("table", { kind: "array", name: "", size: 64 }).edge("cache", "internal", "table", "table");
  heap.add("shared", { name: "Socket", size: 40 });
  for (const [entry, size, index] of [
    ["entry1", 1000, "5"],
    ["entry2", 500, "8"],
  ] as const) {
    heap.add(entry, { name: "Object", size: 24 }).edge("table", "internal", index, entry);
    heap
      .add(`${entry} text`, { kind: "string", name: "a secret", size })
      .edge(entry, "property", "text", `${entry} text`);
    heap.edge(entry, "property", "shared", "shared");
  }
  heap.add("shape", { kind: "object shape", name: "system / Map" });
  for (const item of [1, 2, 3])
    heap.add(`item${item}`, { name: "Item", size: 16 }).edge(`item${item}`, "internal", "map", "shape");
  heap
    .edge("global", "property", "list", "item1")
    .edge("item1", "property", "next", "item2")
    .edge("item2", "property", "next", "item3");
  // A list that leads back, as most do.
  heap.edge("item3", "property", "previous", "item2").edge("item2", "property", "previous", "item1");
  return heap;
}

/** Words that stand in the program's source. */
const sources = (): string[] => [
  "app.cache; entry.text; entry.shared; item.next; item.previous; globalThis.list",
];

test("what WeakRefs have given out in the running job is held by its holders, not by V8's list of them", () => {
  const dump = dumpOf(LINES);
  const heap = new MarkedHeap(dump);
  // Two modules' variables: as these, nothing that is no global object's.
  heap
    .add("roots", { kind: "synthetic", name: "(Strong root list)" })
    .add("other roots", { kind: "synthetic", name: "(Internalized strings)" })
    .add("given out", { kind: "array", name: "" })
    .edge("gc", "element", 3, "roots")
    .edge("gc", "element", 4, "other roots")
    .edge("roots", "internal", "weak_refs_keep_during_job", "given out");
  heap
    .add("timer", { name: "Timeout" })
    .edge("other roots", "internal", "timers", "timer")
    .add("cache", { name: "Map", size: 32 })
    .add("table", { kind: "array", name: "", size: 64 })
    .edge("timer", "property", "cache", "cache")
    .edge("cache", "internal", "table", "table")
    .add("entry", { name: "Object", size: 24 })
    .edge("table", "internal", "5", "entry")
    .add("alone", { name: "Object", size: 40 });
  for (const [index, id] of ["cache", "entry", "alone"].entries())
    heap.edge("given out", "internal", String(index), id);
  heap.made("cache", 2).made("entry", 3).made("alone", 5);
  const found = told(heap.analyse({ sources }));
  assertEquals(found, {
    2: [1, 32, 64, 32 + 64 + 24 + 2 * TOKEN, "1 (32): a timer > .cache Map:2"],
    3: [1, 24, 0, 24 + TOKEN, "1 (24): a timer > .cache Map:2 > [key] Object:3"],
    5: [1, 40, 0, 40 + TOKEN, "1 (40): a WeakRef that this job has asked > [] Object:5"],
  });
});

test("sizes and ways of a heap in exact mode", () => {
  const dump = dumpOf(LINES);
  const heap = shop(dump).made("app", 1).made("cache", 2).made("entry1", 3).made("entry2", 3);
  for (const item of ["item1", "item2", "item3"]) heap.made(item, 5);
  const report = heap.analyse({ sources });
  assertEquals(told(report), {
    // all of the cache and all of the list's tokens are somewhere else
    1: [1, 100, 0, 100 + 32 + 64 + 40 + 48 + 1500 + 4 * TOKEN, "1 (100): a global variable > .app Object:1"],
    // the table, and what both entries hold
    2: [
      1,
      32,
      104,
      32 + 64 + 40 + 48 + 1500 + 3 * TOKEN,
      "1 (32): a global variable > .app Object:1 > .cache Map:2",
    ],
    3: [
      2,
      48,
      1500,
      48 + 1500 + 2 * TOKEN,
      "2 (48): a global variable > .app Object:1 > .cache Map:2 > [key] Object:3",
    ],
    // the first item retains the others: nothing twice
    5: [
      3,
      48,
      0,
      48 + 3 * TOKEN,
      "2 (32): a global variable > .list Item:5 > .next Item:5 × 2",
      "1 (16): a global variable > .list Item:5",
    ],
  });
  assertEquals(
    report.lines.map(({ lineno }) => lineno),
    [1, 2, 3, 5],
  );
  assertEquals(
    report.lines.map(({ filename }) => filename),
    Array(4).fill("/work/app.ts"),
  );
  const heapSize = 1 + 100 + 32 + 64 + 40 + 48 + 1500 + 48 + 7 * TOKEN;
  assertEquals(report.totals, {
    heapSize,
    attributedSize: 228,
    engineSize: 1604,
    otherSize: heapSize - 228 - 1604,
  });
  assertEquals(report.otherKinds, [
    { kind: "the tracker itself", count: 7, size: 7 * TOKEN },
    { kind: "global objects", count: 1, size: 1 },
  ]);
});

test("what no line explains, by kinds that a reader knows", () => {
  const dump = dumpOf(LINES);
  const heap = new MarkedHeap(dump).add("app", { name: "Object", size: 100 }).made("app", 1);
  heap.edge("global", "property", "app", "app");
  let left = 0;
  /** Something that the runtime holds. */
  const add = (id: string, kind: FixtureNode["kind"], name: string, size: number): void => {
    heap.add(id, { kind, name, size }).edge("global handles", "internal", String(100 + left++), id);
  };
  add("script", "code", "/work/app.ts", 10);
  heap
    .add("text", { kind: "string", name: "let secret;", size: 5000 })
    .edge("script", "internal", "source", "text");
  add("bytecode", "code", "", 700);
  add("socket1", "object", "Socket", 300);
  add("socket2", "object", "Socket", 300);
  heap
    .add("host", { kind: "string", name: "alice@example.com", size: 40 })
    .edge("socket1", "property", "h", "host");
  add("context", "hidden", "system / Context / scope @7", 250);
  add("bytes", "native", "system / JSArrayBufferData", 2000);
  add("info", "hidden", "system / ScopeInfo", 60);
  add("shape", "object shape", "system / Map", 50);
  add("function", "closure", "listen", 45);
  // What an object of a line alone holds is not among them.
  heap.add("store", { kind: "array", name: "", size: 900 }).edge("app", "internal", "elements", "store");
  const { totals, otherKinds, ...report } = heap.analyse({ sources });
  assertEquals(
    otherKinds.map(({ kind, count, size }) => `${kind}: ${count}, ${size}`),
    [
      "source text: 1, 5000",
      "bytes of buffers: 1, 2000",
      "compiled code: 2, 710",
      "Socket objects: 2, 600",
      "variables of functions: 1, 250",
      "the engine's own memory: 1, 60",
      "hidden classes: 1, 50",
      "functions: 1, 45",
      "strings: 1, 40",
      `the tracker itself: 1, ${TOKEN}`,
      "global objects: 1, 1",
    ],
  );
  assertEquals(totals.engineSize, 900);
  assertEquals(
    otherKinds.reduce((sum, { size }) => sum + size, 0),
    totals.otherSize,
  );
  const text = new HeapReport({ ...report, totals, otherKinds }).format();
  assertEquals(text.slice(0, 2), [
    "heap 9772 B: 100 B (1 %) of objects with a line, 900 B (9 %) of what only these hold, 8772 B that no line explains",
    "no line: source text 5000 B, bytes of buffers 2000 B, compiled code 710 B, Socket objects 600 B, variables of functions 250 B, the engine's own memory 60 B, other kinds 152 B",
  ]);
  // A heap of very many classes has its smallest ones put together.
  for (let i = 0; i < 100; i++) add(`class ${i}`, "object", `Class${i}`, 1);
  const many = heap.analyse({ sources });
  assertEquals(many.otherKinds.length, 20);
  assertEquals(
    many.otherKinds.reduce((sum, { size }) => sum + size, 0),
    many.totals.otherSize,
  );
});

test("a heap in adaptive mode: each object stands for as many as it was followed for", () => {
  const dump = dumpOf(LINES, { sampling: "adaptive" });
  const heap = shop(dump, false).made("app", 1).made("cache", 2).made("entry1", 3, 8).made("item2", 5, 4);
  const { lines, totals, otherKinds } = heap.analyse({ sources });
  const found = told({ lines } as unknown as HeapReport);
  // 8 × 24 of its own and 8 × 1000 of its text; what it retains is no less.
  assertEquals(found[3], [
    8,
    192,
    8000,
    8192,
    "8 (192): a global variable > .app Object:1 > .cache Map:2 > [key] Object:3",
  ]);
  // What has the shape of its items is one of them, and not the engine's.
  assertEquals(found[5], [4, 64, 0, 64, "4 (64): a global variable > .list Item > .next Item:5"]);
  assertEquals(totals.attributedSize + totals.engineSize + totals.otherSize, totals.heapSize);
  // Estimates take nothing of what is certainly none of the program's objects.
  assertEquals(
    otherKinds.reduce((sum, { size }) => sum + size, 0),
    totals.otherSize,
  );
  assertEquals(otherKinds.find(({ kind }) => kind === "global objects")?.size, 1);
});

test("a table of properties that an object has for its mark alone is the tracker's", () => {
  const dump = dumpOf(LINES);
  const heap = new MarkedHeap(dump).add("shape", { kind: "hidden", name: "system / Map" });
  for (const id of ["bare", "full", "large"]) {
    heap.add(id, { name: "Object", size: 32 }).edge("global", "property", id, id).made(id, 1);
    heap.add(`${id} table`, {
      kind: "hidden",
      name: "system / PropertyArray",
      size: id === "large" ? 64 : 40,
    });
    heap.edge(id, "internal", "properties", `${id} table`).edge(`${id} table`, "internal", "map", "shape");
    heap.edge(`${id} table`, "hidden", 0, `${id} token`);
  }
  heap.add("value", { name: "Object", size: 24 }).edge("full", "property", "value", "value");
  heap.edge("full table", "hidden", 1, "value");
  const { lines, otherKinds } = heap.analyse({ sources });
  assertEquals(
    lines.map(({ selfSize, engineSize }) => [selfSize, engineSize]),
    [[96, 40 + 64 + 24]],
  );
  assertEquals(otherKinds[0], { kind: "the tracker itself", count: 4, size: 3 * TOKEN + 40 });
});

test("in adaptive mode, what is not followed is of a busy line's shape, and the runtime's functions are the runtime's", () => {
  const dump = dumpOf(LINES, { sampling: "adaptive" });
  const heap = new MarkedHeap(dump, false).add("map", { kind: "object shape", name: "system / Map" });
  const closure = (id: string, file: string, size: number): void => {
    heap.add(id, { kind: "closure", name: id, size }).edge(id, "internal", "map", "map");
    heap.add(`${id} info`, { kind: "code" }).add(`${id} script`, { kind: "code", name: file });
    heap
      .edge(id, "internal", "shared", `${id} info`)
      .edge(`${id} info`, "internal", "script", `${id} script`);
    heap.edge("global handles", "internal", `${heap.nodes.size}`, id);
  };
  closure("followed", "/work/app.ts", 64);
  closure("other", "/work/app.ts", 64);
  closure("runtime", "node:events", 1000);
  heap.made("followed", 1, 2);
  const kinds = heap.analyse({ sources }).otherKinds;
  assertEquals(
    kinds.map(({ kind, size }) => `${kind}: ${size}`),
    ["functions: 1000", "global objects: 1"],
  );
  // Of two such functions one is the program's, where the followed one stands for one more; nobody knows which.
  closure("third", "/work/app.ts", 64);
  assertEquals(heap.analyse({ sources }).otherKinds[0], { kind: "functions", count: 3, size: 1064 });
  // A line all of whose objects are followed has no others.
  heap.made("followed", 1, 1);
  assertEquals(heap.analyse({ sources }).otherKinds[0], { kind: "functions", count: 3, size: 1128 });
});

test("in adaptive mode, what is not followed is on the way as what is followed and held like it", () => {
  const dump = dumpOf(LINES, { sampling: "adaptive" });
  /** Items that a list holds, each with data of its own; the second item and the first one's data are not followed. */
  const heapOf = (weight: number): MarkedHeap => {
    const heap = new MarkedHeap(dump, false).add("list", { name: "Array", size: 16 });
    heap.edge("global", "property", "list", "list").made("list", 1);
    for (const i of [1, 2, 3]) {
      heap.add(`item${i}`, { name: "Item", size: 8 }).edge("list", "element", i, `item${i}`);
      heap.add(`data${i}`, { name: "Data", size: 4 }).edge(`item${i}`, "property", "next", `data${i}`);
    }
    heap.add("other", { name: "Other", size: 8 }).edge("list", "element", 4, "other");
    heap.add("data4", { name: "Data", size: 4 }).edge("other", "property", "next", "data4");
    heap.made("item1", 5, weight).made("item3", 5, weight);
    return heap.made("data2", 7, weight).made("data3", 7, weight).made("data4", 7, weight);
  };
  const found = told(heapOf(2).analyse({ sources }));
  assertEquals((found[7] as string[]).slice(4), [
    "4 (16): a global variable > .list Array:1 > [] Item:5 > .next Data:7",
    // Of another type, it may be anybody's.
    "2 (8): a global variable > .list Array:1 > [] Other > .next Data:7",
  ]);
  // Where all objects of a line are followed, the others are none of its.
  assertEquals((told(heapOf(1).analyse({ sources }))[7] as string[]).slice(4), [
    "1 (4): a global variable > .list Array:1 > [] Item > .next Data:7",
    "1 (4): a global variable > .list Array:1 > [] Item:5 > .next Data:7",
    "1 (4): a global variable > .list Array:1 > [] Other > .next Data:7",
  ]);
});

test("an emitter of the runtime's is a root; one of the program's that has no line is held by what holds it", () => {
  const heap = new MarkedHeap(dumpOf(LINES))
    .add("bus", { name: "EventEmitter" })
    .add("process", { name: "process" });
  heap.add("server", { name: "Server" }).edge("global handles", "internal", "9", "server");
  heap.edge("global", "property", "list", "bus").edge("global", "property", "process", "process");
  for (const [i, emitter] of ["bus", "process", "server"].entries()) {
    heap
      .add(`${emitter} events`, { name: "Object" })
      .edge(emitter, "property", "_events", `${emitter} events`);
    const listener = `listener of ${emitter}`;
    heap.add(listener, { kind: "closure", name: "f", size: 8 }).made(listener, [1, 2, 3][i]!);
    heap.edge(`${emitter} events`, "property", "next", listener);
  }
  const found = told(heap.analyse({ sources }));
  assertEquals(
    (found[1] as string[])[4],
    "1 (8): a global variable > .list EventEmitter > ._events Object > .next closure:1",
  );
  assertEquals((found[2] as string[])[4], "1 (8): a listener of process > .next closure:2");
  assertEquals((found[3] as string[])[4], "1 (8): a listener of Server > .next closure:3");
});

test("handle scopes hold what nothing else does, weak edges never, and the tracker's own objects neither", () => {
  const dump = dumpOf(LINES);
  const heap = shop(dump).made("app", 1);
  heap
    .add("held by handles", { name: "Object", size: 8 })
    .edge("handle scope", "internal", "1", "held by handles")
    .made("held by handles", 7);
  heap.edge("handle scope", "internal", "2", "app");
  heap
    .add("hung", { name: "Object", size: 8 })
    .edge("app", "weak", "7", "hung")
    .edge("session", "property", "x", "hung")
    .made("hung", 8);
  const found = told(heap.analyse({ sources }));
  assertEquals((found[1] as string[]).slice(4), ["1 (100): a global variable > .app Object:1"]);
  assertEquals((found[7] as string[]).slice(4), ["1 (8): a handle of the runtime's >  Object:7"]);
  assertEquals((found[8] as string[]).slice(4), []);
});

test("in a page, listeners and timers are roots, and what the browser has between is left out", () => {
  const heap = shop(dumpOf([...LINES, 9, 10])).made("app", 1);
  const native = (id: string, name: string, from: string): void =>
    void heap.add(id, { kind: "native", name }).edge(from, "element", 1, id);
  const holds = (id: string, from: string, line: number): void =>
    void heap.add(id, { name: "Object", size: 8 }).edge(from, "element", 1, id).made(id, line);
  native("window", "Window / http://127.0.0.1:8080", "global handles");
  native("targets", "blink::EventTargetData", "window");
  native("list", "blink::HeapVectorBacking<cppgc::internal::BasicMember<blink::Listener>>", "targets");
  native("listener", "V8EventListener", "list");
  holds("heard", "listener", 7);
  native("timer", "DOMTimer", "window");
  native("action", "ScheduledAction", "timer");
  holds("later", "action", 8);
  // An element that the program keeps has a way by the program.
  native("item", "<li class=secret>", "app");
  native("items", "blink::EventTargetData", "item");
  native("click", "V8EventHandlerNonNull", "items");
  holds("clicked", "click", 9);
  native("document", "HTMLDocument", "window");
  heap.edge("document", "element", 2, "hung").add("hung", { name: "Object", size: 8 }).made("hung", 10);
  const found = told(heap.analyse({ sources }));
  assertEquals(
    [7, 8, 9, 10].map((line) => (found[line] as string[]).slice(4)),
    [
      ["1 (8): a listener of Window > [] Object:7"],
      ["1 (8): a timer > [] Object:8"],
      ["1 (8): a global variable > .app Object:1 > [] <li> > [] Object:9"],
      ["1 (8): the page > [] HTMLDocument > [] Object:10"],
    ],
  );
});

test("no name is told that stands nowhere in the program's code", () => {
  const dump = dumpOf(LINES);
  const heap = shop(dump).made("app", 1);
  heap
    .add("user", { name: "Object", size: 8 })
    .edge("app", "property", "alice@example.com", "user")
    .made("user", 7);
  heap.add("user2", { name: "Object", size: 8 }).edge("app", "property", "bob", "user2").made("user2", 8);
  const found = told(heap.analyse({ sources }));
  for (const line of [7, 8])
    assertEquals(
      (found[line] as string[])[4],
      "1 (8): a global variable > .app Object:1 > [key] Object:" + line,
    );
  // What runtimes call their own is none of the program's data.
  heap
    .add("buffer", { name: "Object", size: 8 })
    .edge("global", "property", "Buffer", "buffer")
    .made("buffer", 3);
  assertEquals(
    (told(heap.analyse({ sources }))[3] as string[])[4],
    "1 (8): a global variable > .Buffer Object:3",
  );
  // A constant of compiled code is code.
  heap.add("pool", { kind: "code", name: "(constant pool)" }).add("bob", { kind: "string", name: "bob" });
  heap.edge("global handles", "internal", "2", "pool").edge("pool", "internal", "1", "bob");
  assertEquals(
    (told(heap.analyse({ sources }))[8] as string[])[4],
    "1 (8): a global variable > .app Object:1 > .bob Object:8",
  );
});

test("lines by what they have grown by, where an older snapshot is given; one line alone; limits", () => {
  const dump = dumpOf([...LINES, 8, 8, 8]);
  const heap = (): MarkedHeap =>
    shop(dump).made("app", 1).made("cache", 2).made("item1", 5).made("entry1", 8);
  const lines = (options: Partial<AnalyseOptions>): number[] =>
    heap()
      .analyse(options)
      .lines.map(({ lineno }) => lineno);
  assertEquals(lines({}), [1, 2, 8, 5]);
  assertEquals(lines({ limit: 2 }), [1, 2]);
  // 8 has grown by 192 bytes, 2 by 16; 1 and 5 have not.
  assertEquals(lines({ since: dumpOf([1, 3, 5, 7, 8]) }), [8, 2]);
  // What the engine keeps for an old object is in no snapshot: half of what was allocated came since, so as much of it may have.
  const since = dumpOf([1, 2, 3, 5, 7, 8, 8]);
  const more = (kind: "hidden" | "code"): number[] =>
    heap()
      .add("reactions", { kind, name: "system / PromiseReaction", size: 100_000 })
      .edge("app", "internal", "reactions_or_result", "reactions")
      .analyse({ since })
      .lines.map(({ lineno }) => lineno);
  assertEquals([more("hidden"), more("code")], [[1, 8], [8]]);
  const { lines: grown, notes } = heap().analyse({ since: dump });
  assertEquals([grown, notes], [[], ["no line has grown since the older snapshot"]]);
  assertEquals(heap().analyse({ since: dumpOf([1, 3, 5, 7, 8]) }).notes, []);
  assertEquals(lines({ lines: [{ filename: "app.ts", lineno: 5 }] }), [5]);
  assertEquals(lines({ lines: [{ filename: "app.ts", lineno: 6 }] }), []);
  // By what they take with what only they hold; what is asked for stays, however small.
  const asked = [{ filename: "app.ts", lineno: 5 }];
  assertEquals(lines({ lines: asked, largest: 1 }), [8, 5]);
  assertEquals(lines({ lines: asked, largest: 3 }), [8, 2, 1, 5]);
  const { lines: shown, lineCount } = heap().analyse({ limit: 1, pathsPerLine: 0 });
  assertEquals([shown[0].paths, lineCount], [[], 4]);
});

test("lists of several kinds of links are folded, and objects that they hold have the list's way", () => {
  const dump = dumpOf(LINES);
  const heap = new MarkedHeap(dump);
  let last = "global";
  for (let i = 0; i < 57; i++) {
    heap
      .add(`set${i}`, { name: "Object", size: 8 })
      .edge(last, "property", "list", `set${i}`)
      .made(`set${i}`, 1);
    heap
      .add(`list${i}`, { name: "Array", size: 8 })
      .edge(`set${i}`, "property", "next", `list${i}`)
      .made(`list${i}`, 2);
    heap
      .add(`data${i}`, { name: "Data", size: 8 })
      .edge(`list${i}`, "element", i, `data${i}`)
      .made(`data${i}`, 3);
    last = `list${i}`;
  }
  const found = told(heap.analyse({ sources, pathsPerLine: 5 }));
  const list = "a global variable > .list Object:1 × 57 > .next Array:2 × 57";
  assertEquals((found[3] as string[]).slice(4), [`57 (456): ${list} > [] Data:3`]);
  assertEquals((found[2] as string[]).slice(4), [`57 (456): ${list}`]);
});

test("the longest way of a list is told, also where 16 bits do not count it", () => {
  const dump = dumpOf([1]);
  const heap = new MarkedHeap(dump).add("item1", { name: "Item" });
  heap.edge("global", "property", "list", "item1");
  for (let i = 2; i <= 70_000; i++) heap.add(`item${i}`, { name: "Item" });
  // Shallow ones come first, whether by the file or by a search in depth.
  for (const i of [66_000, 68_000, 70_000])
    heap
      .add(`data${i}`, { size: 8, name: "Data" })
      .made(`data${i}`, 1)
      .edge(`item${i}`, "property", "data", `data${i}`);
  for (let i = 2; i <= 70_000; i++) heap.edge(`item${i - 1}`, "property", "next", `item${i}`);
  const { lines } = heap.analyse({ sources: () => ["globalThis.list; item.next; item.data"] });
  const way = "a global variable > .list Item > .next Item × 69999 > .data Data:1";
  assertEquals(lines[0].paths.map(words), [`3 (24): ${way}`]);
});

test("a dump whose rows are not the session's says itself which line each mark names", () => {
  const dump = dumpOf(LINES);
  const heap = shop(dump).made("app", 1).made("cache", 2);
  const table = {
    files: ["/work/a.ts"],
    functions: ["f"],
    sites: [0, 11, 0, 0, 12, 0],
    rows: [0, 1, 1, 1, 1, 1],
  };
  const marks = (lines: unknown): Snapshot => dumpOf(LINES, { marks: [STARTED, FIRST, 6, 6, lines] });
  const lines = (lines: unknown): unknown[] =>
    analyse(readText(heap.text), { dump: marks(lines) }).lines.map((line) => [
      line.filename,
      line.lineno,
      line.functionName,
    ]);
  const rows = [markOf(dump, 1) - FIRST, markOf(dump, 2) - FIRST];
  const expected = rows.map((row) => ["/work/a.ts", [11, 12][table.rows[row]], "f"]);
  assertEquals(lines(table).sort(), expected.sort());
  // Whatever else a file has there names no line, or is refused.
  assertEquals(lines({ ...table, sites: [] }), []);
  assertEquals(lines({ ...table, rows: ["x", {}, null, -1, 1e9, 0.5] }), []);
  assertEquals(lines({ ...table, files: [7] }), []);
  for (const bad of [7, "x", {}, { ...table, rows: {} }, null])
    assertThrows(() => analyse(readText(heap.text), { dump: marks(bad) }), HeapMismatchError);
});

test("what does not go together is refused in one line that says what to do", () => {
  const dump = dumpOf(LINES);
  const cases: [string, MarkedHeap, Snapshot, RegExp][] = [
    [
      "another process",
      shop(dump).made("app", 1),
      dumpOf(LINES, { marks: [1, FIRST, 6, 6] }),
      /two processes.*take both in one/,
    ],
    [
      "another tool's dump",
      shop(dump).made("app", 1),
      dumpOf(LINES, { marks: undefined }),
      /written by another tool/,
    ],
    [
      "a filtered dump",
      shop(dump).made("app", 1),
      dumpOf([1, 2], { marks: [STARTED, FIRST, 6, 6] }),
      /filtered or merged/,
    ],
    [
      "a later heap",
      shop(dump).made("app", 8),
      dumpOf([1], { marks: [STARTED, FIRST, 1, 1] }),
      /another moment than the dump/,
    ],
  ];
  for (const [name, heap, other, expected] of cases) {
    const { message } = assertThrows(() => analyse(readText(heap.text), { dump: other }), HeapMismatchError);
    assert(expected.test(message) && !message.includes("\n"), `${name}: ${message}`);
  }
  const untraced = new FixtureHeap().add("root", { kind: "synthetic", name: "" });
  const reason = (): string =>
    assertThrows(() => analyse(readText(untraced.text), { dump }), HeapMismatchError).message;
  assert(/another engine than V8/.test(reason()), reason());
  untraced.add("handles", { kind: "synthetic", name: "(Global handles)" });
  assert(/nothing is traced/.test(reason()), reason());
  // Numbers are there only where they were asked for.
  const numberless = new FixtureHeap()
    .add("root", { kind: "synthetic", name: "" })
    .add("session", { name: "Session" });
  numberless.edge("root", "property", "x", "session").add("started");
  for (const part of ["rows", "budget", "following"])
    numberless.add(part).edge("session", "property", part, part);
  numberless.add("marks").edge("following", "property", "marks", "marks");
  numberless.edge("started", "property", "started", "root");
  const error = assertThrows(() => analyse(readText(numberless.text), { dump }), HeapMismatchError);
  assert(/without numerical values/.test(error.message), error.message);
});

test("what emitters bear has the properties by which it is found in a heap", () => {
  const listeners = new Listeners(new OwnerToken());
  for (const name of LISTENERS_PROPERTIES) assert(Object.hasOwn(listeners, name), name);
  const ofEmitter = new EmitterListeners();
  for (const name of EMITTER_PROPERTIES) assert(Object.hasOwn(ofEmitter, name), name);
});

test("sessions have the properties by which they are found in a heap", () => {
  for (const sampling of ["exact", "adaptive"] as const) {
    start({ sampling });
    const session = currentSession()!;
    stop();
    for (const name of SESSION_PROPERTIES) assert(Object.hasOwn(session, name), name);
    assert(Object.hasOwn(session.following, "marks"));
    assertEquals(typeof session.started, "number");
  }
});
