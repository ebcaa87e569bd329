import xh from "xmlhttprequest";

globalThis.XMLHttpRequest = xh.XMLHttpRequest;
const { default: axios } = await import("axios");
const src = axios.CancelToken.source();
export const N = 100;
export const iterate = async (n) => {
  for (let i = 0; i < n; i++)
    await axios
      .get("http://127.0.0.1:1/", {
        cancelToken: src.token,
        adapter: "xhr",
        timeout: 500,
        data: { b: new Uint8Array(10000).fill(i) },
      })
      .catch(() => {});
};
