import { Writable } from "node:stream";
import { writeReadableStreamToWritable } from "@react-router/node";
export const N = 1000;
let _total = 0;
let feed, stream;
stream = new ReadableStream({
  pull(c) {
    return new Promise(
      (r) =>
        (feed = () => {
          c.enqueue(new Uint8Array(1000));
          r();
        }),
    );
  },
});
const sink = new Writable({
  write(_ch, _e, cb) {
    _total++;
    cb();
  },
});
writeReadableStreamToWritable(stream, sink);
await new Promise((r) => setTimeout(r, 20));
export const iterate = async (n) => {
  for (let i = 0; i < n; i++) {
    const f = feed;
    feed = null;
    f?.();
    while (!feed) await new Promise((r) => setImmediate(r));
  }
};
