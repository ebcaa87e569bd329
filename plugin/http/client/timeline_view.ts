import uPlot from "uplot";
import { BYTE_STEPS, bytesText } from "../../../src/report/html/client/format.ts";
import type { LiveState } from "../live_state.ts";

const HEIGHT = 180;
/** The least that the axis shows: where there is but one point, uPlot takes three years. */
const LEAST_SECONDS = 10;
const line = { stroke: () => colour("--line"), width: 1 };
const axis = { stroke: () => colour("--muted"), grid: line, ticks: line };

/** Draws how much was alive over time, and where the mark is. */
export function createTimeline(place: HTMLElement): (state: LiveState) => void {
  let marked: number | null = null;
  const plot = new uPlot(
    {
      width: place.clientWidth || 800,
      height: HEIGHT,
      scales: {
        x: { range: ({ data }) => timeRange(data[0]) },
        y: { range: (_, __, most) => [0, Math.max(most * 1.05, 1)] },
      },
      axes: [
        axis,
        { ...axis, size: 80, incrs: BYTE_STEPS, values: (_, ticks) => ticks.map((tick) => bytesText(tick)) },
      ],
      series: [
        {},
        {
          label: "alive",
          stroke: () => colour("--accent"),
          fill: () => colour("--accent-faint"),
          width: 2,
          value: (_, size) => text(size),
        },
        {
          label: "process",
          stroke: () => colour("--muted"),
          width: 1,
          show: false,
          value: (_, size) => text(size),
        },
      ],
      hooks: { draw: [(self) => marked !== null && drawMark(self, marked)] },
    },
    [[], [], []],
    place,
  );
  new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT })).observe(place);
  return ({ points, mark }) => {
    marked = mark === null ? null : mark.time / 1000;
    plot.setData([
      points.map(([time]) => time / 1000),
      points.map(([, current]) => current),
      points.map(([, , rss]) => rss),
    ]);
  };
}

/** From the first to the last, in seconds. */
function timeRange(times: ArrayLike<number>): [first: number, last: number] {
  const first = times[0] ?? Date.now() / 1000;
  return [first, Math.max(times[times.length - 1] ?? first, first + LEAST_SECONDS)];
}

/** As the page's style has it: light or dark. */
function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name);
}

function text(size: number | null): string {
  return size === null ? "" : bytesText(size);
}

function drawMark({ ctx, bbox, valToPos }: uPlot, time: number): void {
  const x = valToPos(time, "x", true);
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = colour("--grown");
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
