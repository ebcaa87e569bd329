import { childKeys, childrenUnder, type Node } from "./ast.ts";

/** By kind of node: what a walk does there. Absent: it goes on to the children. */
export type NodeHandlers<Walk> = {
  readonly [Type in Node["type"]]?: (walk: Walk, node: Extract<Node, { type: Type }>, key: string) => void;
};

/**
 * Walks over a program's expressions and statements. What a kind of node means is in the handlers, which walk on as they
 * like: one walk with several tables is a table whose handlers call theirs.
 */
export class Walker<Self extends Walker<Self>> {
  readonly #handlers: Readonly<Record<string, ((walk: Self, node: Node, key: string) => void) | undefined>>;

  constructor(handlers: NodeHandlers<Self>) {
    this.#handlers = handlers as Record<string, (walk: Self, node: Node, key: string) => void>;
  }

  /** @param key Where the node stands in its parent. */
  visit(node: Node, key = ""): void {
    const handler = this.#handlers[node.type];
    if (handler === undefined) this.visitChildren(node);
    else handler(this as unknown as Self, node, key);
  }

  /** Visits the children, one after the other. */
  visitChildren(node: Node): void {
    const keys = childKeys(node);
    for (let i = 0; i < keys.length; i++) this.visitUnder(node, keys[i]);
  }

  /** Visits what stands under one key. Property names are no expressions unless they are computed. */
  visitUnder(node: Node, key: string): void {
    const value = childrenUnder(node, key);
    if (value == null) return;
    if ((key === "key" || key === "property") && !(node as { computed?: boolean }).computed) return;
    if (Array.isArray(value)) this.visitEach(value, key);
    else this.visit(value as Node, key);
  }

  /** By index: iterators are objects until the loop is optimised. */
  visitEach(nodes: readonly (Node | null)[], key = ""): void {
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i];
      if (node !== null) this.visit(node, key);
    }
  }
}
