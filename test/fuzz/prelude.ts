/**
 * What the random programs call, run in each context before them and never instrumented.
 *
 * Differences that are allowed, and so made invisible here:
 * - the source text of a function (`Function.prototype.toString` is tested elsewhere);
 * - names like `$t$…` among the global object's properties: a script's header declares them with `var`;
 * - in messages of the engine's own TypeErrors, the piece of source that was not a function, not iterable …: engines
 *   print it from the text that they run (docs/semantics.md).
 */
export const PRELUDE = String.raw`"use strict";
Function.prototype.toString = function () { return "function " + this.name; };
{
  const log = (globalThis.$LOG = []);
  const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
  const ErrorOfRealm = Error, PromiseOfRealm = Promise, isArray = Array.isArray;
  const hasOwn = Function.prototype.call.bind(Object.prototype.hasOwnProperty);
  const test = RegExp.prototype.test, replace = String.prototype.replace, stringOf = String, push = Array.prototype.push;
  const then = Function.prototype.call.bind(Promise.prototype.then), resolve = Promise.resolve.bind(Promise);
  const iterator = Symbol.iterator, asyncIterator = Symbol.asyncIterator;
  let fuel = 300, promises = 0, turn = 0, shown = 0;
  const message = (text) =>
    stringOf(text)
      .replace(/^[^]* is not a function or its return value is not iterable[^]*$/, "is not iterable")
      .replace(/^[^]*? (is not (?:a function|iterable|a constructor|defined)|is not a)/, "$1")
      .replace(/ of '[^]*' as it is/, " as it is")
      .replace(/^Cannot destructure '[^]*' as/, "Cannot destructure as")
      .replace(/^Class extends value [^]* is not/, "Class extends value is not")
      .replace(/^(?:function is not|[^]* is not) (a function|iterable|a constructor)[^]*$/, "is not $1")
      .replace(/^is not (a function|iterable)[^]*$/, "is not $1")
      .replace(/^[^]*(cannot be invoked without 'new')/, "$1")
      .replace(/^Spread syntax requires[^]*$/, "is not iterable")
      // V8 words what a pattern's initialiser throws by where it stands: \`let [x] = (a() ? 1 : 2)\` says of an \`a\` that
      // is no function that "(intermediate value) is not iterable", and "a is not a function" with a bracket around a().
      .replace(/^is not (?:a function|iterable)$/, "is not a function, or not iterable")
      .replace(/(of function|reading) .[^]*$/, "$1")
      .replace(/operator to search for '[^]*' in /, "search in ");
  const show = (value, depth) => {
    if (++shown > 20000) return "…";
    if (typeof value === "symbol") return "symbol";
    if (typeof value === "bigint" || typeof value !== "object" && typeof value !== "function" || value === null) {
      return typeof value + ":" + (Object.is(value, -0) ? "-0" : stringOf(value));
    }
    if (value === globalThis) return "global";
    // Where the stack ends within the tracker, the error is of the tracker's realm.
    const text = getOwnPropertyDescriptor(value, "message")?.value;
    if (text === "Maximum call stack size exceeded") return "RangeError:" + text;
    if (value instanceof ErrorOfRealm) return (getPrototypeOf(value) === null ? "" : value.constructor && value.constructor.name) + ":" + message(value.message);
    if (value instanceof PromiseOfRealm) return "promise";
    const keys = ownKeys(value).filter((key) => typeof key === "symbol" || !/^\$[tsbdaiv]\$/.test(key));
    if (depth > 2) return typeof value + keys.length;
    const parts = keys.map((key) => {
      const { get, set, value: inner, enumerable } = getOwnPropertyDescriptor(value, key);
      return stringOf(key) + (enumerable ? "=" : "~") + (get || set ? "accessor " + show(get, depth + 1) : show(inner, depth + 1));
    });
    return (typeof value === "function" ? "function" : isArray(value) ? "array" : "object") + "{" + parts.join(",") + "}";
  };
  Object.assign(globalThis, {
    R: (value) => show(value, 0),
    L(value) { if (log.length < 2000) log[log.length] = show(value, 0); return value; },
    T() { if (fuel-- <= 0) throw new ErrorOfRealm("out of fuel"); },
    E: (value) => new ErrorOfRealm("thrown " + typeof value),
    G: (value) => typeof value === "object" && value !== null && typeof value[iterator] === "function" ? value : [1, "two"],
    H: (value) => typeof value === "object" && value !== null && typeof value[asyncIterator] === "function" ? value : G(value),
    K: (value) => (typeof value === "object" || typeof value === "function") && value !== null && value !== globalThis ? value : { x: 1, a: 2 },
    P(value) {
      if (!(value instanceof PromiseOfRealm)) return value;
      const n = ++promises;
      then(value, (result) => { log[log.length] = n + " then " + show(result, 0); }, (error) => { log[log.length] = n + " catch " + show(error, 0); });
      return value;
    },
    J(value) {
      if (typeof value !== "function") return value;
      const result = value(1, value);
      if (result instanceof PromiseOfRealm) return P(result);
      if (typeof result !== "object" || result === null || typeof result.next !== "function") return result;
      L(P(result.next(1)));
      const how = turn++ % 4;
      if (how === 1) L(P(result.return(5)));
      else if (how === 2) L(P(result.throw(E(1))));
      else if (how === 3) L(P(result.next(2)));
      return result;
    },
    a: 1, b: "text", c: [1, 2, 3], d: { x: 1, y: { z: 2 }, m() { return this.x; } },
    f: function (x) { return x; }, g: (x) => [x], h: function* () { yield 1; yield 2; },
    A: class A { constructor(x) { this.x = x; } m() { return 1; } }, B: class B extends Map { },
  });
}
`;
