// That V8 keeps its quick ways while sampling: asked of itself, on each Node that is there.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { instrument } from "../../src/instrument/instrument.ts";
import { engines, Project } from "./host.ts";

const SAMPLED = ["adaptive", "524288"];

/** Uses what the protectors are for, and prints those that are gone. V8 forgets one for good as soon as somebody may have changed what it is about. */
const PROTECTORS = `
const names = ["ArrayIterator", "ArraySpecies", "IsConcatSpreadable", "MapIterator", "NoElements", "PromiseSpecies",
  "RegExpSpecies", "SetIterator", "StringIterator", "StringWrapperToPrimitive", "TypedArraySpecies"];
const isWhole = (name) => new Function("return %" + name + "Protector()")();
class Mine extends Map {}
const kept = [[...[1, 2].map(String)], [...new Set([1])], [...new Mine([[1, 2]])], [..."ab"], [1].concat([2]), new Uint8Array(8).slice(2),
  new Float64Array(4).map((x) => x + 1), Uint8Array.from([1]), "axb".replace(/x/, "y").split(/y/), structuredClone({ a: [1] }), new Date(0),
  Buffer.from("abc").subarray(1)];
Promise.resolve(1).then(async () => {
  await null;
  console.log(JSON.stringify({ broken: names.filter((name) => !isWhole(name)), kept: kept.length }));
});
`;

for (const { name, host, program } of engines.filter((engine) => engine.host === "node")) {
  for (const sampling of SAMPLED) {
    test(`${name}, ${sampling}: all protectors of V8 are whole`, {
      skip: program === null && "not on the PATH",
    }, async () => {
      using project = new Project({ "main.js": PROTECTORS });
      const { stdout, stderr, code } = await project.run(host, "main.js", {
        program: program!,
        flags: ["--allow-natives-syntax"],
        env: { TRACEMALLOC: "25", TRACEMALLOC_SAMPLING: sampling },
      });
      assertEquals(code, 0, stderr);
      assertEquals(JSON.parse(stdout), { broken: [], kept: 12 });
    });

    test(`${name}, ${sampling}: what counts a literal is short enough to be inlined, also after it has recorded many`, {
      skip: program === null && "not on the PATH",
    }, async () => {
      using project = new Project({ "main.js": countingProgram() });
      const { stdout, stderr, code } = await project.run(host, "main.js", {
        program: program!,
        flags: ["--allow-natives-syntax", "--trace-turbo-inlining", "--no-concurrent-recompilation"],
        env: { TRACEMALLOC: "25", TRACEMALLOC_SAMPLING: sampling },
      });
      assertEquals(code, 0, stderr);
      assert(stdout.includes("done"), stdout);
      // Of a function of more than 920 bytes with what is inlined into it, V8 inlines none. Several are to fit.
      const sizes = [
        ...stdout.matchAll(
          / o>\}, bytecode size: (\d+)(?:, existing opt code's inlined bytecode size: (\d+))?/g,
        ),
      ];
      assert(sizes.length > 0, stdout.slice(0, 2000));
      for (const [text, own, inlined = "0"] of sizes) assert(Number(own) + Number(inlined) < 200, text);
      assert(/Inlining .* o>\} into .* hot>/.test(stdout), stdout.slice(0, 2000));
    });
  }
}

/** Reports many literals that are recorded, has what they report to compiled by itself, and then a function that has three. */
function countingProgram(): string {
  const { code } = instrument("[]", { filename: "/other.js", sourceType: "script", calls: false });
  const payload = /register\((".*?[^\\]")\)/.exec(code)![1]!;
  const makers = Array.from(
    { length: 300 },
    (_, i) => `(a) => [[a], { a }, [a, ${i}], [a, a], { a, b: 1 }],`,
  );
  return `const makers = [\n${makers.join("\n")}\n];
function hot(n) { let last; for (let i = 0; i < n; i++) last = [i, { i }, [i]]; return last; }
const native = (name, f) => new Function("f", "%" + name + "(f)")(f);
const { o } = Object.getPrototypeOf(globalThis[Symbol.for("tracemalloc")].register(${payload}));
for (const f of [o, hot]) native("PrepareFunctionForOptimization", f);
let kept;
for (let round = 0; round < 3; round++) for (const make of makers) kept = make(round);
native("OptimizeFunctionOnNextCall", o);
kept = hot(100);
native("OptimizeFunctionOnNextCall", hot);
kept = hot(100);
console.log("done");`;
}
