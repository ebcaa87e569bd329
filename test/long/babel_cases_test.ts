// The transform's hard cases through Babel: the same behaviour with the plugin as without. Compiling takes its time.
import { test } from "node:test";
import type { PluginItem } from "@babel/core";
import { assert, assertEquals } from "@std/assert";
import { type Behaviour, outcome, runThreeWays } from "../instrument/behaviour.ts";
import { FORMS, HAZARDS } from "../instrument/hazards.ts";
import { compile, OLD, plugin } from "../plugin/babel/compile.ts";

/** The case as Babel compiles it, with the plugin or without; null where Babel does not take it. */
function compiled(
  { source, sourceType = "script" }: Behaviour,
  presets: PluginItem[],
  plugins: PluginItem[],
): string | null {
  const parserOpts = { allowReturnOutsideFunction: sourceType === "commonjs" };
  try {
    return compile(
      source,
      { presets, sourceType: sourceType === "module" ? "module" : "script", parserOpts },
      plugins,
    ).code!;
  } catch {
    return null;
  }
}

/** Cases that print the names of classes, which Babel makes up for old targets; and one that rejects unhandled once compiled. */
const DIFFERENT: ReadonlySet<string> = new Set([
  "10: a class looks at its own name",
  "an anonymous default class",
  "async generator return that throws",
]);

/** For old targets Babel gives functions names of its own making; which, depends on what stands around them. */
function nameless(seen: readonly string[]): string[] {
  return seen.map((text) => text.replaceAll(/function [^/]*\//g, "function /"));
}

for (const [name, presets] of Object.entries({ "no preset": [], "preset-env for IE 11": [OLD] })) {
  test(`${name}: the transform's cases do the same with the plugin as without`, async () => {
    const shown = presets.length === 0 ? (seen: readonly string[]) => [...seen] : nameless;
    let count = 0;
    for (const behaviour of [...HAZARDS, ...FORMS]) {
      if (presets.length > 0 && DIFFERENT.has(behaviour.name)) continue;
      const untouched = compiled(behaviour, presets, []);
      if (untouched === null) continue;
      const source = compiled(behaviour, presets, [plugin]);
      assert(source !== null, behaviour.name);
      count++;
      const before = await outcome({ ...behaviour, source: untouched, isInstrumented: true }, "untouched");
      const { absent, tracked } = await runThreeWays({ ...behaviour, source, isInstrumented: true });
      const same = { name: behaviour.name, absent: shown(before), tracked: shown(before) };
      assertEquals({ name: behaviour.name, absent: shown(absent), tracked: shown(tracked) }, same);
    }
    assert(count > 50, `${count} cases ran`);
  });
}
