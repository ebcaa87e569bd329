// Domains by name.
import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { DomainFilter, type DomainName, Filter, Snapshot } from "../../mod.ts";
import { domainOf } from "../../src/cli/values.ts";
import { domainName } from "../../src/report/views/stats.ts";
import { DOMAIN_NAMES, domainNumber } from "../../src/vocabulary/domain_names.ts";

test("each domain has a word, which filters take for its number", () => {
  assertEquals(DOMAIN_NAMES.map(domainNumber), [0, 1, 2, 3, 4, 5]);
  assertEquals([domainNumber(16), domainNumber("no" as DomainName)], [16, "no" as unknown]);
  assertEquals(new DomainFilter(true, "timers").domain, 3);
  assertEquals(new Filter(true, "*", { domain: "listeners" }).domain, 4);
  assertThrows(() => new DomainFilter(true, "timer" as DomainName), TypeError, "domain must be a number");
  const at: [string, number][] = [["a.ts", 1]];
  const snapshot = Snapshot.fromTraces(
    [3, 4, 5, 16].map((domain) => [domain, 8, at]),
    1,
  );
  const left = snapshot.filterTraces([new DomainFilter(false, "listeners"), new DomainFilter(false, 16)]);
  assertEquals([...left.traces].map(({ domain }) => domain).sort(), [3, 5]);
});

test("views name domains, and the command line takes a name or a number", () => {
  assertEquals([0, 1, 2, 3, 4, 5, 6, 16].map(domainName), [
    "objects",
    "external bytes",
    "strings",
    "timers",
    "listeners",
    "suspended calls",
    "reserved",
    "user",
  ]);
  const parse = domainOf("--domain");
  assertEquals(["timers", "5", "20"].map(parse), [3, 5, 20]);
  assertThrows(() => parse("listener"), Error, 'not "listener" (did you mean');
  assertThrows(() => parse("2147483648"), Error, "--domain must be one of objects, external");
});
