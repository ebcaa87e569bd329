// JSON of 200 KB, parsed and written again: what the engine's own functions allocate.
import type { Iteration } from "./program.ts";

export function prepare(): Iteration {
  const rows = Array.from({ length: 1000 }, (_, id) => ({
    id,
    name: `row ${id}`,
    tags: ["a", "b", `tag ${id % 17}`],
    nested: { x: id / 3, y: [id, id + 1, id + 2], flag: id % 2 === 0 },
  }));
  const text = JSON.stringify(rows);
  return () =>
    JSON.stringify((JSON.parse(text) as typeof rows).map((row) => ({ ...row, seen: true }))).length;
}
