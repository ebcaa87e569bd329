import type { SiteTable } from "../../sites/site_table.ts";
import type { Kind } from "../../vocabulary/kinds.ts";
import type { Captures } from "../facts/captures.ts";
import type { FunctionFacts } from "../facts/function_facts.ts";
import { isLeaf, isTypeOnly, type Node } from "../syntax/ast.ts";
import type { NameOf } from "../syntax/function_name.ts";
import type { Lines } from "../syntax/lines.ts";
import { type NodeHandlers, Walker } from "../syntax/walker.ts";
import type { Edit, Edits } from "../text/edits.ts";
import type { Emitter, FrameAccess } from "../text/emit.ts";
import { type CallPlaces, NO_FUNCTION } from "./call_places.ts";

/** A place in the original source; line and column are 1-based, 0 where they are not known. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** Number of the file in the site table. */
  readonly file: number;
  /** The line of the file as one number, to compare with. */
  readonly where: number;
}

/** Leads from the text, which can itself be generated, to what people wrote. */
export interface Origins {
  /** The place in the original source of a position, 1-based, in the text. */
  locate(line: number, column: number): Place;
  /** The name that the original has for an identifier. */
  readonly nameOf: NameOf;
}

/** A store that stands before a call and its arguments, as long as nobody relies on it. */
export interface PendingStore {
  readonly start: Edit;
  isUsed: boolean;
}

/** The function (or module, or field initialiser) whose code is being walked. */
export interface FunctionScope {
  readonly access: FrameAccess;
  /** Index into the site table's functions. */
  readonly functionIndex: number;
  /** The frame survives suspension: async functions and generators. */
  readonly isActivation: boolean;
  /** An async generator's `return` awaits its argument. */
  readonly awaitsReturn?: boolean;
  /** A script's top level, where a statement's value can be the value of the script. */
  readonly hasCompletionValue: boolean;
  /** The line (`Place.where`) that the frame's slot is known to hold at this point of the walk; -1: unknown. */
  storedLine: number;
  /** The store that put it there, as long as it can be taken back. */
  pending: PendingStore | null;
}

export interface PlannerOptions {
  /** What plans the edits of each kind of node, and walks on. */
  readonly handlers: NodeHandlers<Planner>;
  readonly source: string;
  readonly lines: Lines;
  readonly edits: Edits;
  readonly sites: SiteTable;
  readonly emitter: Emitter;
  readonly facts: Map<Node, FunctionFacts>;
  /** Names of what the program calls with `new`. */
  readonly constructed: ReadonlySet<string>;
  readonly uses: ReadonlyMap<Node, number>;
  readonly captures: Captures;
  readonly origins: Origins;
  /** Whether calls are recorded too (tracebacks of more than one frame). */
  readonly calls: boolean;
  /** Where they are noted if they are not recorded. */
  readonly places: CallPlaces | null;
  readonly isTypeScript: boolean;
  /** Names of properties whose reads and writes may be calls: `accessorNames`. */
  readonly accessors: ReadonlySet<string>;
  /** Names of the file's own for functions that ask for timers and listeners. */
  readonly aliases: ReadonlySet<string>;
}

/** Walks a program once and plans every edit. The handlers for the kinds of nodes are in `handlers.ts` and the `plan_*` files. */
export class Planner extends Walker<Planner> {
  readonly source: string;
  readonly lines: Lines;
  readonly edits: Edits;
  readonly sites: SiteTable;
  readonly emitter: Emitter;
  readonly facts: Map<Node, FunctionFacts>;
  readonly constructed: ReadonlySet<string>;
  readonly uses: ReadonlyMap<Node, number>;
  readonly captures: Captures;
  readonly calls: boolean;
  readonly places: CallPlaces | null;
  readonly isTypeScript: boolean;
  readonly accessors: ReadonlySet<string>;
  readonly aliases: ReadonlySet<string>;
  readonly origins: Origins;
  /** From the program down to the parent of the node that is being visited. */
  readonly ancestors: Node[] = [];
  /** How many functions are around that node. */
  functionDepth = 0;
  scope: FunctionScope;

  constructor(options: PlannerOptions, moduleScope: FunctionScope) {
    super(options.handlers);
    this.source = options.source;
    this.lines = options.lines;
    this.edits = options.edits;
    this.sites = options.sites;
    this.emitter = options.emitter;
    this.facts = options.facts;
    this.constructed = options.constructed;
    this.uses = options.uses;
    this.captures = options.captures;
    this.calls = options.calls;
    this.places = options.places;
    this.isTypeScript = options.isTypeScript;
    this.accessors = options.accessors;
    this.aliases = options.aliases;
    this.origins = options.origins;
    this.scope = moduleScope;
  }

  get parent(): Node {
    return this.ancestors[this.ancestors.length - 1];
  }

  /** Adds a site where the node is, or at `position` (a node's start in line and column). */
  addSite(kind: Kind, node: Node, parameter = 0, position: Node = node): number {
    const place = this.place(position);
    const { line, column } = place;
    return this.sites.add({ kind, line, column, functionIndex: this.#functionAt(place), parameter });
  }

  /** Where calls are not recorded, notes that there is one at `position`. */
  noteCall(position: Node): void {
    if (this.places === null) return;
    const source = this.place(position);
    this.places.add(position, this.#functionAt(source), source);
  }

  /** Where engines see a constructor that nobody has written: between the members of a class. */
  noteClass(node: Node): void {
    if (this.places === null) return;
    this.places.enter(node, NO_FUNCTION, this.place(node));
    this.noteEnd(node);
  }

  /** From the node's end on, the text is that of the function around it. */
  noteEnd(node: Node): void {
    if (this.places === null) return;
    const end = this.#placeAt(node.end!);
    this.places.leave(node, this.#functionAt(end), end);
  }

  /** The same of where a function begins. */
  noteFunction(node: Node): void {
    if (this.places === null) return;
    const source = this.place(node);
    this.places.enter(node, this.#functionAt(source), source);
  }

  /** The number of the function that is being visited, in the file of the place. */
  #functionAt({ file, line }: Place): number {
    return this.sites.functionIn(this.scope.functionIndex, file, line);
  }

  /** Where the node stands in the original source. */
  place(node: Node): Place {
    return this.#placeAt(node.start!);
  }

  #placeAt(offset: number): Place {
    const { lines } = this;
    return this.origins.locate(lines.lineAt(offset), lines.columnAt(offset) + 1);
  }

  override visit(node: Node, key = ""): void {
    if (!isLeaf(node) && !isTypeOnly(node)) super.visit(node, key);
  }

  override visitUnder(node: Node, key: string): void {
    this.ancestors.push(node);
    super.visitUnder(node, key);
    this.ancestors.pop();
  }

  /** Visits one child that the caller has taken from `node` itself. */
  visitChild(node: Node, child: Node | null | undefined, key = ""): void {
    if (!child) return;
    this.ancestors.push(node);
    this.visit(child, key);
    this.ancestors.pop();
  }

  /** Visits within another scope: a function's body, a field's initialiser. */
  within(scope: FunctionScope, visit: () => void): void {
    const outer = this.scope;
    this.scope = scope;
    visit();
    this.scope = outer;
  }

  /** Runs `visit` for code that may not run: what it stored is then unknown. */
  maybe(visit: () => void): void {
    const before = this.scope.storedLine;
    visit();
    if (this.scope.storedLine !== before) this.forgetStored();
  }

  forgetStored(): void {
    this.scope.storedLine = -1;
    this.scope.pending = null;
  }

  /**
   * Visits statements that follow each other. One that now starts with a bracket needs the semicolon that its
   * predecessor may have gone without: `let x = a⏎foo()` must not become a call of `a`.
   */
  visitStatements(owner: Node, statements: readonly Node[], hasDirectives = false): void {
    const { edits, emitter, source } = this;
    this.ancestors.push(owner);
    let isOpen = hasDirectives;
    // `() => {}` and a bare `yield` end where nothing can go on; with a wrapper around them much can.
    let isWrapped = false;
    for (const statement of statements) {
      const start = statement.start!;
      const separator = isOpen
        ? edits.start(start, isWrapped && CONTINUATION.test(source[start]) ? emitter.separator() : "")
        : null;
      const { startCount, endCount } = edits;
      this.forgetStored();
      this.visit(statement, "body");
      if (separator !== null && edits.startsWithBracket(start, startCount))
        separator.text = emitter.separator();
      isOpen = source[statement.end! - 1] !== ";";
      isWrapped = isOpen && edits.endsAt(statement.end!, endCount);
    }
    this.ancestors.pop();
  }
}

// What a statement can start with, and an operator or the rest of a call, too.
const CONTINUATION = /[([`+\-*/]/;

/** A scope without a frame of its own: it allocates at the depth at which it was entered. */
export function unframed(planner: Planner): FunctionScope {
  return {
    access: {
      slot: planner.emitter.names.noSlot,
      framed: false,
      isLazy: false,
      guarded: planner.scope.access.guarded,
    },
    functionIndex: planner.scope.functionIndex,
    isActivation: false,
    hasCompletionValue: false,
    storedLine: -1,
    pending: null,
  };
}
