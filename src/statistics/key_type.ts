// Browser compatible.
import { reprString, reprValue, typeName } from "../snapshot/model/python_repr.ts";
import { FrameKeys } from "./frame_keys.ts";
import type { KeyTable } from "./key_table.ts";
import { NameKeys, processNames } from "./name_keys.ts";
import { packageKeysOf } from "./package_keys.ts";
import { TracebackKeys } from "./traceback_keys.ts";

/**
 * What statistics group by. `"package"`: the package of the line that allocated. `"ownline"`: the most recent line of the
 * traceback that is the program's own, of no dependency. `"label:route"`: the value of the label `route` (`withLabels`). Pages have none of these three.
 */
export type KeyType =
  | "filename"
  | "lineno"
  | "traceback"
  | "function"
  | "type"
  | "process"
  | "package"
  | "ownline"
  | `label:${string}`;

/**
 * An empty table for keys of this type.
 *
 * @throws {TypeError} where an argument is of the wrong type
 * @throws {RangeError} where there is no such key type, or it cannot be cumulated
 */
export function keyTableOf(keyType: KeyType, cumulative: boolean): KeyTable {
  if (typeof keyType !== "string") throw new TypeError(`unknown key_type: ${reprValue(keyType)}`);
  if (typeof cumulative !== "boolean") {
    throw new TypeError(`cumulative must be a boolean, not ${typeName(cumulative)}`);
  }
  const table = newTable(keyType);
  if (cumulative && table.per !== "frame") {
    // Word for word what Python says, slip included, because that is what people search for.
    throw new RangeError(`cumulative mode cannot by used with key type ${reprString(keyType)}`);
  }
  return table;
}

function newTable(keyType: KeyType): KeyTable {
  switch (keyType) {
    case "filename":
    case "lineno":
    case "function":
      return new FrameKeys(keyType);
    case "traceback":
      return new TracebackKeys();
    case "type":
      return new NameKeys(keyType, ({ types }) => types);
    case "process":
      return new NameKeys(keyType, processNames);
    default: {
      const keys = packageKeysOf(keyType);
      if (keys === null) throw new RangeError(`unknown key_type: ${reprString(keyType)}`);
      return keys;
    }
  }
}
