import type { Header } from "./header.ts";
import {
  EDGE_KIND_SHIFT,
  type HeapGraph,
  LAST_EDGE,
  NAME_BITS,
  NAME_MASK,
  NO_EDGES,
  SizeColumn,
} from "./heap_graph.ts";
import { ELEMENT_EDGE, HIDDEN_EDGE } from "./node_types.ts";
import type { Consumer } from "./number_list.ts";
import type { StringStore } from "./string_store.ts";

/** More functions than any program has. */
const MOST_LOCATIONS = 1 << 24;

const ROLES = ["other", "type", "name", "self_size", "edge_count"];

/** The columns of a heap graph as they are filled from the lists of a file. What does not fit together goes to `fail`. */
export class GraphColumns {
  readonly #header: Header;
  readonly #fail: (reason: string) => never;
  #kindAndName = new Uint32Array(0);
  #firstEdge = new Uint32Array(0);
  #sizes = new SizeColumn(0);
  #edges = new Uint32Array(0);
  #targets = new Uint32Array(0);
  #node = 0;
  #edge = 0;
  #edgesSoFar = 0;
  #largestName = -1;
  #locations: number[] = [];
  /** Of what is being read. */
  #field = 0;
  #kind = 0;
  #name = 0;
  #size = 0;
  #lastLocation = 0;

  constructor(header: Header, fail: (reason: string) => never) {
    this.#header = header;
    this.#fail = fail;
  }

  /** What takes the numbers of a list. */
  begin(section: string): Consumer {
    const { nodeCount, edgeCount } = this.#header;
    this.#field = 0;
    try {
      if (section === "nodes") return this.#beginNodes();
      return section === "edges" ? this.#beginEdges() : this.#locationConsumer();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return this.#fail(
        `it has ${nodeCount} nodes and ${edgeCount} edges, for which there is not enough memory`,
      );
    }
  }

  /** When all numbers of a list have been taken. */
  end(section: string): void {
    const { nodeCount, edgeCount } = this.#header;
    if (section === "nodes" && (this.#node !== nodeCount || this.#field !== 0))
      this.#fail(`it has ${this.#node} nodes, and promises ${nodeCount}`);
    if (section !== "edges") return;
    if (this.#edge !== edgeCount || this.#edgesSoFar !== edgeCount || this.#field !== 0)
      this.#fail(`it has ${this.#edge} edges, and promises ${edgeCount}`);
    this.#markLastEdges();
  }

  /** The whole, when the strings are there. */
  finish(strings: StringStore): HeapGraph {
    if (this.#largestName >= strings.length)
      this.#fail(`a name is number ${this.#largestName} of ${strings.length} strings`);
    const { nodeCount, edgeCount } = this.#header;
    return {
      nodeCount,
      edgeCount,
      kindAndName: this.#kindAndName,
      sizes: this.#sizes,
      firstEdge: this.#firstEdge,
      edges: this.#edges,
      targets: this.#targets,
      strings,
      locations: this.#locationColumns(),
    };
  }

  #beginNodes(): Consumer {
    const { nodeCount } = this.#header;
    this.#kindAndName = new Uint32Array(nodeCount);
    this.#firstEdge = new Uint32Array(nodeCount);
    this.#sizes = new SizeColumn(nodeCount);
    return this.#nodeConsumer();
  }

  #beginEdges(): Consumer {
    const { nodeCount, edgeCount, edgeFields } = this.#header;
    if (this.#node !== nodeCount)
      this.#fail(`it has ${this.#node} nodes before its edges, and promises ${nodeCount}`);
    if (edgeFields.join() !== "type,name_or_index,to_node")
      this.#fail(`its edges' columns are ${edgeFields.join(", ")}`);
    this.#edges = new Uint32Array(edgeCount);
    this.#targets = new Uint32Array(edgeCount);
    return this.#edgeConsumer();
  }

  #nodeConsumer(): Consumer {
    const { edgeCount, nodeFields, nodeTypes } = this.#header;
    const roles = Int8Array.from(nodeFields, (field) => ROLES.indexOf(field));
    const columns = roles.length;
    return (values, count) => {
      let field = this.#field;
      for (let i = 0; i < count; i++) {
        const value = values[i];
        switch (roles[field]) {
          case 1:
            if (value >= nodeTypes.length)
              this.#fail(`node ${this.#node} is of kind ${value}, of ${nodeTypes.length}`);
            this.#kind = nodeTypes[value];
            break;
          case 2:
            this.#name = value;
            break;
          case 3:
            this.#size = value;
            break;
          case 4:
            this.#beginNode(value, edgeCount);
            break;
          default:
        }
        if (++field < columns) continue;
        field = 0;
        this.#endNode();
      }
      this.#field = field;
    };
  }

  #beginNode(edges: number, edgeCount: number): void {
    this.#firstEdge[this.#node] = edges === 0 ? NO_EDGES : this.#edgesSoFar;
    this.#edgesSoFar += edges;
    if (this.#edgesSoFar > edgeCount)
      this.#fail(`its nodes have more edges than the ${edgeCount} that it promises`);
  }

  #endNode(): void {
    const { nodeCount } = this.#header;
    if (this.#node >= nodeCount) this.#fail(`it has more nodes than the ${nodeCount} that it promises`);
    if (this.#name > NAME_MASK) this.#fail(`node ${this.#node} has name ${this.#name}`);
    if (this.#name > this.#largestName) this.#largestName = this.#name;
    this.#kindAndName[this.#node] = ((this.#kind << NAME_BITS) | this.#name) >>> 0;
    this.#sizes.set(this.#node, this.#size);
    this.#node++;
  }

  #edgeConsumer(): Consumer {
    const { nodeCount, edgeTypes, nodeFields } = this.#header;
    const columns = nodeFields.length;
    return (values, count) => {
      let field = this.#field;
      for (let i = 0; i < count; i++) {
        const value = values[i];
        if (field === 0) {
          if (value >= edgeTypes.length)
            this.#fail(`edge ${this.#edge} is of kind ${value}, of ${edgeTypes.length}`);
          this.#kind = edgeTypes[value];
          field = 1;
        } else if (field === 1) {
          this.#name = value;
          field = 2;
        } else {
          const node = value / columns;
          if (node !== Math.floor(node) || node >= nodeCount)
            this.#fail(`edge ${this.#edge} leads to ${value}, where no node begins (there are ${nodeCount})`);
          this.#endEdge(node);
          field = 0;
        }
      }
      this.#field = field;
    };
  }

  #endEdge(target: number): void {
    const { edgeCount } = this.#header;
    if (this.#edge >= edgeCount) this.#fail(`it has more edges than the ${edgeCount} that it promises`);
    let name = this.#name;
    if (this.#kind === ELEMENT_EDGE || this.#kind === HIDDEN_EDGE) name = Math.min(name, NAME_MASK);
    else if (name > NAME_MASK) this.#fail(`edge ${this.#edge} has name ${name}`);
    else if (name > this.#largestName) this.#largestName = name;
    this.#edges[this.#edge] = ((this.#kind << EDGE_KIND_SHIFT) | name) >>> 0;
    this.#targets[this.#edge++] = target;
  }

  /** The edge before a node's first is the last one of the node before. */
  #markLastEdges(): void {
    for (let node = 1; node < this.#firstEdge.length; node++) {
      const first = this.#firstEdge[node];
      if (first !== NO_EDGES && first > 0) this.#edges[first - 1] |= LAST_EDGE;
    }
    if (this.#edge > 0) this.#edges[this.#edge - 1] |= LAST_EDGE;
  }

  #locationConsumer(): Consumer {
    const { length, node, script, line } = this.#header.locationFields;
    const columns = this.#header.nodeFields.length;
    const known = node >= 0 && script >= 0 && line >= 0;
    return (values, count) => {
      for (let i = 0; i < count; i++) {
        if (!known || this.#locations.length > MOST_LOCATIONS) continue;
        const value = values[i];
        if (this.#field === node) {
          this.#lastLocation = this.#locations.length;
          this.#locations.push(Math.floor(value / columns), 0, 0);
        } else if (this.#field === script) this.#locations[this.#lastLocation + 1] = value;
        else if (this.#field === line) this.#locations[this.#lastLocation + 2] = value + 1;
        this.#field = (this.#field + 1) % length;
      }
    };
  }

  #locationColumns(): HeapGraph["locations"] {
    const count = this.#locations.length / 3;
    const columns = [0, 1, 2].map((column) =>
      Uint32Array.from({ length: count }, (_, i) => this.#locations[i * 3 + column]),
    );
    this.#locations = [];
    return { node: columns[0], script: columns[1], line: columns[2] };
  }
}
