import uPlot from "uplot";
import { button, fill, h } from "./dom.ts";
import { BYTE_STEPS, bytesText, durationText, nameText } from "./format.ts";
import { growthBetween, type PeakMark, peakMark, pointAt } from "./place_growth.ts";
import type { ReportData } from "./report_data.ts";
import type { State } from "./state.ts";
import type { Store } from "./store.ts";

const HEIGHT = 260;
const MOST_ROWS = 20;

/** The course of the traced size; a span of it that is selected shows what grew in it. */
export class TimelineView {
  readonly element: HTMLElement;
  readonly #data: ReportData;
  readonly #store: Store;
  readonly #chart: HTMLElement = h("div", { class: "chart" });
  readonly #from: HTMLInputElement;
  readonly #to: HTMLInputElement;
  readonly #span: HTMLElement = h("p", { class: "span", role: "status" });
  readonly #grown: HTMLElement = h("div", { class: "grown-list" });
  #plot: uPlot | null = null;
  #theme = "";

  constructor(data: ReportData, store: Store) {
    this.#data = data;
    this.#store = store;
    const last = Math.max(0, data.model.timeline.time.length - 1);
    const slider = (label: string, key: "from" | "to"): HTMLInputElement => {
      const input = h("input", { type: "range", min: 0, max: last, step: 1, "aria-label": label });
      input.addEventListener("input", () => this.#slide(key, Number(input.value)));
      return input;
    };
    this.#from = slider("Start of the span", "from");
    this.#to = slider("End of the span", "to");
    const sliders = h(
      "div",
      { class: "sliders" },
      h("label", {}, "From ", this.#from),
      h("label", {}, "to ", this.#to),
    );
    const isEmpty = data.model.timeline.time.length < 2;
    this.element = isEmpty
      ? h(
          "div",
          { class: "timeline-view" },
          h(
            "p",
            { class: "empty" },
            "The snapshot has no timeline: the run was too short, or another tool wrote it.",
          ),
        )
      : h(
          "div",
          { class: "timeline-view" },
          h(
            "p",
            { class: "muted" },
            "Bytes of traced blocks, as their deaths became known. Drag over the chart, or move the sliders, to see what grew in between.",
          ),
          this.#chart,
          sliders,
          this.#span,
          this.#grown,
        );
    if (!isEmpty) new ResizeObserver(() => this.#resize()).observe(this.#chart);
  }

  focusSearch(): void {
    this.#from.focus();
  }

  show(state: State): void {
    const { timeline } = this.#data.model;
    if (timeline.time.length < 2) return;
    const theme = document.documentElement.dataset.theme ?? "";
    if (this.#plot === null || theme !== this.#theme) this.#draw(theme);
    const last = timeline.time.length - 1;
    let first = state.from === null ? 0 : pointAt(timeline, state.from);
    let end = state.to === null ? last : pointAt(timeline, state.to);
    if (first > end) [first, end] = [end, first];
    this.#from.value = String(first);
    this.#to.value = String(end);
    for (const [input, point] of [
      [this.#from, first],
      [this.#to, end],
    ] as const) {
      input.setAttribute(
        "aria-valuetext",
        `${durationText(timeline.time[point])}, ${bytesText(timeline.current[point])}`,
      );
    }
    this.#showSelection(state, first, end);
    this.#showGrowth(first, end);
  }

  #slide(key: "from" | "to", point: number): void {
    const { time } = this.#data.model.timeline;
    this.#store.set({
      from: time[Number(this.#from.value)],
      to: time[Number(this.#to.value)],
      [key]: time[point],
    });
  }

  #resize(): void {
    const width = this.#chart.clientWidth;
    if (this.#plot === null || width === 0 || width === this.#plot.width) return;
    this.#plot.setSize({ width, height: HEIGHT });
    this.show(this.#store.state);
  }

  #showSelection(state: State, first: number, end: number): void {
    const plot = this.#plot!;
    const { time } = this.#data.model.timeline;
    if (state.from === null && state.to === null) {
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      return;
    }
    const [left, right] = [plot.valToPos(time[first], "x"), plot.valToPos(time[end], "x")];
    plot.setSelect({ left, top: 0, width: right - left, height: plot.over.clientHeight }, false);
  }

  #showGrowth(first: number, end: number): void {
    const { timeline } = this.#data.model;
    const { time, current, places } = timeline;
    const change = bytesText(current[end] - current[first], true);
    this.#span.textContent = `${durationText(time[first])} to ${durationText(time[end])}: ${bytesText(current[first])} → ${bytesText(current[end])} (${change})`;
    const grown = growthBetween(timeline, first, end)
      .filter(({ most }) => most > 0)
      .slice(0, MOST_ROWS);
    if (grown.length === 0) {
      fill(this.#grown, h("p", { class: "muted" }, "None of the largest lines grew in this span."));
      return;
    }
    const rows = grown.map(({ place, size, least, most }) => {
      const text = least === most ? bytesText(most, true) : `up to ${bytesText(most, true)}`;
      return h(
        "tr",
        {},
        h("th", { scope: "row" }, this.#placeLink(places[place])),
        h("td", { class: "grown" }, text),
        h("td", {}, bytesText(size)),
      );
    });
    const head = ["Line", "Grown by", "At the end"].map((name) => h("th", { scope: "col" }, name));
    const note =
      "The timeline notes the eight largest at each point: “up to” where a line was not among them at the start.";
    fill(
      this.#grown,
      h("table", { class: "figures" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows)),
      h("p", { class: "muted" }, note),
    );
  }

  /** `file:line`, as a link to its source. */
  #placeLink(place: string): HTMLElement {
    const colon = place.lastIndexOf(":");
    const [file, line] = [place.slice(0, colon), Number(place.slice(colon + 1)) || 0];
    const number = this.#data.model.filenames.indexOf(file);
    if (number === -1) return h("span", {}, nameText(place));
    const open = (): void => this.#store.set({ view: "source", file, line }, { remember: true });
    return button(this.#data.placeText(number, line), open, { class: "link", title: nameText(place) });
  }

  #draw(theme: string): void {
    this.#theme = theme;
    this.#plot?.destroy();
    const { time, current } = this.#data.model.timeline;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    const axis = {
      stroke: colour("muted"),
      grid: { stroke: colour("line"), width: 1 },
      ticks: { show: false },
      font: "12px system-ui, sans-serif",
    };
    const peak = peakMark(this.#data.model.timeline, this.#data.model.header.peak);
    const options: uPlot.Options = {
      width: Math.max(200, this.#chart.clientWidth),
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: true, y: false, setScale: false }, y: false, points: { size: 7 } },
      scales: {
        x: { time: false, range: (_, __, last) => [0, last || 1] },
        // Room for the peak, and for its name above it.
        y: { range: () => [0, peak.bytes * 1.12 || 1] },
      },
      axes: [
        { ...axis, values: (_, ticks) => ticks.map(durationText) },
        { ...axis, size: 76, incrs: BYTE_STEPS, values: (_, ticks) => ticks.map((tick) => bytesText(tick)) },
      ],
      series: [
        {},
        {
          label: "Bytes",
          stroke: colour("accent"),
          width: 1.5,
          fill: colour("accent-faint"),
          points: { show: false },
        },
      ],
      hooks: {
        setSelect: [(plot) => this.#selected(plot)],
        draw: [(plot) => drawPeak(plot, peak, colour)],
      },
    };
    this.#chart.setAttribute("role", "img");
    this.#chart.setAttribute(
      "aria-label",
      `Traced bytes over ${durationText(time.at(-1) ?? 0)}; the peak of ${bytesText(peak.bytes)} was at ${durationText(peak.time)}.`,
    );
    this.#plot = new uPlot(options, [[...time], [...current]], this.#chart);
  }

  #selected(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 3) this.#store.set({ from: null, to: null });
    else {
      const { timeline } = this.#data.model;
      const [from, to] = [left, left + width].map(
        (x) => timeline.time[pointAt(timeline, plot.posToVal(x, "x"))],
      );
      this.#store.set({ from, to });
    }
  }
}

/** A dot and its name where most was alive, and a line down to the curve. */
function drawPeak(plot: uPlot, { time, bytes, current }: PeakMark, colour: (name: string) => string): void {
  const { ctx } = plot;
  const [x, y, below] = [
    plot.valToPos(time, "x", true),
    plot.valToPos(bytes, "y", true),
    plot.valToPos(current, "y", true),
  ];
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.fillStyle = ctx.strokeStyle = colour("accent");
  ctx.lineWidth = ratio;
  ctx.setLineDash([2 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x, below);
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(x, y, 4 * ratio, 0, 2 * Math.PI);
  ctx.fill();
  ctx.fillStyle = colour("text");
  ctx.font = `${12 * ratio}px system-ui, sans-serif`;
  const isRight = x > plot.bbox.left + plot.bbox.width * 0.7;
  ctx.textAlign = isRight ? "right" : "left";
  ctx.fillText(`peak ${bytesText(bytes)}`, x + (isRight ? -8 : 8) * ratio, y - 8 * ratio);
  ctx.restore();
}
