import uPlot from "uplot";
import { bytesText } from "../../../src/report/html/client/format.ts";
import type { LiveState } from "../live_state.ts";

const HEIGHT = 180;

/** Draws how much was alive over time, and where the mark is. */
export function createTimeline(place: HTMLElement): (state: LiveState) => void {
  let marked: number | null = null;
  const plot = new uPlot(
    {
      width: place.clientWidth || 800,
      height: HEIGHT,
      scales: { y: { range: (_, __, most) => [0, Math.max(most * 1.05, 1)] } },
      axes: [{}, { size: 80, values: (_, ticks) => ticks.map((tick) => bytesText(tick)) }],
      series: [
        {},
        { label: "alive", stroke: "#2563eb", fill: "#2563eb22", width: 2, value: (_, size) => text(size) },
        { label: "process", stroke: "#9ca3af", width: 1, show: false, value: (_, size) => text(size) },
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

function text(size: number | null): string {
  return size === null ? "" : bytesText(size);
}

function drawMark({ ctx, bbox, valToPos }: uPlot, time: number): void {
  const x = valToPos(time, "x", true);
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = "#dc2626";
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
