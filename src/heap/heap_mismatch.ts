/** Why a heap and a dump do not go together. */
export class HeapMismatchError extends Error {
  override readonly name = "HeapMismatchError";
}
