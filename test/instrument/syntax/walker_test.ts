import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { parse } from "../../../src/instrument/syntax/parse.ts";
import { type NodeHandlers, Walker } from "../../../src/instrument/syntax/walker.ts";

class Names extends Walker<Names> {
  readonly seen: string[] = [];
}

const HANDLERS: NodeHandlers<Names> = {
  Identifier(walk, { name }, key) {
    walk.seen.push(`${key} ${name}`);
  },
  ArrowFunctionExpression(walk, { body }) {
    walk.seen.push("=>");
    walk.visit(body, "body");
  },
};

function namesIn(code: string, handlers = HANDLERS): string[] {
  const walk = new Names(handlers);
  walk.visit(parse(code, "/a.ts", "module").program);
  return walk.seen;
}

test("a walk goes through the children in the order of the text, and a handler decides how it goes on", () => {
  assertEquals(namesIn("f(a, [b, , c]); (unseen) => d"), [
    "callee f",
    "arguments a",
    "elements b",
    "elements c",
    "=>",
    "body d",
  ]);
});

test("names of properties are visited only where they are computed, and types never", () => {
  assertEquals(namesIn("({ a: b, [c]: d }); e.f; g[h] as T; class A { x = i; [j]() {} }"), [
    ...["value b", "key c", "value d", "object e", "object g", "property h", "value i", "key j"],
  ]);
});

test("two tables can share one walk", () => {
  const calls: string[] = [];
  const both: NodeHandlers<Names> = {
    ...HANDLERS,
    CallExpression(walk, node) {
      calls.push(node.callee.type);
      walk.visitChildren(node);
    },
  };
  assertEquals(namesIn("f(g(a.b))", both), ["callee f", "callee g", "object a"]);
  assertEquals(calls, ["Identifier", "Identifier"]);
});
