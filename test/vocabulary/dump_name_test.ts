import { test } from "node:test";
import { assertEquals } from "@std/assert";
import {
  defaultName,
  nameForChildren,
  nameForWorker,
  nameWithId,
  scriptStem,
} from "../../src/vocabulary/dump_name.ts";

test("a name by the script has none of its extension, and no character that shells or file systems take amiss", () => {
  assertEquals(["server.js", "app.min.mjs", ".hidden", "größe 1:2.ts", ""].map(scriptStem), [
    "server",
    "app.min",
    ".hidden",
    "größe_1_2",
    "",
  ]);
  assertEquals(defaultName("server"), "tracemalloc-server-%p.pb.gz");
});

test("the id goes before the extension, or where %p stands", () => {
  assertEquals(nameWithId("a.pb.gz", "7"), "a.7.pb.gz");
  assertEquals(nameWithId("dump", "7"), "dump.7.pb.gz");
  assertEquals(nameWithId("/x/%p/a-%p.out", "7"), "/x/7/a-7.out");
  assertEquals(nameForChildren("a.pb.gz", "7"), "a.7.%p.pb.gz");
  assertEquals(nameForChildren("a-%p", "7"), "a-7.%p");
  assertEquals(nameWithId(nameForChildren("a.pb.gz", "7"), "8"), "a.7.8.pb.gz");
});

test("a worker's number follows the id of its process, whatever the name is that it sees", () => {
  const owner = { id: "7", worker: 2 };
  assertEquals(nameForWorker("a.pb.gz", owner), "a.7-2.pb.gz");
  assertEquals(nameForWorker(nameForChildren("a.pb.gz", "7"), owner), "a.7-2.pb.gz");
  assertEquals(nameForWorker("a-%p", owner), "a-7-2");
  assertEquals(nameForWorker("a.6.%p.pb.gz", owner), "a.6.7-2.pb.gz");
});
