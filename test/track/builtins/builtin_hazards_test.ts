import { test } from "node:test";
import vm from "node:vm";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { start, stop } from "../../../mod.ts";
import { instrumented } from "../../instrumented.ts";

/** The same before, while and after stand-ins are there. */
async function sameAlways(look: () => unknown): Promise<void> {
  const before = await look();
  start({ nframe: 5, builtins: true });
  try {
    assertEquals(await look(), before);
  } finally {
    stop();
  }
  assertEquals(await look(), before);
}

type Text = Record<string, unknown>;

test("18: names for one method stay one method", () =>
  sameAlways(() => {
    const string = String.prototype as unknown as Text;
    const TypedArray = Object.getPrototypeOf(Uint8Array) as typeof Uint8Array;
    assertStrictEquals(Array.prototype[Symbol.iterator], Array.prototype.values);
    assertStrictEquals(Set.prototype.keys as unknown, Set.prototype.values);
    assertStrictEquals(Set.prototype[Symbol.iterator], Set.prototype.values);
    assertStrictEquals(Map.prototype[Symbol.iterator] as unknown, Map.prototype.entries);
    assertStrictEquals(string.trimLeft, string.trimStart);
    assertStrictEquals(string.trimRight, string.trimEnd);
    assertStrictEquals(TypedArray.prototype.toString as unknown, Array.prototype.toString);
    assertStrictEquals(TypedArray.prototype[Symbol.iterator] as unknown, TypedArray.prototype.values);
    assertStrictEquals(Number.parseFloat, parseFloat);
    // `arguments` has the intrinsic, whatever stands on the prototype.
    const own = (function () {
      // biome-ignore lint/complexity/noArguments: they are what is looked at
      return arguments[Symbol.iterator];
    })();
    assertStrictEquals(own, Array.prototype.values);
    return [Array.prototype.map, Object.keys, JSON.parse, string.trimLeft].map(String);
  }));

test("19: a constructor and its instances agree, derived ones and errors too", () =>
  sameAlways(() => {
    const values: object[] = [
      [],
      {},
      /x/,
      new Map(),
      new Set(),
      new Date(0),
      new Error("e"),
      new TypeError("t"),
    ];
    values.push(
      new Uint8Array(1),
      new ArrayBuffer(1),
      new DataView(new ArrayBuffer(1)),
      Promise.resolve(),
      () => {},
    );
    const global = globalThis as unknown as Record<string, Function>;
    return values.map((value) => {
      const { name } = value.constructor;
      assertStrictEquals(global[name], value.constructor, name);
      assert(value instanceof global[name]!);
      const parent: unknown = Object.getPrototypeOf(value.constructor);
      if (value instanceof TypeError) assertStrictEquals(parent, Error);
      if (value instanceof Uint8Array) assertStrictEquals(Object.getPrototypeOf(Float64Array), parent);
      return name;
    });
  }));

// The engine compares with its own `Promise`: what is not it takes more turns.
const TURNS = `
  export async function turns() {
    const seen = [];
    const tick = async (name, made) => { for (let i = 0; i < 3; i++) { await made(); seen.push(name + i); } };
    const native = async () => {};
    await Promise.all([tick("a", () => Promise.resolve([1])), tick("b", native), tick("c", () => new Promise((r) => r())), tick("d", () => 1)]);
    return seen;
  }
  export const objects = () => [new Object(1), Object(2), new Object("s"), new Array(3), Array(2), new RegExp("x"), RegExp(/y/), new Error("e"), Error("f")]
    .map((value) => [Object.prototype.toString.call(value), String(value)]);
  export const derived = () => {
    class List extends Array {}
    class Later extends Promise {}
    class Failure extends RangeError { name = "Failure"; }
    const list = List.from([1]).map((x) => [x]);
    return [list instanceof List, list.constructor === List, Later.resolve(1).then(() => 2) instanceof Later, String(new Failure("f")), Reflect.construct(Object, [], List) instanceof List];
  };
`;

test("20: Promise, Object, Array, RegExp and the errors are the engine's own", async () => {
  const {
    Promise: promise,
    Object: object,
    Array: array,
    RegExp: regExp,
    Error: error,
    TypeError: typeError,
  } = globalThis;
  const { turns, objects, derived } = await instrumented(TURNS);
  await sameAlways(async () => {
    assertStrictEquals(globalThis.Promise, promise);
    assertStrictEquals(globalThis.Object, object);
    assertStrictEquals(globalThis.Array, array);
    assertStrictEquals(globalThis.RegExp, regExp);
    assertStrictEquals(globalThis.Error, error);
    assertStrictEquals(globalThis.TypeError, typeError);
    return [await turns(), objects(), derived()];
  });
});

test("20: arrays of another realm get arrays of this one", () =>
  sameAlways(() => {
    const theirs = vm.runInNewContext("[1, 2]") as number[];
    const made = Array.prototype.map.call(theirs, (x) => x);
    const bytes = vm.runInNewContext("new Uint8Array(2)") as Uint8Array;
    return [
      made.constructor === Array,
      Array.prototype.concat.call(theirs).constructor === Array,
      bytes.slice().constructor === bytes.constructor,
    ];
  }));

test("18: what a stand-in is given that is wrong fails as before", () =>
  sameAlways(() => [
    assertThrows(() => new (Object.keys as unknown as new () => unknown)(), TypeError).name,
    assertThrows(() => (Array.prototype.filter as () => unknown).call(null), TypeError).name,
    assertThrows(() => (Map as unknown as () => unknown)(), TypeError).name,
  ]));
