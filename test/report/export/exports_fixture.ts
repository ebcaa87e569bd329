import { Snapshot } from "../../../src/snapshot/model/snapshot.ts";
import { toColumns } from "../../snapshot/model/columns_fixture.ts";

const block = {
  totalNframe: 2,
  type: "Object",
  domain: 0,
  size: 64,
  count: 1,
  allocatedCount: 1,
  allocatedSize: 64,
};

/** `main` calls `put` from two lines, which allocates on two lines; one line keeps nothing. */
export const SNAPSHOT: Snapshot = new Snapshot(
  toColumns([
    {
      ...block,
      frames: [
        ["/app/main.ts", 3, 1, "main", 1],
        ["/app/cache.ts", 41, 17, "Cache.put", 38],
      ],
      count: 10,
      allocatedCount: 20,
      allocatedSize: 1280,
    },
    {
      ...block,
      frames: [
        ["/app/main.ts", 4, 1, "main", 1],
        ["/app/cache.ts", 42, 9, "Cache.put", 38],
      ],
      size: 100,
      allocatedSize: 100,
    },
    {
      ...block,
      frames: [["/app/main.ts", 9, 1, "<module>", 0]],
      count: 0,
      allocatedCount: 5,
      allocatedSize: 320,
    },
    {
      ...block,
      frames: [["/app/main.ts", 10, 1, "<module>", 0]],
      domain: 1,
      type: "ArrayBuffer",
      size: 4096,
    },
  ]),
  {
    program: "/app/main.ts",
    runtime: "node 26.0.0",
    engine: "v8",
    sampling: "exact",
    time: "2026-01-02T03:04:05.000Z",
  },
);

/** Names that want out of every format they stand in. */
export const HOSTILE_NAMES: readonly string[] = [
  "</script><script>alert(1)</script>",
  '"],"frames":[{"name":"',
  "a;b c 12\nnext;line 99",
  '=HYPERLINK("http://evil")',
  "+cmd|' /C calc'!A0",
  "@SUM(1)",
  "-2+3",
  "` | ``` ]( | \\| <b>",
  "\u202egnp.exe\u0000\x1b[2J\ud800",
  "::error::pwned",
  "",
  "__proto__",
];

/** Each hostile name as a file, a function and a type. */
export function hostileSnapshot(): Snapshot {
  return new Snapshot(
    toColumns(
      HOSTILE_NAMES.map((name, index) => ({
        ...block,
        frames: [
          ["/app/main.ts", 1, 1, "main", 1],
          [name, index + 1, 1, name, 1],
        ],
        type: name,
        size: 1000 - index,
        count: 200,
        allocatedCount: 200,
        allocatedSize: 200 * (1000 - index),
      })),
    ),
    {
      program: HOSTILE_NAMES[7],
      runtime: HOSTILE_NAMES[0],
      engine: HOSTILE_NAMES[8],
      note: [...HOSTILE_NAMES],
    },
  );
}

export function textOf(chunks: Iterable<string>): string {
  return [...chunks].join("");
}
