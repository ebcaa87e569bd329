import grpc from "@grpc/grpc-js";

const def = {
  echo: {
    path: "/t.T/echo",
    requestStream: true,
    responseStream: true,
    requestSerialize: (x) => Buffer.from(x),
    requestDeserialize: (b) => b,
    responseSerialize: (x) => Buffer.from(x),
    responseDeserialize: (b) => b,
  },
};
const srv = new grpc.Server();
srv.addService(def, {
  echo(call) {
    call.on("data", (_d) => call.write("ok"));
    call.on("end", () => call.end());
  },
});
const port = await new Promise((r, j) =>
  srv.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (e, p) => (e ? j(e) : r(p))),
);
srv.start();
const C = grpc.makeGenericClientConstructor(def, "T");
const c = new C("127.0.0.1:" + port, grpc.credentials.createInsecure());
const call = c.echo();
let got;
call.on("data", () => got());
export const N = 5000;
export const iterate = async (n) => {
  for (let i = 0; i < n; i++) {
    const p = new Promise((r) => (got = r));
    call.write("m" + i);
    await p;
  }
};
