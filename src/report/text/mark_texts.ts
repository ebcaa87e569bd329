// Browser compatible.
import type { LineAges, LineMark, MarkedContainer } from "../views/line_marks.ts";
import { blocks } from "./units.ts";

/** Containers of one line that are named. */
const SHOWN = 2;

/** What stands out about a line, for people: the suspicion first. Empty: nothing does. */
export function markTexts({ grew, ages, containers }: LineMark): string[] {
  return [
    ...(grew ? [`suspect: grew in every tenth of the run${agesClause(ages)}`] : []),
    ...containers.slice(0, SHOWN).map(containerText),
    ...(containers.length > SHOWN ? [`and ${blocks(containers.length - SHOWN)} more that have grown`] : []),
  ];
}

function agesClause(ages: LineAges | null): string {
  if (ages?.verdict === "young")
    return `, but all its blocks are young: none is older than ${secondsText(ages.oldest)}`;
  if (ages?.verdict === "growing old")
    return `, and its blocks grow old: half are older than ${secondsText(ages.median / 2)}`;
  return "";
}

/** How old a line's blocks are, youngest first. */
export function agesText({ shares }: LineAges): string {
  return shares
    .flatMap((share, index) =>
      share < 0.005 ? [] : [`${Math.round(share * 100)} % up to ${secondsText(2 ** index)}`],
    )
    .join(", ");
}

/** What a container had, and has. */
export function containerText({ type, from, to, keys }: MarkedContainer): string {
  const what = type === "Array" || type === "Set" ? "values" : "keys";
  const kinds = keys.map(([kind, count]) => `${blocks(count)} ${kind}`).join(", ");
  const told = kinds === "" ? "" : `; ${what}: ${kinds}`;
  return `${/^[aeiou]/i.test(type) ? "an" : "a"} ${type} has grown from ${blocks(from)} to ${blocks(to)} entries${told}`;
}

function secondsText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
