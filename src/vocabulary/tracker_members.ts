// Browser compatible.

// What instrumented code calls and reads of its file's tracker (`track/calls/file_tracker.ts`): a letter each, as they stand in
// every line. Text that was instrumented ahead of time has them in it: a letter that has had a meaning gets no other one.
// Imported as a namespace, `Member`: bundlers put the letters where they are used, and no table into the page.

/** A new object. */
export const object = "o";
/** A new function or class that a property has named. */
export const named = "c";
/** Perhaps a new object. */
export const maybeObject = "n";
/** A string. */
export const text = "l";
/** What a variable holds. */
export const report = "q";
/** Gives its first argument back; the second is evaluated for its effect. */
export const first = "p";
/** The last thing before a call that may be of a built-in function. */
export const announce = "i";
/** What that call gave. */
export const settle = "m";
/** What a constructor returns in the place of its own object. */
export const replaceInstance = "r";
export const enterAsync = "a";
export const enterGenerator = "g";
export const enterAsyncGenerator = "h";
export const suspend = "u";
/** As `suspend`, for a generator that goes on in the place of this one. */
export const delegate = "y";
export const resume = "w";
/** The start of a handler: suspended or not. */
export const handle = "k";
export const leave = "z";
/** No method: the number of the file's first site. */
export const base = "b";
/** No method: the shadow stack, for other realms. */
export const stack = "s";
