// `tracemalloc mcp`, asked by the client of the official SDK; test/long/mcp_hunt_test.ts has the tool that takes long.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test as plainTest } from "node:test";
import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";
import { root } from "../hosts/host.ts";
import { blocksAt, snapshotOf } from "../report/fixtures.ts";
import { withServer } from "./mcp_server.ts";
import { tracemalloc } from "./tracemalloc.ts";

const bin = (name: string): string => join(root, "node_modules", ".bin", name);

function test(name: string, body: () => Promise<void>): void {
  plainTest(name, { timeout: 120_000 }, body);
}

const TOOLS = ["snapshots", "top", "diff", "tree", "source", "why", "hunt"];

for (const [host, command] of [
  ["deno", [bin("deno"), "run", "-A"]],
  ["bun", [bin("bun")]],
] as const) {
  test(`${host}: the tools are there, and answer`, () =>
    withServer(
      async (ask, { client }) => {
        assertEquals(
          (await client.listTools()).tools.map(({ name }) => name),
          TOOLS,
        );
        assertStringIncludes((await ask("top", { snapshot: "dumps/c.pb.gz" })).text, "/app.ts:2: 30.0 KiB");
      },
      { command },
    ));
}

test("each tool answers what the command line prints, of files below the folder", () =>
  withServer(async (ask, { client, folder }) => {
    const { tools } = await client.listTools();
    assertEquals(
      tools.map(({ name }) => name),
      TOOLS,
    );
    for (const { name, inputSchema, annotations, description } of tools) {
      assertEquals([inputSchema.type, annotations?.readOnlyHint], ["object", name !== "hunt"]);
      assert((description ?? "").length > 50);
    }
    assertStringIncludes(client.getInstructions() ?? "", "never instructions");

    const list = (await ask("snapshots")).text.split("\n").map((line) => line.split("  ")[0]);
    assertEquals(list.sort(), ["dumps/a.pb.gz", "dumps/b.pb.gz", "dumps/c.pb.gz"]);

    const top = await ask("top", { snapshot: "dumps/c.pb.gz", limit: 1 });
    assertEquals(top, {
      text: `Top 1 lines\n#1: ${folder}/app.ts:2: 30.0 KiB\n    export const leak = () => cache.push({});\n2 other: 199 B\nTotal allocated size: 30.2 KiB`,
      isError: false,
    });
    const printed = tracemalloc(["top", "--limit", "1", "dumps/c.pb.gz"], { cwd: folder }).stdout;
    assertEquals(`${top.text}\n`, printed);
    const files = ["dumps/a.pb.gz", "dumps/b.pb.gz", `${folder}/dumps/c.pb.gz`];
    const diff = await ask("diff", { snapshots: files, include: ["*/app.ts"] });
    assertStringIncludes(diff.text, "/app.ts:2: 10.0 KiB → 20.0 KiB → 30.0 KiB (+20.0 KiB)");
    const tree = await ask("tree", { snapshot: "dumps/a.pb.gz", invert: true });
    assertStringIncludes(tree.text, `98.1 %  10.0 KiB  ${folder}/app.ts:2\n`);
    assertEquals(
      (await ask("source", { file: "app.ts", line: 2, around: 0, snapshot: "dumps/a.pb.gz" })).text.split(
        "\n",
      ),
      [
        "app.ts, lines 2 to 2 of 3; left of a line: bytes alive, blocks alive",
        "          10.0 KiB, 10     2  export const leak = () => cache.push({});",
      ],
    );
    // What has changed meanwhile is read again.
    writeFileSync(join(folder, "app.ts"), "\nexport const mended = 1;\n");
    assertStringIncludes((await ask("top", { snapshot: "dumps/c.pb.gz" })).text, "mended = 1");

    const path = { count: 1, size: 64, root: "a timer", hops: [] };
    const sizes = { count: 1, selfSize: 64, engineSize: 0, retainedSize: 64 };
    const lines = [{ filename: "app.ts", lineno: 2, functionName: "leak", ...sizes, paths: [path] }];
    const totals = { heapSize: 640, attributedSize: 64, engineSize: 0, otherSize: 576 };
    const { columns } = snapshotOf(blocksAt(1, 64, "app.ts:2"));
    new Snapshot(columns, { why: { totals, lines } }).dump(join(folder, "why.pb.gz"));
    assertStringIncludes((await ask("why", { snapshot: "why.pb.gz" })).text, "a timer");
    const without = await ask("why", { snapshot: "dumps/a.pb.gz" });
    assertEquals(without.isError, true);
    assertStringIncludes(without.text, "take it with tracemalloc run --why");
  }));

test("nothing outside of the folder is read, by whatever way", () =>
  withServer(async (ask, { folder, elsewhere }) => {
    const refused: [string, Record<string, unknown>][] = [
      ["top", { snapshot: "../elsewhere/other.pb.gz" }],
      ["top", { snapshot: `${elsewhere}/other.pb.gz` }],
      ["top", { snapshot: "out/other.pb.gz" }],
      ["top", { snapshot: "../elsewhere/not-there.pb.gz" }],
      ["top", { snapshot: "." }],
      ["diff", { snapshots: ["dumps/a.pb.gz", "out/other.pb.gz"] }],
      ["tree", { snapshot: `${folder}/../elsewhere/other.pb.gz` }],
      ["source", { file: "link.ts" }],
      ["source", { file: "out/secret.ts" }],
      ["source", { file: "/etc/passwd" }],
      ["source", { file: "app.ts", snapshot: "out/other.pb.gz" }],
      ["why", { snapshot: "out/other.pb.gz" }],
      ["why", { snapshot: "dumps/a.pb.gz", heap: "out/secret.ts" }],
    ];
    refused.push(["hunt", { script: "out/secret.ts" }], ["hunt", { script: "../elsewhere/secret.ts" }]);
    for (const [name, given] of refused) {
      const { text, isError } = await ask(name, given);
      assertEquals(isError, true, JSON.stringify(given));
      assertStringIncludes(text, " is not below ");
    }
    assertStringIncludes(
      (await ask("top", { snapshot: "no.pb.gz" })).text,
      "cannot read no.pb.gz: no such file",
    );
    // A snapshot names files elsewhere: their lines are not shown, the command line shows them.
    const all = await ask("top", { snapshot: "dumps/a.pb.gz" });
    assertStringIncludes(all.text, "elsewhere/secret.ts:1");
    assertFalse(all.text.includes("hunter2"), all.text);
    assertStringIncludes(tracemalloc(["top", "dumps/a.pb.gz"], { cwd: folder }).stdout, "hunter2");
    const listed = (await ask("snapshots")).text;
    assertFalse(listed.includes("other.pb.gz"), listed);
  }));

test("answers are bounded, and wrong arguments are told what is allowed", () =>
  withServer(async (ask, { folder }) => {
    const names = Array.from({ length: 500 }, (_, i) =>
      blocksAt(1, 1000 + i, `${"long".repeat(60)}${i}.ts:1`),
    );
    snapshotOf(...names).dump(join(folder, "many.pb.gz"));
    const { text } = await ask("top", { snapshot: "many.pb.gz", limit: 100 });
    assert(text.length > 19_000 && text.length < 20_200, `${text.length} characters`);
    assertStringIncludes(text, " more lines: ask for less (limit, include, min, depth)");
    writeFileSync(join(folder, "one_line.js"), `x="${"y".repeat(100_000)}"`);
    assert((await ask("source", { file: "one_line.js" })).text.length < 600);
    writeFileSync(join(folder, "damaged.pb.gz"), "{");

    const cases: [string, Record<string, unknown>, string][] = [
      ["top", {}, "the argument snapshot is missing"],
      ["top", { snapshot: 7 }, "snapshot must be a text of 1 to 4096 characters, not 7"],
      [
        "top",
        { snapshot: "dumps/a.pb.gz", limit: 1e9 },
        "limit must be a whole number from 1 to 100, not 1000000000",
      ],
      ["top", { snapshot: "dumps/a.pb.gz", by: "line" }, "by must be one of lineno, filename"],
      ["top", { snapshot: "dumps/a.pb.gz", limt: 3 }, "unknown argument limt (did you mean limit?)"],
      ["top", { snapshot: "dumps/a.pb.gz", peak: "yes" }, 'peak must be true or false, not "yes"'],
      ["diff", { snapshots: ["dumps/a.pb.gz"] }, "snapshots must be a list of 2 to 16 texts"],
      ["top", { snapshot: "damaged.pb.gz" }, "the file ends too early"],
      ["source", { file: "damaged.pb.gz" }, "it is no source file"],
      ["hunt", { script: "damaged.pb.gz" }, "it takes JavaScript or TypeScript"],
      ["hunt", { script: "app.ts", url: ["http://example.com/"] }, "--allow-remote"],
      ["nosuch", {}, "there is no tool nosuch: snapshots, top, diff, tree, source, why, hunt"],
    ];
    for (const [name, given, message] of cases) {
      const found = await ask(name, given);
      assertEquals(found.isError, true, message);
      assertStringIncludes(found.text, message);
      assertFalse(found.text.includes("\n"), found.text);
    }
  }));

test("--read-only leaves out what starts programs", () =>
  withServer(
    async (ask, { client }) => {
      assertEquals(
        (await client.listTools()).tools.map(({ name }) => name),
        TOOLS.slice(0, -1),
      );
      assertStringIncludes(
        (await ask("hunt", { script: "app.ts" })).text,
        "there is no tool hunt: snapshots",
      );
    },
    { more: ["--read-only"] },
  ));
