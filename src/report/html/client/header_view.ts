import { kindsText } from "../../text/kind_texts.ts";
import { processText } from "../../text/process_text.ts";
import type { ReportHeader, ReportModel } from "../model.ts";
import { h } from "./dom.ts";
import { blocksText, bytesText, nameText, percentText } from "./format.ts";
import { columnOf, MEASURE_MEANINGS, MEASURE_NAMES, MEASURES, type Measure } from "./measures.ts";
import { processView } from "./process_view.ts";

/** What ran, the main figures, and how far they can be trusted. */
export function headerView(model: ReportModel, tools: readonly HTMLElement[]): HTMLElement {
  const { header, old } = model;
  const name = baseName(header.program) || header.file || "snapshot";
  const what = old === null ? "Memory by line" : "What changed";
  return h(
    "header",
    { class: "header" },
    h(
      "div",
      { class: "title" },
      h("div", {}, h("p", { class: "brand" }, "tracemalloc · ", what), h("h1", {}, nameText(name))),
      h("div", { class: "title-tools" }, ...tools),
    ),
    h("p", { class: "run" }, ...runFacts(header)),
    old === null
      ? null
      : h(
          "p",
          { class: "run" },
          h("span", {}, "compared with ", h("b", {}, nameText(old.file))),
          ...runFacts(old).slice(1),
        ),
    h("div", { class: "cards" }, ...MEASURES.map((measure) => card(model, measure))),
    processPanel(header),
    ...notes(model).map((note) => h("p", { class: "note" }, note)),
  );
}

/** Open where something stands out: else the summary tells what most readers want. */
function processPanel({ process }: ReportHeader): HTMLElement | null {
  if (process === null) return null;
  return h(
    "details",
    { class: "card whole", open: process.remarks.length > 0 },
    h("summary", {}, `The whole process: ${processText(process)}`),
    processView(process),
  );
}

function runFacts({ file, runtime, engine, platform, time, pid }: ReportHeader): HTMLElement[] {
  const facts = [
    file,
    runtime.slice(0, 80),
    { v8: "V8", "v8-compressed": "V8", jsc: "JavaScriptCore", spidermonkey: "SpiderMonkey" }[engine] ??
      engine,
    platform,
    time === "" ? "" : timeText(time),
    pid === null ? "" : `process ${pid}`,
  ];
  return facts.filter((fact) => fact !== "").map((fact) => h("span", {}, nameText(fact)));
}

/** In the reader's own time zone. */
function timeText(time: string): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

function card(model: ReportModel, measure: Measure): HTMLElement | null {
  if (measure === "peak" && !model.hasPeak) return null;
  const of = (unit: "bytes" | "blocks", side: "new" | "old"): number =>
    model.totals[columnOf(measure, unit, side)];
  const [bytes, blocks] = [of("bytes", "new"), of("blocks", "new")];
  const change = model.old === null ? 0 : bytes - of("bytes", "old");
  const share = measure === "freed" ? bytes / (model.totals[columnOf("allocated", "bytes")] || 1) : 0;
  const resources = model.header.resources[measure];
  const memory = blocks - resources.reduce((sum, { count }) => sum + count, 0);
  const kinds = resources.length === 0 ? "" : `, ${kindsText(resources)}`;
  const below = `${blocksText(memory)} ${memory === 1 ? "block" : "blocks"}${kinds}${share > 0 ? `, ${percentText(share)} of bytes` : ""}`;
  return h(
    "div",
    { class: "card figure-card", title: MEASURE_MEANINGS[measure] },
    h("div", { class: "label" }, MEASURE_NAMES[measure], isBound(model.header, measure) ? ", at most" : ""),
    h(
      "div",
      { class: "value" },
      bytesText(bytes),
      model.old === null
        ? null
        : h("span", { class: change > 0 ? "grown" : "shrunk" }, bytesText(change, true)),
    ),
    h("div", { class: "muted" }, below),
  );
}

function isBound({ upperBounds }: ReportHeader, measure: Measure): boolean {
  return (measure === "alive" || measure === "peak") && upperBounds[measure];
}

/** What has to be known to read the figures. */
function notes(model: ReportModel): string[] {
  const { header, old, hasPeak, leftOut } = model;
  const found = [
    ...header.notes.map((note) => `Note: ${note}.`),
    ...(old?.notes ?? []).map((note) => `Note on the old snapshot: ${note}.`),
    samplingText(header),
  ];
  if (header.at === "peak")
    found.push("The snapshot holds what was alive at the peak: here, “alive now” means then.");
  else if (!hasPeak) found.push("The file does not say what was alive at the peak.");
  else
    found.push(
      "At the peak, containers count with the sizes that they had when they were last looked at, and garbage counts that had not been collected yet.",
    );
  if (leftOut.droppedFrames > 0 || leftOut.droppedTracebacks > 0) {
    const share = percentText(leftOut.share).replace("< ", "");
    const size = leftOut.bytes > 0 ? ` and ${bytesText(leftOut.bytes)}` : "";
    found.push(
      `To keep this page small, ${blocksText(leftOut.droppedTracebacks)} of ${blocksText(leftOut.tracebacks)} tracebacks, in ` +
        `${blocksText(leftOut.droppedFrames)} frames of no more than ${leftOut.share < 0.001 ? shareText(leftOut.share) : share} of any figure${size} alive each, ` +
        "are summed up in their callers. Tables count them in full.",
    );
  }
  if (model.heldLines !== null && model.heldLines > 0)
    found.push(
      `Of ${model.heldLines === 1 ? "one line" : `${blocksText(model.heldLines)} lines`} it is known who holds the objects: a line's row in the table, and its frame in the graph, tell why they are alive.`,
    );
  return found;
}

function shareText(share: number): string {
  return `${(share * 100).toPrecision(2)} %`;
}

function samplingText({ sampling, nframe }: ReportHeader): string {
  const frames = `Tracebacks hold up to ${blocksText(nframe)} ${nframe === 1 ? "frame" : "frames"}.`;
  if (sampling === "exact") {
    return `Exact: every block was followed until it died; what was alive is exact as far as garbage had been collected. ${frames}`;
  }
  if (sampling === "adaptive") {
    return `Adaptive sampling: allocations are counted exactly. Of busy lines a share of the blocks is followed until they die, so what was alive (now, at the peak) and what was short-lived are unbiased estimates there; lines with up to 4,096 allocations are exact. ${frames}`;
  }
  if (sampling === null) return `Nothing is known about sampling: another tool wrote this profile. ${frames}`;
  return `Sampled: allocations are counted exactly. One block in ${bytesText(sampling)} on average is followed until it dies, so what was alive (now, at the peak) and what was short-lived are unbiased estimates. ${frames}`;
}

function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? "";
}
