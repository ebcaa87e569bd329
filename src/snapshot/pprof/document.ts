// Browser compatible.

import { SnapshotFormatError } from "../../vocabulary/errors.ts";

const NAME = "tracemalloc/";
const VERSION = 1;
/** A UTF-16 unit takes at most three bytes in UTF-8, of which a string has `MAX_STRING_BYTES`. */
const MAX_LENGTH = 2 ** 23;

/** What a dump carries beside the profile: one JSON document in a comment, after `tracemalloc/1 `. */
export interface SnapshotDocument {
  readonly tracebackLimit: number;
  readonly metadata: Record<string, unknown>;
}

/**
 * The comment that carries `document`. Throws a TypeError where the metadata is not JSON (cycles, bigints), and a
 * RangeError where it is more than is read again.
 */
export function formatDocument(document: SnapshotDocument): string {
  const { tracebackLimit, metadata } = document;
  const json = JSON.stringify({ version: VERSION, tracebackLimit, metadata });
  if (json.length > MAX_LENGTH) throw new RangeError(`metadata of more than ${MAX_LENGTH} characters`);
  return `${NAME}${VERSION} ${json}`;
}

/** Whether a comment is one of ours, be it sound or not. */
export function isDocument(comment: string): boolean {
  return comment.startsWith(NAME);
}

/** The document of a comment for which `isDocument` holds. */
export function parseDocument(comment: string, filename: string): SnapshotDocument {
  const fail = (reason: string, cause?: unknown): never => {
    throw new SnapshotFormatError(reason, { filename, cause });
  };
  const space = comment.indexOf(" ");
  const version = comment.slice(NAME.length, space === -1 ? undefined : space);
  if (version !== String(VERSION)) {
    fail(
      `written in version ${JSON.stringify(version.slice(0, 20))} of the format; this program reads ${VERSION}`,
    );
  }
  let value: unknown;
  try {
    const json = space === -1 ? "" : comment.slice(space + 1);
    // A reviver takes several times as long as the rest.
    value = JSON.parse(json, /__proto__|\\u/.test(json) ? withoutPrototype : undefined);
  } catch (error) {
    fail(`the comment "${NAME}${VERSION}" holds no JSON document`, error);
  }
  if (!isRecord(value)) return fail(`the comment "${NAME}${VERSION}" holds no JSON document`);
  const { tracebackLimit, metadata } = value;
  if (value.version !== VERSION) fail(`"version" in the comment "${NAME}${VERSION}" must be ${VERSION}`);
  if (!isRecord(metadata)) return fail(`"metadata" in the comment "${NAME}${VERSION}" must be an object`);
  if (typeof tracebackLimit !== "number" || !Number.isSafeInteger(tracebackLimit) || tracebackLimit < 0) {
    return fail(`"tracebackLimit" in the comment "${NAME}${VERSION}" must be an integer, 0 or more`);
  }
  return { tracebackLimit, metadata };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A reviver: whoever copies metadata with `Object.assign` must not get a new prototype out of a file. */
function withoutPrototype(key: string, value: unknown): unknown {
  return key === "__proto__" ? undefined : value;
}
