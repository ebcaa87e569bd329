// Browser compatible.
import { hostModule } from "../../host/built_in_modules.ts";
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

const { entries, fromEntries } = Object;

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
    const sorted = entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
    if (sorted.length > MOST_LABELS)
      throw new RangeError(`withLabels: at most ${MOST_LABELS} labels hold at once, got ${sorted.length}`);
    const known = this.#known(sorted);
    if (known !== null) return known;
    if (this.sets.length < MOST_SETS) return this.#add(sorted);
    if (!this.#isFull)
      warn(
        `more than ${MOST_SETS - 1} different sets of labels: the values of further ones count as ${OTHERS} (take values of which there are few, "/orders/:id" and not "/orders/17")`,
      );
    this.#isFull = true;
    const others = sorted.map(([name]): [string, string] => [name, OTHERS]);
    // As many again of these, one for each choice of names; then none.
    return this.#known(others) ?? (this.sets.length < 2 * MOST_SETS ? this.#add(others) : 0);
  }

  #known(sorted: readonly (readonly [string, string])[]): number | null {
    return this.#numbers.get(JSON.stringify(sorted)) ?? null;
  }

  #add(sorted: readonly (readonly [string, string])[]): number {
    const number = append(this.sets, fromEntries(sorted)) - 1;
    this.#numbers.set(JSON.stringify(sorted), number);
    return number;
  }
}

export const labelSets: LabelSets = new LabelSets();

function newStorage(): Storage {
  const hooks = hostModule("node:async_hooks");
  if (hooks === undefined) throw new Error("withLabels needs AsyncLocalStorage: Node, Deno or Bun");
  return new hooks.AsyncLocalStorage();
}

function checked(labels: unknown): Labels {
  if (typeof labels !== "object" || labels === null)
    throw new TypeError("withLabels: labels must be an object of names and texts");
  for (const [name, value] of entries(labels)) {
    if (!/^[A-Za-z_][\w.-]*$/.test(name) || name.length > LONGEST_NAME || RESERVED.test(name))
      throw new RangeError(
        `withLabels: a label's name has letters, digits, ".", "_" and "-", ${LONGEST_NAME} at most, and is none that snapshots use themselves, got ${JSON.stringify(name.slice(0, 80))}`,
      );
    if (typeof value !== "string")
      throw new TypeError(`withLabels: the label ${name} must be a text, got ${typeof value}`);
    if (value.length > LONGEST_VALUE)
      throw new RangeError(
        `withLabels: the label ${name} must have at most ${LONGEST_VALUE} characters, got ${value.length}`,
      );
  }
  return labels as Labels;
}
