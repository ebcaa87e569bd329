// Browser compatible.
import type { AllocationLetter, EntryLetter } from "../../vocabulary/tracker_letters.ts";
import * as Member from "../../vocabulary/tracker_members.ts";
import { Globals } from "./globals.ts";
import type { Names } from "./names_in_file.ts";

export { Globals } from "./globals.ts";
export { type Names, namesWith } from "./names_in_file.ts";

/** Whether a text is instrumented already, or would get in the way of the names that all files share. */
export function mentionsGlobals(text: string): boolean {
  return text.includes("$tm") && Object.values(Globals).some((name) => text.includes(name));
}

/** How the code at some place reaches its frame. */
export interface FrameAccess {
  /** The slot of the shadow stack that is this frame's: what allocations pass, and where calls store their site. */
  readonly slot: string;
  /** Whether calls may store their site: only where the function has a slot of its own. */
  readonly framed: boolean;
  /** The slot is taken by the first call: until then the variable is 0. */
  readonly isLazy: boolean;
  /** The code can run before the header of its module has: functions that modules hoist. */
  readonly guarded: boolean;
}

export class Emitter {
  readonly names: Names;

  constructor(names: Names) {
    this.names = names;
  }

  tracker(access: FrameAccess): string {
    const { tracker, initialise } = this.names;
    return access.guarded ? `(${tracker}||${initialise}())` : tracker;
  }

  // ── allocations: value in, value out ──

  allocationStart(method: AllocationLetter, site: number, access: FrameAccess): string {
    return `${this.tracker(access)}.${method}(${site},`;
  }

  allocationEnd(access: FrameAccess): string {
    return `,${access.slot})`;
  }

  /** A semicolon that the source did without. */
  separator(): string {
    return `;/*${this.names.base}*/`;
  }

  /** Keeps a word of the source and one of ours apart. */
  glue(): string {
    return `/*${this.names.depth}*/`;
  }

  /** Within the callee of `new`, and as a JSX child: brackets that belong to the insertion bear a mark. */
  openBracket(bracket: "(" | "{"): string {
    return `${bracket}/*${this.names.tracker}*/`;
  }

  closeBracket(bracket: ")" | "}"): string {
    return `/*${this.names.tracker}*/${bracket}`;
  }

  /**
   * An anonymous function that its place names: the property of `{"f":x=>x}` names it so too. The tracker takes it out
   * again, as bundlers shorten `{"f":x=>x}["f"]` to `x=>x` (Bun 1.4 does at load).
   */
  namedStart(name: string): string {
    const key = name === "__proto__" ? `["__proto__"]` : safeString(name);
    return `{${key}:/*${this.names.initialise}*/`;
  }

  namedEnd(name: string): string {
    return `/*${this.names.initialise}*/},${safeString(name)}`;
  }

  /** A statement that reports what a variable holds. */
  report(site: number, variable: string, access: FrameAccess): string {
    return `${this.tracker(access)}.${Member.report}(${site},${variable},${access.slot});`;
  }

  /** The same where a script's completion value must stay as it is. */
  reportSilently(site: number, variable: string, access: FrameAccess): string {
    return `var ${this.names.discard}=void ${this.tracker(access)}.${Member.report}(${site},${variable},${access.slot});`;
  }

  // ── calls ──

  storeSite(site: number, access: FrameAccess): string {
    const { recording } = Globals;
    const { base, stack } = this.names;
    const { slot, isLazy } = access;
    // The zeros tell V8 that nobody wants the assignments' values, which it would keep in registers of the frame: with them, and
    // without `++`, recursion goes one seventh deeper.
    if (isLazy) {
      const take = `${slot}=${stack}[0],${stack}[0]=${slot}+1,0`;
      return `${recording}&&(${slot}||(${take}),${stack}[${slot}]=${base}+${site},0)`;
    }
    return `${stack}[${slot}]=${base}+${site}`;
  }

  callStart(site: number, access: FrameAccess): string {
    return `(${this.storeSite(site, access)},`;
  }

  /** The same as a statement, after any other. */
  storeStatement(site: number, access: FrameAccess): string {
    return `;${this.storeSite(site, access)};`;
  }

  callEnd(): string {
    return `/*${this.names.mark}*/)`;
  }

  /** Around the last argument: the site is stored after the arguments are there. */
  keepStart(): string {
    return `${this.names.tracker}.${Member.first}(`;
  }

  keepEnd(site: number, access: FrameAccess): string {
    return `,${this.storeSite(site, access)})`;
  }

  /** A call that may run the program's own code in a built-in function is announced, and what it gave handed over. */
  announceStart(access: FrameAccess): string {
    return `${this.tracker(access)}.${Member.announce}(`;
  }

  /** In front of a call without arguments. */
  announceAhead(access: FrameAccess): string {
    return `(${this.tracker(access)}.${Member.announce}(0,${this.names.tracker}),`;
  }

  settleStart(access: FrameAccess): string {
    return `${this.tracker(access)}.${Member.settle}(`;
  }

  /** The end of both has a name of ours in it, to be found again. */
  announceEnd(receiver = ""): string {
    return `,${this.names.tracker}${receiver && `,${receiver}`})`;
  }

  // ── frames ──

  /**
   * A function's frame takes its slot at the first call, so that what returns before pays nothing. The slot is given back
   * in a `finally`: after exceptions, too, the depth is right.
   */
  enter(guarded: boolean): string {
    const { tracker, depth, initialise } = this.names;
    const guard = guarded ? `${tracker}||${initialise}();` : "";
    return `${guard}let ${depth}=0;try{`;
  }

  /** `return x` at the top of a CommonJS module ends its frame. */
  leaveModuleStart(): string {
    return `${this.names.tracker}.${Member.first}(`;
  }

  leaveModuleEnd(): string {
    return `,${this.names.stack}[0]=${this.names.depth})`;
  }

  leaveModuleWithout(): string {
    return `${this.glue()}void(${this.names.stack}[0]=${this.names.depth})`;
  }

  /** A constructor's `return` of what may not be its own object. The end has a name of ours in it, to be found again. */
  replaceInstanceStart(access: FrameAccess): string {
    return `${this.tracker(access)}.${Member.replaceInstance}(new.target,`;
  }

  replaceInstanceEnd(instance: "this" | "void 0"): string {
    return `,${instance},${this.names.tracker})`;
  }

  /** A turn of `for await`. */
  turnStart(site: number): string {
    const { tracker, activation } = this.names;
    return `${this.openBracket("{")}${tracker}.${Member.resume}(0,${activation},${site});try{`;
  }

  turnEnd(site: number): string {
    const { tracker, activation } = this.names;
    return `}finally{${tracker}.${Member.suspend}(0,${activation},${site})}${this.closeBracket("}")}`;
  }

  leave(): string {
    return `}finally{if(${this.names.depth})${this.names.stack}[0]=${this.names.depth}}`;
  }

  enterActivation(method: EntryLetter, site: number, guarded: boolean): string {
    const tracker = guarded ? `(${this.names.tracker}||${this.names.initialise}())` : this.names.tracker;
    return `const ${this.names.activation}=${tracker}.${method}(${site});try{`;
  }

  leaveActivation(): string {
    return `}finally{${this.names.tracker}.${Member.leave}(${this.names.activation})}`;
  }

  /** At the start of a handler: an exception can have come from any depth. */
  resetDepth(isActivation: boolean, access: FrameAccess): string {
    const { tracker, depth, activation } = this.names;
    if (isActivation) return `${tracker}.${Member.handle}(${activation});`;
    const reset = `${this.names.stack}[0]=${depth}+1;`;
    return access.isLazy ? `if(${depth})${reset}` : reset;
  }

  /** The same where a script's completion value must stay as it is. */
  resetDepthSilently(): string {
    const { depth, discard } = this.names;
    return `var ${discard}=void(${this.names.stack}[0]=${depth}+1);`;
  }

  suspendStart(): string {
    return `${this.names.tracker}.${Member.suspend}(`;
  }

  /** `yield` without an argument gets one. */
  suspendWithout(site: number): string {
    return `${this.glue()}${this.suspendStart()}void 0${this.suspendEnd(site)}`;
  }

  /** @param site Where it waits. Absent: at the end of a return, from which it does not come back. */
  suspendEnd(site?: number): string {
    return `,${this.names.activation}${site === undefined ? "" : `,${site}`})`;
  }

  /** `yield*` and `for await`: what stands there goes on in the frame's place. */
  delegateStart(): string {
    return `${this.names.tracker}.${Member.delegate}(`;
  }

  delegateEnd(site: number): string {
    return `,${this.names.activation},${site})`;
  }

  resumeStart(): string {
    return `${this.names.tracker}.${Member.resume}(`;
  }

  resumeEnd(site: number): string {
    return `,${this.names.activation},${site})`;
  }

  /** An expression body made a block that returns it. */
  arrowStart(): string {
    return `{/*${this.names.mark}*/`;
  }

  arrowReturn(): string {
    return `return/*${this.names.mark}*/ `;
  }

  arrowEnd(): string {
    return `/*${this.names.mark}*/}`;
  }

  /** After everything else: the names of a CommonJS module (`commonJsExports`). */
  exportsNote(note: string): string {
    return `;var ${this.names.discard}=${note}`;
  }
}

/** A string literal that is also safe inside `</script>` and across line terminators that JSON allows. */
export function safeString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u2028\u2029\u007f-\u009f]|<(?=[/!])/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
