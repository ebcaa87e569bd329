// That the stand-ins for built-ins look like them while tracing, and are gone afterwards.
import * as fs from "node:fs";
import { test } from "node:test";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { start, stop } from "../../../mod.ts";
import { Globals } from "../../../src/instrument/text/emit.ts";
import { CONSTRUCTORS, DEFERRED_FUNCTIONS, FUNCTIONS } from "../../../src/sites/builtin_tables.ts";
import { findOwner } from "../../../src/track/builtins/builtin_targets.ts";

type AnyFunction = (...args: unknown[]) => unknown;
type Fields = readonly unknown[];

/** All functions of the tables that this host has, as owner and key. */
function targets(): [owner: object, key: string, label: string][] {
  const functions = [...FUNCTIONS, ...DEFERRED_FUNCTIONS].flatMap((of) =>
    of.names.map((key) => [findOwner(of), key, `${of.path.join(".")}.${key}`] as const),
  );
  const constructors = CONSTRUCTORS.map((key) => [globalThis as object, key, key] as const);
  return [...functions, ...constructors].filter(
    (target): target is [object, string, string] => target[0] !== null && target[1] in target[0],
  );
}

/** Every property of every object that leads from the global object through functions, prototypes and namespaces. */
function everything(): Map<object, [PropertyKey, Fields][]> {
  const seen = new Map<object, [PropertyKey, Fields][]>();
  const roots = new Set<object>([
    ...targets().map(([owner]) => owner),
    Object.getPrototypeOf(async () => {}),
  ]);
  for (const key of Reflect.ownKeys(globalThis)) {
    const value: unknown = Object.getOwnPropertyDescriptor(globalThis, key)?.value;
    const isNamespace = ["JSON", "Math", "Reflect", "Atomics", "Intl", "WebAssembly"].includes(String(key));
    if (typeof value === "function" || isNamespace) roots.add(value as object);
  }
  const todo = [...roots];
  for (let object = todo.pop(); object !== undefined; object = todo.pop()) {
    if (seen.has(object)) continue;
    const properties = Reflect.ownKeys(object).map((key): [PropertyKey, Fields] => {
      const { value, get, set, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(
        object,
        key,
      )!;
      for (const next of [value, get, set]) {
        if (typeof next === "function" || (key === "prototype" && typeof next === "object" && next !== null))
          todo.push(next);
      }
      // Bun makes some values anew whenever they are read.
      const isStable = Object.is(value, Object.getOwnPropertyDescriptor(object, key)!.value);
      return [key, [isStable ? value : "unstable", get, set, writable, enumerable, configurable]];
    });
    seen.set(object, properties);
    const parent: object | null = Object.getPrototypeOf(object);
    if (parent !== null) todo.push(parent);
  }
  return seen;
}

function assertSame(before: ReturnType<typeof everything>, after: ReturnType<typeof everything>): void {
  assertEquals(after.size, before.size);
  for (const [object, properties] of before) {
    const now = after.get(object);
    assert(now !== undefined, "an object has become another");
    assertEquals(
      now.map(([key]) => key),
      properties.map(([key]) => key),
    );
    for (const [index, [key, fields]] of properties.entries()) {
      // Says whether calls are recorded.
      if (key === Globals.recording) continue;
      for (const [at, field] of fields.entries())
        assert(Object.is(now[index]![1][at], field), `${String(key)}, field ${at}`);
    }
  }
}

/** Runs `check` while tracing. */
function whileTracing(check: () => void): void {
  start();
  try {
    check();
  } finally {
    stop();
  }
}

test("stop() leaves no trace", () => {
  const before = everything();
  assert(before.size > 1000);
  for (let i = 0; i < 3; i++) {
    start(i + 1);
    stop();
  }
  assertSame(before, everything());
});

test("without built-ins, start() changes nothing", () => {
  const before = everything();
  start({ builtins: false });
  try {
    assertSame(before, everything());
  } finally {
    stop();
  }
});

/** What a program can find out about a function, but for its identity. */
function looks([owner, key]: readonly [object, string, string]): { value: unknown; rest: unknown } {
  const { value, ...attributes } = Object.getOwnPropertyDescriptor(owner, key) ?? {};
  if (typeof value !== "function") return { value, rest: attributes };
  // Hosts have methods that are ordinary functions, which could be called with `new`. Stand-ins are methods.
  const names = Reflect.ownKeys(value).filter((name) => CONSTRUCTORS.includes(key) || name !== "prototype");
  const properties = names.map((name) => {
    const { value: inner, ...rest } = Object.getOwnPropertyDescriptor(value, name)!;
    return [name, rest, typeof inner === "function" ? "function" : inner];
  });
  return { value, rest: [attributes, properties, String(value), Object.getPrototypeOf(value)] };
}

test("every target is replaced, by something with the same attributes, name, length and text", () => {
  const before = targets().map(looks);
  const keys = targets().map(([owner]) => Reflect.ownKeys(owner));
  whileTracing(() => {
    for (const [index, target] of targets().entries()) {
      const { value, rest } = looks(target);
      const was = before[index]!;
      if (was.value === undefined) continue; // an accessor of the host's
      assert(value !== was.value, `${target[2]} is as it was`);
      assertEquals(rest, was.rest, target[2]);
      assertEquals(Reflect.ownKeys(target[0]), keys[index]);
    }
  });
});

test("aliases and relations between built-ins stay", () => {
  const checks: Record<string, () => boolean> = {
    iterators: () => Array.prototype[Symbol.iterator] === Array.prototype.values,
    "keys of sets": () => (Set.prototype.keys as unknown) === Set.prototype.values,
    "toString of arrays": () =>
      Object.getPrototypeOf(Uint8Array.prototype).toString === Array.prototype.toString,
    constructor: () =>
      CONSTRUCTORS.every((name) => {
        const maker = (globalThis as unknown as Record<string, { prototype: object } | undefined>)[name];
        return maker === undefined || maker.prototype.constructor === (maker as unknown);
      }),
    instances: () => new Map().constructor === Map && new Uint8Array(1).slice().constructor === Uint8Array,
    instanceof: () =>
      new Map() instanceof Map && Map.groupBy([], String) instanceof Map && new Date() instanceof Date,
    "old instances": () => oldMap instanceof Map && oldMap.constructor === Map && oldDate instanceof Date,
    species: () => (Map as unknown as Record<symbol, unknown>)[Symbol.species] === Map,
    literals: () => [].constructor === Array && [].map === Array.prototype.map,
    "no constructors": () => !("prototype" in Array.prototype.map) && !("prototype" in Object.keys),
    "call without new": () => typeof (Date as unknown as () => string)() === "string",
    views: () => ArrayBuffer.isView(new DataView(new ArrayBuffer(1))),
    tags: () => Object.prototype.toString.call(new Map()) === "[object Map]",
    names: () => Map.name === "Map" && Array.from.name === "from" && Date.length === 7,
    toString: () => String(Function.prototype.toString) === textOfToString,
    "not a function": () => {
      try {
        Function.prototype.toString.call({});
        return false;
      } catch (error) {
        return error instanceof TypeError;
      }
    },
  };
  const oldMap = new Map();
  const oldDate = new Date();
  const textOfToString = String(Function.prototype.toString);
  for (const [name, check] of Object.entries(checks)) assert(check(), `${name}, before`);
  whileTracing(() => {
    for (const [name, check] of Object.entries(checks)) assert(check(), name);
  });
});

test("built-in classes can be extended, before and while tracing", () => {
  class Before extends Map<string, number> {
    twice(key: string): number {
      return 2 * (this.get(key) ?? 0);
    }
  }
  whileTracing(() => {
    class While extends Uint8Array {
      total(): number {
        return this.reduce((sum, value) => sum + value, 0);
      }
    }
    assertEquals(new Before([["a", 2]]).twice("a"), 4);
    assertStrictEquals(Object.getPrototypeOf(new Before()), Before.prototype);
    const own = new While([1, 2, 3]);
    assertEquals(own.total(), 6);
    assert(own.map((n) => n * 2) instanceof While);
    assert(While.from([1]) instanceof While && own.slice(1) instanceof While);
    assertStrictEquals(Object.getPrototypeOf(Reflect.construct(Map, [], Before)), Before.prototype);
    assertEquals(structuredClone(new Date(5)).getTime(), 5);
    class List extends Array<number> {}
    assert(List.from([1]).map(Number) instanceof List);
  });
});

test("errors come through as they are, and the number of arguments too", () => {
  const failures: (() => unknown)[] = [
    () => JSON.parse("{"),
    () => JSON.stringify(1n),
    () => (Array.prototype.map as AnyFunction).call(null, String),
    () => [1].map(undefined as unknown as () => void),
    () => "a".repeat(-1),
    () => (Map as unknown as AnyFunction)(),
    () => new ArrayBuffer(-1),
    () => Object.create(1 as unknown as object),
    () => new (Array.prototype.slice as unknown as new () => object)(),
    () => structuredClone(() => {}),
    () => Buffer.alloc("x" as unknown as number),
    () => fs.readFileSync("/there/is/no/such/file"),
  ];
  const told = (): string[] =>
    failures.map((fail) => {
      const error = assertThrows(fail);
      return `${error.constructor.name}: ${error.message}`;
    });
  const before = told();
  whileTracing(() => {
    // Engines name what was called: the stand-in has the same name, but is not reached by the same words everywhere.
    for (const [index, message] of told().entries()) {
      if (index !== 8) assertEquals(message, before[index]);
    }
    assertEquals([3, 1, 2].splice(1), [1, 2]);
    assertEquals(([3, 1, 2].splice as AnyFunction).call([3, 1, 2], 1, undefined), []);
    assertEquals((Object.create as AnyFunction)(null, undefined), Object.create(null));
  });
});

test("what the program puts in a built-in's place stays; what it kept of a stand-in goes on working", () => {
  const original = Object.getOwnPropertyDescriptor(JSON, "stringify")!;
  start();
  const kept = { from: Array.from, Map };
  const mine = (): string => "mine";
  JSON.stringify = mine;
  stop();
  try {
    assertStrictEquals(JSON.stringify, mine);
    assertEquals(kept.from("ab"), ["a", "b"]);
    assert(new kept.Map() instanceof Map);
    whileTracing(() => assertEquals(JSON.stringify(1), "mine"));
    assertStrictEquals(JSON.stringify, mine);
  } finally {
    Object.defineProperty(JSON, "stringify", original);
  }
});

test("modules of the host: what is imported by name is watched too, where the host lets us", () => {
  const before = fs.readFileSync;
  const isLinked = (): boolean => fs.readFileSync !== before;
  let isReplaced = false;
  whileTracing(() => (isReplaced = isLinked()));
  assertStrictEquals(fs.readFileSync, before);
  assertEquals(isReplaced, process.versions.bun === undefined && !("Deno" in globalThis));
});

test("stop() takes the stand-ins off, whatever the program has done to the methods of arrays", () => {
  const { map, reverse, push } = Array.prototype;
  const iterator = Array.prototype[Symbol.iterator];
  start();
  try {
    assert(Array.prototype.map !== map);
    Object.assign(Array.prototype, { reverse: null, push: null, [Symbol.iterator]: null });
    stop();
  } finally {
    Object.assign(Array.prototype, { reverse, push, [Symbol.iterator]: iterator });
    stop();
  }
  assertEquals(Array.prototype.map, map);
});
