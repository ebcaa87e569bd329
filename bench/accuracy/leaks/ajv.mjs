import Ajv from "ajv";

const ajv = new Ajv.default({ strict: false });
export const N = 300;
export const iterate = (n) => {
  for (let i = 0; i < n; i++) {
    const v = ajv.compile({
      type: "object",
      required: ["a"],
      properties: { a: { type: "string", maxLength: 50 } },
    });
    v({ a: "x" });
  }
};
