// Browser compatible.

/**
 * Bounds on what is read of a file. They are far above any real snapshot (a million tracebacks of 25 frames are 103 MB
 * unpacked, 60 MB of file), and low enough that a hostile file fails with an error instead of taking the machine. A file
 * of kilobytes can unpack to gigabytes, so what it may hold grows with its own size.
 */
export interface ReadLimits {
  /** Bytes of the profile once unpacked. */
  readonly bytes: number;
  /** Samples (rows of the snapshot). */
  readonly samples: number;
  /** Strings, functions, mappings, locations, lines of locations, and unknown fields, each. */
  readonly entries: number;
  /**
   * Frames over all distinct tracebacks, and those of inlined lines that are unfolded. Recursion 5,000 calls deep that
   * allocates on two lines of each has 25 million where all are kept, in a file of a few kilobytes.
   */
  readonly frames: number;
}

/** Bytes of a file, and of a profile once unpacked: 1 GiB. Keeps every offset within 31 bits. */
export const MAX_BYTES: number = 2 ** 30;
/** Rows of a snapshot. */
export const MAX_SAMPLES: number = 2 ** 23;
/** Frames of one traceback. Ours have 65,535 at most. */
export const MAX_DEPTH: number = 2 ** 20;
/** Bytes of one string, that of our own document included. */
export const MAX_STRING_BYTES: number = 2 ** 25;

/** What is read of a file, or of a byte array, of so many bytes. */
export function readLimits(fileBytes: number): ReadLimits {
  return {
    bytes: Math.min(MAX_BYTES, 2 ** 27 + 64 * fileBytes),
    samples: Math.min(MAX_SAMPLES, 2 ** 21 + fileBytes),
    entries: Math.min(2 ** 21, 2 ** 20 + fileBytes),
    frames: Math.min(2 ** 26, 2 ** 25 + 16 * fileBytes),
  };
}

/** What a file over the limit is refused with. */
export function tooLarge(maxLength: number): string {
  return `the gzip data decompresses to more than ${maxLength} bytes, the most that is read of a file of this size`;
}
