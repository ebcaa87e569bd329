import { join } from "node:path";

/** webpack compiles no TypeScript itself. */
export const TYPESCRIPT_LOADER: string = `
const { transform } = require(${JSON.stringify(join(import.meta.dirname, "../../node_modules/esbuild"))});
module.exports = function (source, map) {
  const callback = this.async();
  const { resourcePath } = this;
  const inline = map ? "\\n//# sourceMappingURL=data:application/json;base64," + Buffer.from(JSON.stringify(map)).toString("base64") : "";
  transform(source + inline, { loader: resourcePath.split(".").pop(), sourcemap: true, sourcefile: resourcePath })
    .then(({ code, map }) => callback(null, code, map), callback);
};`;
