// Browser compatible.
import type { SizeModel } from "./size.ts";

const { floor, max, min } = Math;

/** Sizes that the collector's blocks are cut into; beyond the last, steps of 16 bytes. */
const CELLS = [
  16, 32, 48, 64, 80, 112, 160, 224, 256, 320, 432, 608, 880, 1232, 1776, 2672, 4016, 5360, 8032,
];

function cell(bytes: number): number {
  let i = 0;
  while (CELLS[i] < bytes) i++;
  return CELLS[i] ?? (bytes + 15) & ~15;
}

/** Out-of-line properties: room for 4, 8, 16 … */
function overflow(properties: number): number {
  if (properties <= 0) return 0;
  let room = 4;
  while (room < properties) room *= 2;
  return cell(8 * room);
}

/** Map and Set: room for 4, 16, 64 … entries and two buckets for each. */
function table(size: number, entry: number): number {
  if (size === 0) return 0;
  let room = 4;
  while (room < size) room *= 4;
  return cell(48 + 8 * room * (2 + entry));
}

/** Inline properties of `{}` and of objects that are made without a literal. */
const INLINE = 6;
const MAX_INLINE = 62;

/**
 * JavaScriptCore, measured on that of Bun 1.4. A cell has a header of 8 bytes; JSFinalObject then a butterfly pointer
 * and the inline properties; arrays keep their elements in a butterfly with a header of 8.
 */
export function jscModel(): SizeModel {
  const withRoom = (room: number, properties: number): number =>
    cell(16 + 8 * min(room, MAX_INLINE)) + overflow(properties - min(room, MAX_INLINE));
  const object = (properties: number): number => withRoom(properties === 0 ? INLINE : properties, properties);
  const array = (length: number): number => 16 + cell(8 + 8 * (length === 0 ? 5 : max(length, 3)));
  return {
    object,
    copiedObject: (properties) => withRoom(INLINE, properties),
    nullObject: (properties) => withRoom(INLINE, properties),
    instance: (properties, room = properties) =>
      withRoom(room === 0 ? (properties === 0 ? INLINE : properties) : room, properties),
    array,
    constantArray: () => 16,
    closure: () => 32,
    context: (slots) => cell(32 + 8 * slots),
    class: (methods) => 128 + 32 * methods + overflow(methods + 1 - INLINE),
    regexp: 32,
    // A rope, or its flat text.
    string: (length) => (length < 8 ? 16 + cell(length) : 32),
    flatString: (bytes) => 16 + cell(16 + bytes),
    // NaN boxing: every number is in its slot.
    boxedNumber: 0,
    integerBits: 32,
    map: (size) => 32 + table(size, 3),
    set: (size) => 32 + table(size, 2),
    date: 48,
    promise: 32,
    error: () => 112,
    arrayBuffer: 128,
    typedArray: 64,
    dataView: 64,
    weakMap: 112,
    weakSet: 80,
    weakRef: 32,
    finalizationRegistry: 80,
    boxed: 32,
    proxy: 64,
    grown: {
      grownObject: (written, properties) => withRoom(written === 0 ? INLINE : written, properties),
      grownArray(initial, length) {
        const slots = (bytes: number): number => floor((cell(bytes) - 8) / 8);
        let room = initial === 0 ? 5 : slots(8 + 8 * max(initial, 3));
        while (room < length) room = slots(8 + 8 * floor((room + 1) * 1.5));
        return 16 + cell(8 + 8 * room);
      },
    },
  };
}
