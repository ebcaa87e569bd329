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

/** Items of a JSON list with commas between them. */
export function* listItems<T>(items: Iterable<T>, text: (item: T) => string): Iterable<string> {
  let separator = "";
  for (const item of items) {
    yield separator + text(item);
    separator = ",\n";
  }
}
