// Chrome DevTools itself reads an exported .heapprofile: the same modules that stand behind "Load profile".
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { assertEquals } from "@std/assert";
import { heapprofile } from "../../src/report/export/heapprofile.ts";
import { HOSTILE_NAMES, hostileSnapshot, SNAPSHOT, textOf } from "../report/export/exports_fixture.ts";
import { launchChromium, skipWithout } from "./browsers.ts";

type Row = [functionName: string, line: number, self: number, total: number];

/**
 * Loads a profile as DevTools does and gives its rows, callers first, with what each holds: from the nodes, and from
 * the samples. A text, because the page's types are unknown here.
 */
const LOAD = `async (content) => {
  const { HeapProfileView } = await import(new URL("./panels/profiler/profiler.js", location.href).href);
  const header = new HeapProfileView.SamplingHeapProfileHeader(null, new HeapProfileView.SamplingHeapProfileType());
  const error = await header.loadFromFile(new File([content], "app.heapprofile"));
  if (error) throw error;
  return [[], [1, Infinity]].map((ordinals) => {
    const rows = [];
    const walk = (node) => {
      rows.push([node.functionName, node.lineNumber, node.self, node.total]);
      node.children.forEach(walk);
    };
    walk(new HeapProfileView.SamplingHeapProfileModel(header.profile, ...ordinals).root);
    return rows;
  });
}`;

/**
 * Whether DevTools has the texts of its language. It fetches them after the page has loaded; a profile that is read before
 * ends in "No locale data registered for 'en-US'".
 */
const HAS_TEXTS = `(async () => {
  const { i18n, DevToolsLocale } = await import(new URL("./core/i18n/i18n.js", location.href).href);
  try {
    return i18n.hasLocaleDataForTest(DevToolsLocale.DevToolsLocale.instance().locale);
  } catch {
    return false; // no language chosen yet
  }
})()`;

async function load(contents: readonly string[]): Promise<[nodes: Row[], samples: Row[]][]> {
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    await tab.goto("devtools://devtools/bundled/devtools_app.html");
    while (!(await tab.evaluate<boolean>(HAS_TEXTS))) await setTimeout(50);
    const loaded: [Row[], Row[]][] = [];
    for (const content of contents) loaded.push(await tab.evaluate(`(${LOAD})(${JSON.stringify(content)})`));
    return loaded;
  } finally {
    await browser.close();
  }
}

test("Chrome DevTools loads a .heapprofile, and tells its lines apart", {
  skip: skipWithout("chromium"),
}, async () => {
  const [app, hostile] = await load([textOf(heapprofile(SNAPSHOT)), textOf(heapprofile(hostileSnapshot()))]);
  const rows: Row[] = [
    ["(root)", -1, 0, 4836],
    ["main", 0, 0, 740],
    ["Cache.put", 37, 0, 740],
    ["Cache.put line 41", 40, 640, 640],
    ["Cache.put line 42", 41, 100, 100],
    ["<module>", -1, 0, 4096],
    ["<module> line 10", 9, 4096, 4096],
  ];
  assertEquals(app, [rows, rows]);
  assertEquals(hostile[0].length, 2 + 2 * HOSTILE_NAMES.length);
  assertEquals(hostile[0], hostile[1]);
});
