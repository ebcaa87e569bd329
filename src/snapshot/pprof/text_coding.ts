// Browser compatible.

import { hostModule } from "../../host/built_in_modules.ts";
// In pages, `text_coding_in_page.ts` takes its place ("browser" of package.json).
import { once } from "../../tables/once.ts";

/** Jest's jsdom has neither class. A bare realm (`vm`) has no modules either: tracing works there all the same. */
const host = globalThis as Partial<Pick<typeof globalThis, "TextDecoder" | "TextEncoder">>;

/** Text to UTF-8. */
export const encoder: () => TextEncoder = once(
  () => new (host.TextEncoder ?? hostModule("node:util")!.TextEncoder)(),
);

/** UTF-8 to text. */
export function newDecoder(options: { readonly fatal?: boolean; readonly ignoreBOM?: boolean }): TextDecoder {
  return new (host.TextDecoder ?? hostModule("node:util")!.TextDecoder)("utf-8", options);
}
