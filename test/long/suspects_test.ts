// Suspects, ages and containers of real programs, on every runtime.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { markTexts } from "../../src/report/text/mark_texts.ts";
import { lineMarks } from "../../src/report/views/line_marks.ts";
import { engines, Project, whoami } from "../hosts/host.ts";

const APP = `const cache = new Map(); // grows
const start = [];
for (let i = 0; i < 1000; i++) start.push({ i }); // kept from the start
let recent = [];
let n = 0;
const end = Date.now() + 8000;
while (Date.now() < end) {
  for (let i = 0; i < 50; i++) {
    cache.set("key " + n, { n }); // leaks
    recent.push({ n: n++ }); // lives for a while
  }
  if (recent.length > 5000) recent = recent.slice(-100);
  await new Promise((resolve) => setTimeout(resolve, 10));
}
globalThis.kept = [cache, start, recent];
${whoami}`;

for (const { name, host, program } of engines) {
  for (const sampling of ["adaptive", "exact"]) {
    const skip = program === null && `no ${name} on the PATH`;
    test(`${name}, ${sampling}: the line that leaks is the suspect, and its blocks grow old`, {
      skip,
    }, async () => {
      using project = new Project({ "main.mjs": APP });
      const env = { TRACEMALLOC: "5", TRACEMALLOC_SAMPLING: sampling, TRACEMALLOC_OUT: "app.pb.gz" };
      const { code, stderr } = await project.run(host, "main.mjs", { env, program: program! });
      assertEquals([code, stderr], [0, ""]);
      const marks = lineMarks(Snapshot.load(project.path("app.pb.gz")));
      const mark = (line: number) => [...marks.values()].find(({ key }) => key.endsWith(`main.mjs:${line}`));
      const leak = mark(9);
      assertEquals([leak?.grew, leak?.ages?.verdict], [true, "growing old"], JSON.stringify(leak));
      assertEquals(mark(3)?.ages?.verdict, "neither", JSON.stringify(mark(3)));
      assertEquals(mark(3)?.grew, false);
      // Nothing of it may be alive.
      assertEquals(mark(10)?.grew ?? false, false, JSON.stringify(mark(10)));
      // Of what lives for a while nothing is older than the last time that it was cut off, some two seconds ago.
      const recent = mark(10)?.ages;
      assert(recent === undefined || recent!.oldest <= 4, JSON.stringify(recent));
      const texts = markTexts(mark(1)!);
      assert(
        /^a Map has grown from 0 to [\d,]{5,} entries; keys: [\d,]{5,} strings$/.test(texts[0]!),
        texts.join(),
      );
    });
  }
}
