// Browser compatible.

/** Formats a number with thousands set apart: `39,328`. Estimates are rounded. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}
