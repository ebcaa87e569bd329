// The scopes of a program, as trees that can be compared: ours as `survey` walks them.
import type * as t from "@babel/types";
import { assertEquals } from "@std/assert";
import { survey } from "../../../src/instrument/facts/captures.ts";
import type { FunctionFacts } from "../../../src/instrument/facts/function_facts.ts";
import { OpenScopes, type Scope } from "../../../src/instrument/syntax/open_scopes.ts";

/** A scope that binds or captures something. */
export interface ScopeTree {
  readonly names: readonly string[];
  /** Those of the names, and `this` and `arguments`, that functions inside use. */
  readonly captured: readonly string[];
  readonly inner: readonly ScopeTree[];
}

/** A scope while it is put together. */
export interface OpenTree {
  readonly names: Set<string>;
  readonly captured: Set<string>;
  readonly inner: OpenTree[];
}

/** Sorted, without some names, and without the scopes that hold nothing: their inner scopes stand in their place. */
export function closeTree({ names, captured, inner }: OpenTree, leftOut: ReadonlySet<string>): ScopeTree {
  const kept = inner
    .map((one) => closeTree(one, leftOut))
    .flatMap((one) => (one.names.length + one.captured.length === 0 ? one.inner : [one]));
  return {
    names: without(names, leftOut),
    captured: without(captured, leftOut),
    inner: kept
      .map((one) => ({ one, text: JSON.stringify(one) }))
      .sort((a, b) => (a.text < b.text ? -1 : 1))
      .map(({ one }) => one),
  };
}

/** Sorted, without some. */
export function without(names: Iterable<string>, leftOut: ReadonlySet<string>): string[] {
  return [...names].filter((name) => !leftOut.has(name)).sort();
}

/** The scopes as `survey` opens them, with the variables that it counts as captured. */
class NotedScopes extends OpenScopes {
  readonly program: OpenTree = { names: new Set(), captured: new Set(), inner: [] };
  readonly free: Set<string> = new Set();
  readonly #open: { readonly tree: OpenTree; scope: Scope | null }[] = [{ tree: this.program, scope: null }];

  override within(names: Set<string>, visit: (scope: Scope) => void, chargedTo?: t.Node | null): void {
    const tree: OpenTree = { names: new Set(names), captured: new Set(), inner: [] };
    this.#open.at(-1)!.tree.inner.push(tree);
    const noted = { tree, scope: null as Scope | null };
    this.#open.push(noted);
    super.within(
      names,
      (scope) => {
        noted.scope = scope;
        visit(scope);
        // Each captured variable is counted once.
        assertEquals(scope.slots, tree.captured.size, `${[...tree.names]}`);
        if (scope.capturesThis) tree.captured.add("this");
        if (scope.capturesArguments) tree.captured.add("arguments");
      },
      chargedTo,
    );
    this.#open.pop();
  }

  override use(name: string): void {
    const before = this.#open.map(({ scope }) => scope?.slots);
    super.use(name);
    const changed = this.#open.filter(({ scope }, i) => scope?.slots !== before[i]);
    for (const { tree } of changed) tree.captured.add(name);
    if (name !== "arguments" && !this.#open.some(({ tree }) => tree.names.has(name))) this.free.add(name);
  }

  override useAll(): void {
    super.useAll();
    for (const { tree } of this.#open) for (const name of tree.names) tree.captured.add(name);
  }
}

/** What the transform finds out about a program's scopes, and about its functions. */
export interface OwnFacts {
  readonly scopes: OpenTree;
  readonly free: ReadonlySet<string>;
  readonly functions: ReadonlyMap<t.Node, FunctionFacts>;
}

/** @param isFunctionBody The program is the body of a function, as CommonJS is. */
export function ownFacts(program: t.Program, isFunctionBody: boolean): OwnFacts {
  const scopes = new NotedScopes();
  const { facts } = survey(program, { accessors: new Set(), aliases: new Set(), isFunctionBody, scopes });
  return { scopes: scopes.program, free: scopes.free, functions: facts };
}
