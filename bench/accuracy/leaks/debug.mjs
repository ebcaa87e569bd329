import debug from "debug";
export const iterate = (n) => {
  for (let i = 0; i < n; i++) debug("app:request")("x");
};
