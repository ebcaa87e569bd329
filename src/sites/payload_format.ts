// Browser compatible.

/** Goes up when the payload's shape changes; code that carries another version runs untracked. */
export const PAYLOAD_VERSION = 1;

/** Numbers per site in the payload: kind, line, column, function, parameter. */
export const SITE_FIELDS = 5;
