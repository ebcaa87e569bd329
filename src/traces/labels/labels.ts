// Browser compatible.
import { hostModule } from "../../host/built_in_modules.ts";
import { exec } from "../../tables/primordials.ts";
import { append, SafeMap } from "../../tables/safe_collections.ts";
import { warn } from "../../vocabulary/warn.ts";

/** What a part of the program's work is for: `{ route: "/orders", tenant: "a" }`. */
export type Labels = Readonly<Record<string, string>>;

/** So many different sets are told apart: each costs a share of every line's rows. */
export const MOST_SETS = 256;
const MOST_LABELS = 8;
const LONGEST_NAME = 64;
const LONGEST_VALUE = 200;
/** What values of further sets are called. */
export const OTHERS = "<others>";

/** What snapshots call other things. */
const RESERVED = /^(?:bytes|domain|type|pid|worker|totalNframe|peakCount|exact\w+)$/;

/** What a label may be called. */
const NAME = /^[A-Za-z_][\w.-]*$/;

// As they were when this was loaded: see `primordials.ts`.
const { apply } = Reflect;
const { keys } = Object;
const { stringify } = JSON;
const { slice } = String.prototype;
const OwnError = Error;
const OwnRangeError = RangeError;
const OwnTypeError = TypeError;

/** What is used of `node:async_hooks`. */
interface Storage {
  run<T>(set: number, run: () => T): T;
  getStore(): number | undefined;
}

/** The sets of labels of this process. Nothing of it costs anything before the first is used. */
class LabelSets {
  /** By number; set 0 has none. */
  readonly sets: Labels[] = [{}];
  readonly #numbers = new SafeMap<string, number>();
  #storage: Storage | null = null;
  #isFull = false;

  /** Whether any were used. */
  get areUsed(): boolean {
    return this.#storage !== null;
  }

  /** The number of the set that holds now. */
  current(): number {
    return this.#storage?.getStore() ?? 0;
  }

  /** Calls `run` with these labels besides those that hold. */
  within<T>(labels: Labels, run: () => T): T {
    this.#storage ??= newStorage();
    const set = this.#numberOf({ ...this.sets[this.current()], ...checked(labels) });
    return this.#storage.run(set, run);
  }

  #numberOf(labels: Labels): number {
    const names = keys(labels);
    if (names.length > MOST_LABELS)
      throw new OwnRangeError(`withLabels: at most ${MOST_LABELS} labels hold at once, got ${names.length}`);
    sort(names);
    const known = this.#known(names, labels);
    if (known !== null) return known;
    if (this.sets.length < MOST_SETS) return this.#add(names, labels);
    if (!this.#isFull)
      warn(
        `more than ${MOST_SETS - 1} different sets of labels: the values of further ones count as ${OTHERS} (take values of which there are few, "/orders/:id" and not "/orders/17")`,
      );
    this.#isFull = true;
    // A key that is computed is defined, and never set: `__proto__`, too.
    let others: Labels = {};
    for (let i = 0; i < names.length; i++) others = { ...others, [names[i]]: OTHERS };
    // As many again of these, one for each choice of names; then none.
    return this.#known(names, others) ?? (this.sets.length < 2 * MOST_SETS ? this.#add(names, others) : 0);
  }

  #known(names: readonly string[], labels: Labels): number | null {
    return this.#numbers.get(textOf(names, labels)) ?? null;
  }

  #add(names: readonly string[], labels: Labels): number {
    let inOrder: Labels = {};
    for (let i = 0; i < names.length; i++) inOrder = { ...inOrder, [names[i]]: labels[names[i]] };
    const number = append(this.sets, inOrder) - 1;
    this.#numbers.set(textOf(names, labels), number);
    return number;
  }
}

export const labelSets: LabelSets = new LabelSets();

function newStorage(): Storage {
  const hooks = hostModule("node:async_hooks");
  if (hooks === undefined) throw new OwnError("withLabels needs AsyncLocalStorage: Node, Deno or Bun");
  return new hooks.AsyncLocalStorage();
}

/** Few: each is put before those that come after it. */
function sort(names: string[]): void {
  for (let i = 1; i < names.length; i++) {
    for (let at = i; at > 0 && names[at] < names[at - 1]; at--) {
      const name = names[at];
      names[at] = names[at - 1];
      names[at - 1] = name;
    }
  }
}

/** One for each set: no name has a `=`, and how long a value is stands before it. */
function textOf(names: readonly string[], labels: Labels): string {
  let text = "";
  for (let i = 0; i < names.length; i++) {
    const value = labels[names[i]];
    text += `${names[i]}=${value.length}:${value}`;
  }
  return text;
}

function checked(labels: unknown): Labels {
  if (typeof labels !== "object" || labels === null)
    throw new OwnTypeError("withLabels: labels must be an object of names and texts");
  // Read once: what is looked at here is what counts.
  const copy: Readonly<Record<string, unknown>> = { ...labels };
  const names = keys(copy);
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const value = copy[name];
    if (exec(NAME, name) === null || name.length > LONGEST_NAME || exec(RESERVED, name) !== null)
      throw new OwnRangeError(
        `withLabels: a label's name has letters, digits, ".", "_" and "-", ${LONGEST_NAME} at most, and is none that snapshots use themselves, got ${stringify(apply(slice, name, [0, 80]))}`,
      );
    if (typeof value !== "string")
      throw new OwnTypeError(`withLabels: the label ${name} must be a text, got ${typeof value}`);
    if (value.length > LONGEST_VALUE)
      throw new OwnRangeError(
        `withLabels: the label ${name} must have at most ${LONGEST_VALUE} characters, got ${value.length}`,
      );
  }
  return copy as Labels;
}
