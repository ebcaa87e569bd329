// Browser compatible.
export { isReplacement, noteOriginal, originalOf } from "./is_proxy.ts";
