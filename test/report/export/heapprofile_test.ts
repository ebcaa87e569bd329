import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import type { CDPSession } from "playwright-core";
import { heapprofile } from "../../../src/report/export/heapprofile.ts";
import { hostileSnapshot, SNAPSHOT, textOf } from "./exports_fixture.ts";

// DevTools' own protocol, by way of the command that gives such a profile.
declare const session: CDPSession;
type Profile = Awaited<ReturnType<typeof session.send<"HeapProfiler.stopSampling">>>["profile"];
type Node = Profile["head"];

// The protocol's own types say which fields there must be: a name that is missing here, or too many, is a type error.
const NODE: Record<keyof Node, string> = {
  callFrame: "object",
  selfSize: "number",
  id: "number",
  children: "object",
};
const CALL_FRAME: Record<keyof Node["callFrame"], string> = {
  functionName: "string",
  scriptId: "string",
  url: "string",
  lineNumber: "number",
  columnNumber: "number",
};

function kindsOf(value: object): Record<string, string> {
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, typeof field]));
}

/** Every node of a profile, and what its fields must be. */
function nodesOf({ head }: Pick<Profile, "head">): Node[] {
  const nodes: Node[] = [];
  const open = [head];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    assertEquals(kindsOf(node), NODE);
    assertEquals(kindsOf(node.callFrame), CALL_FRAME);
    nodes.push(node);
    open.push(...node.children.toReversed());
  }
  return nodes;
}

test("heapprofile() has a node for every function, and one below it for each line that allocates", () => {
  const profile: Profile = JSON.parse(textOf(heapprofile(SNAPSHOT)));
  assertEquals(
    nodesOf(profile).map(({ callFrame: { functionName, url, lineNumber, columnNumber }, selfSize }) => {
      return [functionName, url, lineNumber, columnNumber, selfSize];
    }),
    [
      ["(root)", "", -1, -1, 0],
      ["main", "file:///app/main.ts", 0, 0, 0],
      ["Cache.put", "file:///app/cache.ts", 37, 0, 0],
      ["Cache.put line 41", "file:///app/cache.ts", 40, 0, 640],
      ["Cache.put line 42", "file:///app/cache.ts", 41, 0, 100],
      ["<module>", "file:///app/main.ts", -1, -1, 0],
      ["<module> line 10", "file:///app/main.ts", 9, 0, 4096],
    ],
  );
});

test("the samples of heapprofile() add up to the nodes' own sizes", () => {
  for (const snapshot of [SNAPSHOT, hostileSnapshot()]) {
    const profile: Profile = JSON.parse(textOf(heapprofile(snapshot)));
    const nodes = nodesOf(profile);
    assertEquals(new Set(nodes.map(({ id }) => id)).size, nodes.length);
    const allocating = nodes
      .filter(({ selfSize }) => selfSize > 0)
      .map(({ id, selfSize }) => `${id} ${selfSize}`);
    assertEquals(profile.samples.map(({ nodeId, size }) => `${nodeId} ${size}`).sort(), allocating.sort());
    assert(new Set(profile.samples.map(({ ordinal }) => ordinal)).size === profile.samples.length);
  }
});

test("heapprofile() can tell of what was allocated", () => {
  const profile: Profile = JSON.parse(textOf(heapprofile(SNAPSHOT, { measure: "allocated-size" })));
  const sizes = nodesOf(profile).flatMap(({ selfSize }) => (selfSize > 0 ? [selfSize] : []));
  assertEquals(sizes, [1280, 100, 320, 64]);
});

test("heapprofile() selects files and domains", () => {
  const sizes = (options: Parameters<typeof heapprofile>[1]): number[] =>
    nodesOf(JSON.parse(textOf(heapprofile(SNAPSHOT, options)))).flatMap(({ selfSize }) =>
      selfSize > 0 ? [selfSize] : [],
    );
  assertEquals(sizes({ include: ["*/cache.ts"] }), [640, 100]);
  assertEquals(sizes({ domain: 1 }), [4096]);
});
