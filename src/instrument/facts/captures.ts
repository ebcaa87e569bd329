import type * as t from "@babel/types";
import type { Captured } from "../../sites/closure_parameter.ts";
import {
  boundNames,
  childKeys,
  childrenUnder,
  type FunctionNode,
  isFunction,
  isTypeOnly,
  type Node,
  unwrap,
} from "../syntax/ast.ts";
import { OpenScopes, type Scope } from "../syntax/open_scopes.ts";
import {
  addFunctionNames,
  addLexicalNames,
  exportedNames,
  isDeclaration,
  isExport,
} from "../syntax/scope_names.ts";
import type { FunctionFacts } from "./function_facts.ts";

/**
 * What each closure and class is charged with. Engines keep the variables of a scope that inner functions use in a
 * context, which is made each time the scope is entered. It is charged once: to the first closure that is certain to be
 * made in the scope, else to one that may be. Closures in loops are made more often than the scope around the loop is
 * entered, so they are not charged with that.
 */
export type Captures = ReadonlyMap<Node, Captured>;

/**
 * Analyses a program in one walk; `facts` are those of `collectFacts`.
 *
 * @param scopes Where scopes are opened and variables looked up: a test takes one that notes what happens.
 */
export function findCaptures(
  program: t.Program,
  facts: ReadonlyMap<Node, FunctionFacts>,
  isFunctionBody: boolean,
  scopes: OpenScopes = new OpenScopes(),
): Captures {
  new CaptureFinder(facts, scopes).program(program, isFunctionBody);
  return scopes.found;
}

class CaptureFinder {
  readonly scopes: OpenScopes;
  readonly #facts: ReadonlyMap<Node, FunctionFacts>;
  #isStrict = false;

  constructor(facts: ReadonlyMap<Node, FunctionFacts>, scopes: OpenScopes) {
    this.#facts = facts;
    this.scopes = scopes;
  }

  program(program: t.Program, isFunctionBody: boolean): void {
    const names = new Set<string>();
    const isModule = program.sourceType === "module";
    this.#isStrict = isModule || saysStrict(program);
    // Variables of scripts are global, and those that modules import or export are in cells of their own.
    if (isModule || isFunctionBody) {
      addLexicalNames(program.body, names);
      this.#addVariables(program, names);
      if (isModule) for (const name of exportedNames(program)) names.delete(name);
    }
    // CommonJS is the body of a function, whose `this` an arrow function can capture.
    this.scopes.inFunction(names, isModule || !isFunctionBody, () => this.#statements(program.body));
  }

  /** What a function binds in all of its body. */
  #addVariables(owner: Node, names: Set<string>): void {
    const facts = this.#facts.get(owner);
    if (facts === undefined) return;
    for (const name of facts.variables) names.add(name);
    for (const name of facts.declared) names.add(name);
    if (facts.declaredInBlocks === null || this.#isStrict) return;
    for (const name of facts.declaredInBlocks) names.add(name);
  }

  #visit(node: Node): void {
    switch (node.type) {
      case "Identifier":
        this.scopes.use(node.name);
        return;
      // The most frequent nodes first, and without the detour over the table of children.
      case "StringLiteral":
      case "NumericLiteral":
        return;
      case "MemberExpression":
        this.#visit(node.object);
        if (node.computed) this.#visit(node.property);
        return;
      case "ExpressionStatement":
        this.#visit(node.expression);
        return;
      case "AssignmentExpression":
      case "BinaryExpression":
        this.#visit(node.left);
        this.#visit(node.right);
        return;
      case "VariableDeclaration":
        if (!isTypeOnly(node)) for (const declarator of node.declarations) this.#declarator(declarator);
        return;
      case "ReturnStatement":
        if (node.argument) this.#visit(node.argument);
        return;
      case "ThisExpression":
      case "Super":
        this.scopes.useThis();
        return;
      case "BlockStatement":
        this.#block(node.body);
        return;
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
        this.#for(node);
        return;
      case "WhileStatement":
      case "DoWhileStatement":
        this.scopes.loops++;
        this.#children(node);
        this.scopes.loops--;
        return;
      case "IfStatement":
      case "ConditionalExpression":
        this.#visit(node.test);
        this.scopes.branches++;
        this.#visit(node.consequent);
        if (node.alternate) this.#visit(node.alternate);
        this.scopes.branches--;
        return;
      case "LogicalExpression":
        this.#visit(node.left);
        this.scopes.branches++;
        this.#visit(node.right);
        this.scopes.branches--;
        return;
      case "SwitchStatement":
        this.#switch(node);
        return;
      case "CatchClause":
        this.#catch(node);
        return;
      case "CallExpression":
        if (isEval(node.callee)) this.scopes.useAll();
        this.#visit(node.callee);
        for (let i = 0; i < node.arguments.length; i++) this.#visit(node.arguments[i]);
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

  #declarator({ id, init }: t.VariableDeclarator): void {
    if (id.type !== "Identifier") this.#visit(id);
    if (init) this.#visit(init);
  }

  #children(node: Node): void {
    const keys = childKeys(node);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      if ((key === "key" || key === "property") && !(node as { computed?: boolean }).computed) continue;
      const value = childrenUnder(node, key);
      if (value == null) continue;
      if (Array.isArray(value)) {
        for (let j = 0; j < value.length; j++) if (value[j]) this.#visit(value[j]);
      } else this.#visit(value as Node);
    }
  }

  #statements(statements: readonly Node[]): void {
    // Declared functions are made when their block is entered.
    for (let i = 0; i < statements.length; i++) {
      const statement = statements[i];
      const declaration = isExport(statement) ? statement.declaration : statement;
      if (declaration?.type === "FunctionDeclaration") this.scopes.make(declaration);
    }
    for (let i = 0; i < statements.length; i++) this.#visit(statements[i]);
  }

  #block(statements: readonly Node[]): void {
    if (!statements.some(isDeclaration)) {
      this.#statements(statements);
      return;
    }
    const names = new Set<string>();
    addLexicalNames(statements, names);
    addFunctionNames(statements, names);
    this.scopes.within(names, () => this.#statements(statements));
  }

  #for(node: t.ForStatement | t.ForInStatement | t.ForOfStatement): void {
    if (node.type !== "ForStatement") this.#visit(node.right);
    this.scopes.loops++;
    const head = node.type === "ForStatement" ? node.init : node.left;
    const names = new Set<string>();
    if (head != null) addLexicalNames([head], names);
    this.scopes.within(names, () => {
      if (head != null) this.#visit(head);
      if (node.type === "ForStatement") {
        if (node.test) this.#visit(node.test);
        if (node.update) this.#visit(node.update);
      }
      this.#visit(node.body);
    });
    this.scopes.loops--;
  }

  #switch(node: t.SwitchStatement): void {
    this.#visit(node.discriminant);
    const names = new Set<string>();
    for (const { consequent } of node.cases) {
      addLexicalNames(consequent, names);
      addFunctionNames(consequent, names);
    }
    this.scopes.within(names, () => {
      this.scopes.branches++;
      for (const part of node.cases) {
        if (part.test) this.#visit(part.test);
        this.#statements(part.consequent);
      }
      this.scopes.branches--;
    });
  }

  #catch(node: t.CatchClause): void {
    this.scopes.branches++;
    const names = new Set<string>();
    boundNames(node.param, names);
    this.scopes.within(names, () => {
      if (node.param) this.#visit(node.param);
      this.#visit(node.body);
    });
    this.scopes.branches--;
  }

  #component(name: t.JSXOpeningElement["name"]): void {
    let root: Node = name;
    while (root.type === "JSXMemberExpression") root = root.object;
    if (root.type !== "JSXIdentifier") return;
    // `<a>` and `<a-b>` are elements of the page, not variables; `<a.b>` is one's property.
    if (root !== name || !/^[a-z]|-/.test(root.name)) this.scopes.use(root.name);
  }

  #function(node: FunctionNode): void {
    if ("decorators" in node && node.decorators)
      for (const decorator of node.decorators) this.#visit(decorator);
    if ("computed" in node && node.computed) this.#visit(node.key);
    // The methods of a class are made with it, and accessors have no site of their own.
    const isMember = node.type === "ClassMethod" || node.type === "ClassPrivateMethod";
    if (!isMember && !(node.type === "ObjectMethod" && node.kind !== "method")) this.scopes.make(node);
    const body: Node | null | undefined = node.body;
    if (body == null) return;
    const wasStrict = this.#isStrict;
    this.#isStrict ||= body.type === "BlockStatement" && saysStrict(body);
    this.#functionScopes(node, body);
    this.#isStrict = wasStrict;
  }

  #functionScopes(node: FunctionNode, body: Node): void {
    const inner = new Set<string>();
    this.#addVariables(node, inner);
    if (body.type === "BlockStatement") addLexicalNames(body.body, inner);
    const names = new Set<string>();
    // Patterns, defaults and rest parameters have a scope of their own around that of the body: ECMA-262 §10.2.11, and V8,
    // where a closure that captures a variable of each costs two contexts (Node 22, 26: 32 bytes more).
    const isOneScope = node.params.every(isPlainParameter);
    if (!isOneScope) {
      for (const parameter of node.params) boundNames(parameter, names);
      for (const name of names) inner.delete(name);
    }
    if (node.type === "FunctionExpression" && node.id) names.add(node.id.name);
    const visitBody = (): void => {
      if (body.type === "BlockStatement") this.#statements(body.body);
      else this.#visit(body);
    };
    const outer = isOneScope ? new Set([...names, ...inner]) : names;
    this.scopes.inFunction(outer, node.type === "ArrowFunctionExpression", () => {
      for (const parameter of node.params) this.#visit(parameter);
      if (isOneScope || inner.size === 0) visitBody();
      else this.scopes.within(inner, visitBody);
    });
  }

  #class(node: t.ClassDeclaration | t.ClassExpression): void {
    this.scopes.make(node);
    if (node.decorators) for (const decorator of node.decorators) this.#visit(decorator);
    const names = new Set<string>();
    if (node.id) names.add(node.id.name);
    const wasStrict = this.#isStrict;
    this.#isStrict = true;
    const visit = (scope: Scope): void => {
      scope.privateNames = privateNames(node);
      if (node.superClass) this.#visit(node.superClass);
      for (const member of node.body.body) if (!isFieldOrBlock(member)) this.#visit(member);
      // All fields are filled by one function; those of the class itself by another.
      this.#initialise(node, false);
      this.#initialise(node, true);
    };
    this.scopes.within(names, visit, node);
    this.#isStrict = wasStrict;
  }

  /** A function's body, as far as variables go. */
  #staticBlock(block: t.StaticBlock): void {
    const names = new Set<string>();
    addLexicalNames(block.body, names);
    this.#addVariables(block, names);
    this.scopes.within(names, () => this.#statements(block.body));
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
    this.scopes.inFunction(new Set(), false, () => {
      for (const member of members) {
        if (member.type === "StaticBlock") this.#staticBlock(member);
        else if ("value" in member && member.value) this.#visit(member.value as Node);
      }
    });
  }
}

function isPlainParameter(parameter: Node): boolean {
  if (parameter.type === "TSParameterProperty") return parameter.parameter.type === "Identifier";
  return parameter.type === "Identifier";
}

/** Whether the text of a function or program begins with "use strict". */
function saysStrict({ directives }: t.Program | t.BlockStatement): boolean {
  return directives.some(({ value }) => value.value === "use strict");
}

function isEval(callee: Node): boolean {
  const inner = unwrap(callee);
  return inner.type === "Identifier" && inner.name === "eval";
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
