// Browser compatible.

import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { formatSize, toFixedHalfEven } from "../../statistics/format_size.ts";
import { escapeText } from "../../vocabulary/escape_text.ts";
import { kindsOrBlocks } from "../text/kind_texts.ts";
import { largest } from "../text/largest.ts";
import { blocks, blocksText } from "../text/units.ts";
import { MEASURES, type Measure } from "../views/measure.ts";
import {
  type HiddenBranches,
  MAX_NODES,
  type TreeNode,
  type TreeOptions,
  type TreeReport,
  treeReport,
} from "../views/tree.ts";
import type { TerminalOptions } from "./terminal.ts";
import { fitName } from "./terminal_lines.ts";
import { cutEnd, displayWidth, padLeft } from "./width.ts";

/** However deep a branch is, so many columns are left to its name. */
const NAME_COLUMNS = 32;

/**
 * The call tree: which calls lead to the memory, the largest branch first. A call that is the only way on stands below
 * its caller without being indented.
 */
export function terminalTree(snapshot: Snapshot, view: TreeOptions, options: TerminalOptions): string[] {
  const report = treeReport(snapshot, view);
  const { colors } = options;
  const how = view.inverted ? "; allocating lines, their callers below them" : "";
  const lines = [
    colors.bold(
      `Live: ${formatSize(report.size)} in ${kindsOrBlocks(report.kinds ?? null, report.count)}${how}`,
    ),
  ];
  if (report.total === 0) return [...lines, `No ${MEASURES[report.measure].name}`];
  for (const line of new Drawing(report, options).lines()) lines.push(line);
  const { branches, total } = report.hiddenInAll;
  if (branches > 0) {
    const what = `${blocks(branches)} ${branches === 1 ? "branch" : "branches"}`;
    const limit = Number((view.min * 100).toFixed(6));
    const reasons = [`below ${limit} %`];
    if (Number.isFinite(view.depth)) reasons.push("too deep");
    const { most = MAX_NODES } = view;
    if (report.nodes.length >= most) reasons.push(`after ${blocks(most)} lines`);
    const why = reasons.join(" or ");
    lines.push(
      colors.dim(cutEnd(`Hidden: ${what} ${why}, ${figure(total, report.measure)} in all`, options.columns)),
    );
  }
  return lines;
}

function figure(value: number, measure: Measure): string {
  return MEASURES[measure].isBytes ? formatSize(value) : blocksText(value);
}

class Drawing {
  readonly #report: TreeReport;
  readonly #options: TerminalOptions;
  readonly #children: readonly TreeNode[][];
  readonly #figureColumns: number;

  constructor(report: TreeReport, options: TerminalOptions) {
    this.#report = report;
    this.#options = options;
    const children: TreeNode[][] = report.nodes.map(() => []);
    for (const node of report.nodes) children[node.parent]?.push(node);
    this.#children = children;
    this.#figureColumns = largest(report.nodes.map((node) => this.#figures(node).length));
  }

  lines(): string[] {
    const { nodes, hidden } = this.#report;
    const roots = nodes.filter(({ parent }) => parent === -1);
    return this.#branches(roots, hidden);
  }

  #figures(node: TreeNode): string {
    const percent = padLeft(`${toFixedHalfEven(node.share * 100, 1)} %`, 7);
    const value = node[MEASURES[this.#report.measure].column];
    return `${percent} ${padLeft(figure(value, this.#report.measure), 9)}`;
  }

  #branches(roots: readonly TreeNode[], rootHidden: HiddenBranches): string[] {
    const lines: string[] = [];
    type Open = { readonly node: TreeNode; readonly indent: string; readonly link: string };
    const open: (Open | string)[] = [];
    const push = (children: readonly TreeNode[], indent: string, hidden: HiddenBranches): void => {
      const rest = hidden.branches > 0 ? [`${indent}└─ ${this.#hiddenText(hidden)}`] : [];
      const branches = children.map((node, index): Open => {
        const isLast = index === children.length - 1 && rest.length === 0;
        return { node, indent, link: isLast ? "└─ " : "├─ " };
      });
      for (const next of [...branches, ...rest].reverse()) open.push(next);
    };
    push(roots, "", rootHidden);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (typeof next === "string") {
        lines.push(next);
        continue;
      }
      const { node, indent, link } = next;
      lines.push(this.#nodeText(node, indent + link));
      const children = this.#children[node.id];
      const below = indent + (link === "├─ " ? "│  " : link === "└─ " ? "   " : "");
      const isChain = children.length === 1 && node.hidden.branches === 0;
      if (isChain) open.push({ node: children[0], indent: below, link: "" });
      else if (this.#hasRoom(below)) push(children, below, node.hidden);
      else if (children.length > 0)
        lines.push(`${below}${this.#options.colors.dim("… deeper than the terminal is wide")}`);
    }
    return lines;
  }

  #hasRoom(indent: string): boolean {
    return (
      indent.length + 3 + this.#figureColumns + 1 + NAME_COLUMNS <= this.#options.columns || indent === ""
    );
  }

  #hiddenText({ branches, total }: HiddenBranches): string {
    const text = `${blocks(branches)} more, ${figure(total, this.#report.measure)}`;
    return this.#options.colors.dim(text);
  }

  #nodeText(node: TreeNode, indent: string): string {
    const { colors, columns, directory } = this.#options;
    const figures = padLeft(this.#figures(node), this.#figureColumns);
    const room = columns - indent.length - figures.length - 2;
    const place = `${node.filename}:${node.lineno}`;
    const name = escapeText(node.functionName);
    // The place tells more than the function's name, which gets what is left.
    const shownPlace = fitName(place, room, directory);
    const left = room - displayWidth(shownPlace) - 1;
    const shownName = name === "" || left < 4 ? "" : ` ${cutEnd(name, left)}`;
    return `${indent}${colors.yellow(figures)}  ${colors.cyan(shownPlace)}${colors.dim(shownName)}`;
  }
}
