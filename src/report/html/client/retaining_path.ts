import { type Child, h } from "./dom.ts";
import { blocksText, bytesText, nameText, percentText, sourceText } from "./format.ts";

const LONGEST_SOURCE = 200;

/** A step from a root to the objects of a line, without the line that made it. */
export interface ShownHop {
  readonly edge: string;
  readonly type: string;
  readonly times: number;
}

/** Objects of a line that are held in one way. */
export interface ShownPath<H extends ShownHop> {
  readonly count: number;
  readonly size: number;
  readonly root: string;
  readonly hops: readonly H[];
}

/** The line that made what a step leads to: what it is called, and its text. */
export interface HopPlace {
  readonly names: readonly Child[];
  readonly source: string;
}

/** What the objects of a line take. Bytes are V8's. */
export interface ShownLine<H extends ShownHop> {
  readonly count: number;
  readonly selfSize: number;
  readonly engineSize: number;
  readonly retainedSize: number;
  readonly paths: readonly ShownPath<H>[];
}

/** Why a line's objects are alive: what they take, and each way in which they are held, as a chain of holders. */
export function retainingPaths<H extends ShownHop>(
  { count, selfSize, engineSize, retainedSize, paths }: ShownLine<H>,
  placeOf: (hop: H) => HopPlace,
): HTMLElement[] {
  const sizes = h(
    "p",
    { class: "muted" },
    `${objectsText(count)} take ${bytesText(selfSize)}, with ${bytesText(engineSize)} of the engine's, and retain `,
    h("b", {}, bytesText(retainedSize)),
    ".",
  );
  if (paths.length === 0)
    return [sizes, h("p", { class: "muted" }, "No way from a root leads to them but weak ones.")];
  const others = count - paths.reduce((sum, path) => sum + path.count, 0);
  return [
    sizes,
    ...paths.map((path, index) => pathDetails(path, { all: count, isOpen: index === 0, placeOf })),
    ...(others > 0 ? [h("p", { class: "muted" }, `${objectsText(others)} are held in other ways.`)] : []),
  ];
}

function pathDetails<H extends ShownHop>(
  { count, size, root, hops }: ShownPath<H>,
  { all, isOpen, placeOf }: { all: number; isOpen: boolean; placeOf: (hop: H) => HopPlace },
): HTMLElement {
  const share = all > 0 && count <= all ? `, ${percentText(count / all)}` : "";
  const summary = h(
    "summary",
    {},
    h("b", {}, objectsText(count)),
    // Which file's variable it is, and the like, the chain says.
    ` (${bytesText(size)}${share}) held by ${nameText(root.replace(/ \([^()]*\)$/, ""))}`,
  );
  const chain = hops.map((hop, index) => {
    const { names, source } = placeOf(hop);
    const edge = hop.edge === "" ? null : h("code", { class: "edge" }, nameText(hop.edge));
    const times = hop.times > 1 ? h("span", { class: "muted" }, `× ${blocksText(hop.times)}`) : null;
    return h(
      "li",
      { class: index === hops.length - 1 ? "held" : "" },
      h("div", { class: "hop" }, edge, h("b", {}, nameText(hop.type)), times, ...names),
      source === "" ? null : h("code", { class: "made" }, sourceText(source.slice(0, LONGEST_SOURCE))),
    );
  });
  const list = h(
    "ol",
    { class: "holders", "aria-label": "Holders, from the root to the objects" },
    h("li", { class: "root" }, nameText(root)),
    ...chain,
  );
  return h("details", { class: "way", open: isOpen }, summary, list);
}

function objectsText(count: number): string {
  return `${blocksText(count)} ${count === 1 ? "object" : "objects"}`;
}
