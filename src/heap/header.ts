import { EDGE_TYPES, NODE_TYPES } from "./node_types.ts";

/** What a column of the file means to us. */
export type NodeField = "type" | "name" | "self_size" | "edge_count" | "other";
export type EdgeField = "type" | "name_or_index" | "to_node";

/** The beginning of a heap snapshot: how many nodes and edges follow, and what their columns are. */
export interface Header {
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly nodeFields: readonly NodeField[];
  readonly edgeFields: readonly EdgeField[];
  /** By the file's number, ours. */
  readonly nodeTypes: Uint8Array;
  readonly edgeTypes: Uint8Array;
  /** Columns of a location: the node, the script, its line, its column; -1: the file does not tell. */
  readonly locationFields: {
    readonly length: number;
    readonly node: number;
    readonly script: number;
    readonly line: number;
  };
}

const KNOWN_NODE_FIELDS = ["type", "name", "self_size", "edge_count"];
const EDGE_FIELDS = ["type", "name_or_index", "to_node"];

/** @throws {string} the reason why this is no heap snapshot of V8's. */
export function parseHeader(text: string): Header {
  const { meta, node_count: nodeCount, edge_count: edgeCount } = record(parsed(text));
  const { node_fields, node_types, edge_fields, edge_types, location_fields } = record(meta);
  const nodeFields = words(node_fields, "node_fields");
  const edgeFields = words(edge_fields, "edge_fields");
  const missing =
    KNOWN_NODE_FIELDS.find((field) => !nodeFields.includes(field)) ??
    EDGE_FIELDS.find((field) => !edgeFields.includes(field));
  if (missing !== undefined) throw `no heap snapshot of V8's: its nodes or edges have no ${missing}`;
  if (edgeFields.length !== EDGE_FIELDS.length)
    throw `its edges have ${edgeFields.length} columns, expected 3`;
  if (nodeFields.length > 32) throw `its nodes have ${nodeFields.length} columns, expected at most 32`;
  return {
    nodeCount: count(nodeCount, "node_count"),
    edgeCount: count(edgeCount, "edge_count"),
    nodeFields: nodeFields.map((field) =>
      KNOWN_NODE_FIELDS.includes(field) ? (field as NodeField) : "other",
    ),
    edgeFields: edgeFields as EdgeField[],
    nodeTypes: numbers(columnTypes(node_types, nodeFields, "node_types"), NODE_TYPES),
    edgeTypes: numbers(columnTypes(edge_types, edgeFields, "edge_types"), EDGE_TYPES),
    locationFields: locationColumns(location_fields),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw "its header is no JSON";
  }
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw "no heap snapshot of V8's: it has no meta";
  return value as Record<string, unknown>;
}

function words(value: unknown, name: string): string[] {
  if (!Array.isArray(value) || value.some((word) => typeof word !== "string"))
    throw `its ${name} is no list of names`;
  return value;
}

function count(value: unknown, name: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw `its ${name} is ${String(value)}, expected a whole number`;
}

function columnTypes(types: unknown, fields: readonly string[], name: string): string[] {
  if (!Array.isArray(types)) throw `its ${name} is no list`;
  return words(types[fields.indexOf("type")], name);
}

/** Kinds that V8 has got since are hidden ones to us. */
function numbers(names: readonly string[], ours: readonly string[]): Uint8Array {
  return Uint8Array.from(names, (name) => Math.max(0, ours.indexOf(name)));
}

function locationColumns(fields: unknown): Header["locationFields"] {
  const names = Array.isArray(fields) ? fields : [];
  return {
    length: names.length,
    node: names.indexOf("object_index"),
    script: names.indexOf("script_id"),
    line: names.indexOf("line"),
  };
}
