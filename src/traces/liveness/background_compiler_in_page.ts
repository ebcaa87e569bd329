// Browser compatible.

/** What JavaScriptCore compiles in the background, no page can know. */
export async function compiledInBackground(): Promise<void> {}
