import type { Captured } from "../../sites/closure_parameter.ts";
import type { Node } from "./ast.ts";

/** How sure it is that a closure is made each time its scope is entered. */
const Certainty = { none: 0, possible: 1, certain: 2 } as const;

/** A scope that is being walked. */
export interface Scope {
  readonly names: readonly string[];
  /** What the names meant outside. */
  readonly shadowed: (Binding | undefined)[];
  /** How many functions it is in. */
  readonly level: number;
  readonly loops: number;
  readonly branches: number;
  /** The innermost scope of the same function around it. */
  readonly outer: Scope | null;
  /** Captured variables. */
  slots: number;
  /** The private names of a class, which are variables of its scope, too. */
  privateNames: number;
  certainty: number;
  closure: Node | null;
  capturesThis: boolean;
  capturesArguments: boolean;
}

interface Variable {
  /** The function that it holds, as far as that is seen. */
  held: Node | null;
  /** What is done with what it holds, as bits. */
  uses: number;
}

interface Binding extends Variable {
  readonly scope: Scope;
  isCaptured: boolean;
}

/** The scopes that are open at a point of a walk, and which of their variables inner functions have used so far. */
export class OpenScopes {
  /** What closures and classes are charged with, by the scopes that are closed. */
  readonly found: Map<Node, Captured> = new Map();
  /** What is done with functions, by the variables that hold them. */
  readonly uses: Map<Node, number> = new Map();
  /** Loops and branches around the point. */
  loops = 0;
  branches = 0;
  readonly #bindings = new Map<string, Binding | undefined>();
  /** Variables that are in no context. */
  readonly #outside = new Map<string, Variable>();
  readonly #open: Scope[] = [];
  /** The innermost scope of the function that is being walked; null: none of it is open. */
  #scope: Scope | null = null;
  /** The scope that `this` and `arguments` belong to. */
  #receiver: Scope | null = null;
  #level = 0;

  /** Visits code that runs as a function of its own. */
  inFunction(names: Set<string>, isArrow: boolean, visit: () => void): void {
    const outer = this.#scope;
    const receiver = this.#receiver;
    this.#scope = null;
    this.#level++;
    this.within(names, (scope) => {
      if (!isArrow) this.#receiver = scope;
      visit();
    });
    this.#level--;
    this.#receiver = receiver;
    this.#scope = outer;
  }

  /** Visits the inside of a scope. Its context is charged to `chargedTo`, else to a closure made in it. */
  within(names: Set<string>, visit: (scope: Scope) => void, chargedTo: Node | null = null): void {
    const scope = this.#push([...names]);
    visit(scope);
    this.#pop(scope, chargedTo);
  }

  #push(names: readonly string[]): Scope {
    const scope: Scope = {
      names,
      shadowed: [],
      level: this.#level,
      loops: this.loops,
      branches: this.branches,
      outer: this.#scope,
      slots: 0,
      privateNames: 0,
      certainty: Certainty.none,
      closure: null,
      capturesThis: false,
      capturesArguments: false,
    };
    for (const name of names) {
      scope.shadowed.push(this.#bindings.get(name));
      this.#bindings.set(name, { scope, isCaptured: false, held: null, uses: 0 });
    }
    this.#open.push(scope);
    this.#scope = scope;
    return scope;
  }

  #pop(scope: Scope, chargedTo: Node | null): void {
    const { names, shadowed } = scope;
    for (let i = names.length - 1; i >= 0; i--) this.#bindings.set(names[i], shadowed[i]);
    this.#open.pop();
    this.#scope = scope.outer;
    const { privateNames, capturesThis, capturesArguments } = scope;
    const slots = scope.slots + privateNames + (capturesThis ? 1 : 0) + (capturesArguments ? 1 : 0);
    const closure = chargedTo ?? scope.closure;
    if (slots === 0 || closure === null) return;
    const charged = this.found.get(closure);
    this.found.set(closure, {
      contexts: (charged?.contexts ?? 0) + 1,
      slots: (charged?.slots ?? 0) + slots,
    });
  }

  /** A closure or class is made here. */
  make(closure: Node): void {
    for (let scope = this.#scope; scope !== null; scope = scope.outer) {
      if (this.loops > scope.loops) return; // so it is for the scopes further out
      const certainty = this.branches > scope.branches ? Certainty.possible : Certainty.certain;
      if (certainty <= scope.certainty) continue;
      scope.certainty = certainty;
      scope.closure = closure;
    }
  }

  /** A variable is used. */
  use(name: string): void {
    const binding = this.#bindings.get(name);
    if (binding === undefined) {
      if (name === "arguments") this.#receive("capturesArguments");
      return;
    }
    if (binding.isCaptured || binding.scope.level === this.#level) return;
    binding.isCaptured = true;
    binding.scope.slots++;
  }

  /** A variable holds a function. */
  hold(name: string, held: Node): void {
    const variable = this.#variable(name);
    variable.held = held;
    if (variable.uses !== 0) this.uses.set(held, variable.uses);
  }

  /** Something is done with what a variable holds, before or after it is seen to hold it. */
  noteUse(name: string, use: number): void {
    const variable = this.#variable(name);
    variable.uses |= use;
    if (variable.held !== null) this.uses.set(variable.held, variable.uses);
  }

  /** One that no scope has is global, or exported. */
  #variable(name: string): Variable {
    let variable: Variable | undefined = this.#bindings.get(name) ?? this.#outside.get(name);
    if (variable === undefined) this.#outside.set(name, (variable = { held: null, uses: 0 }));
    return variable;
  }

  useThis(): void {
    this.#receive("capturesThis");
  }

  #receive(what: "capturesThis" | "capturesArguments"): void {
    const receiver = this.#receiver;
    if (receiver !== null && receiver.level !== this.#level) receiver[what] = true;
  }

  /** Direct `eval` sees all variables: none of them can stay out of the contexts. */
  useAll(): void {
    for (const scope of this.#open) {
      scope.slots = scope.names.length;
      for (const binding of scope.shadowed) if (binding !== undefined) binding.isCaptured = true;
    }
    for (const binding of this.#bindings.values()) if (binding !== undefined) binding.isCaptured = true;
  }
}
