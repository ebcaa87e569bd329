import http from "node:http";
import axios from "axios";

const s = http.createServer((_q, r) => r.end("ok"));
await new Promise((r) => s.listen(0, "127.0.0.1", r));
s.unref();
const url = "http://127.0.0.1:" + s.address().port + "/";
const src = axios.CancelToken.source();
const agent = new http.Agent({ keepAlive: true });
export const N = 300;
export const iterate = async (n) => {
  for (let i = 0; i < n; i++)
    await axios.post(url, { i, pad: "x".repeat(1000) }, { cancelToken: src.token, httpAgent: agent });
};
