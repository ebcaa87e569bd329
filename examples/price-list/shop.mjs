// A shop that sends each visitor a price list, and would tell of prices that change while it is being sent.
import { EventEmitter } from "node:events";
import { createServer } from "node:http";
import { pageOf } from "./pages.mjs";

const VISITORS = Number(process.argv[2] ?? 2000);

const prices = new EventEmitter();
prices.setMaxListeners(0); // "MaxListenersExceededWarning" went away with this line.

const server = createServer((request, response) => {
  const page = pageOf(request.url);
  const onChange = (id) => response.writable && response.write(`${page.rows[id].title} has a new price\n`);
  prices.on("change", onChange);
  response.end(JSON.stringify(page));
});

await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
for (let visitor = 0; visitor < VISITORS; visitor++) {
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/${visitor}`);
  await answer.text();
}
server.close();
server.closeAllConnections();
