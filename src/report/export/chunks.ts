// Browser compatible.

/** Characters of a chunk: large enough for few writes, far below what a string can hold. */
const CHUNK = 2 ** 16;

/** Gathers small pieces of text into chunks: a large export as one string would be longer than engines allow. */
export function* chunks(pieces: Iterable<string>): Iterable<string> {
  let chunk = "";
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}

/**
 * Items of a JSON list with commas between them, in chunks already: every generator that a piece passes through costs as
 * much as making it.
 */
export function* listItems<T>(items: Iterable<T>, text: (item: T) => string): Iterable<string> {
  let chunk = "";
  let separator = "";
  for (const item of items) {
    chunk += separator + text(item);
    separator = ",\n";
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = "";
  }
  yield chunk;
}
