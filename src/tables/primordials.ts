// Browser compatible.

// Programs replace built-ins: tests stub `Set` and `Math.random`, polyfills put a `matchAll` of their own there, test262
// replaces everything. What runs in the middle of a program asks for those that were there when the tracker was loaded: this one, `own_math.ts`,
// the classes of `safe_collections.ts`, constants of a file's own; and uses no iterators (`for … of`, spreads, array patterns). What
// runs seldom is wrapped in `quietly`, which puts the engine's own back in their places (`track/intrinsics.ts`).
// `test/tables/primordials_test.ts` and `test/hosts/primordials_test.ts` hold that.

const { apply } = Reflect;
const { exec: execOfRegExp } = RegExp.prototype;

/** `pattern.exec(text)`. Unlike `test`, `match` and `replace` it asks for no other method. */
export function exec(pattern: RegExp, text: string): RegExpExecArray | null {
  return apply(execOfRegExp, pattern, [text]) as RegExpExecArray | null;
}
