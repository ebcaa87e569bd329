import { boundNames, isTypeOnly, type Node } from "../syntax/ast.ts";

/** What has to be known about a function (or the module) before its first edit is made. */
export interface FunctionFacts {
  /** It calls something that could allocate or call back. */
  calls: boolean;
  /** It calls something that bears the name of a built-in function that allocates. */
  callsBuiltin: boolean;
  awaits: boolean;
  yields: boolean;
  /** It calls `eval` directly, or a function in it does: its scopes can be seen by name. */
  evals: boolean;
  /** Functions declared as statements of the body itself. */
  declared: string[];
  /** Names bound by `var` and by parameters. */
  variables: Set<string>;
  /** Functions declared in nested blocks: sloppy code binds these like `var` as well (ECMA-262 B.3.2). Null: none. */
  declaredInBlocks: Set<string> | null;
  /**
   * A frame cannot be kept right: `await using` suspends where no code can stand, and what is within `with` is left
   * as it is, `await` and `return` too.
   */
  isUnframeable: boolean;
}

export function newFacts(): FunctionFacts {
  return {
    calls: false,
    callsBuiltin: false,
    awaits: false,
    yields: false,
    evals: false,
    declared: [],
    variables: new Set(),
    declaredInBlocks: null,
    isUnframeable: false,
  };
}

/** What is known about a program's functions. The program itself and static blocks have facts too. */
export interface ProgramFacts {
  readonly facts: Map<Node, FunctionFacts>;
  /** Names of what the program calls with `new`. */
  readonly constructed: ReadonlySet<string>;
  /** What the program does with functions (`GETS_PROPERTIES` and the like), by the variables that hold them. */
  readonly uses: ReadonlyMap<Node, number>;
}

/**
 * Notes what the statements of a body hoist: `var`, and functions. Only statements are looked at, since no expression holds
 * one but within a function of its own.
 */
export function hoist(statements: readonly Node[], facts: FunctionFacts): void {
  for (let i = 0; i < statements.length; i++) {
    const node = declarationIn(statements[i]);
    if (node?.type !== "FunctionDeclaration") hoistFrom(node, facts);
    else if (!isTypeOnly(node) && node.id != null) facts.declared.push(node.id.name);
  }
}

function hoistFrom(node: Node | null | undefined, facts: FunctionFacts): void {
  switch (node?.type) {
    case "VariableDeclaration":
      if (node.kind === "var" && !isTypeOnly(node))
        for (const { id } of node.declarations) boundNames(id, facts.variables);
      return;
    case "FunctionDeclaration":
      if (isTypeOnly(node) || node.id == null) return;
      facts.declaredInBlocks ??= new Set();
      facts.declaredInBlocks.add(node.id.name);
      return;
    case "BlockStatement":
      hoistFromEach(node.body, facts);
      return;
    case "IfStatement":
      hoistFrom(node.consequent, facts);
      hoistFrom(node.alternate, facts);
      return;
    case "ForStatement":
      hoistFrom(node.init, facts);
      hoistFrom(node.body, facts);
      return;
    case "ForInStatement":
    case "ForOfStatement":
      hoistFrom(node.left, facts);
      hoistFrom(node.body, facts);
      return;
    case "DoWhileStatement":
    case "LabeledStatement":
    case "WhileStatement":
      hoistFrom(node.body, facts);
      return;
    case "SwitchStatement":
      for (const { consequent } of node.cases) hoistFromEach(consequent, facts);
      return;
    case "TryStatement":
      hoistFrom(node.block, facts);
      hoistFrom(node.handler?.body, facts);
      hoistFrom(node.finalizer, facts);
  }
}

function hoistFromEach(statements: readonly Node[], facts: FunctionFacts): void {
  for (let i = 0; i < statements.length; i++) hoistFrom(statements[i], facts);
}

/** What a statement declares, exported or labelled. */
function declarationIn(statement: Node): Node | null | undefined {
  let node: Node | null | undefined = statement;
  for (;;) {
    switch (node?.type) {
      case "ExportNamedDeclaration":
      case "ExportDefaultDeclaration":
        node = node.declaration;
        break;
      case "LabeledStatement":
        node = node.body;
        break;
      default:
        return node;
    }
  }
}

/**
 * Whether the statements of a function's body may move into a block (`try { … } finally { … }`) without a change of
 * meaning. Functions declared at the top of a body are bound like `var` there, but like `let` in a block: that is the
 * same as long as no other declaration bears the name, and no `eval` looks.
 */
export function bodyMayBecomeBlock(facts: FunctionFacts): boolean {
  if (facts.declared.length === 0) return true;
  if (facts.evals || new Set(facts.declared).size !== facts.declared.length) return false;
  const { variables, declaredInBlocks } = facts;
  return facts.declared.every(
    (name) => name !== "arguments" && !variables.has(name) && declaredInBlocks?.has(name) !== true,
  );
}
