// What the layout test would object to, each with its reason. It objects to what is here without need, too.

/** Groups of files that import each other's values: the first in the alphabet, how many there are, and why. */
export const CIRCLES: readonly (readonly [first: string, files: number, why: string])[] = [];

/** Files of more than 300 lines. */
export const LARGE_FILES: Readonly<Record<string, string>> = {
  "src/instrument/instrument.ts": "a third is documentation: `tracemalloc/instrument` is public",
  "src/traces/session/session.ts":
    "what lines report, in one class: the hot path shares its fields, and a page loads no more than it must",
};

/** Functions of more than 60 lines. */
export const LONG_FUNCTIONS: Readonly<Record<string, string>> = {
  "plugin/http/handler.ts createHandler": "routes, of a line or two each, over one state",
  "plugin/http/live_feed.ts createLiveFeed":
    "a closure for an object: all of its functions share private state",
  "src/report/views/tree.ts treeReport": "the view's columns, one after the other",
  "src/track/sizes/size_v8.ts v8Model":
    "one line or two for each kind of object, which share the engine's words",
};
