// The parts of V8's .heapsnapshot format that the comparison, and the tests of sizes, need.

interface RawSnapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [readonly string[], ...unknown[]];
      readonly edge_fields: readonly string[];
      readonly edge_types: readonly [readonly string[], ...unknown[]];
      readonly trace_function_info_fields: readonly string[];
    };
  };
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  readonly strings: readonly string[];
  readonly trace_function_infos: readonly number[];
  readonly trace_tree: readonly unknown[];
}

export interface Edge {
  readonly type: string;
  readonly name: string;
  readonly to: number;
}

/** A function on a stack at which something was allocated. */
export interface TraceFrame {
  readonly name: string;
  readonly script: string;
  /** 1-based, as the column. */
  readonly line: number;
  readonly column: number;
  readonly parent: TraceFrame | null;
}

/** A heap snapshot of V8, with the stacks that its allocation tracking noted. */
export class HeapSnapshot {
  readonly #raw: RawSnapshot;
  readonly #fields: Record<string, number>;
  readonly #width: number;
  readonly #firstEdge: Uint32Array;
  readonly #traces = new Map<number, TraceFrame>();
  readonly length: number;

  constructor(json: string) {
    this.#raw = JSON.parse(json) as RawSnapshot;
    const { node_fields: fields } = this.#raw.snapshot.meta;
    this.#fields = Object.fromEntries(fields.map((field, index) => [field, index]));
    this.#width = fields.length;
    this.length = this.#raw.nodes.length / this.#width;
    this.#firstEdge = new Uint32Array(this.length + 1);
    for (let i = 0; i < this.length; i++)
      this.#firstEdge[i + 1] = this.#firstEdge[i] + this.#field(i, "edge_count");
    this.#readTraces(this.#raw.trace_tree, null);
  }

  type(node: number): string {
    return this.#raw.snapshot.meta.node_types[0][this.#field(node, "type")];
  }

  name(node: number): string {
    return this.#raw.strings[this.#field(node, "name")];
  }

  selfSize(node: number): number {
    return this.#field(node, "self_size");
  }

  /** The innermost frame of the stack at which the node was allocated; null: V8 did not see it. */
  trace(node: number): TraceFrame | null {
    return this.#traces.get(this.#field(node, "trace_node_id")) ?? null;
  }

  edges(node: number): Edge[] {
    const { edges, strings, snapshot } = this.#raw;
    const width = snapshot.meta.edge_fields.length;
    const found: Edge[] = [];
    for (let e = this.#firstEdge[node]; e < this.#firstEdge[node + 1]; e++) {
      const type = snapshot.meta.edge_types[0][edges[e * width]];
      const name = edges[e * width + 1];
      const isNumbered = type === "element" || type === "hidden";
      found.push({
        type,
        name: isNumbered ? String(name) : strings[name],
        to: edges[e * width + 2] / this.#width,
      });
    }
    return found;
  }

  #field(node: number, name: string): number {
    return this.#raw.nodes[node * this.#width + this.#fields[name]];
  }

  /** The tree is a flat list: id, function, count, size, children. */
  #readTraces(nodes: readonly unknown[], parent: TraceFrame | null): void {
    const infos = this.#raw.trace_function_infos;
    const { trace_function_info_fields: fields } = this.#raw.snapshot.meta;
    for (let i = 0; i < nodes.length; i += 5) {
      const at = (nodes[i + 1] as number) * fields.length;
      const text = (field: string): string => this.#raw.strings[infos[at + fields.indexOf(field)]];
      const frame = {
        name: text("name"),
        script: text("script_name"),
        line: infos[at + fields.indexOf("line")],
        column: infos[at + fields.indexOf("column")],
        parent,
      };
      this.#traces.set(nodes[i] as number, frame);
      this.#readTraces(nodes[i + 4] as unknown[], frame);
    }
  }
}
