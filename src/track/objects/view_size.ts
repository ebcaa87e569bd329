// Browser compatible.

const { apply, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const TypedArray = getPrototypeOf(Uint8Array) as { prototype: object };
const { get: ofTypedArray } = getOwnPropertyDescriptor(TypedArray.prototype, "byteLength")!;
const { get: ofDataView } = getOwnPropertyDescriptor(DataView.prototype, "byteLength")!;
const { isView } = ArrayBuffer;

/** The bytes of its buffer that a view shows; null: it is none. */
export function viewSize(value: object): number | null {
  if (!isView(value)) return null;
  try {
    return apply(ofTypedArray!, value, []) as number;
  } catch {
    // Of a typed array this never throws; of a DataView, where its buffer has become too short.
  }
  try {
    return apply(ofDataView!, value, []) as number;
  } catch {
    return 0;
  }
}
