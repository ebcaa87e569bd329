import { readFileSync } from "node:fs";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { BOUNDARIES, hasReached, youngGeneration } from "../../src/host/capabilities.ts";

test("a version has what its release line, or an older one that was the last, has", () => {
  const since = ["22.22.3", "24.11.1"];
  const reached = [
    "22.22.3",
    "22.22.10",
    "22.23.0",
    "24.11.1",
    "24.12.0",
    "25.0.0",
    "26.1.0",
    "24.11.1-nightly",
  ];
  const missed = ["18.99.99", "22.18.0", "22.22.2", "23.11.0", "24.0.0", "24.11.0", "24.9.9", "", "x"];
  assertEquals(
    reached.filter((version) => !hasReached(since, version)),
    [],
  );
  assertEquals(
    missed.filter((version) => hasReached(since, version)),
    [],
  );
  assertEquals(hasReached([], "26.0.0"), false);
});

test("the package, the README and the message of an older Node name the same version", () => {
  const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
  const [oldest] = BOUNDARIES.supported.node;
  const short = oldest.replace(/\.0$/, "");
  assertEquals(JSON.parse(read("package.json")).engines.node, `>=${short}`);
  assertEquals(/\| Node ≥ ([\d.]+) /.exec(read("README.md"))?.[1], short);
  assertEquals(/BOUNDARIES\.(\w+)\.node/.exec(read("plugin/register_node.ts"))?.[1], "supported");
});

test("how much of the heap limit is the young generation's", () => {
  const told = ["22.22.3", "24.11.1", "25.0.0", "26.10.0"].map((version) => youngGeneration("node", version));
  assertEquals([...told, youngGeneration("deno", "24.0.0")], [48, 192, 192, 96, 96]);
});
