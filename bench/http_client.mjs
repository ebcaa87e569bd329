// Asks a server of this machine as often as it is told to, eight at a time, and answers with the number of bytes.
import { Agent, request } from "node:http";

const port = Number(process.argv[2]);
const AT_ONCE = 8;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
const body = JSON.stringify({ items: Array.from({ length: 20 }, (_, id) => ({ id, name: `item ${id}` })) });

function ask(isPost) {
  return new Promise((resolve, reject) => {
    const headers = isPost
      ? { "content-type": "application/json", "content-length": String(body.length) }
      : {};
    const [method, path] = isPost ? ["POST", "/items"] : ["GET", "/items/50"];
    request({ host: "127.0.0.1", port, path, method, headers, agent }, (response) => {
      let length = 0;
      response.on("data", (chunk) => void (length += chunk.length));
      response.on("end", () =>
        response.statusCode === 200 ? resolve(length) : reject(new Error(`${response.statusCode}`)),
      );
    })
      .on("error", reject)
      .end(isPost ? body : undefined);
  });
}

process.on("message", async (requests) => {
  let left = requests;
  let total = 0;
  const worker = async () => {
    while (left-- > 0) total += await ask(left % 2 === 0);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  process.send(total);
});
