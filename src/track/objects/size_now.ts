// Browser compatible.

import { sizes } from "../sizes/size.ts";
import {
  arraySizeNow,
  backingSizeOf,
  type Contents,
  propertiesWritten,
  shapeSizeNow,
  sizesOfGrown,
} from "./contents.ts";
import type { InitialContents } from "./initial_contents.ts";
import { sizeOfMap, sizeOfSet } from "./shape.ts";

const { ownKeys } = Reflect;
/** A model's method, and no array's. */
const MAP = "map";

/**
 * The size of `contentsOf` without a look at what the object holds: that can be taken while the program runs. Pages do without.
 *
 * @returns Bytes; 0: nothing is known of it.
 */
export function sizeNow(
  object: object,
  { initial, site }: { initial: InitialContents; site: number },
): Contents["size"] {
  switch (initial.holder) {
    case "store":
      return backingSizeOf(object);
    case "Array":
      return arraySizeNow((object as readonly unknown[]).length, initial.length, site);
    case "Map":
      return sizes[MAP](sizeOfMap(object)!);
    case "Set":
      return sizes.set(sizeOfSet(object)!);
    case "properties": {
      const written = propertiesWritten(site);
      return written === null
        ? shapeSizeNow(object)
        : sizesOfGrown().grownObject(written, ownKeys(object).length);
    }
  }
}
