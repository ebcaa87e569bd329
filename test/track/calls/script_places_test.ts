// What a page finds out of its scripts, from texts and maps as servers answer them.
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { instrument } from "../../../src/instrument/instrument.ts";
import { encodeNumbers } from "../../../src/tables/vlq.ts";
import { installFileRegistry, REGISTRY_KEY } from "../../../src/track/calls/file_registry.ts";
import { framePlace } from "../../../src/track/calls/frame_sites.ts";
import { scriptFrame } from "../../../src/track/calls/script_frames.ts";

/** By URL. */
const answers = new Map<string, { text: string; headers?: Record<string, string> }>();
const asked: string[] = [];
const ownFetch = globalThis.fetch;
globalThis.fetch = (async (url: string) => {
  asked.push(url);
  const answer = answers.get(url);
  if (answer === undefined) throw new TypeError("cannot be fetched");
  return new Response(answer.text, { headers: answer.headers ?? {} });
}) as typeof fetch;
// Takes what is there when it is loaded, as a page's own may come later.
const { scriptsKnown, siteOfFrame } = await import("../../../src/track/calls/script_places.ts");
globalThis.fetch = ownFetch;
installFileRegistry();

const SOURCE = `export class Store {
  add(id) {
    return make(id);
  }
}
function make(id) { return { id }; }
`;

interface Built {
  code: string;
  map: string;
  payload: string;
}

function built(filename: string, { source = SOURCE, calls = false } = {}): Built {
  const { code, map } = instrument(source, { filename, calls, sourceMap: true });
  const payload = JSON.parse(/register\(("(?:[^"\\]|\\.)*")\)/.exec(code)![1]!) as string;
  return { code, map: map!, payload };
}

function register({ payload }: Built): void {
  const { [REGISTRY_KEY]: registry } = globalThis as unknown as Record<
    symbol,
    { register(text: string): unknown }
  >;
  registry!.register(payload);
}

/** Where the call of `make` in a script of the built text is said to be, and the object that `make` makes. */
async function placesIn(url: string, { code }: Built, text: string = code): Promise<(string | null)[]> {
  const found: (string | null)[] = [];
  const frames = ["make(id);", "{ id }"].map((what) => {
    const before = text.slice(0, text.indexOf(what)).split("\n");
    return scriptFrame(url, before.length, before[before.length - 1]!.length + 1);
  });
  await scriptsKnown();
  for (const frame of frames) {
    const site = siteOfFrame(frame);
    if (site === 0) found.push(null);
    else {
      const { filename, line, column, functionName } = framePlace(site);
      found.push(`${functionName} ${filename}:${line}:${column}`);
    }
  }
  return found;
}

const link = (url: string): string => `\n//# sourceMappingURL=${url}\n`;
const inline = (map: string): string => `data:application/json;charset=utf-8;base64,${btoa(map)}`;

test("a map in a file of its own, in the text, or in a header", async () => {
  const file = built("/app/one.js");
  register(file);
  const expected = ["Store.add /app/one.js:3:12", "make /app/one.js:6:1"];
  answers.set("http://h/a/one.js", { text: file.code + link("maps/one.js.map") });
  answers.set("http://h/a/maps/one.js.map", { text: file.map });
  assertEquals(await placesIn("http://h/a/one.js", file), expected);
  answers.set("http://h/inline.js", { text: file.code + link(inline(file.map)) });
  assertEquals(await placesIn("http://h/inline.js", file), expected);
  answers.set("http://h/plain.js", {
    text: file.code + link(`data:application/json,${encodeURIComponent(file.map)}`),
  });
  assertEquals(await placesIn("http://h/plain.js", file), expected);
  answers.set("http://h/header.js", { text: file.code, headers: { SourceMap: "/header.map" } });
  answers.set("http://h/header.map", { text: `)]}'\n${file.map}` });
  assertEquals(await placesIn("http://h/header.js", file), expected);
  // Nothing is asked for twice.
  assertEquals(asked.length, new Set(asked).size);
});

test("two files of one name, whatever quotes and escapes a compressor prefers", async () => {
  const names = ['/packages/a\'s "1"/é/index.js', "C:\\packages\\b\\index.js"];
  for (const [i, name] of names.entries()) {
    const file = built(name);
    register(file);
    const literal = JSON.stringify(file.payload);
    const forms = [
      literal,
      `'${literal.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'").replaceAll("é", "\\xE9")}'`,
      `\`${literal.slice(1, -1).replaceAll('\\"', '"').replaceAll("é", "\\u{e9}")}\``,
    ];
    for (const [j, form] of forms.entries()) {
      const url = `http://h/${i}${j}.js`;
      const text = file.code.replace(literal, () => form);
      answers.set(url, {
        text:
          text +
          link(inline(JSON.stringify({ ...JSON.parse(file.map), sources: ["webpack://x/./index.js?4f"] }))),
      });
      assertEquals(await placesIn(url, file, text), [`Store.add ${name}:3:12`, `make ${name}:6:1`], form);
    }
  }
});

test("of a file that was loaded in several versions, the script's own", async () => {
  const versions = ["", "\n\n"].map((more) => built("/app/hot.js", { source: more + SOURCE }));
  for (const version of versions) register(version);
  for (const [i, version] of versions.entries()) {
    const url = `http://h/hot.js?t=${i}`;
    answers.set(url, { text: version.code + link(inline(version.map)) });
    assertEquals((await placesIn(url, version))[0], `Store.add /app/hot.js:${3 + 2 * i}:12`);
  }
});

test("where a bundler reads no map of the instrumented text, its lines hold", async () => {
  const file = built("/app/bun.js");
  register(file);
  const itself = { version: 3, sources: ["bun.js"], sourcesContent: [file.code], names: [] };
  const map = JSON.stringify({ ...itself, mappings: identity(file.code) });
  answers.set("http://h/bun.js", { text: file.code + link(inline(map)) });
  assertEquals(await placesIn("http://h/bun.js", file), [
    "Store.add /app/bun.js:3:12",
    "make /app/bun.js:6:1",
  ]);
});

/** Mappings that lead from each character to itself. */
function identity(text: string): string {
  let last = 0;
  return text
    .split("\n")
    .map((line, i) =>
      [...line]
        .map((_, column) => {
          const step = column - last;
          last = column;
          return encodeNumbers([column === 0 ? 0 : 1, 0, column === 0 && i > 0 ? 1 : 0, step]);
        })
        .join(","),
    )
    .join(";");
}

test("without a map that can be read, of files that record their calls, and of others: no places", async () => {
  const file = built("/app/none.js");
  register(file);
  const nothing = [null, null];
  for (const [i, text] of [
    file.code,
    file.code + link("gone.map"),
    file.code + link("data:application/json;base64,!!!"),
    file.code + link(inline("[]")),
    file.code + link(inline('{"version":3,"sections":[]}')),
    file.code + link(inline(file.map.replace('"mappings":"', '"mappings":"!'))),
    file.code + link("http://[/"),
    file.code.replace("none.js", "some.js") + link(inline(file.map)),
    `${link(inline(file.map))}${file.code}`,
  ].entries()) {
    const url = `http://h/none${i}.js`;
    answers.set(url, { text });
    assertEquals(await placesIn(url, file), nothing, text.slice(-60));
  }
  assertEquals(await placesIn("http://h/unreachable.js", file), nothing);
  const recording = built("/app/calls.js", { calls: true });
  register(recording);
  answers.set("http://h/calls.js", { text: recording.code + link(inline(recording.map)) });
  assertEquals(await placesIn("http://h/calls.js", recording), nothing);
  const unknown = built("/app/unregistered.js");
  answers.set("http://h/unregistered.js", { text: unknown.code + link(inline(unknown.map)) });
  assertEquals(await placesIn("http://h/unregistered.js", unknown), nothing);
});

test("scripts of other origins than the tracker's are not asked for", async () => {
  const file = built("/app/elsewhere.js");
  register(file);
  answers.set("http://elsewhere/a.js", { text: file.code + link(inline(file.map)) });
  assertEquals(await placesIn("http://elsewhere/a.js", file), [null, null]);
  assertEquals(
    asked.filter((url) => url.includes("elsewhere")),
    [],
  );
});
