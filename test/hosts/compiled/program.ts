/** A TypeScript program: a line with `mark Type N` makes N objects of that type. */
export const PROGRAM: Readonly<Record<string, string>> = {
  "main.ts": `import type { Item } from "./store.js";
import { Store } from "./store.js";
import { combine, later, tree } from "./parts.js";

interface Options {
  readonly name: string;
  readonly size?: number;
}

enum Colour {
  Red,
  Green = "green",
}

const kept: unknown[] = [];
function times<T>(count: number, make: (i: number) => T): void {
  for (let i: number = 0; i < count; i++) kept.push(make(i));
}

export function fill(options: Options): void {
  times(301, (i): Item => ({ id: i, colour: Colour.Red })); // mark Object 301
  times(302, (i) => [i, options.name]); // mark Array 302
  times(303, () => new Map<string, Item>()); // mark Map 303
  times(304, (i) => () => i + (options.size ?? 0)); // mark closure 304
  const store = new Store<Item>();
  for (let i = 0; i < 305; i++) {
    store.add(
      // The call is above, the object is here.
      { id: i, colour: "red" }, // mark Object 305
    );
  }
  kept.push(store, combine(kept as object[]), tree(9));
}

class Failure extends Error {
  constructor(private readonly code: number) {
    super("failed");
  }
  describe(): string {
    return \`\${this.code}\`;
  }
}
export function fail(): never {
  type Local = { message: string };
  const local = { message: "here" } satisfies Local;
  if (kept.length < 0) console.log(local.message);
  throw new Failure(1); // throws here
}

fill({ name: "all" });
await later(kept);
try {
  fail();
} catch (error) {
  console.log("stack:" + JSON.stringify((error as Error).stack));
}
((globalThis as { kept?: unknown[] }).kept ??= []).push(kept);
`,
  "store.ts": `export interface Item {
  id: number;
  colour: string | number;
}

abstract class Base<T> {
  protected items: T[] = [];
  abstract add(item: T): void;
}

export class Store<T extends object> extends Base<T> {
  #seen = new Set<T>();

  override add(item: T): void {
    this.items.push(item);
    this.#seen.add(item);
    const entry = { item, at: this.items.length }; // mark Object 305
    this.entries.push(entry);
    if (this.items.length % 5 === 0) this.more(entry);
  }

  private more(entry: { item: T }): void {
    for (let i = 0; i < 6; i++) this.rows.push([entry]); // mark Array 366
  }
  private rows: object[][] = [];
  private entries: object[] = [];
}
`,
  "parts.ts": `export type Node = { left?: Node; right?: Node; depth: number };

declare global {
  interface Window {
    nothing: string;
  }
}

/* Comments
   that
   compilers
   may leave out. */
export function combine(parts: object[]): object[] {
  const all: object[] = [];
  for (let i = 0; i < 307; i++) all.push({ ...parts[0], i }); // mark Object 307
  return all;
}

export function tree(depth: number): Node {
  if (depth === 0) return { depth }; // mark Object 512
  const left = tree(depth - 1),
    right = tree(depth - 1);
  return { // mark Object 511
    left,
    right,
    depth,
  };
}

export async function later(kept: unknown[]): Promise<void> {
  await null;
  const { length } = kept;
  for (let i = 0; i < 310; i++) kept.push({ i, length }); // mark Object 310
  const make = async <T,>(value: T): Promise<T[]> => [value]; // mark Array 311
  for (let i = 0; i < 311; i++) kept.push(await make(i));
  kept.push(...Array.from(numbers(312)));
  const holder = new Holder();
  for (let i = 0; i < 313; i++) kept.push(holder.next);
  for (let i = 0; i < 315; i++) kept.push(withDefault());
  for (let i = 0; i < 316; i++) kept.push(i % 2 === 0 ? { even: i } : { odd: i }); // mark Object 316
  for (let i = 0; i < 317; i++) kept.push(/expression/g); // mark RegExp 317
  for (let i = 0; i < 318; i++) kept.push(new Date(i)); // mark Date 318
  for (let i = 0; i < 319; i++) kept.push(switched(i));
  for (let i = 0; i < 320; i++) kept.push(makers.make(i));
  for (let i = 0; i < 322; i++) kept.push(chained(i));
}

function* numbers(count: number): Generator<object> {
  for (let i = 0; i < count; i++) yield { i }; // mark Object 312
}

class Holder {
  get next(): object {
    return { holder: this }; // mark Object 313
  }
}

const withDefault = (value: object = { made: "by default" }): object => value; // mark Object 315

function switched(i: number): object {
  switch (i % 2) {
    case 0:
      return { even: true }; // mark Object 160
    default:
      return { even: false }; // mark Object 159
  }
}

const makers = {
  make: (i: number): object => ({ i, in: "a property" }), // mark Object 320
};

const chained = (i: number): { inner: object } | undefined => {
  const inner = { i }; // mark Object 322
  return { inner }; // mark Object 322
};
`,
};

/** The marked lines as `file:line Type`, with how many objects of the type each makes. */
export function marks(): Map<string, number> {
  const found = new Map<string, number>();
  for (const [file, text] of Object.entries(PROGRAM)) {
    for (const [i, line] of text.split("\n").entries()) {
      const mark = /\/\/ mark (\w+) (\d+)$/.exec(line);
      if (mark !== null) found.set(`${file}:${i + 1} ${mark[1]}`, Number(mark[2]));
    }
  }
  return found;
}

/** Where main.ts throws: what the engines name is the `new`. */
export function throwingPlace(): { line: number; column: number } {
  const lines = PROGRAM["main.ts"]!.split("\n");
  const index = lines.findIndex((line) => line.endsWith("// throws here"));
  return { line: index + 1, column: lines[index]!.indexOf("new ") + 1 };
}
