import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { transformSync } from "@babel/core";
import { assertEquals } from "@std/assert";
import { stamp, stampOf } from "../../../src/track/objects/stamp.ts";
import { importText } from "../../instrumented.ts";

type Module = typeof import("../../../src/track/objects/stamp.ts");

const source = new URL("../../../src/track/objects/stamp.ts", import.meta.url);

/** The module as a compiler makes it that takes private fields for properties. */
async function loose(): Promise<Module> {
  const require = createRequire(source);
  const ofPresetEnv = createRequire(require.resolve("@babel/preset-env"));
  const { code } = transformSync(readFileSync(source, "utf8"), {
    configFile: false,
    filename: "stamp.ts",
    assumptions: { privateFieldsAsProperties: true, setPublicClassFields: true },
    presets: [require.resolve("@babel/preset-typescript")],
    plugins: [
      "@babel/plugin-transform-class-properties",
      "@babel/plugin-transform-private-property-in-object",
    ].map((name) => ofPresetEnv.resolve(name)),
  })!;
  const text = code!.replace(/"(\.\.?\/[^"]+)"/g, (_, path) => `"${new URL(path, source)}"`);
  return (await importText(text)) as Module;
}

function marks(module: Pick<Module, "stamp" | "stampOf">): unknown {
  const objects = [{}, [], () => {}, Object.freeze({})];
  const before = objects.map((object) => [module.stampOf(object), Reflect.ownKeys(object).length]);
  for (const [i, object] of objects.entries()) module.stamp(object, 7 + i);
  module.stamp(objects[0]!, 70);
  return [before, objects.map((object) => [module.stampOf(object), Reflect.ownKeys(object).length])];
}

const expected = [
  [
    [-1, 0],
    [-1, 1],
    [-1, 2],
    [-1, 0],
  ],
  [
    [70, 0],
    [8, 1],
    [9, 2],
    [10, 0],
  ],
];

test("an object is marked, and nobody sees it", () => {
  assertEquals(marks({ stamp, stampOf }), expected);
});

test("nor does anybody where a compiler has made private fields properties", async () => {
  assertEquals(marks(await loose()), expected);
});
