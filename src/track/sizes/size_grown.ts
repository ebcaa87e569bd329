// Browser compatible.
import type { GrownSizes, SizeModel } from "./size.ts";
import { SLACK } from "./size_v8.ts";

/** So many properties beyond those in the object, and keyed stores (`o[key] = v`) make it a dictionary. */
const FAST_OVERFLOW = 12;

/** What a model says of objects that have grown. */
export function grownSizes(model: SizeModel): GrownSizes {
  return model.grown ?? grownInV8(model);
}

function grownInV8(model: SizeModel): GrownSizes {
  return {
    grownObject(written, properties) {
      const room = written === 0 ? SLACK : written;
      if (properties <= room) return model.object(written);
      // A dictionary, as those without a prototype are from the start.
      if (properties - room > FAST_OVERFLOW) return model.nullObject(properties);
      return model.instance(properties, room);
    },
    grownArray(initial, length) {
      let capacity = initial;
      while (capacity < length) capacity += 1 + ((capacity + 1) >> 1) + 16;
      return model.array(capacity);
    },
  };
}
