import { test } from "node:test";
import { assertEquals, assertStrictEquals } from "@std/assert";
import { getObjectTraceback, isTracing, takeSnapshot } from "../../../mod.ts";
import { instrumented } from "../../instrumented.ts";
import { path, traced, types } from "../../traced.ts";

/** Types of what the function body makes, without the bookkeeping of the module around it. */
async function made(body: string, domain = 0): Promise<Record<string, number>> {
  const { run } = await instrumented(`export function run() {${body}\n}`);
  return types(await traced(() => [run(), assertEquals(isTracing(), true)]), domain);
}

test("literals, copies, closures, classes and regexps count once each", async () => {
  assertEquals(await made(`return [{}, { a: 1 }, []]`), { Array: 2, Object: 2 });
  assertEquals(await made(`return /a/g`), { RegExp: 1 });
  assertEquals(await made(`const a = [1], o = { ...{ x: 1 } }; return [[...a], o]`), { Array: 3, Object: 2 });
  assertEquals(
    await made(`const { a, ...rest } = { a: 1, b: 2 }; const [x, ...more] = [1, 2]; return [rest, more]`),
    {
      Array: 3,
      Object: 2,
    },
  );
  assertEquals(
    await made(
      `const f = () => 1; function g() {} const h = function () {}; let i; i = () => 1; return [f, g, h, i]`,
    ),
    {
      Array: 1,
      closure: 4,
    },
  );
  assertEquals(await made(`return (class {}, class A {})`), { class: 2 });
  assertEquals(await made(`class A { m() {} } const B = class {}; return [A, B]`), { Array: 1, class: 2 });
});

test("closures under the keys of an object literal", async () => {
  assertEquals(
    await made(`return { f() {}, g: () => 1, h: function () {}, "i j": () => 2, 5: () => 3, async *k() {} }`),
    {
      Object: 1,
      closure: 6,
    },
  );
  // Accessors are not asked for, computed and replaced keys not looked for.
  assertEquals(
    await made(
      `return { get f() { throw new Error("asked") }, set f(v) {}, a: () => 1, a: 2, ["b"]: () => 3 }`,
    ),
    {
      Object: 1,
    },
  );
});

test("rest parameters, field initialisers and arguments of derived constructors", async () => {
  assertEquals(await made(`const f = (a, ...rest) => rest; return f(1, 2, 3)`), { Array: 1, closure: 1 });
  assertEquals(
    await made(`class A { list = []; static all = {}; #hidden = () => 1; open = () => 2 } return new A()`),
    { A: 1, Array: 1, Object: 1, class: 1, closure: 2 },
  );
});

test("an object that a constructor gives again counts once", async () => {
  assertEquals(
    await made(
      `const old = {}; function F() { return old } return [new F(), new F(), Object(old), new Object(old)]`,
    ),
    {
      Array: 1,
      Object: 1,
      closure: 1,
    },
  );
  const chain = `class A {} class B extends A { constructor() { super() } } class C extends B {} return new C()`;
  assertEquals(await made(chain), { C: 1, class: 3 });
  const factory = `class A {} const make = () => new A(); const also = () => make(); return also()`;
  assertEquals(await made(factory), { A: 1, class: 1, closure: 2 });
  const returns = `class A { constructor() { return { mine: 1 } } } class B extends A { #stamp = 1 } return new B()`;
  assertEquals(await made(returns), { Object: 1, class: 2 });
});

test("a derived instance is charged to `new`, not to `super()`", async () => {
  const { run } = await instrumented(`
    class A {}
    class B extends A { constructor() {
      super();
    } }
    export function run() {
      return new B();
    }
  `);
  const [trace] = (await traced(run)).filter(({ type }) => type === "B");
  assertEquals(path(trace!), "run:7");
});

test("built-in constructors, with and without `new`", async () => {
  const made1 = await made(
    `return [new Map([[1, 2]]), new Set(), new Date(), new WeakMap(), new Promise(() => {}), new Error("e")]`,
  );
  assertEquals(made1, { Array: 3, Map: 1, Set: 1, Date: 1, WeakMap: 1, Promise: 1, Error: 1, closure: 1 });
  assertEquals(
    await made(`return [Array(3), Object(), RegExp("a"), TypeError("b"), Object("text"), Object(1)]`),
    {
      Array: 2,
      Object: 1,
      RegExp: 1,
      TypeError: 1,
      String: 1,
      Number: 1,
    },
  );
  assertEquals(await made(`return [Object(Symbol.iterator) && 1, Number("3"), String(4)]`), {
    Array: 1,
    Symbol: 1,
  });
});

test("objects that look like built-ins without being any are measured all the same", async () => {
  const pretenders = [
    "Map",
    "Set",
    "Uint8Array",
    "DataView",
    "ArrayBuffer",
    "SharedArrayBuffer",
    "Array",
    "Promise",
    "Date",
    "RegExp",
    "Error",
    "Function",
    "WeakRef",
  ];
  for (const name of pretenders) {
    const body = `function Fake() {} Object.setPrototypeOf(Fake.prototype, ${name}.prototype); return new Fake()`;
    assertEquals(await made(body), { Fake: 1, closure: 1 }, name);
    assertEquals(await made(body, 1), {}, name);
  }
  const lying = `class Fake { get length() { throw new Error("asked") } get size() { throw new Error("asked") } }
    Object.setPrototypeOf(Fake.prototype, Array.prototype); return new Fake()`;
  assertEquals(await made(lying), { Fake: 1, class: 1 });
});

test("frozen objects, null prototypes, and getters that throw", async () => {
  assertEquals(await made(`class A { constructor() { this.x = 1; Object.freeze(this) } } return new A()`), {
    A: 1,
    class: 1,
  });
  assertEquals(
    await made(
      `function F() { return Object.preventExtensions(Object.freeze(Object.create(null))) } return new F()`,
    ),
    {
      Object: 1,
      closure: 1,
    },
  );
  const throwing = `class A { constructor() { return Object.create(Object.create(null, { constructor: { get() { throw 1 } } }), {
    length: { get() { throw 2 } }, [Symbol.toStringTag]: { get() { throw 3 } } }) } } return new A()`;
  assertEquals((await made(throwing)).class, 1);
  const { F } = await instrumented(`export function F() { this.x = 1; Object.seal(this); }`);
  const { make } = await instrumented(`export const make = (F) => new F();`);
  await traced(() => {
    const sealed = make(F);
    assertEquals(getObjectTraceback(sealed)!.length, 1);
    assertEquals(Reflect.ownKeys(sealed), ["x"]);
    return sealed;
  });
});

test("a Proxy is counted and none of its traps runs", async () => {
  const { run, logged } = await instrumented(`
    export const logged = [];
    const handler = new Proxy({}, { get(_, trap) { logged.push(trap); return undefined; } });
    class ByConstructor { constructor() { return new Proxy(this, handler); } }
    class Derived extends ByConstructor {}
    class Below { constructor() { return Object.create(new Proxy({}, handler)); } }
    function Named() { return Object.create(Object.create(null, { constructor: { value: new Proxy(class {}, handler) } })); }
    export function run() {
      const revoked = Proxy.revocable({}, {});
      revoked.revoke();
      return [new ByConstructor(), new Derived(), new Below(), new Named(), Object(revoked.proxy), new Proxy(() => {}, handler), new Proxy([], handler), new Proxy(new Map(), handler)];
    }
  `);
  const before: unknown[] = [];
  const traces = await traced(() => {
    const objects = run() as object[];
    // \`new\` itself asks the Proxy nothing; \`extends\` asks Derived's own prototype, which is no Proxy.
    before.push(...logged);
    for (const object of objects) getObjectTraceback(object);
    takeSnapshot();
    return objects;
  });
  assertEquals(logged, before);
  assertEquals(before, []);
  assertEquals(types(traces).Proxy, 8);
});

test("bytes of buffers are blocks of domain 1, one for all views", async () => {
  const { run } = await instrumented(`
    export function run() {
      const buffer = new ArrayBuffer(1000);
      return [new Uint8Array(buffer), new DataView(buffer, 8), new Float64Array(3), new Uint8Array([1, 2, 3]),
        new SharedArrayBuffer(64), new Uint32Array(buffer, 0, 4), buffer, new ArrayBuffer(0)];
    }
  `);
  const traces = await traced(run);
  const external = traces.filter(({ domain }) => domain === 1);
  assertEquals(external.map(({ type, size }) => `${type} ${size}`).sort(), [
    "ArrayBuffer 0",
    "ArrayBuffer 1000",
    "ArrayBuffer 24",
    "ArrayBuffer 3",
    "SharedArrayBuffer 64",
  ]);
  assertEquals(types(traces), {
    Array: 2,
    ArrayBuffer: 2,
    DataView: 1,
    Float64Array: 1,
    SharedArrayBuffer: 1,
    Uint32Array: 1,
    Uint8Array: 2,
  });
});

test("buffers whose prototype or own properties lie", async () => {
  const body = `
    const buffer = new ArrayBuffer(16);
    Object.defineProperty(buffer, "byteLength", { get() { throw new Error("asked") } });
    class Mine extends Uint8Array { get buffer() { throw new Error("asked") } get byteLength() { return 5 } }
    return [buffer, new Mine(7)]`;
  const { run } = await instrumented(`export function run() {${body}}`);
  const external = (await traced(run)).filter(({ domain }) => domain === 1);
  assertEquals(external.map(({ size }) => size).sort(), [16, 7].sort());
});

test("strings are counted as allocated in domain 2 and never as alive", async () => {
  const { run } = await instrumented(`
    export function run(n) {
      let text = \`a\${n}\` + "b";
      text += "more";
      return text + "end" + n;
    }
  `);
  await traced(() => {
    for (let i = 0; i < 10; i++) run(i);
    const strings = [...takeSnapshot().statistics("type")].filter(({ key }) => key === "string");
    assertEquals(
      strings.map(({ count, size, allocatedCount }) => [count, size, allocatedCount]),
      [[0, 0, 40]],
    );
  });
});

test("what the program gets is what it made", async () => {
  const { run } = await instrumented(
    `export function run(f) { const o = { f }; return [o, new (class { constructor() { return o } })(), f(o)] }`,
  );
  await traced(() => {
    const [object, same, given] = run((value: unknown) => value);
    assertStrictEquals(same, object);
    assertStrictEquals(given, object);
    assertEquals(Reflect.ownKeys(object), ["f"]);
  });
});

test("hosts take traced objects for what they are", async () => {
  // Bun's conversion of headers and parameters fails on objects with private fields.
  const { run } = await instrumented(`
    export function run() {
      const plain = { a: "1" };
      class Pairs { constructor() { this.b = "2"; } }
      const init = { method: "POST", headers: { c: "3" }, body: "" };
      return [
        [...new Headers(plain)], [...new Headers(new Pairs())], [...new Headers([["d", "4"]])], [...new Headers(new Map([["e", "5"]]))],
        new Request("http://localhost/", init).headers.get("c"), new Response("", { headers: plain }).headers.get("a"),
        String(new URLSearchParams({ f: "6" })), String(new URLSearchParams([["g", "7"]])), structuredClone({ h: [plain, new Date(8)] }),
      ];
    }
  `);
  const expected = run();
  let found: unknown;
  await traced(() => (found = run()));
  assertEquals(found, expected);
});
