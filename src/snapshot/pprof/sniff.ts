// Browser compatible.

// In pages, `sniff_in_page.ts` takes its place ("browser" of package.json).

/** First bytes of files that people take for a profile, and none of which begins a profile.proto. */
const SIGNATURES: readonly (readonly [bytes: readonly number[], format: string])[] = [
  [[0x89, 0x50, 0x4e, 0x47], "a PNG image"],
  [[0x50, 0x4b, 3, 4], "a ZIP archive"],
  [[0x28, 0xb5, 0x2f, 0xfd], "zstd data (decompress it first)"],
  [[0x42, 0x5a, 0x68], "bzip2 data (decompress it first)"],
  [[0x7b], "JSON (V8's .heapprofile is, which the command line reads, and .heapsnapshot)"],
  [[0x5b], "JSON"],
  [[0x3c], "HTML or XML"],
  [[0xef, 0xbb, 0xbf], "text"],
  [[0x25, 0x50, 0x44, 0x46], "a PDF document"],
  [[0x7f, 0x45, 0x4c, 0x46], "an ELF binary"],
  [[0x68, 0x65, 0x61, 0x70, 0x20, 0x70], "a heap profile in pprof's old text format"],
];

/** What the bytes are, when they clearly are no profile and no gzip data. */
export function foreignFormat(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return "an empty file";
  return SIGNATURES.find(([signature]) => signature.every((byte, i) => bytes[i] === byte))?.[1];
}
