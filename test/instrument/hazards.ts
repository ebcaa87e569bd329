import type { Behaviour } from "./behaviour.ts";

/**
 * What source transforms break, case by case; the numbers are those of the hazards that a prototype ran into. Elsewhere:
 * 11 in `track/function_to_string_test.ts`, 13 in `module_cycle_test.ts`, 15 in `realms_test.ts`, 18 to 20 in
 * `track/builtin_hazards_test.ts`.
 */
export const HAZARDS: readonly Behaviour[] = [
  { name: "1: ends at one offset nest", source: "const g = (f) => f(1); log(g(x => g(y => [x, y])))" },
  { name: "2: a directive stays one", source: '"use strict"\nlog((function () { return this })())' },
  {
    name: "2: a function's directive stays one",
    source: 'log((function () { "use strict"\n;[1].map(String); return this })())',
  },
  { name: "2: a hashbang stays first", source: "#!/usr/bin/env node\nlog([1])" },
  { name: "2: HTML-like comments", source: "<!-- one\n[1]\n--> two\nlog([2])" },
  { name: "3: no call grows out of a line's end", source: "let a = log\nlog(1)\nlet b = a\n[2].map\nlog(b)" },
  { name: "3: bodies without braces", source: "if (0)\nlog(1)\nelse\nlog(2)\ndo\nlog(3)\nwhile (0) log(4)" },
  {
    name: "3: an arrow ends its line",
    source:
      "var f\nf = x => {}\n(log)(1)\nf = () => log('called')\n`t`\nf = () => 1\n+log(2)\nlog(f); (() => { f = () => log('called too')\n;[1]; f = x => { log(x) }\n`u`\nreturn f })()(3)",
  },
  {
    name: "3: an arrow in a field ends its line",
    source:
      "class A { x = () => {}\n*g() {}\ny = () => {}\n['k']() {}\nz = () => {}\nin\n= 1 }\nlog(Object.keys(new A()))",
  },
  {
    name: "3: a bare yield ends its line",
    source:
      "function* g() { var x = yield\n(log)(x); x = yield\n[2] }\nconst i = g(); i.next(); log(i.next(7))",
  },
  {
    name: "4: words do not grow together",
    source:
      "function* g() { yield/re/; yield[1] }\nlog([...g()].length); log(typeof[1]); log(delete[1]); switch(1){case[1].length:log(0)}",
  },
  {
    name: "5: the callee of new",
    source:
      "log(new function () { this.a = 1 }(1)); log(new (class { constructor(x) { this.x = x } })(2)); log(new new Function('this.z = 1')().constructor().z)",
  },
  {
    name: "5: members and templates in the callee of new",
    source:
      "const o = { C: function (x) { this.x = x } }; log(new { C: o.C }.C(3)); const tag = () => o.C; log(new tag`x`(4)); log(new [o.C][0](5))",
  },
  {
    name: "6: brackets around an arrow's body",
    source:
      "const f = x => (log(x)); f(1); const g = x => ({ x }); log(g(2)); const h = x => ((log(x), [x])); log(h(3))",
  },
  { name: "7: an argument is missing", source: "log(1,,[2])", mayFail: true },
  {
    name: "7: holes are no arguments",
    source: "log([, 1, , [2], ,].length); log(((...all) => all)(...[, 1,]))",
  },
  { name: "8: an early error stays one", source: "log(1); new log() = 1", mayFail: true },
  {
    name: "8: an early error under a block stays one",
    source: "function f(a) { let a; log() }",
    mayFail: true,
  },
  {
    name: "9: calls as targets fail when they run",
    source:
      "try { log(1) = 1 } catch (e) { log(e.name) } try { (log)(2)++ } catch (e) { log(e.name) } try { (log(3)) = 1 } catch (e) { log(e.name) } try { for (log(4) of [1]); } catch (e) { log(e.name) }",
  },
  {
    name: "10: names from places",
    source:
      "var a = () => {}, b = (function () {}), c; c = class {}; c ??= 1; let d; d ||= () => {}; const { e = () => {} } = {}; const [f = class {}] = []; log([a, b, c, d, e, f]); log({ k: () => {}, 'l m': class {}, 3: function () {}, ['n' + 1]: () => {}, __proto__: null }); class G { static s = () => {}; static '#t' = () => {}; static #u = class {}; static get u() { return this.#u } } log([G.s, G['#t'], G.u]); for (var h = () => {}; h; h = 0) log(h); (d) = function () {}; log(d); function p(q = () => {}) { log(q) } p()",
  },
  {
    name: "10: a class looks at its own name",
    source:
      "var A = class { static n = this.name }; log(A.n); var o = { B: class { static n = this.name } }; log(o.B.n); var C; C = class { static n = this.name }; log(C.n); class D { static e = class { static n = this.name } } log(D.e.n)",
  },
  {
    name: "10: a static name wins",
    source:
      "var A = class { static name() {} }; log(typeof A.name); log(typeof ({ B: class { static name = 1 } }).B.name)",
  },
  {
    name: "11: a computed key and a heritage that are new objects",
    source:
      "log(({ [[1]]() { return [2] } })[1]()); class A extends class { m() { return [1] } } {} log(new A().m()); log({ a() {} }.a.name); log(({ [{ a() {} }.a]() { return [3] } })['a() {}']().length)",
  },
  {
    name: "12: var and function of one name",
    source:
      "function f() { var x; function x() {} log(typeof x); log([1].map(x)) } f(); function g(x) { function x() {} log(typeof x) } g(1)",
  },
  {
    name: "12: functions in blocks are hoisted",
    source:
      "function f() { log(typeof g); { function g() {} log(1) } log(typeof g); if (1) function h() {} log(typeof h) } f()",
  },
  {
    name: "12: eval sees the scope",
    source:
      "function f(a) { eval('var b = 2'); log(a + b); { let c = 3; log(eval('c')) } function g() {} eval('var g = 1'); log(typeof g) } f(1)",
  },
  { name: "12: completion values", source: "log(0); if (1) { 5 } else 6; try { throw 1 } catch (e) { }" },
  {
    name: "12: completion values of declarations",
    source: "7; function f() { return [f] } class A {} var g = () => {}; { function h() {} } f",
  },
  {
    name: "13: hoisted functions run before the first statement's own values are there",
    sourceType: "module",
    source:
      "log(early([1])); var late = [2]; function early(x) { return [x, late].map((y) => y) } log(early([3])); export { early }",
  },
  {
    name: "14: Symbol is clobbered later",
    source: "log([1]); globalThis.Symbol = null; log({ a: 1 }); (() => log([2]))()",
  },
  {
    name: "14: the file has names that the header uses",
    sourceType: "commonjs",
    source:
      "log([1]); var Symbol = { for: null }, Int32Array = 1, globalThis = 2, Reflect = 3; exports.a = () => [log]",
  },
  {
    name: "14: functions in blocks have names that the header uses",
    sourceType: "commonjs",
    source:
      "log([1]); { function Symbol() {} } if (1) { function Int32Array() { return 2 } } log(Int32Array()); exports.a = () => [log]",
  },
  {
    name: "14: the same, not there yet",
    sourceType: "module",
    source:
      "log([1]); const Symbol = 1, Int32Array = 2, globalThis = 3, Reflect = 4; export const a = log({ b: 1 });",
  },
  {
    name: "16: with leaves names alone",
    source:
      "var names = []; var o = new Proxy({ y: 1 }, { has(t, k) { if (typeof k === 'string') names.push(k); return k in t } }); with (o) { y; [1]; (function () { return log([y]) })() } log(names.filter((n) => n.includes('$')))",
  },
  {
    name: "16: a variable in with",
    source: "function f(o) { function x() {} log(typeof x); with (o) { var x = 1 } log(typeof x) } f({})",
  },
  {
    name: "17: setters on Array.prototype",
    source:
      "for (const k of [0, 1, 2, 3]) Object.defineProperty(Array.prototype, k, { set() { log('set') }, configurable: true }); function f(n) { return n ? [f(n - 1)].length : 0 } log(f(3))",
  },
];

/** Forms of the language that have a code path of their own in the transform. */
export const FORMS: readonly Behaviour[] = [
  {
    name: "names like ours",
    source: "var $t$ = 1, $s$ = 2, \\u0024d\\u0024 = 3; log([$t$, $s$, $d$])",
    sourceType: "commonjs",
  },
  { name: "a byte order mark", source: "\uFEFFlog([1])" },
  { name: "line ends of all kinds", source: "log([1])\r\nlog(2)\u2028log([3])\u2029log(4)" },
  {
    name: "strings that look like a source map",
    source: "log('//# sourceMappingURL=data:a'); log(`\n//# sourceMappingURL=data:b`)",
  },
  {
    name: "super",
    source:
      "class A { constructor(x) { this.x = x } m() { return [this.x] } static s() { return 'A' } get g() { return 1 } } class B extends A { constructor() { log(new.target === B); super([...arguments].length); log(super.m()) } m() { return (() => super.m())() } static s() { return super.s() + super['s']() } get g() { return super.g + 1 } } const b = new B(1, 2); log(b.m()); log(B.s()); log(b.g)",
  },
  {
    name: "super in objects",
    source:
      "const o = { __proto__: { m() { return 'up' } }, m() { return super.m() + [1].map(() => super.m()) } }; log(o.m())",
  },
  {
    name: "optional chains",
    source:
      "const o = { f() { return this === o }, n: null, g: { h: (x) => [x] } }; log(o?.f()); log((o?.f)()); log(o.n?.f(log('no')).x.y()); log(o.g?.h?.(o?.f()).length); log(delete o?.g?.h); log(o.z?.()); log(o?.['f']()); log(o.n\n?.f(1)\n.x\n.y(2)\n.z)",
  },
  {
    name: "tagged templates",
    source:
      "const tag = (s, ...v) => { log(s.raw); return log(v) }; const o = { tag, t() { return (s) => log([this === o, s]) } }; tag`a${[1]}\\n${'b'}`; o.t()`x`; new Map().set; log((s => s)`q` === (s => s)`q`); const same = () => (s => s)`w`; log(same() === same())",
  },
  {
    name: "generators",
    source:
      "function* g(x) { try { const y = yield x; log(y); yield* [1, 2]; const z = yield* (function* () { yield 3; return 4 })(); log(z); yield } finally { log('closed') } } const i = g(0); log(i.next()); log(i.next('a')); log([...i]); const j = g(1); j.next(); log(j.return(9)); const k = g(2); k.next(); try { k.throw(new Error('t')) } catch (e) { log(e) }",
  },
  {
    name: "labels and switch",
    source:
      "a: for (let i = 0; i < 3; i++) { b: for (const x of [1, 2]) { switch (x + i) { case [1].length: log(1); continue a; case 3: log(3); break a; default: log('d'); break b } } } c: { log(1); break c }",
  },
  {
    name: "async order",
    source:
      "const t = async (n) => { log(n + 'a'); await null; log(n + 'b'); try { await Promise.reject(new Error(n)) } catch (e) { log(e) } finally { log(n + 'f') } return [n] }; t(1).then(log); t(2).then(log); Promise.resolve().then(() => log('p')).then(() => log('q')); (async () => t(3))().then(log); (async () => { return await t(4) })().then(log)",
  },
  {
    name: "async generators and for await",
    source:
      "async function* g() { try { yield 1; yield Promise.resolve(2); return Promise.resolve(3) } finally { log('end') } } (async () => { l: for await (const x of g()) { log(x); for await (const y of [g(), 5]) { if (y === 5) break l; continue l } } const i = g(); log(await i.next()); log(await i.return(7)); for await (const x of [1, 2]) log(x) })()",
  },
  {
    name: "new import(), which no engine runs",
    mayFail: true,
    source: "log(1); const f = () => new import('./x.js')",
  },
  {
    name: "new import().y, which V8 runs",
    isNew: true,
    source: "log(1); const f = () => { try { new import('./x.js').y } catch (e) { log(e) } }; log(f)",
  },
  {
    name: "new import().y in a with statement, which V8 runs",
    isNew: true,
    source: "const o = { a: 1 }; with (o) { (function () { new import('./x.js').y }); } log([o])",
  },
  {
    name: "return of a sequence",
    source:
      "async function* g() { return log(1), log(2), [3] } function f() { return log(4), [5] } class A { constructor() { return log(6), {} } } (async () => { log(await g().next()); log(f()); log(new A()) })()",
  },
  {
    name: "return of a sequence from a CommonJS module",
    sourceType: "commonjs",
    source: "const f = (x) => [x]; return log(1), f(2)",
  },
  {
    name: "constructors that return another object",
    source:
      "class A { constructor(x) { if (x) return { x }; return new Proxy(this, {}) } } class B extends A { y = [1]; constructor(x) { super(x); if (x > 1) return [x] } } function C(x) { const o = { x }; this.z = o; if (x) return (o); return o } function D() { return () => new.target } var E = function () { return { t: new.target === undefined, s: this === undefined } }; log(new A(1)); log(new A()); log(new B(1)); log(new B(2)); log(new B()); log(new C(1) instanceof C); log(C.call({}, 2)); log(D()()); log(new D()().name); log(E()); log(new E()); log(Reflect.construct(D, [], A)().name)",
  },
  {
    name: "async generator return that throws",
    source:
      "async function* g() { try { return Promise.reject(new Error('r')) } catch (e) { log(e); yield [1] } } (async () => { for await (const x of g()) log(x) })()",
  },
  {
    name: "classes",
    source:
      "var n = 0; class A { #p = [n++]; static #q = () => n; static { log(this.#q()); function h() { return [h] } log(h().length) } #m() { return this.#p } get #g() { return this.#m() } set #g(v) { this.#p = v } f = () => this.#g; ['c' + n] = 1; static async *[log('key')]() { yield 1 } r() { this.#g = [5]; return #p in this } m() { return this.f() } } const a = new A(); log(a.m()); log(a.r()); log(a.m()); log(Object.keys(a))",
  },
  {
    name: "a constructor that returns another object",
    source:
      "const o = {}; class A { constructor() { return o } } class B extends A { x = [1] } log(new B() === o); log(o)",
  },
  {
    name: "getters and setters",
    source:
      "const o = { get a() { return [this.b] }, set a(v) { this.b = v }, b: 1 }; o.a = 2; log(o.a); log(Object.getOwnPropertyDescriptor(o, 'a').get)",
  },
  {
    name: "destructuring",
    source:
      "function f({ a, ...r }, [b = [1], ...s], ...t) { log([a, r, b, s, t]) } f({ a: 1, b: 2, c: 3 }, [undefined, 4, 5], 6, 7); let x, y; ({ x, ...y } = { x: 1, z: 2 }); log(y); [x = () => {}] = []; log(x); for (const { k = [], ...m } of [{ n: 1 }]) log([k, m])",
  },
  {
    name: "this, arguments and new.target",
    source:
      "function F() { log([typeof this, arguments.length, typeof new.target]); return (() => arguments[0])() } log(F(1)); new F(2); log(F.call(null, 3)); log((function () { return arguments.callee.name })())",
  },
  {
    name: "mapped arguments",
    source: "function f(a) { arguments[0] = 2; log(a); a = 3; log(arguments[0]); return [a] } f(1)",
  },
  {
    name: "direct and indirect eval",
    source:
      "var v = 'global'; function f() { var v = 'local'; log(eval('v')); log((0, eval)('v')); log(eval?.('v')); log(eval(...['v'])) } f()",
  },
  {
    name: "use asm",
    source:
      "function M(s) { 'use asm'; function f(x) { x = x | 0; return (x + 1) | 0 } return { f: f } } log(M(this).f(1))",
  },
  {
    name: "exceptions through finally",
    source:
      "function f(x) { try { if (x) throw new Error('a'); return log('r') } finally { log('f'); if (x === 2) return 'override' } } log(f(0)); log(f(2)); try { f(1) } catch (e) { log(e) }",
  },
  {
    name: "a deep recursion caught",
    source: "function f(n) { return [f(n + 1)] } try { f(0) } catch (e) { log(e.name) } log((() => [1])())",
  },
  {
    name: "strings",
    source:
      "const o = { toString() { return 'o' } }; log('a' + o + `${o}-${1}`); let s = ''; s += 'x' + 1; s += `${s}`; log(s); log('a' + 'b'); log(1 + 2 + 'c')",
  },
  {
    name: "sloppy this and undeclared names",
    source:
      "function f() { leaked = [1]; return typeof this } log(f()); log(leaked); log(typeof nothing); log(delete globalThis.leaked)",
  },
  {
    name: "a global accessor under a var",
    source:
      "Object.defineProperty(globalThis, 'q', { get() { log('get'); return 1 }, set() { log('set') } }); var q = () => {}; log(0)",
  },
  {
    name: "comments at ends",
    source:
      "log([1]) // one\nconst f = () => [2] // two\nlog(f()) /* three */ /* four\n*/\nlog(/* five */ [3] /* six */)// seven",
  },
  {
    name: "CommonJS returns",
    sourceType: "commonjs",
    source: "exports.a = [1]; if (exports.a) { log(1); return }\nlog(2)",
  },
  {
    name: "CommonJS returns a value",
    sourceType: "commonjs",
    source: "module.exports = { f() {}, get g() { return 1 }, h: () => [1] }; log(1); return log([2])",
  },
  {
    name: "using",
    isNew: true,
    source:
      "const d = (n) => ({ [Symbol.dispose]() { log(n) } }); function f() { using a = d('a'), b = d('b'); { using c = d('c'); log([1]) } return log('r') } f(); for (using x of [d(1), d(2)]) log('l'); try { (() => { using e = d('e'); throw new Error('t') })() } catch (e) { log(e) }",
  },
  {
    name: "await using",
    isNew: true,
    sourceType: "module",
    source:
      "const d = (n) => ({ async [Symbol.asyncDispose]() { log(n); await null; log(n + n) } }); async function f() { await using a = d('a'); { await using b = d('b'); log([await 1]) } return log('r') } const p = f(); log('sync'); await p; await using c = d('c'); export const e = [1]",
  },
  {
    name: "module defaults",
    sourceType: "module",
    source:
      "export default () => {}\n;(function () { log(1) })()\nexport const a = class {}, b = async () => [1]; export function f() { return [1] } export class C {}",
  },
  {
    name: "an anonymous default function",
    sourceType: "module",
    source: "export default function () { return log([1]) }",
  },
  {
    name: "an anonymous default class",
    sourceType: "module",
    source: "export default (class { static n = log(this.name) })",
  },
  {
    name: "top-level await",
    sourceType: "module",
    source:
      "export const a = await Promise.resolve([1]); for await (const x of [log(2)]) log([x]); export default await (async () => { await null; return 3 })()",
  },
];
