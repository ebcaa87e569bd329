// Browser compatible.

/** Goes up when the payload's shape changes, or what instrumented code calls; code that carries another version runs untracked. */
export const PAYLOAD_VERSION = 3;

/** Numbers per site in the payload: kind, line, column, function, parameter. */
export const SITE_FIELDS = 5;
