// Makes the pages of the shop: nothing is wrong here.

/** A page with a price list, as it is sent. */
export function pageOf(visitor) {
  const rows = Array.from({ length: 30 }, (_, id) => ({ id, title: `product ${id}`, price: 3 + id / 4 }));
  return { visitor, rows };
}
