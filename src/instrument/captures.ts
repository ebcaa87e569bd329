import type * as t from "@babel/types";
import type { Captured } from "../sites/closure_parameter.ts";
import {
  boundNames,
  childKeys,
  childrenUnder,
  type FunctionNode,
  isFunction,
  isTypeOnly,
  type Node,
} from "./ast.ts";
import type { FunctionFacts } from "./function_facts.ts";

/**
 * What each closure and class is charged with. Engines keep the variables of a scope that inner functions use in a
 * context, which is made each time the scope is entered. It is charged once: to the first closure that is certain to be
 * made in the scope, else to one that may be. Closures in loops are made more often than the scope around the loop is
 * entered, so they are not charged with that.
 */
export type Captures = ReadonlyMap<Node, Captured>;

/** How sure it is that a closure is made each time its scope is entered. */
const Certainty = { none: 0, possible: 1, certain: 2 } as const;

interface Scope {
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
  certainty: number;
  closure: Node | null;
  capturesThis: boolean;
  capturesArguments: boolean;
}

interface Binding {
  readonly scope: Scope;
  isCaptured: boolean;
}

/** Analyses a program in one walk; `facts` are those of `collectFacts`. */
export function findCaptures(
  program: t.Program,
  facts: ReadonlyMap<Node, FunctionFacts>,
  isFunctionBody: boolean,
): Captures {
  const finder = new CaptureFinder(facts);
  finder.program(program, isFunctionBody);
  return finder.found;
}

class CaptureFinder {
  readonly found = new Map<Node, { contexts: number; slots: number }>();
  readonly #facts: ReadonlyMap<Node, FunctionFacts>;
  readonly #bindings = new Map<string, Binding | undefined>();
  readonly #open: Scope[] = [];
  /** The innermost scope of the function that is being walked; null: none of it is open. */
  #scope: Scope | null = null;
  /** The scope that `this` and `arguments` belong to. */
  #receiver: Scope | null = null;
  #level = 0;
  #loops = 0;
  #branches = 0;

  constructor(facts: ReadonlyMap<Node, FunctionFacts>) {
    this.#facts = facts;
  }

  program(program: t.Program, isFunctionBody: boolean): void {
    const names = new Set<string>();
    const isModule = program.sourceType === "module";
    // Variables of scripts are global, and those that modules import or export are in cells of their own.
    if (isModule || isFunctionBody) {
      addLexicalNames(program.body, names);
      const { variables, declared } = this.#facts.get(program)!;
      for (const name of variables) names.add(name);
      for (const name of declared) names.add(name);
      if (isModule) for (const name of exportedNames(program)) names.delete(name);
    }
    this.#within(names, () => {
      this.#receiver = isFunctionBody && !isModule ? this.#scope : null;
      this.#statements(program.body);
    });
  }

  // ── scopes ──

  #within(names: Set<string>, visit: () => void, chargedTo: Node | null = null): void {
    const scope = this.#push([...names]);
    visit();
    this.#pop(scope, chargedTo);
  }

  #push(names: readonly string[]): Scope {
    const scope: Scope = {
      names,
      shadowed: [],
      level: this.#level,
      loops: this.#loops,
      branches: this.#branches,
      outer: this.#scope,
      slots: 0,
      certainty: Certainty.none,
      closure: null,
      capturesThis: false,
      capturesArguments: false,
    };
    for (const name of names) {
      scope.shadowed.push(this.#bindings.get(name));
      this.#bindings.set(name, { scope, isCaptured: false });
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
    const slots = scope.slots + (scope.capturesThis ? 1 : 0) + (scope.capturesArguments ? 1 : 0);
    const closure = chargedTo ?? scope.closure;
    if (slots === 0 || closure === null) return;
    const charged = this.found.get(closure);
    if (charged === undefined) this.found.set(closure, { contexts: 1, slots });
    else {
      charged.contexts++;
      charged.slots += slots;
    }
  }

  /** A closure or class is made here. */
  #make(closure: Node): void {
    for (let scope = this.#scope; scope !== null; scope = scope.outer) {
      if (this.#loops > scope.loops) return; // so it is for the scopes further out
      const certainty = this.#branches > scope.branches ? Certainty.possible : Certainty.certain;
      if (certainty <= scope.certainty) continue;
      scope.certainty = certainty;
      scope.closure = closure;
    }
  }

  #use(name: string): void {
    const binding = this.#bindings.get(name);
    if (binding === undefined) {
      if (name === "arguments") this.#useReceiver("capturesArguments");
      return;
    }
    if (binding.isCaptured || binding.scope.level === this.#level) return;
    binding.isCaptured = true;
    binding.scope.slots++;
  }

  #useReceiver(what: "capturesThis" | "capturesArguments"): void {
    const receiver = this.#receiver;
    if (receiver !== null && receiver.level !== this.#level) receiver[what] = true;
  }

  /** Direct `eval` sees all variables: none of them can stay out of the contexts. */
  #useAll(): void {
    for (const scope of this.#open) scope.slots = scope.names.length;
    for (const name of this.#bindings.keys()) {
      const binding = this.#bindings.get(name);
      if (binding !== undefined) binding.isCaptured = true;
    }
  }

  // ── nodes ──

  #visit(node: Node): void {
    switch (node.type) {
      case "Identifier":
        this.#use(node.name);
        return;
      case "ThisExpression":
      case "Super":
        this.#useReceiver("capturesThis");
        return;
      case "BlockStatement":
      case "StaticBlock":
        this.#block(node.body);
        return;
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
        this.#for(node);
        return;
      case "WhileStatement":
      case "DoWhileStatement":
        this.#loops++;
        this.#children(node);
        this.#loops--;
        return;
      case "IfStatement":
      case "ConditionalExpression":
        this.#visit(node.test);
        this.#branches++;
        this.#visit(node.consequent);
        if (node.alternate) this.#visit(node.alternate);
        this.#branches--;
        return;
      case "LogicalExpression":
        this.#visit(node.left);
        this.#branches++;
        this.#visit(node.right);
        this.#branches--;
        return;
      case "SwitchStatement":
        this.#switch(node);
        return;
      case "CatchClause":
        this.#catch(node);
        return;
      case "CallExpression":
        if (node.callee.type === "Identifier" && node.callee.name === "eval") this.#useAll();
        this.#children(node);
        return;
      case "JSXOpeningElement":
        this.#component(node.name);
        this.#children(node);
        return;
      case "ClassDeclaration":
      case "ClassExpression":
        if (!isTypeOnly(node)) this.#class(node);
        return;
      default:
        if (isTypeOnly(node)) return;
        if (isFunction(node)) this.#function(node);
        else this.#children(node);
    }
  }

  #children(node: Node): void {
    for (const key of childKeys(node)) {
      if ((key === "key" || key === "property") && !(node as { computed?: boolean }).computed) continue;
      const value = childrenUnder(node, key);
      if (value == null) continue;
      if (Array.isArray(value)) {
        for (const child of value) if (child) this.#visit(child);
      } else this.#visit(value as Node);
    }
  }

  #statements(statements: readonly Node[]): void {
    // Declared functions are made when their block is entered.
    for (const statement of statements) {
      const declaration = isExport(statement) ? statement.declaration : statement;
      if (declaration?.type === "FunctionDeclaration") this.#make(declaration);
    }
    for (const statement of statements) this.#visit(statement);
  }

  #block(statements: readonly Node[]): void {
    const names = new Set<string>();
    addLexicalNames(statements, names);
    addFunctionNames(statements, names);
    if (names.size === 0) this.#statements(statements);
    else this.#within(names, () => this.#statements(statements));
  }

  #for(node: t.ForStatement | t.ForInStatement | t.ForOfStatement): void {
    if (node.type !== "ForStatement") this.#visit(node.right);
    this.#loops++;
    const head = node.type === "ForStatement" ? node.init : node.left;
    const names = new Set<string>();
    if (head != null) addLexicalNames([head], names);
    this.#within(names, () => {
      if (head != null) this.#visit(head);
      if (node.type === "ForStatement") {
        if (node.test) this.#visit(node.test);
        if (node.update) this.#visit(node.update);
      }
      this.#visit(node.body);
    });
    this.#loops--;
  }

  #switch(node: t.SwitchStatement): void {
    this.#visit(node.discriminant);
    const names = new Set<string>();
    for (const { consequent } of node.cases) {
      addLexicalNames(consequent, names);
      addFunctionNames(consequent, names);
    }
    this.#within(names, () => {
      this.#branches++;
      for (const part of node.cases) {
        if (part.test) this.#visit(part.test);
        this.#statements(part.consequent);
      }
      this.#branches--;
    });
  }

  #catch(node: t.CatchClause): void {
    this.#branches++;
    const names = new Set<string>();
    boundNames(node.param, names);
    this.#within(names, () => {
      if (node.param) this.#visit(node.param);
      this.#visit(node.body);
    });
    this.#branches--;
  }

  #component(name: t.JSXOpeningElement["name"]): void {
    let root: Node = name;
    while (root.type === "JSXMemberExpression") root = root.object;
    if (root.type === "JSXIdentifier") this.#use(root.name);
  }

  #function(node: FunctionNode): void {
    if ("decorators" in node && node.decorators)
      for (const decorator of node.decorators) this.#visit(decorator);
    if ("computed" in node && node.computed) this.#visit(node.key);
    // The methods of a class are made with it, and accessors have no site of their own.
    const isMember = node.type === "ClassMethod" || node.type === "ClassPrivateMethod";
    if (!isMember && !(node.type === "ObjectMethod" && node.kind !== "method")) this.#make(node);
    const body: Node | null | undefined = node.body;
    if (body == null) return;
    const names = new Set<string>();
    const facts = this.#facts.get(node);
    if (facts !== undefined) {
      for (const name of facts.variables) names.add(name);
      for (const name of facts.declared) names.add(name);
    }
    if (node.type === "FunctionExpression" && node.id) names.add(node.id.name);
    if (body.type === "BlockStatement") addLexicalNames(body.body, names);
    const isArrow = node.type === "ArrowFunctionExpression";
    this.#inFunction(names, isArrow, () => {
      for (const parameter of node.params) this.#visit(parameter);
      if (body.type === "BlockStatement") this.#statements(body.body);
      else this.#visit(body);
    });
  }

  /** Visits code that runs as a function of its own. */
  #inFunction(names: Set<string>, isArrow: boolean, visit: () => void): void {
    const outer = this.#scope;
    const receiver = this.#receiver;
    this.#scope = null;
    this.#level++;
    this.#within(names, () => {
      if (!isArrow) this.#receiver = this.#scope;
      visit();
    });
    this.#level--;
    this.#receiver = receiver;
    this.#scope = outer;
  }

  #class(node: t.ClassDeclaration | t.ClassExpression): void {
    this.#make(node);
    if (node.decorators) for (const decorator of node.decorators) this.#visit(decorator);
    const names = new Set<string>();
    if (node.id) names.add(node.id.name);
    const visit = (): void => {
      const scope = this.#scope!;
      scope.slots += privateNames(node);
      if (node.superClass) this.#visit(node.superClass);
      for (const member of node.body.body) if (!isFieldOrBlock(member)) this.#visit(member);
      // All fields are filled by one function; those of the class itself by another.
      this.#initialise(node, false);
      this.#initialise(node, true);
    };
    this.#within(names, visit, node);
  }

  #initialise(node: t.ClassDeclaration | t.ClassExpression, isStatic: boolean): void {
    const members = node.body.body.filter(
      (member) =>
        isFieldOrBlock(member) && isStatic === (member.type === "StaticBlock" || member.static === true),
    );
    if (members.length === 0) return;
    for (const member of members) {
      if (member.type !== "StaticBlock" && "computed" in member && member.computed) this.#visit(member.key);
    }
    this.#inFunction(new Set(), false, () => {
      for (const member of members) {
        if (member.type === "StaticBlock") this.#visit(member);
        else if ("value" in member && member.value) this.#visit(member.value as Node);
      }
    });
  }
}

function isFieldOrBlock(
  member: Node,
): member is t.ClassProperty | t.ClassPrivateProperty | t.ClassAccessorProperty | t.StaticBlock {
  return member.type.endsWith("Property") || member.type === "StaticBlock";
}

/** `#x` is a variable of the class's scope, which every method uses. */
function privateNames(node: t.ClassDeclaration | t.ClassExpression): number {
  const isPrivate = (member: Node): boolean =>
    member.type === "ClassPrivateProperty" || member.type === "ClassPrivateMethod";
  return node.body.body.filter(isPrivate).length;
}

function isExport(node: Node): node is t.ExportNamedDeclaration | t.ExportDefaultDeclaration {
  return node.type === "ExportNamedDeclaration" || node.type === "ExportDefaultDeclaration";
}

/** What `let`, `const`, `using` and `class` bind among the statements. */
function addLexicalNames(statements: readonly Node[], names: Set<string>): void {
  for (const statement of statements) {
    const node = isExport(statement) ? statement.declaration : statement;
    if (node?.type === "VariableDeclaration") {
      if (node.kind !== "var") for (const { id } of node.declarations) boundNames(id, names);
    } else if (node?.type === "ClassDeclaration" && node.id) names.add(node.id.name);
  }
}

function addFunctionNames(statements: readonly Node[], names: Set<string>): void {
  for (const node of statements) if (node.type === "FunctionDeclaration" && node.id) names.add(node.id.name);
}

function exportedNames(program: t.Program): Set<string> {
  const names = new Set<string>();
  for (const statement of program.body) {
    if (!isExport(statement)) continue;
    const { declaration } = statement;
    if (declaration?.type === "VariableDeclaration")
      for (const { id } of declaration.declarations) boundNames(id, names);
    else if (declaration != null && "id" in declaration) boundNames(declaration.id as Node | null, names);
    if (statement.type !== "ExportNamedDeclaration") continue;
    for (const specifier of statement.specifiers)
      if (specifier.type === "ExportSpecifier") boundNames(specifier.local, names);
  }
  return names;
}
