// Browser compatible.
import { SafeMap } from "../../tables/safe_collections.ts";
import { inWholeUnits } from "../../traces/sampling/weight_units.ts";

/** Columns of rows, as far as they are looked at. */
interface Rows {
  readonly site: ArrayLike<number>;
  readonly type: ArrayLike<number>;
  readonly size: ArrayLike<number>;
  readonly allocated: ArrayLike<number>;
}

/** Of one site, type and size: by how much rows are said to hold more than there were, and how much room the others have. */
interface Group {
  excess: number;
  room: number;
  /** Of the room, what the rows up to here had, and what they were given. */
  passed: number;
  given: number;
}

/**
 * Takes from rows what is said to be alive of them beyond what was ever allocated, and gives it to other rows of the same line, type and size, in
 * proportion to the room that they have. Objects that are followed stand for others of their line, whatever the path that these came by: of a
 * path that was taken three times one may have stood for 256. The line's sum stays as it is, as far as the line has allocated so many.
 */
export function boundAlive({ site, type, size, allocated }: Rows, alive: Float64Array): void {
  const groups = new SafeMap<string, Group>();
  const keyOf = (row: number): string => `${site[row]} ${type[row]} ${size[row]}`;
  for (let row = 0; row < alive.length; row++) {
    const excess = alive[row] - allocated[row];
    if (!(excess > 0)) continue;
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { excess, room: 0, passed: 0, given: 0 });
    else group.excess += excess;
    alive[row] = allocated[row];
  }
  if (groups.size === 0) return;
  const withRoom = new SafeMap<number, Group>();
  for (let row = 0; row < alive.length; row++) {
    const group = alive[row] < allocated[row] ? groups.get(keyOf(row)) : undefined;
    if (group === undefined) continue;
    group.room += allocated[row] - alive[row];
    withRoom.set(row, group);
  }
  withRoom.forEach((group, row) => {
    const room = allocated[row] - alive[row];
    group.passed += room;
    // Whole blocks where the weights are whole, else units whose sums are exact: whoever takes these away again leaves nothing.
    const upToHere = (Math.min(group.excess, group.room) * group.passed) / group.room;
    const whole = Number.isInteger(group.excess) ? Math.round(upToHere) : inWholeUnits(upToHere);
    const share = Math.min(room, Math.max(0, whole - group.given));
    group.given += share;
    alive[row] += share;
  });
}
