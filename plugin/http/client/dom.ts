/** The element with this id, which the page has. */
export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/** Bytes for people: `1.5 KiB`. */
export function bytes(size: number): string {
  const magnitude = Math.abs(size);
  if (magnitude < 1024) return `${Math.round(size)} B`;
  if (magnitude < 1024 ** 2) return `${(size / 1024).toFixed(1)} KiB`;
  if (magnitude < 1024 ** 3) return `${(size / 1024 ** 2).toFixed(1)} MiB`;
  return `${(size / 1024 ** 3).toFixed(2)} GiB`;
}

/** With its sign. */
export function signed(value: number, text: string): string {
  return value > 0 ? `+${text}` : text;
}

/** Blocks for people; estimates are rounded. */
export function blocks(count: number): string {
  return Math.round(count).toLocaleString("en");
}
