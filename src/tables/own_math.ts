// Browser compatible.

// As they were when the tracker was loaded: see `primordials.ts`. (Not there: a page loads that long before these.)

export const floor: typeof Math.floor = Math.floor;
export const imul: typeof Math.imul = Math.imul;
export const max: typeof Math.max = Math.max;
export const min: typeof Math.min = Math.min;
export const random: typeof Math.random = Math.random;
