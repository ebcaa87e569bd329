import { gzipSync } from "node:zlib";
import { ProtoWriter } from "../../../src/snapshot/pprof/proto_writer.ts";
import type { Choices } from "../../fuzz/choices.ts";

/** Texts that terminals, pages, tables and JSON must not take for more than text. */
const TEXTS: readonly string[] = [
  "main",
  "/app/main.ts",
  "<anonymous>",
  "a\u202eb\u200b",
  "\x1b]0;x\x07\x1b[2J",
  "line\nbreak\r\t|`x`|",
  "</script><!--<b>&amp;",
  "=cmd|' /C calc'!A0",
  "::set-output name=x::y",
  "__proto__",
  "constructor",
  "a;b",
  "\u{1F600}\u{e0001}",
  "x".repeat(300),
  "",
];
const LABELS = [
  "bytes",
  "domain",
  "type",
  "pid",
  "worker",
  "totalNframe",
  "peakCount",
  "exactSize",
  "exactCount",
];
const METADATA = [
  "{}",
  '{"time":"never","sampling":"exact","timeline":[{"time":1,"current":2,"top":[["\\u001b[2J",1]]},null,7]}',
  '{"time":1e300,"nframe":{},"__proto__":{"x":1},"program":["\\u202e"],"pid":-1,"peak":"x","timeline":{"length":9}}',
  '{"timeline":[{"time":5,"current":5,"top":[[1,2],["a"],"b"]}],"processes":7,"files":"x","runtime":"\\u001b"}',
];

/** A profile as an attacker would write it: sound for the most part, so that readers come far. */
export function hostileProfile(choices: Choices): Uint8Array {
  const writer = new ProtoWriter();
  const strings = ["", "inuse_space", "bytes", "inuse_objects", "count", ...LABELS, ...TEXTS];
  const isOwn = choices.oneIn(2);
  if (isOwn)
    strings.push(
      `tracemalloc/1 {"version":1,"tracebackLimit":${choices.pick([1, 25, 65_535])},"metadata":${choices.pick(METADATA)}}`,
    );
  for (const text of strings) writer.string(6, text);
  const text = (): number => 5 + LABELS.length + choices.below(TEXTS.length);
  const number = (): number => choices.pick([1, 0, 2, 3, 127, 128, 65_536, 2 ** 31, 2 ** 53, 2 ** 63]);
  // What is beyond all limits is refused, and no view comes of it.
  const figure = (): number =>
    choices.oneIn(20) ? number() : choices.pick([1, 0, 3, 65_536, 2 ** 31, 2 ** 48]);
  message(writer, 1, () =>
    fields(writer, [
      [1, 3],
      [2, 4],
    ]),
  );
  message(writer, 1, () =>
    fields(writer, [
      [1, 1],
      [2, 2],
    ]),
  );
  if (isOwn) writer.integer(13, strings.length - 1);
  const functions = 1 + choices.below(5);
  for (let id = 1; id <= functions; id++) {
    message(writer, 5, () =>
      fields(writer, [
        [1, id],
        [2, text()],
        [3, text()],
        [4, text()],
        [5, number()],
      ]),
    );
  }
  const locations = 1 + choices.below(6);
  for (let id = 1; id <= locations; id++) {
    message(writer, 4, () => {
      writer.integer(1, id);
      for (let line = choices.below(3); line > 0; line--) {
        message(writer, 4, () =>
          fields(writer, [
            [1, 1 + choices.below(functions)],
            [2, number()],
            [3, number()],
          ]),
        );
      }
    });
  }
  for (let sample = choices.below(12); sample > 0; sample--) {
    message(writer, 2, () => {
      for (let frame = choices.below(9); frame > 0; frame--) writer.integer(1, 1 + choices.below(locations));
      fields(writer, [
        [2, figure()],
        [2, figure()],
      ]);
      for (let label = choices.below(4); label > 0; label--) {
        const value: [number, number] = choices.oneIn(2)
          ? [2, text()]
          : [3, choices.pick([1, 0, 16, 2 ** 31 - 1])];
        message(writer, 3, () => fields(writer, [[1, 5 + choices.below(LABELS.length)], value]));
      }
    });
  }
  if (choices.oneIn(4)) writer.integer(77, number());
  const bytes = writer.finish().slice();
  for (let damage = choices.oneIn(3) ? 1 + choices.below(3) : 0; damage > 0; damage--) {
    bytes[(choices.below(256) * 256 + choices.below(256)) % bytes.length] = choices.below(256);
  }
  return choices.oneIn(2) ? gzipSync(bytes) : bytes;
}

function message(writer: ProtoWriter, field: number, write: () => void): void {
  // Two bytes for the length: messages are long here, and some have others in them.
  const start = writer.begin(field, 2);
  write();
  writer.end(start, 2);
}

function fields(writer: ProtoWriter, pairs: readonly [field: number, value: number][]): void {
  for (const [field, value] of pairs) writer.integer(field, value);
}
