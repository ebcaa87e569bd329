import type { Names } from "./emit.ts";
import { safeString } from "./emit.ts";

export interface HeaderOptions {
  readonly names: Names;
  /** `SiteTable.encode()` */
  readonly payload: string;
  /** The slot of the module's own frame: `"none"`, a number, or an activation where the module awaits. */
  readonly frame: "none" | "sync" | "activation";
  /** The names `globalThis` and `Symbol` are the file's own: see `findTracker`. */
  readonly shadowed: ReadonlySet<string>;
}

const globalObject = `(typeof self==="object"&&self||typeof global==="object"&&global)`;

/**
 * What stands before the first statement. `var` and a hoisted function, not `const`: in a cycle of modules a hoisted
 * export can run before this does, and a script can run twice in one realm. It looks the tracker up at once, before
 * the program can change `Symbol`; where there is none, stand-ins give every value back as it is.
 */
export function header({ names, payload, frame, shadowed }: HeaderOptions): string {
  const { tracker, stack, base, depth, activation, initialise } = names;
  const ready = `${tracker}||${initialise}()`;
  // Declarations only: an expression statement would be the completion value of a script of declarations.
  const variables = [tracker, stack, base];
  if (frame === "sync") variables.push(`${depth}=(${ready},${stack}[${stack}[0]]=${base},${stack}[0]++)`);
  else if (frame === "activation") variables.push(`${activation}=(${ready},${tracker}.a(0))`);
  else variables.push(`${names.discard}=void(${ready})`);
  const untracked =
    `{b:0,s:s,o:k,n:k,l:k,p:k,q:k,u:k,w:k,y:k,` +
    `a:function(){return{d:0}},g:function(){return{d:0}},h:function(){return{d:0}},z:k,k:k,c:function(s,v,n){return v[n]}}`;
  return (
    `var ${variables.join(",")};function ${initialise}(){var k=function(v,w){return w},t;` +
    `try{t=${findTracker(shadowed)};t=t&&t.register(${safeString(payload)})}catch(e){t=0}` +
    `if(!t){var s={};try{s=${emptyStack(shadowed)}}catch(e){}t=${untracked};t.p=t.u=t.w=t.y=function(v){return v}}` +
    `${tracker}=t;${stack}=t.s;${base}=t.b;return t}`
  );
}

/**
 * A file can have a variable of its own called `Symbol` (lodash's modules have) or `globalThis`, which is not there
 * yet when the header runs. Every array's constructor has a symbol among its keys, whose constructor is `Symbol`.
 */
function findTracker(shadowed: ReadonlySet<string>): string {
  const symbol = shadowed.has("Symbol")
    ? `Reflect.ownKeys([].constructor).find(function(s){return typeof s==="symbol"}).constructor`
    : "Symbol";
  const global = shadowed.has("globalThis") ? globalObject : "globalThis";
  return `${global}[${symbol}.for("tracemalloc")]`;
}

/**
 * A typed array, which ignores writes past its end and knows no setters (HAZARDS 17). The file may have an `Int32Array`
 * that is not there yet, either.
 */
function emptyStack(shadowed: ReadonlySet<string>): string {
  if (!shadowed.has("Int32Array")) return "new Int32Array(1)";
  return `new ${shadowed.has("globalThis") ? globalObject : "globalThis"}.Int32Array(1)`;
}

/** What stands after the last statement. */
export function footer({ names, frame }: Pick<HeaderOptions, "names" | "frame">): string {
  const { tracker, stack, depth, activation, discard } = names;
  if (frame === "sync") return `;var ${discard}=void(${stack}[0]=${depth});`;
  if (frame === "activation") return `;${tracker}.z(${activation});`;
  return "";
}
