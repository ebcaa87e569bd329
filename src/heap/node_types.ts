/** The kinds of nodes and edges that V8 knows, under numbers of our own: a file says which of its numbers mean what. */
export const NODE_TYPES = [
  "hidden",
  "array",
  "string",
  "object",
  "code",
  "closure",
  "regexp",
  "number",
  "native",
  "synthetic",
  "concatenated string",
  "sliced string",
  "symbol",
  "bigint",
  "object shape",
] as const;

export const HIDDEN = 0;
export const ARRAY = 1;
export const STRING = 2;
export const OBJECT = 3;
export const CODE = 4;
export const CLOSURE = 5;
export const REGEXP = 6;
export const NUMBER = 7;
export const NATIVE = 8;
export const SYNTHETIC = 9;
export const CONCATENATED = 10;
export const SLICED = 11;
export const SYMBOL = 12;
export const BIGINT = 13;
export const SHAPE = 14;

export const EDGE_TYPES = [
  "context",
  "element",
  "property",
  "internal",
  "hidden",
  "shortcut",
  "weak",
] as const;

export const CONTEXT_EDGE = 0;
export const ELEMENT_EDGE = 1;
export const PROPERTY_EDGE = 2;
export const INTERNAL_EDGE = 3;
export const HIDDEN_EDGE = 4;
export const SHORTCUT_EDGE = 5;
export const WEAK_EDGE = 6;
