// The part of these libraries that is used here: they come without types.

declare module "d3-flame-graph" {
  export interface FlameGraph {
    (selection: unknown): void;
    update(data: unknown): void;
    width(pixels: number): this;
    cellHeight(pixels: number): this;
    minFrameSize(pixels: number): this;
    transitionDuration(ms: number): this;
    inverted(isIcicle: boolean): this;
    selfValue(isSelf: boolean): this;
    label(text: (node: { data: { name: string }; value: number }) => string): this;
  }
  // biome-ignore lint/style/noDefaultExport: the library's own
  export default function flamegraph(): FlameGraph;
}

declare module "d3-selection" {
  interface Selection {
    datum(data: unknown): this;
    call(chart: (selection: unknown) => void): this;
  }
  export function select(element: Element): Selection;
}

declare module "*.css" {}
