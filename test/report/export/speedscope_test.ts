import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { speedscope } from "../../../src/report/export/speedscope.ts";
import { hostileSnapshot, SNAPSHOT, textOf } from "./exports_fixture.ts";

interface Schema {
  readonly $ref?: string;
  readonly definitions: Readonly<Record<string, Definition>>;
}

interface Definition {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Definition[];
  readonly items?: Definition;
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly required?: readonly string[];
}

const schema: Schema = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve("speedscope/dist/release/file-format-schema.json"),
    "utf8",
  ),
);

/** What is wrong with a value by speedscope's published schema; only what that schema uses. */
function mistakes(value: unknown, rule: Definition, at = "$"): string[] {
  if (rule.$ref !== undefined) return mistakes(value, schema.definitions[rule.$ref.split("/").at(-1)!], at);
  if (rule.anyOf !== undefined) {
    const each = rule.anyOf.map((one) => mistakes(value, one, at));
    return each.some((found) => found.length === 0) ? [] : each.flat();
  }
  if (rule.enum !== undefined) return rule.enum.includes(value) ? [] : [`${at} is ${String(value)}`];
  const kind = Array.isArray(value) ? "array" : typeof value;
  if (rule.type !== undefined && rule.type !== kind) return [`${at} is of type ${kind}, not ${rule.type}`];
  if (Array.isArray(value))
    return value.flatMap((one, index) => mistakes(one, rule.items ?? {}, `${at}[${index}]`));
  if (kind !== "object") return [];
  const fields = value as Record<string, unknown>;
  const missing = (rule.required ?? [])
    .filter((name) => !(name in fields))
    .map((name) => `${at}.${name} is missing`);
  const wrong = Object.entries(fields).flatMap(([name, field]) =>
    mistakes(field, rule.properties?.[name] ?? {}, `${at}.${name}`),
  );
  return [...missing, ...wrong];
}

interface File {
  readonly shared: {
    readonly frames: readonly { readonly name: string; readonly file: string; readonly line?: number }[];
  };
  readonly profiles: readonly {
    readonly name: string;
    readonly unit: string;
    readonly endValue: number;
    readonly samples: readonly (readonly number[])[];
    readonly weights: readonly number[];
  }[];
}

test("speedscope() fulfils speedscope's own schema", () => {
  const root: Definition = schema.$ref === undefined ? (schema as Definition) : { $ref: schema.$ref };
  for (const snapshot of [SNAPSHOT, hostileSnapshot(), SNAPSHOT.filterTraces([])]) {
    assertEquals(mistakes(JSON.parse(textOf(speedscope(snapshot))), root), []);
  }
  assert(mistakes({ shared: { frames: [{}] }, profiles: [{ type: "sampled" }] }, root).length > 0);
});

test("speedscope() has a profile of memory and one of allocations", () => {
  const { shared, profiles }: File = JSON.parse(textOf(speedscope(SNAPSHOT)));
  const stacks = profiles.map(({ name, unit, endValue, samples, weights }) => ({
    name,
    unit,
    endValue,
    stacks: samples.map((sample, index) => [
      sample.map((frame) => shared.frames[frame].name).join(" > "),
      weights[index],
    ]),
  }));
  assertEquals(stacks, [
    {
      name: "memory",
      unit: "bytes",
      endValue: 4836,
      stacks: [
        ["main main.ts:3 > Cache.put cache.ts:41", 640],
        ["main main.ts:4 > Cache.put cache.ts:42", 100],
        ["<module> main.ts:10", 4096],
      ],
    },
    {
      name: "allocations",
      unit: "none",
      endValue: 27,
      stacks: [
        ["main main.ts:3 > Cache.put cache.ts:41", 20],
        ["main main.ts:4 > Cache.put cache.ts:42", 1],
        ["<module> main.ts:9", 5],
        ["<module> main.ts:10", 1],
      ],
    },
  ]);
  assertEquals(shared.frames[1], { name: "Cache.put cache.ts:41", file: "/app/cache.ts", line: 41 });
});
