// Browser compatible.
import type { SizeModel } from "./size.ts";
import { v8Model } from "./size_v8.ts";

const { ceil, log2, max } = Math;

const FIXED_SLOTS = [0, 2, 4, 8, 12, 16];
const MAX_FIXED = 16;

/**
 * SpiderMonkey, on paper (`js/src/vm/NativeObject.h`): shape, slots and elements pointers; fixed slots come in 0, 2, 4,
 * 8, 12, 16, dynamic ones and elements with a header of 16 bytes in powers of two.
 */
export function spiderMonkeyModel(): SizeModel {
  const power = (count: number): number => 2 ** ceil(log2(max(count, 1)));
  const dynamic = (count: number): number => (count <= 0 ? 0 : 8 * power(count + 2));
  const object = (properties: number): number => {
    let i = 0;
    while (FIXED_SLOTS[i] < max(properties, 4)) i++;
    const fixed = FIXED_SLOTS[i] ?? MAX_FIXED;
    return 24 + 8 * fixed + dynamic(properties - fixed);
  };
  // Up to six elements (of which two are the header) fit into the object.
  const array = (length: number): number =>
    length <= 6 ? 24 + 16 + 8 * max(4, length) : 40 + dynamic(length);
  return {
    ...v8Model(8),
    object,
    copiedObject: object,
    nullObject: object,
    instance: (properties, room = 0) => object(max(properties, room)),
    array,
    constantArray: array,
    closure: () => 64,
    context: (slots) => object(slots + 2),
    class: (methods) => 64 + object(methods + 1) + methods * 64,
    string: (length) => (length <= 23 ? 32 : 24),
    grown: {
      grownObject: (_written, properties) => object(properties),
      grownArray: (_made, length) => array(length),
    },
  };
}
