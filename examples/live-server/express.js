import express from "express";
import { start } from "tracemalloc";
import { createNodeHandler } from "tracemalloc/http";
import { visit } from "./store.js";

start({ nframe: 25, sampling: "adaptive" });

const app = express();
app.use(createNodeHandler({ labels: { service: "live-server" } }));
app.get("/{*path}", (request, response) => void response.send(visit(request.path)));
const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () =>
  console.log(`http://127.0.0.1:${server.address().port}/debug/tracemalloc/`),
);
