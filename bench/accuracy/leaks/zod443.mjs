import { z } from "zod";

const keep = [];
export const N = 100;
export const iterate = (n) => {
  for (let i = 0; i < n; i++)
    keep.push(z.object({ id: z.string(), n: z.number().int(), tags: z.array(z.string()).optional() }));
};
