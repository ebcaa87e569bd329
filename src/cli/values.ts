import type { GrowthLimit } from "../report/views/check.ts";
import { GROUPINGS } from "../report/views/view.ts";
import type { KeyType } from "../statistics/key_type.ts";
import { DOMAIN_NAMES, type DomainName, domainNumber } from "../vocabulary/domain_names.ts";
import { ON_GROWTH, readGrowthRule } from "../vocabulary/growth_rule.ts";
import { UsageError } from "./cli_error.ts";
import { didYouMean } from "./nearest.ts";

/** Reads the value of a flag from the word after it (`""` where there is none). */
export type ValueParser<T> = (word: string) => T;

/** A flag whose value is any text but the empty one. */
export function text(flag: string, what: string): ValueParser<string> {
  return (word) => {
    if (word === "") throw new UsageError(`${flag} needs a value: ${what}`);
    return word;
  };
}

/** A flag whose value is a whole number from `min` to `max`. */
export function wholeNumber(flag: string, min: number, max: number): ValueParser<number> {
  const allowed = `a whole number from ${min} to ${max}`;
  return (word) => {
    if (word === "") throw new UsageError(`${flag} needs a value: ${allowed}`);
    const value = /^\d+$/.test(word) ? Number(word) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new UsageError(`${flag} must be ${allowed}, not ${JSON.stringify(word)}`);
  };
}

/** A flag whose value is a domain: its number, or its word. */
export function domainOf(flag: string): ValueParser<number> {
  const most = 2 ** 31 - 1;
  const allowed = `one of ${DOMAIN_NAMES.join(", ")}, or a whole number from 0 to ${most}`;
  return (word) => {
    if (word === "") throw new UsageError(`${flag} needs a value: ${allowed}`);
    const value = domainNumber(/^\d+$/.test(word) ? Number(word) : (word as DomainName));
    if (typeof value === "number" && value <= most) return value;
    const near = didYouMean(word, DOMAIN_NAMES);
    throw new UsageError(`${flag} must be ${allowed}, not ${JSON.stringify(word)}${near}`);
  };
}

/** A flag whose value is a number of seconds from `min` to `max`. */
export function seconds(flag: string, min: number, max: number): ValueParser<number> {
  const allowed = `a number of seconds from ${min} to ${max}`;
  return (word) => {
    if (word === "") throw new UsageError(`${flag} needs a value: ${allowed}`);
    const value = /^\d+(\.\d+)?$/.test(word) ? Number(word) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new UsageError(`${flag} must be ${allowed}, not ${JSON.stringify(word)}`);
  };
}

/** A flag whose value is one of a few words. */
export function oneOf<T extends string>(flag: string, words: readonly T[]): ValueParser<T> {
  const allowed = `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
  return (word) => {
    if (word === "") throw new UsageError(`${flag} needs a value: ${allowed}`);
    const found = words.find((candidate) => candidate === word);
    if (found !== undefined) return found;
    throw new UsageError(`${flag} must be ${allowed}, not ${JSON.stringify(word)}${didYouMean(word, words)}`);
  };
}

/** A flag whose value is a share of a whole, with or without a percent sign; gives 0 to 1. */
export function percentage(flag: string): ValueParser<number> {
  const allowed = "a percentage from 0% to 100%";
  return (word) => {
    if (word === "") throw new UsageError(`${flag} needs a value: ${allowed}`);
    const value = /^\d+(\.\d+)?%?$/.test(word) ? Number.parseFloat(word) : Number.NaN;
    if (value >= 0 && value <= 100) return value / 100;
    throw new UsageError(`${flag} must be ${allowed}, not ${JSON.stringify(word)}`);
  };
}

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 2 ** 10,
  kib: 2 ** 10,
  kb: 1000,
  m: 2 ** 20,
  mib: 2 ** 20,
  mb: 1000 ** 2,
  g: 2 ** 30,
  gib: 2 ** 30,
  gb: 1000 ** 3,
};
const SIZE = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i;
const SIZE_ALLOWED = "a size like 4096, 512KiB or 1.5MiB";

/** The bytes that a size means, `NaN` where it is none: `4096`, `512KiB`, `1.5 MB`; `1M` is `1MiB`. */
function bytesOf(word: string): number {
  const [, number, unit] = SIZE.exec(word) ?? [];
  if (number === undefined || !Object.hasOwn(UNITS, unit.toLowerCase())) return Number.NaN;
  return Number(number) * UNITS[unit.toLowerCase()];
}

/** A flag whose value is a size in bytes. */
export function byteSize(flag: string): ValueParser<number> {
  return (word) => {
    if (word === "") throw new UsageError(`${flag} needs a value: ${SIZE_ALLOWED}`);
    const bytes = bytesOf(word);
    if (bytes <= Number.MAX_SAFE_INTEGER) return bytes;
    throw new UsageError(`${flag} must be ${SIZE_ALLOWED}, not ${JSON.stringify(word)}`);
  };
}

/** A flag whose value is a share of what there was, or a size. */
export function growthLimit(flag: string): ValueParser<GrowthLimit> {
  const allowed = `a percentage like 5%, or ${SIZE_ALLOWED}`;
  return (word) => {
    if (word === "") throw new UsageError(`${flag} needs a value: ${allowed}`);
    const share = /^\d+(\.\d+)?%$/.test(word) ? Number.parseFloat(word) / 100 : Number.NaN;
    if (Number.isFinite(share)) return { share };
    const bytes = bytesOf(word);
    if (bytes <= Number.MAX_SAFE_INTEGER) return { bytes };
    throw new UsageError(`${flag} must be ${allowed}, not ${JSON.stringify(word)}`);
  };
}

/** A flag whose value says by how much live memory has to grow; given on as it is. */
export function growthRule(flag: string): ValueParser<string> {
  return (word) => {
    if (readGrowthRule(word) !== null) return word;
    throw new UsageError(
      word === ""
        ? `${flag} needs a value: ${ON_GROWTH}`
        : `${flag} must be ${ON_GROWTH}, not ${JSON.stringify(word)}`,
    );
  };
}

/** A flag whose value says what entries stand for: one of a few words, or a label by its name. */
export function grouping(flag: string): ValueParser<KeyType> {
  const words = oneOf(flag, GROUPINGS);
  return (word) => (/^label:./.test(word) ? (word as KeyType) : words(word));
}
