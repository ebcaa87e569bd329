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
