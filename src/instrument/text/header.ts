import type { MemberName } from "../../vocabulary/tracker_letters.ts";
import * as Member from "../../vocabulary/tracker_members.ts";
import { Globals, type Names, safeString } from "./emit.ts";
import { ACTIVATION_SLOT } from "./globals.ts";

// The slot of suspendable frames where there is no tracker: past the end of any stack, where stores are ignored. Another
// file's tracker, of another version or loaded later, must not find its depth overwritten.
const NO_SLOT = 1e9;

export interface HeaderOptions {
  readonly names: Names;
  /** The slot of the module's own frame: `"none"`, a number, or an activation where the module awaits. */
  readonly frame: "none" | "sync" | "activation";
  /** The names `globalThis` and `Symbol` are the file's own: see `findTracker`. */
  readonly shadowed: ReadonlySet<string>;
  /** Whether the file has variables of its own for what others read from the global object. */
  readonly ownGlobals: boolean;
}

/** An expression for the global object that uses no name of the file's own: those can be in their dead zone still. */
function globalObject(shadowed: ReadonlySet<string>): string {
  if (!shadowed.has("globalThis")) return "globalThis";
  const names = ["self", "global"].filter((name) => !shadowed.has(name));
  const each = names.map((name) => `typeof ${name}==="object"&&${name}||`).join("");
  return `(${each}[].constructor.constructor("return this")())`; // the last is for bare realms (`vm`)
}

/**
 * What stands before the first statement: as little as can be, as it is in the line that hosts quote when an error ends the
 * program, and moves its columns. It looks the tracker up at once, before the program can change `Symbol`. `var`, not
 * `const`: in a cycle of modules a hoisted export can run before this does, and a script can run twice in one realm.
 */
export function header({ names, frame, ownGlobals }: HeaderOptions): string {
  const { tracker, base, depth, activation, initialise, stack, noSlot } = names;
  const ready = `${tracker}||${initialise}()`;
  // Declarations only: an expression statement would be the completion value of a script of declarations.
  const variables = [tracker, base];
  if (ownGlobals) variables.push(stack, Globals.recording, noSlot);
  else if (stack !== Globals.stack) variables.push(stack, noSlot);
  if (frame === "sync") variables.push(`${depth}=(${ready},${stack}[${stack}[0]]=${base},${stack}[0]++)`);
  else if (frame === "activation")
    variables.push(`${activation}=(${ready},${tracker}.${Member.enterAsync}(0))`);
  else variables.push(`${names.discard}=void(${ready})`);
  return `var ${variables.join(",")};`;
}

interface FooterOptions extends HeaderOptions {
  /** `SiteTable.encode()` */
  readonly payload: string;
}

/** What stands after the last statement, with the hoisted function that the header calls. */
export function footer(options: FooterOptions): string {
  const { names, frame } = options;
  const { tracker, depth, activation, discard, stack } = names;
  let leave = ";";
  if (frame === "sync") leave = `;var ${discard}=void(${stack}[0]=${depth});`;
  else if (frame === "activation") leave = `;${tracker}.${Member.leave}(${activation});`;
  return leave + initialiser(options);
}

// What the header's own variables give: the first argument, the second, what `enterAsync` and its like do.
const FIRST = "g";
const SECOND = "k";
const ACTIVATION = "f";

/** The tracker where there is none: every value comes back as it is. */
const STAND_INS = {
  base: "NaN",
  object: SECOND,
  named: "function(s,v,n){return v[n]}",
  maybeObject: SECOND,
  text: SECOND,
  report: SECOND,
  replaceInstance: SECOND,
  first: FIRST,
  announce: FIRST,
  settle: FIRST,
  suspend: FIRST,
  delegate: FIRST,
  resume: FIRST,
  enterAsync: ACTIVATION,
  enterGenerator: ACTIVATION,
  enterAsyncGenerator: ACTIVATION,
  handle: SECOND,
  leave: SECOND,
} satisfies Record<Exclude<MemberName, "stack">, string>;

/** Finds the tracker; where there is none, stand-ins give every value back as it is. */
function initialiser({ names, payload, shadowed, ownGlobals }: FooterOptions): string {
  const { tracker, base, initialise } = names;
  const letters: Record<MemberName, string> = { ...Member };
  const untracked = Object.entries(STAND_INS).map(([name, text]) => `${letters[name as MemberName]}:${text}`);
  return (
    `function ${initialise}(){var ${SECOND}=function(v,w){return w},${FIRST}=function(v){return v},` +
    `${ACTIVATION}=function(){return{${ACTIVATION_SLOT}:${NO_SLOT}}},t;` +
    `try{t=${findTracker(shadowed)};t=t&&t.register(${safeString(payload)})}catch(e){t=0}` +
    `${defineGlobals(names, shadowed, ownGlobals)}if(!t)t={${untracked.join(",")}};` +
    `${tracker}=t;${base}=t.${Member.base};return t}`
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
  return `${globalObject(shadowed)}[${symbol}.for("tracemalloc")]`;
}

/**
 * Where there is no tracker, or it belongs to another realm, the first file defines what all instrumented code reads. The
 * stack is a typed array, which ignores writes past its end and knows no setters. The file may have an
 * `Int32Array` or `Object` that is not there yet. A tracker that comes later takes the depth over: modules that are
 * running then have slots. Their base is no number, which stores site 0: nowhere.
 */
function defineGlobals(names: Names, shadowed: ReadonlySet<string>, ownGlobals: boolean): string {
  const global = globalObject(shadowed);
  const array = shadowed.has("Int32Array") ? `${global}.Int32Array` : "Int32Array";
  const object = shadowed.has("Object") ? "({}).constructor" : "Object";
  const { stack, recording, noSlot } = Globals;
  const newStack = `new ${array}(1).fill(1)`;
  if (ownGlobals) return `${names.stack}=t?t.${Member.stack}:${newStack};${recording}=!!t;${names.noSlot}=0;`;
  const define = (name: string, value: string): string =>
    `${object}.defineProperty(${global},"${name}",{value:${value},writable:true,configurable:true});`;
  const own = names.stack === stack ? "" : `${names.stack}=${stack};${names.noSlot}=0;`;
  return (
    `if(typeof ${stack}==="undefined"){` +
    `${define(stack, `t?t.${Member.stack}:${newStack}`)}${define(recording, "!!t")}${define(noSlot, "0")}}${own}`
  );
}
