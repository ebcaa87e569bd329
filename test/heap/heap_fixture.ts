// Heap snapshots that are made by hand, in the words of V8's own files.

import type { HeapGraph } from "../../src/heap/heap_graph.ts";
import { EDGE_TYPES, NODE_TYPES } from "../../src/heap/node_types.ts";
import { SnapshotReader } from "../../src/heap/snapshot_reader.ts";

export interface FixtureNode {
  readonly kind: (typeof NODE_TYPES)[number];
  readonly name: string;
  readonly size: number;
  readonly edges: [kind: (typeof EDGE_TYPES)[number], name: string | number, to: string][];
}

/** A heap by names of its nodes; the first one is the root. */
export class FixtureHeap {
  readonly nodes: Map<string, FixtureNode> = new Map();
  readonly locations: number[] = [];

  /** Adds a node. Names of properties with a dot in front become edges of that kind, numbers elements. */
  add(
    id: string,
    {
      kind = "object",
      name = id,
      size = 0,
    }: { kind?: FixtureNode["kind"]; name?: string; size?: number } = {},
  ): this {
    this.nodes.set(id, { kind, name, size, edges: [] });
    return this;
  }

  edge(from: string, kind: (typeof EDGE_TYPES)[number], name: string | number, to: string): this {
    this.nodes.get(from)!.edges.push([kind, name, to]);
    return this;
  }

  /** A number, as V8 writes it where numerical values are wanted. */
  number(id: string, value: number): this {
    const text = `${id} value`;
    this.add(id, { kind: "number", name: "smi number" }).add(text, { kind: "string", name: String(value) });
    return this.edge(id, "internal", "value", text);
  }

  toJSON(): Record<string, unknown> {
    const strings: string[] = [];
    const known = new Map<string, number>();
    const string = (text: string): number => {
      const at = known.get(text) ?? strings.push(text) - 1;
      known.set(text, at);
      return at;
    };
    const numbers = new Map([...this.nodes.keys()].map((id, i) => [id, i]));
    const nodes: number[] = [];
    const edges: number[] = [];
    let number = 1;
    for (const { kind, name, size, edges: own } of this.nodes.values()) {
      nodes.push(NODE_TYPES.indexOf(kind), string(name), (number += 2), size, own.length, 0);
      for (const [type, label, to] of own) {
        const at = numbers.get(to);
        if (at === undefined) throw new Error(`no node ${to}`);
        edges.push(EDGE_TYPES.indexOf(type), typeof label === "number" ? label : string(label), at * 6);
      }
    }
    return {
      snapshot: {
        meta: {
          node_fields: ["type", "name", "id", "self_size", "edge_count", "detachedness"],
          node_types: [NODE_TYPES, "string", "number", "number", "number", "number"],
          edge_fields: ["type", "name_or_index", "to_node"],
          edge_types: [EDGE_TYPES, "string_or_number", "node"],
          trace_function_info_fields: ["function_id", "name", "script_name", "script_id", "line", "column"],
          trace_node_fields: ["id", "function_info_index", "count", "size", "children"],
          sample_fields: ["timestamp_us", "last_assigned_id"],
          location_fields: ["object_index", "script_id", "line", "column"],
        },
        node_count: this.nodes.size,
        edge_count: edges.length / 3,
        trace_function_count: 0,
        extra_native_bytes: 0,
      },
      nodes,
      edges,
      trace_function_infos: [],
      trace_tree: [],
      samples: [],
      locations: this.locations,
      strings,
    };
  }

  get text(): string {
    return JSON.stringify(this);
  }

  /** Its number in the file. */
  indexOf(id: string): number {
    return [...this.nodes.keys()].indexOf(id);
  }
}

/** Reads a text in pieces of so many bytes. */
export function readText(text: string, pieces = 1 << 16): HeapGraph {
  const bytes = new TextEncoder().encode(text);
  const reader = new SnapshotReader({ filename: "made.heapsnapshot", fileSize: bytes.length });
  for (let at = 0; at < bytes.length; at += pieces) reader.push(bytes.subarray(at, at + pieces));
  return reader.finish();
}
