// What others made for the program's objects, in heaps that are made by hand.
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { engineMade, type Made } from "../../src/heap/engine_made.ts";
import { FixtureHeap, readText } from "./heap_fixture.ts";

const STARTED = 1.5;
const FIRST = 1000;

/** A heap with a session of exact mode. */
class ExactHeap extends FixtureHeap {
  tokenName = "Token";

  constructor() {
    super();
    this.add("root", { kind: "synthetic", name: "" }).add("gc", { kind: "synthetic", name: "(GC roots)" });
    this.edge("root", "element", 1, "gc").add("session", { name: "Session" });
    this.edge("gc", "internal", "1", "session");
    for (const part of ["rows", "budget", "following"])
      this.add(part).edge("session", "property", part, part);
    this.add("marks", { name: "StampMarks" }).edge("following", "property", "marks", "marks");
    this.number("started", STARTED).edge("session", "property", "started", "started");
  }

  /** A node that a row's line has made. */
  byProgram(id: string, row: number, node: Parameters<FixtureHeap["add"]>[1]): this {
    this.add(id, node)
      .add(`${id} token`, { name: this.tokenName, size: 16 })
      .number(`${id} id`, FIRST + row);
    this.edge(id, "property", "#token", `${id} token`);
    return this.edge(`${id} token`, "property", "id", `${id} id`);
  }

  /** What is found by row, where the tracker takes each row's blocks for so many bytes, and their strings. */
  made(
    lines: readonly number[],
    taken: { sizes?: readonly number[]; texts?: readonly number[]; live?: readonly number[] } = {},
  ): Made {
    const groups = Int32Array.from(lines, (_, row) => row);
    const question = { started: STARTED, firstId: FIRST, lines: Int32Array.from(lines), groups };
    return engineMade(readText(this.text), {
      ...question,
      sizes: Float64Array.from(taken.sizes ?? lines.map(() => Number.NaN)),
      texts: Float64Array.from(taken.texts ?? lines.map(() => 0)),
      live: taken.live === undefined ? null : Float64Array.from(taken.live),
      sampling: taken.live === undefined ? "exact" : "bytes",
      recordsCalls: taken.live === undefined,
    })!;
  }

  /** Bytes for each block that others made, by row. */
  rows(lines: readonly number[]): Record<number, number> {
    return byRow(this.made(lines), "bytes");
  }
}

function byRow(made: Made, column: "bytes" | "own" | "texts" | "fewer"): Record<number, number> {
  const found = Array.from(made.groups, (row, i): [number, number] => [row, made[column][i]]);
  return Object.fromEntries(found.filter(([, bytes]) => bytes !== 0));
}

test("marks are found where modules were joined, and names of which there are two numbered", () => {
  const heap = new ExactHeap().byProgram("watched", 0, { name: "Map", size: 32 });
  heap.tokenName = "UnwatchedToken";
  heap.byProgram("other", 1, { name: "Map", size: 32 });
  heap.tokenName = "Token$1";
  heap.byProgram("joined", 2, { name: "Map", size: 32 });
  for (const [i, id] of ["watched", "other", "joined"].entries()) heap.edge("gc", "element", i + 1, id);
  assertEquals(byRow(heap.made([1, 2, 3], { sizes: [30, 30, 30] }), "own"), { 0: 2, 1: 2, 2: 2 });
});

test("what nothing else leads to counts, but for what the tracker counts by itself", () => {
  const heap = new ExactHeap().byProgram("request", 0, { name: "Client", size: 40 });
  heap.edge("gc", "element", 1, "request");
  // Counted by the tracker: elements and properties, texts, numbers.
  heap.add("elements", { kind: "array", name: "(object elements)", size: 1000 });
  heap.add("text", { kind: "string", name: "abc", size: 2000 });
  heap.add("own", { kind: "array", name: "(object properties)", size: 4000 });
  heap.edge("request", "internal", "elements", "elements").edge("request", "internal", "properties", "own");
  heap.edge("elements", "internal", "0", "text");
  // Made by Node: an object with its own elements and text; and what somebody else has, too.
  heap.add("socket", { name: "Socket", size: 100 }).edge("request", "property", "socket", "socket");
  heap.add("list", { kind: "array", name: "(object elements)", size: 20 });
  heap.add("header", { kind: "string", name: "GET /", size: 3 });
  heap.edge("socket", "internal", "elements", "list").edge("list", "internal", "0", "header");
  heap.add("agent", { name: "Agent", size: 10_000 }).edge("socket", "property", "agent", "agent");
  heap.edge("gc", "element", 2, "agent");
  // Outside the heap, and code that V8 compiles as it likes.
  heap.add("wrap", { kind: "native", name: "Node / TCPSocketWrap", size: 500 });
  heap.add("code", { kind: "code", name: "system / BytecodeArray", size: 700 });
  heap.edge("socket", "internal", "native", "wrap").edge("socket", "internal", "code", "code");
  assertEquals(heap.rows([1]), { 0: 123 });
});

test("records that wrap an object of one line count with it, lists of many do not", () => {
  const heap = new ExactHeap().byProgram("signal", 0, { name: "AbortSignal", size: 40 });
  heap.edge("gc", "element", 1, "signal").edge("signal", "property", "first", "record 0");
  for (let i = 0; i < 3; i++) {
    heap.add(`record ${i}`, { name: "Listener", size: 64 });
    heap.byProgram(`listener ${i}`, 1, { kind: "closure", name: "", size: 56 });
    heap.edge(`record ${i}`, "property", "listener", `listener ${i}`);
    if (i > 0) heap.edge(`record ${i - 1}`, "property", "next", `record ${i}`);
  }
  // Nobody but the roots has a timer.
  heap.add("timer", { name: "Timeout", size: 120 }).edge("gc", "element", 2, "timer");
  heap
    .byProgram("late", 2, { kind: "closure", name: "", size: 56 })
    .edge("timer", "property", "_onTimeout", "late");
  // A table of the runtime's.
  heap.add("table", { name: "Cache", size: 9000 }).edge("gc", "element", 3, "table");
  for (let i = 0; i < 9; i++) {
    heap
      .byProgram(`entry ${i}`, 3, { name: "Object", size: 24 })
      .edge("table", "property", `${i}`, `entry ${i}`);
  }
  assertEquals(heap.rows([1, 2, 3, 4]), { 1: 64, 2: 120 });
});

test("the places of listeners in an emitter's lists are not the emitter's: they count with the listeners", () => {
  const heap = new ExactHeap().byProgram("emitter", 0, { name: "EventEmitter", size: 40 });
  heap.edge("gc", "element", 1, "emitter").add("events", { name: "Object", size: 80 });
  heap.edge("emitter", "property", "_events", "events").add("list", { name: "Array", size: 32 });
  heap
    .edge("events", "property", "data", "list")
    .add("places", { kind: "array", name: "(object elements)", size: 56 });
  heap.edge("list", "internal", "elements", "places");
  for (let i = 0; i < 3; i++) {
    heap.byProgram(`listener ${i}`, 1, { kind: "closure", name: "", size: 56 });
    heap.edge("places", "internal", String(i), `listener ${i}`);
  }
  assertEquals(heap.rows([1, 2]), { 0: 80 + 32 + 56 - 3 * 8 });
});

test("what the runtime had before does not wrap the only one that it holds", () => {
  // The global object, and the emitter on it; `process`, and its one listener.
  const heap = new ExactHeap()
    .add("global", { name: "global (global*)", size: 28 })
    .edge("gc", "element", 1, "global");
  heap
    .byProgram("emitter", 0, { name: "EventEmitter", size: 56 })
    .edge("global", "property", "stock", "emitter");
  heap.add("record", { name: "Object", size: 40 }).edge("emitter", "property", "_events", "record");
  heap.add("process", { name: "process", size: 100 }).edge("gc", "element", 2, "process");
  heap.add("events", { name: "Object", size: 64 }).edge("process", "property", "_events", "events");
  heap.byProgram("listener", 1, { kind: "closure", name: "", size: 56 });
  heap.edge("events", "property", "SIGWINCH", "listener");
  for (const [holder, id] of [
    ["global", "intl"],
    ["process", "env"],
  ]) {
    heap.add(id, { name: "Object", size: 9000 }).edge(holder, "property", id, id);
    heap.add(`${id} text`, { kind: "string", name: "use strict", size: 500 });
    heap.edge(id, "property", "text", `${id} text`);
  }
  assertEquals(heap.rows([1, 2]), { 0: 40, 1: 64 });
});

test("what one object holds, and a cache of all of them, counts with the one", () => {
  const heap = new ExactHeap().byProgram("cache", 0, { name: "Array", size: 32 });
  heap.edge("gc", "element", 1, "cache").add("slots", { kind: "array", name: "(object elements)", size: 40 });
  heap.edge("cache", "internal", "elements", "slots");
  for (let i = 0; i < 3; i++) {
    heap
      .byProgram(`entry ${i}`, 1, { name: "Entry", size: 24 })
      .edge("slots", "internal", `${i}`, `entry ${i}`);
    heap.add(`compiled ${i}`, { kind: "closure", name: "", size: 64 });
    heap.edge(`entry ${i}`, "property", "compiled", `compiled ${i}`);
    // By an object of somebody else's that the cache has, too.
    heap.add(`other ${i}`, { name: "Other", size: 8 }).edge("slots", "internal", `${i + 9}`, `other ${i}`);
    heap.edge(`other ${i}`, "property", "compiled", `compiled ${i}`);
  }
  // What all have is nobody's own.
  heap.add("shared", { name: "Shared", size: 500 });
  for (let i = 0; i < 3; i++) heap.edge(`entry ${i}`, "property", "shared", "shared");
  heap.byProgram("entry 3", 1, { name: "Entry", size: 24 }).edge("slots", "internal", "3", "entry 3");
  heap.edge("entry 3", "property", "shared", "shared");
  assertEquals(heap.rows([1, 2]), { 0: 524, 1: 48 });
});

test("hidden classes count where they go with an object, the compiled code that relies on them with nobody", () => {
  const heap = new ExactHeap().byProgram("made", 0, { kind: "closure", name: "Made", size: 64 });
  heap.edge("gc", "element", 1, "made").add("prototype", { name: "Object", size: 72 });
  heap.edge("made", "property", "prototype", "prototype");
  heap.add("shape", { kind: "object shape", name: "system / Map", size: 80 });
  heap.edge("made", "internal", "initial_map", "shape");
  assertEquals(heap.rows([1]), { 0: 152 });
  // The compiled code that relies on it comes and goes.
  heap.add("code list", { kind: "hidden", name: "system / WeakArrayList", size: 5000 });
  heap.edge("shape", "internal", "dependent_code", "code list");
  heap
    .add("getter", { kind: "closure", name: "get", size: 8 })
    .edge("shape", "internal", "descriptors", "getter");
  const made = heap.made([1], { sizes: [200] });
  assertEquals(byRow(made, "bytes"), { 0: 160 });
  // Classes are taken for what is made for them, too.
  assertEquals(byRow(made, "own"), { 0: -136 });
});

test("what an object takes with its parts is set against what it is taken for, and so are its strings", () => {
  const heap = new ExactHeap().byProgram("list", 0, { name: "Array", size: 32 });
  heap
    .edge("gc", "element", 1, "list")
    .add("elements", { kind: "array", name: "(object elements)", size: 80 });
  heap.edge("list", "internal", "elements", "elements");
  heap.add("number", { kind: "number", name: "heap number", size: 16 });
  heap.edge("elements", "internal", "0", "number");
  // A part of a long text keeps the whole.
  heap
    .add("part", { kind: "sliced string", name: "part", size: 32 })
    .edge("elements", "internal", "1", "part");
  heap
    .add("whole", { kind: "string", name: "the whole", size: 900 })
    .edge("part", "internal", "parent", "whole");
  // A function's variable.
  heap.byProgram("handler", 1, { kind: "closure", name: "", size: 56 }).edge("gc", "element", 2, "handler");
  heap
    .add("variables", { name: "system / Context", size: 40 })
    .edge("handler", "internal", "context", "variables");
  heap
    .add("body", { kind: "string", name: "a body", size: 400 })
    .edge("variables", "context", "body", "body");
  const made = heap.made([1, 2], { sizes: [120, 96], texts: [40, 0] });
  assertEquals(byRow(made, "bytes"), {});
  assertEquals(byRow(made, "own"), { 0: 8 });
  assertEquals(byRow(made, "texts"), { 0: 892, 1: 400 });
});

test("an object whose mark lies among its properties takes what it was taken for: V8's table may be larger for the mark", () => {
  const heap = new ExactHeap().byProgram("entry", 0, { name: "Object", size: 56 });
  heap
    .edge("gc", "element", 1, "entry")
    .add("table", { kind: "array", name: "(object properties)", size: 448 });
  heap.edge("entry", "internal", "properties", "table").edge("table", "internal", "7", "entry token");
  heap.add("text", { kind: "string", name: "abc", size: 300 }).edge("table", "internal", "9", "text");
  const made = heap.made([1], { sizes: [338], texts: [40] });
  assertEquals([byRow(made, "own"), byRow(made, "texts")], [{}, { 0: 260 }]);
  // A list has a place more at the most, and its hidden classes are counted as V8 has them.
  const listed = new ExactHeap().byProgram("logger", 0, { name: "Logger", size: 56 });
  listed
    .edge("gc", "element", 1, "logger")
    .add("list", { kind: "hidden", name: "system / PropertyArray", size: 64 });
  listed.edge("logger", "internal", "properties", "list").edge("list", "internal", "7", "logger token");
  listed.add("shape", { kind: "object shape", name: "system / Map", size: 800 });
  listed.edge("logger", "internal", "map", "shape");
  const found = listed.made([1], { sizes: [1000] });
  assertEquals([byRow(found, "bytes"), byRow(found, "own")], [{ 0: 800 }, { 0: 120 - 1000 }]);
});

test("a view takes what it was taken for: its buffer was made, and bears a mark, because the tracker asked for it", () => {
  const heap = new ExactHeap().byProgram("view", 0, { name: "Uint8Array", size: 104 });
  heap.edge("gc", "element", 1, "view").add("buffer", { name: "ArrayBuffer", size: 96 });
  heap
    .edge("view", "internal", "buffer", "buffer")
    .add("table", { kind: "hidden", name: "system / PropertyArray", size: 40 });
  heap.edge("buffer", "internal", "properties", "table");
  const made = heap.made([1], { sizes: [104] });
  assertEquals([byRow(made, "bytes"), byRow(made, "own")], [{}, {}]);
});

test("texts in the variables of a module, which no object of the program's takes along, are nobody's", () => {
  const heap = new ExactHeap().byProgram("handler", 0, { kind: "closure", name: "", size: 56 });
  heap.edge("gc", "element", 1, "handler");
  heap
    .add("variables", { name: "system / Context", size: 40 })
    .edge("handler", "internal", "context", "variables");
  heap.edge("gc", "element", 2, "variables");
  heap.add("log", { kind: "string", name: "log", size: 9000 }).edge("variables", "context", "log", "log");
  assertEquals(byRow(heap.made([1], { sizes: [96] }), "texts"), {});
});

test("code counts where its script goes with the function", () => {
  const heap = new ExactHeap().byProgram("compiled", 0, { kind: "closure", name: "anonymous", size: 64 });
  heap.edge("gc", "element", 1, "compiled").add("shared", { kind: "code", name: "anonymous", size: 72 });
  heap.edge("compiled", "internal", "shared", "shared");
  heap
    .add("script", { kind: "code", name: "system / Script", size: 152 })
    .edge("shared", "internal", "script", "script");
  heap
    .add("source", { kind: "string", name: "return 1", size: 24 })
    .edge("script", "internal", "source", "source");
  assertEquals(heap.rows([1]), { 0: 248 });
  heap.edge("gc", "element", 2, "script");
  assertEquals(heap.rows([1]), {});
});

test("texts of a file's script count with no function, though one alone leads to those that the script still has", () => {
  const heap = new ExactHeap().byProgram("handler", 0, { kind: "closure", name: "handler", size: 64 });
  heap
    .edge("gc", "element", 1, "handler")
    .add("script", { kind: "code", name: "system / Script", size: 152 });
  for (const id of ["encode", "decode"]) {
    heap.add(id, { kind: "closure", name: id, size: 56 }).edge("handler", "property", id, id);
    heap
      .add(`${id} shared`, { kind: "code", name: id, size: 72 })
      .edge(id, "internal", "shared", `${id} shared`);
    heap.edge(`${id} shared`, "internal", "script", "script");
  }
  heap.add("source", { kind: "string", name: "const table = 1", size: 80_000 });
  heap.edge("script", "internal", "source", "source");
  assertEquals(heap.rows([1]), { 0: 2 * 56 });
});

test("where not all objects bear a mark, instances that are dictionaries are their class's whatever their hidden class", () => {
  const heap = new ExactHeap().add("prototype", { name: "Schema" });
  heap.add("Schema", { kind: "closure", name: "Schema", size: 64 });
  heap.edge("gc", "element", 1, "Schema").edge("Schema", "property", "prototype", "prototype");
  heap.edge("prototype", "property", "constructor", "Schema").add("shared", { kind: "code", name: "Schema" });
  heap.add("script", { kind: "code", name: "system / Script / /app/schema.js" });
  heap.edge("Schema", "internal", "shared", "shared").edge("shared", "internal", "script", "script");
  heap
    .byProgram("list", 1, { name: "Array", size: 16 })
    .edge("gc", "element", 2, "list")
    .byProgram("followed", 0, { name: "Schema", size: 24 })
    .add("other", { name: "Schema", size: 24 });
  for (const id of ["followed", "other"]) {
    heap.edge("list", "property", id, id).edge(id, "property", "__proto__", "prototype");
    heap
      .add(`${id} map`, { kind: "object shape", name: "system / Map" })
      .edge(id, "internal", "map", `${id} map`);
    heap.add(`${id} table`, { kind: "array", name: "(object properties)", size: 2000 });
    heap.edge(id, "internal", "properties", `${id} table`);
  }
  assertEquals(byRow(heap.made([1, 2], { live: [2, 1] }), "bytes"), {});
});

test("where not all objects bear a mark, what `bind` gives is known by its hidden class", () => {
  const heap = new ExactHeap().add("map", { kind: "object shape", name: "system / Map" });
  heap.edge("gc", "element", 1, "map");
  for (const id of ["bound", "other"]) {
    const node = { kind: "closure", name: "native_bind", size: 48 } as const;
    if (id === "bound") heap.byProgram(id, 0, node);
    else heap.add(id, node);
    heap.edge(id, "internal", "map", "map");
  }
  heap.byProgram("list", 1, { name: "Array", size: 16 }).edge("gc", "element", 2, "list");
  heap.edge("list", "property", "first", "bound").edge("list", "property", "second", "other");
  assertEquals(byRow(heap.made([1, 2], { live: [2, 1] }), "bytes"), {});
});

/** A list with arrays of so many bytes each, of which the first bears a mark and stands for `live`; and one of the runtime's that is as large. */
function listOf(elements: readonly number[]): ExactHeap {
  const heap = new ExactHeap()
    .byProgram("list", 1, { name: "List", size: 16 })
    .edge("gc", "element", 1, "list");
  heap.add("map", { kind: "object shape", name: "system / Map" }).edge("gc", "element", 2, "map");
  for (const [i, size] of [...elements, elements[0]].entries()) {
    const id = `array ${i}`;
    if (i === 0) heap.byProgram(id, 0, { name: "Array", size: 32 });
    else heap.add(id, { name: "Array", size: 32 });
    heap.add(`elements ${i}`, { kind: "array", name: "(object elements)", size });
    heap.edge(id, "internal", "elements", `elements ${i}`).edge(id, "internal", "map", "map");
    if (i < elements.length) heap.edge("list", "property", id, id);
    else heap.edge("gc", "element", 3, id);
  }
  return heap;
}

test("of objects without a mark there are so many as are there, whatever those that are followed stand for", () => {
  const made = listOf([50, 50, 50]).made([1, 2], { sizes: [82, 16], live: [10, 1] });
  assertEquals(byRow(made, "fewer"), { 0: 10 - 3 });
  assertEquals([byRow(made, "bytes"), byRow(made, "own")], [{}, {}]);
  // What is not like any that is followed was made by others.
  const other = listOf([50, 50, 9000]).made([1, 2], { sizes: [82, 16], live: [10, 1] });
  assertEquals([byRow(other, "fewer"), byRow(other, "bytes")], [{ 0: 10 - 2 }, { 1: 32 + 9000 }]);
  // More are there than those that are followed stand for: they may be others'.
  const many = listOf([50, 50, 50, 50, 50, 50]).made([1, 2], { sizes: [82, 16], live: [6, 1] });
  assertEquals([byRow(many, "fewer"), byRow(many, "bytes")], [{}, {}]);
});

test("each object without a mark counts with what it takes and holds itself", () => {
  const heap = listOf([400, 300, 450, 300]);
  heap.add("text", { kind: "string", name: "a long text", size: 9000 });
  heap.edge("elements 2", "internal", "0", "text");
  const made = heap.made([1, 2], { sizes: [32, 16], texts: [0, 0], live: [4, 1] });
  assertEquals(
    [byRow(made, "own"), byRow(made, "texts")],
    [{ 0: (400 + 300 + 450 + 300) / 4 }, { 0: 9000 / 4 }],
  );
});

test("calls that wait, and errors that left a stand-in, take what they would if nothing was traced", () => {
  const heap = new ExactHeap()
    .byProgram("list", 0, { name: "Array", size: 16 })
    .edge("gc", "element", 1, "list");
  heap.add("function", { kind: "closure", name: "load" }).edge("gc", "element", 2, "function");
  heap.add("shared", { kind: "code", name: "load" }).edge("function", "internal", "shared", "shared");
  heap.add("script", { kind: "code", name: "system / Script / /app/load.js" });
  heap.edge("shared", "internal", "script", "script");
  for (const [id, size] of [
    ["call", 200],
    ["small", 64],
  ] as const) {
    heap.add(id, { name: "Generator", size: 100 }).edge("list", "property", id, id);
    heap.add(`${id} places`, { kind: "array", name: "", size });
    heap.edge(id, "internal", "parameters_and_registers", `${id} places`);
    heap.edge(id, "internal", "function", "function");
  }
  const made = heap.made([1], {});
  assertEquals(byRow(made, "bytes"), { 0: 100 + (200 - 80) + 100 + 48 });
  assertEquals(Array.from(made.suspended), [2]);
  const errors = new ExactHeap().byProgram("list", 0, { name: "Array", size: 16 });
  errors.edge("gc", "element", 1, "list");
  for (const id of ["hidden", "own"]) {
    errors.add(id, { name: "SyntaxError", size: 24 }).edge("list", "property", id, id);
    errors.add(`${id} table`, { kind: "array", name: "(object properties)", size: 448 });
    errors.edge(id, "internal", "properties", `${id} table`);
  }
  // To something of the tracker's.
  errors.edge("hidden", "property", "get stack", "marks");
  assertEquals(errors.rows([1]), { 0: 88 + 24 + 448 });
});

test("a heap without the session says nothing", () => {
  const heap = new FixtureHeap().add("root", { kind: "synthetic", name: "" });
  const none = {
    lines: new Int32Array(0),
    groups: new Int32Array(0),
    sizes: new Float64Array(0),
    texts: new Float64Array(0),
    live: null,
  };
  const question = {
    started: STARTED,
    firstId: FIRST,
    ...none,
    sampling: "exact" as const,
    recordsCalls: true,
  };
  assertEquals(engineMade(readText(heap.text), question), null);
});

test("what two of the program's objects hold between them counts with the nearer one, unless somebody else has it", () => {
  const heap = new ExactHeap().byProgram("emitter", 0, { name: "EventEmitter", size: 40 });
  heap.byProgram("kept", 1, { name: "Array", size: 16 });
  heap.edge("gc", "element", 1, "emitter").edge("gc", "element", 2, "kept");
  heap.add("elements", { kind: "array", name: "(object elements)", size: 1000 });
  heap.edge("kept", "internal", "elements", "elements").edge("gc", "element", 3, "config");
  heap.add("config", { name: "Config", size: 5000 });
  for (let i = 0; i < 3; i++) {
    heap.add(`iterator ${i}`, { name: "AsyncIterator", size: 32 });
    heap.add(`queue ${i}`, { name: "FixedQueue", size: 200 });
    heap.add(`listener ${i}`, { kind: "closure", name: "eventHandler", size: 64 });
    heap.edge("elements", "internal", String(i), `iterator ${i}`);
    heap.edge("emitter", "property", `_events ${i}`, `listener ${i}`);
    for (const holder of ["iterator", "listener"])
      heap.edge(`${holder} ${i}`, "property", "queue", `queue ${i}`);
    heap.edge(`queue ${i}`, "property", "config", "config");
  }
  assertEquals(heap.rows([1, 2]), { 0: 3 * 64 + 3 * 200, 1: 3 * 32 });
});
