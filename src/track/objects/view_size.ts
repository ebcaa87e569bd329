// Browser compatible.

const { apply, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const TypedArray = getPrototypeOf(Uint8Array) as { prototype: object };
const { get: ofTypedArray } = getOwnPropertyDescriptor(TypedArray.prototype, "byteLength")!;
const { get: ofDataView } = getOwnPropertyDescriptor(DataView.prototype, "byteLength")!;
const { get: tagOf } = getOwnPropertyDescriptor(TypedArray.prototype, Symbol.toStringTag)!;
const { isView } = ArrayBuffer;

/** Of a view. Its tag is asked: a length that a view does not have throws, which takes a hundred times as long. */
export function isDataView(view: object): boolean {
  return apply(tagOf!, view, []) === undefined;
}

/** The bytes of its buffer that a view shows; null: it is none. */
export function viewSize(value: object): number | null {
  if (!isView(value)) return null;
  try {
    return apply((isDataView(value) ? ofDataView : ofTypedArray)!, value, []) as number;
  } catch {
    // Of a typed array this never throws; of a DataView, where its buffer has become too short.
    return 0;
  }
}
