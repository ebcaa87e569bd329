// Browser compatible.
import type { Kind } from "./kinds.ts";

// Those that the tracker asks for: bundlers put the numbers in their places, and leave the object out.
export const KIND_OBJECT: typeof Kind.object = 1;
export const KIND_ARRAY: typeof Kind.array = 2;
export const KIND_CLOSURE: typeof Kind.closure = 3;
export const KIND_CLASS: typeof Kind.class = 4;
export const KIND_REGEXP: typeof Kind.regexp = 5;
export const KIND_STRING: typeof Kind.string = 6;
export const KIND_CONSTRUCT: typeof Kind.construct = 7;
export const KIND_OBJECT_COPY: typeof Kind.objectCopy = 8;
export const KIND_ARRAY_COPY: typeof Kind.arrayCopy = 9;
