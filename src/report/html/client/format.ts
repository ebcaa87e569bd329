// Browser compatible.

import { formatSize } from "../../../statistics/format_size.ts";
import { escapeText } from "../../../vocabulary/escape_text.ts";
import { blocks as grouped } from "../../text/units.ts";

/** `4855 KiB`, and with a sign where it is a difference. */
export function bytesText(bytes: number, sign = false): string {
  return withMinus(formatSize(bytes, { sign: sign && bytes > 0 }));
}

/** Whole KiB, MiB … between the ticks of an axis. */
export const BYTE_STEPS: number[] = Array.from({ length: 50 }, (_, power) => 2 ** power);

/** `39,328`, and with a sign where it is a difference. */
export function blocksText(blocks: number, sign = false): string {
  const text = grouped(Math.abs(blocks));
  if (blocks < 0) return `−${text}`;
  return sign && blocks > 0 ? `+${text}` : text;
}

/** `12.3 %`; nothing rounds up to all or down to nothing. */
export function percentText(share: number): string {
  const percent = Math.abs(share) * 100;
  if (percent > 0 && percent < 0.1) return "< 0.1 %";
  if (percent > 99.9 && percent < 100) return "> 99.9 %";
  return `${percent >= 99.95 || percent === 0 ? Math.round(percent) : percent.toFixed(1)} %`;
}

/** `340 ms`, `12.5 s`, `3 min 5 s`, `2 h 10 min`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A name from the profile with everything invisible in it written out. */
export function nameText(name: string): string {
  return escapeText(name);
}

/** A line of source text: as a name, but tabs stay. */
export function sourceText(line: string): string {
  return line.split("\t").map(escapeText).join("\t");
}

function withMinus(text: string): string {
  return text.replace("-", "−");
}
