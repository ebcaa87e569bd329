/** What the shop sells. */
export interface Product {
  readonly id: number;
  readonly title: string;
  readonly price: number;
}

const COLOURS = ["red", "green", "blue", "black", "white"];
const THINGS = ["apron", "bowl", "candle", "drawer", "easel", "fan", "glass", "hat", "inkwell", "jug"];

/** The catalog: long-lived on purpose, and no leak. */
export const products: readonly Product[] = COLOURS.flatMap((colour, row) =>
  THINGS.map((thing, column) => ({
    id: row * THINGS.length + column,
    title: `${colour} ${thing}`,
    price: 5 + row + column,
  })),
);

/** The products whose title holds every word, cheapest first. */
export function search(query: string): Product[] {
  const words = query.toLowerCase().split(" ");
  return products
    .map((product) => ({ product, hits: words.filter((word) => product.title.includes(word)) }))
    .filter(({ hits }) => hits.length === words.length)
    .map(({ product }) => ({ ...product }))
    .sort((a, b) => a.price - b.price);
}
