import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { OtherKinds } from "../../src/heap/other_kinds.ts";
import { FixtureHeap, readText } from "./heap_fixture.ts";

test("nodes are counted by kinds, those of a class by its name, and what the tracker needs apart", () => {
  const heap = new FixtureHeap().add("root", { kind: "synthetic", name: "" });
  heap.add("socket", { name: "Socket" }).add("other", { name: "Socket" }).add("plain", { name: "Object" });
  heap.add("text", { kind: "string", name: "let x" }).add("script", { kind: "code", name: "/app/a.ts" });
  heap.edge("script", "internal", "source", "text").add("data", { kind: "concatenated string" });
  heap.add("token", { name: "Token" }).add("node", { kind: "native", name: '<div class="alice">' });
  const kinds = new OtherKinds(readText(heap.text));
  const add = (id: string, size: number): void => kinds.add(heap.indexOf(id), size);
  add("root", 0);
  for (const [id, size] of Object.entries({ socket: 10, other: 20, plain: 5, text: 70, data: 3, node: 4 }))
    add(id, size);
  kinds.addTrackers(heap.indexOf("token"), 16);
  assertEquals(kinds.size, 128);
  assertEquals(
    kinds.list(137).map(({ kind, count, size }) => [kind, count, size]),
    [
      ["source text", 1, 70],
      ["Socket objects", 2, 30],
      ["the tracker itself", 1, 16],
      ["objects that are not followed", 0, 9],
      ["plain objects", 1, 5],
      // Attributes of a page's elements are data.
      ["<div>", 1, 4],
      ["strings", 1, 3],
    ],
  );
});
