// Every text that the transform inserts, made by what inserts it (`emit.ts`, `header.ts`), with marks in the place of what differs
// from one insertion to the next.
import { commonJsExports } from "../src/instrument/syntax/commonjs_exports.ts";
import { type Emitter, type FrameAccess, namesWith } from "../src/instrument/text/emit.ts";
import { ACTIVATION_SLOT } from "../src/instrument/text/globals.ts";
import { footer, type HeaderOptions, header } from "../src/instrument/text/header.ts";
import type { AllocationLetter, EntryLetter } from "../src/vocabulary/tracker_letters.ts";
import * as Member from "../src/vocabulary/tracker_members.ts";

/** Of names: what tells one file's from another's. */
export const SUFFIX = "\ue000";
/** What a string literal holds. */
export const STRING = "\ue001";
/** The name of a variable. */
export const VARIABLE = "\ue002";
/** The receiver of a call, as text. */
export const RECEIVER = "\ue003";
/** Anything within a line. */
export const ANYTHING = "\ue004";
/** The number of a site: an emitter takes a number. */
export const SITE = 7_000_007;

/** The emitter's methods that make a text, and not part of one. */
export type TextName = Exclude<keyof Emitter, "names" | "tracker" | "storeSite">;

const ALLOCATIONS = Object.keys({
  [Member.object]: 0,
  [Member.named]: 0,
  [Member.maybeObject]: 0,
  [Member.text]: 0,
} satisfies Record<AllocationLetter, 0>) as AllocationLetter[];

const ENTRIES = Object.keys({
  [Member.enterAsync]: 0,
  [Member.enterGenerator]: 0,
  [Member.enterAsyncGenerator]: 0,
} satisfies Record<EntryLetter, 0>) as EntryLetter[];

/** The emitter's texts, in each form that they have: by method, so that the compiler misses one that is not here. */
export function emittedTexts(emit: Emitter): Record<TextName, readonly string[]> {
  const { depth, activation, noSlot } = emit.names;
  const suspended = `${activation}.${ACTIVATION_SLOT}`;
  const access = (slot: string, isLazy: boolean, guarded: boolean): FrameAccess => ({
    ...{ slot, isLazy, guarded, framed: true },
  });
  const all = [depth, suspended, noSlot].flatMap((slot) => [
    access(slot, slot === depth, false),
    access(slot, slot === depth, true),
  ]);
  const calling = [access(depth, true, false), access(depth, false, false), access(suspended, false, false)];
  return {
    allocationStart: ALLOCATIONS.flatMap((method) => all.map((at) => emit.allocationStart(method, SITE, at))),
    allocationEnd: all.map((at) => emit.allocationEnd(at)),
    separator: [emit.separator()],
    glue: [emit.glue()],
    openBracket: [emit.openBracket("("), emit.openBracket("{")],
    closeBracket: [emit.closeBracket(")"), emit.closeBracket("}")],
    namedStart: [emit.namedStart(STRING), emit.namedStart("__proto__")],
    namedEnd: [emit.namedEnd(STRING)],
    report: all.map((at) => emit.report(SITE, VARIABLE, at)),
    reportSilently: all.map((at) => emit.reportSilently(SITE, VARIABLE, at)),
    callStart: calling.map((at) => emit.callStart(SITE, at)),
    storeStatement: calling.map((at) => emit.storeStatement(SITE, at)),
    callEnd: [emit.callEnd()],
    keepStart: [emit.keepStart()],
    keepEnd: calling.map((at) => emit.keepEnd(SITE, at)),
    announceStart: all.map((at) => emit.announceStart(at)),
    announceAhead: all.map((at) => emit.announceAhead(at)),
    settleStart: all.map((at) => emit.settleStart(at)),
    announceEnd: [emit.announceEnd(), emit.announceEnd(RECEIVER)],
    enter: [emit.enter(false), emit.enter(true)],
    leaveModuleStart: [emit.leaveModuleStart()],
    leaveModuleEnd: [emit.leaveModuleEnd()],
    leaveModuleWithout: [emit.leaveModuleWithout()],
    replaceInstanceStart: all.map((at) => emit.replaceInstanceStart(at)),
    replaceInstanceEnd: [emit.replaceInstanceEnd("this"), emit.replaceInstanceEnd("void 0")],
    turnStart: [emit.turnStart(SITE)],
    turnEnd: [emit.turnEnd(SITE)],
    leave: [emit.leave()],
    enterActivation: ENTRIES.flatMap((method) => [
      emit.enterActivation(method, SITE, false),
      emit.enterActivation(method, SITE, true),
    ]),
    leaveActivation: [emit.leaveActivation()],
    resetDepth: [true, false].flatMap((isActivation) =>
      calling.map((at) => emit.resetDepth(isActivation, at)),
    ),
    resetDepthSilently: [emit.resetDepthSilently()],
    suspendStart: [emit.suspendStart()],
    suspendWithout: [emit.suspendWithout(SITE)],
    suspendEnd: [emit.suspendEnd(SITE), emit.suspendEnd()],
    delegateStart: [emit.delegateStart()],
    delegateEnd: [emit.delegateEnd(SITE)],
    resumeStart: [emit.resumeStart()],
    resumeEnd: [emit.resumeEnd(SITE)],
    arrowStart: [emit.arrowStart()],
    arrowReturn: [emit.arrowReturn()],
    arrowEnd: [emit.arrowEnd()],
    exportsNote: [common(NAMED.map((code) => emit.exportsNote(commonJsExports(code))))],
  };
}

/** Modules that have no name in common. */
const NAMED = [`exports.a = 1`, `module.exports = { ...require("b") }`];

/** An anonymous function that its place names, where the marks between are gone: its start, and its end. */
export function namedTexts(emit: Emitter): { starts: readonly string[]; ends: readonly string[] } {
  const { allocationStart, allocationEnd, namedStart, namedEnd } = emittedTexts(emit);
  const starts = allocationStart.filter((text) => text.includes(`.${Member.named}(`));
  return {
    starts: starts.map((start) => start + namedStart[0]!),
    ends: allocationEnd.map((end) => namedEnd[0]! + end),
  };
}

/** What stands at the beginning and the end of a file. */
export function fileTexts(): readonly string[] {
  const frames = ["none", "sync", "activation"] as const;
  const options = (frame: HeaderOptions["frame"]): (HeaderOptions & { payload: string })[] =>
    [true, false].flatMap((ownGlobals) =>
      [true, false].flatMap((isEvaluating) => [
        { names: namesWith(SUFFIX, isEvaluating), frame, ownGlobals, shadowed: new Set(), payload: "[0]" },
        { names: namesWith(SUFFIX, isEvaluating), frame, ownGlobals, shadowed: SHADOWED, payload: "" },
      ]),
    );
  return [
    common(frames.flatMap((frame) => options(frame).map(header))),
    ...frames.map((frame) => betweenNames(options(frame).map(footer))),
  ];
}

const SHADOWED = new Set(["globalThis", "Symbol", "Object", "Int32Array", "self", "global"]);

/** What texts have in common at their beginning and at their end, with anything between. */
function common(texts: readonly string[]): string {
  const [first = ""] = texts;
  let from = 0;
  while (from < first.length && texts.every((text) => text[from] === first[from])) from++;
  let to = 0;
  while (to < first.length - from && texts.every((text) => text.at(-1 - to) === first.at(-1 - to))) to++;
  return first.slice(0, from) + ANYTHING + first.slice(first.length - to);
}

/** The same from one name of the file's to another: what tells it from all other texts. */
function betweenNames(texts: readonly string[]): string {
  const [start = "", end = ""] = common(texts).split(ANYTHING);
  const name = new RegExp(String.raw`\$\w\$${SUFFIX}`);
  return start.slice(0, start.lastIndexOf(SUFFIX) + 1) + ANYTHING + end.slice(end.search(name));
}
