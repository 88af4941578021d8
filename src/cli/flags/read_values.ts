/**
 * Reads the values of flags. Error messages say which values are valid.
 *
 * @module
 */
import { UsageError } from "./usage.ts";

/** The bound of a run: a time or a number of executions. */
export type Bound = { readonly ms: number } | { readonly execs: number };

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const EXECS_MAX = 1e12;
const MS_MAX = 30 * 24 * 3_600_000;

function cannot(flag: string, text: string, expected: string): UsageError {
  return new UsageError(`Cannot read --${flag}: "${text}" is not ${expected}`);
}

/** A whole number within bounds. */
export function readCount(flag: string, text: string, min: number, max: number): number {
  const n = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(n >= min && n <= max)) throw cannot(flag, text, `a number from ${min} to ${max}`);
  return n;
}

/** A 64-bit seed as decimal text, because a JSON number would round it. */
export function readSeed(text: string): string {
  const expected = "a number from 0 to 18446744073709551615, decimal or 0x";
  if (!/^(\d+|0x[0-9a-f]+)$/i.test(text)) throw cannot("seed", text, expected);
  const n = BigInt(text);
  if (n >= 1n << 64n) throw cannot("seed", text, expected);
  return n.toString();
}

/** A time in milliseconds. */
export function readDuration(flag: string, text: string): number {
  const ms = duration(text);
  if (ms === null) throw cannot(flag, text, "a time such as 500ms, 10s, 5m or 1h");
  return ms;
}

/** A time, or a number of executions. */
export function readBound(text: string): Bound {
  const execs = /^(\d+)x$/.exec(text);
  if (execs && Number(execs[1]) >= 1 && Number(execs[1]) <= EXECS_MAX) {
    return { execs: Number(execs[1]) };
  }
  const ms = duration(text);
  if (ms === null) {
    throw cannot("for", text, "a time such as 60s or 5m, or a number of executions such as 10000x");
  }
  return { ms };
}

/** A time from 1 ms to 30 days in milliseconds, or null. */
function duration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (!match) return null;
  const ms = Math.round(Number(match[1]) * UNITS[match[2]]);
  return ms >= 1 && ms <= MS_MAX ? ms : null;
}
