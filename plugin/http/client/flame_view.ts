import flamegraph, { type FlameGraph } from "d3-flame-graph";
import { select } from "d3-selection";
import { bytesText } from "../../../src/report/html/client/format.ts";
import type { FlameNode } from "../live_state.ts";

let chart: FlameGraph | null = null;

/** Draws the call paths, or what they have come to; whoever has zoomed in stays there. */
export function showFlame(place: HTMLElement, flame: FlameNode): void {
  if (flame.value === 0) return;
  if (chart !== null) {
    chart.update(flame);
    return;
  }
  chart = flamegraph()
    .width(place.clientWidth || 800)
    .cellHeight(18)
    .minFrameSize(2)
    .transitionDuration(0)
    .inverted(true)
    .selfValue(false)
    .label(({ data, value }) => `${data.name}: ${bytesText(value)}`);
  select(place).datum(flame).call(chart);
}
