import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import {
  frameOfScript,
  isScriptFrame,
  scriptFrame,
  scripts,
  textFrame,
} from "../../../src/track/calls/script_frames.ts";

function shown(number: number): string | null {
  if (number === 0) return null;
  const { script, line, column } = frameOfScript(number);
  return `${script.name} ${line} ${column}`;
}

test("lines of stacks as Firefox and Safari write them", () => {
  const cases: [line: string, frame: string | null][] = [
    ["fill@http://localhost/a.js:3:14", "http://localhost/a.js 3 14"],
    ["@http://localhost/a.js:1:120345", "http://localhost/a.js 1 120345"],
    ["async*load@https://h:8080/a.js?v=1:1:2", "https://h:8080/a.js?v=1 1 2"],
    ["setTimeout handler*f/<@https://h/a.js:1:2", "https://h/a.js 1 2"],
    // Names and URLs with an "@".
    ["x@y@https://h/node_modules/@scope/x.js:5:6", "https://h/node_modules/@scope/x.js 5 6"],
    ["f@blob:http://h/0a-1b:5:6", "blob:http://h/0a-1b 5 6"],
    ["module code@http://h/a.js:7:8", "http://h/a.js 7 8"],
    ["http://h/a.js:7:9", "http://h/a.js 7 9"],
    // What has no text of its own.
    ["ev@http://h/a.js line 17 > eval:1:23", null],
    ["map@[native code]", null],
    ["f@webpack-internal:///./src/a.js:1:2", null],
    ["f@resource://devtools/a.js:1:2", null],
    ["f@debugger eval code:1:2", null],
    ["", null],
  ];
  for (const [line, frame] of cases) assertEquals(shown(textFrame(line)), frame, line);
});

test("one number for each place", () => {
  const number = scriptFrame("http://h/one.js", 1, 2);
  assert(isScriptFrame(number) && !isScriptFrame(-5) && !isScriptFrame(7));
  assertEquals(scriptFrame("http://h/one.js", 1, 2), number);
  assertEquals(textFrame("f@http://h/one.js:1:2"), number);
  const others = [
    scriptFrame("http://h/one.js", 2, 1),
    scriptFrame("http://h/two.js", 1, 2),
    scriptFrame("http://h/one.js", 1, 3),
  ];
  assertEquals(new Set([number, ...others]).size, 4);
  assertEquals(scripts.filter(({ name }) => name === "http://h/one.js").length, 1);
});
