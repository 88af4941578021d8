/**
 * KCSAN: data races.
 *
 * The kernel's KCSAN stalls one access and waits for another one to come. Here clocks tell whether
 * two accesses are ordered (machine/clocks/clock.ts). So an execution shows every race of its
 * accesses, whether or not they came close in time, also races that need a weaker memory model than
 * the machine's. Which races count is configured as in the kernel (lib/Kconfig.kcsan,
 * kernel/kcsan/permissive.h).
 *
 * @module
 */
import { whatFn } from "../machine/layout/accesses.ts";
import * as accesses from "../machine/layout/accesses.ts";
import * as clockWords from "../machine/layout/clock_words.ts";
import * as lockWord from "../machine/layout/lock_word.ts";
import { views } from "../machine/words/arena.ts";
import { acquire, release } from "../machine/clocks/clock.ts";
import { current, onConflict } from "../machine/clocks/clock_cells.ts";
import { config } from "../machine/words/config.ts";
import { observeLocks } from "../machine/locks/lock.ts";
import { functionName } from "../machine/calls/registry.ts";
import { expect, ignore, note, verdict } from "./kcsan/races.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { clocks, KCSAN } = views();
const { ASSERT, A_NEW, A_OLD, A_WHAT, CHANGED, COMPOUND, MARKED, WIDE, WRITES } = accesses;
const { LEFT_BY_READERS } = clockWords;
const { HOW_READ } = lockWord;

/**
 * Whether an access is atomic: a marked access, or, unless strict, a plain aligned store of a word.
 */
function isAtomic(what: number): boolean {
  if ((what & MARKED) !== 0) return true;
  return config.kcsan !== "strict" && (what & (WRITES | COMPOUND | WIDE | ASSERT)) === WRITES;
}

/**
 * Whether an access breaks the assertion of the other one. A write breaks every assertion; an
 * assertion of exclusive access is broken by any access. If the assertion has a mask, only a change
 * of its bits breaks it.
 */
function breaks(what: number, other: number, then: number): boolean {
  if (((what | other) & WRITES) === 0) return false;
  const mine = (what & ASSERT) !== 0;
  const mask = mine ? current[A_OLD] : clocks[then + A_OLD];
  if (mask === 0) return true;
  const diff = mine ? clocks[then + A_OLD] ^ clocks[then + A_NEW] : current[A_OLD] ^ current[A_NEW];
  return (diff & mask) !== 0;
}

/** The kernel reports an access in these functions even if it changes no value. */
function isStrict(what: number): boolean {
  return /rcu_|_rcu|_srcu/.test(functionName(whatFn(what)));
}

/** KCSAN_PERMISSIVE: one bit is set or cleared, and the value does not look like a boolean. */
function isOneBit(old: number, now: number): boolean {
  const diff = old ^ now;
  if (diff === 0 || (diff & (diff - 1)) !== 0) return false;
  return !((old === 0 || now === 0) && diff === 1);
}

/**
 * Whether the kernel would report the access `hits`, which changes `old` to `now`, while a thread
 * stalls at the access `stalls`. The kernel stalls only at accesses that are not atomic, and
 * reports those that change the value meanwhile.
 */
function sees(stalls: number, hits: number, old: number, now: number): boolean {
  if (isAtomic(stalls)) return false;
  if (config.kcsan === "strict" || (stalls & WIDE) !== 0) return true;
  if (config.kcsan === "permissive" && (stalls & WRITES) === 0 && isOneBit(old, now)) return false;
  return ((hits & WRITES) !== 0 && (hits & CHANGED) !== 0) || isStrict(hits);
}

function counts(then: number): boolean {
  const what = current[A_WHAT];
  const other = clocks[then + A_WHAT];
  if (((what | other) & ASSERT) !== 0) return breaks(what, other, then);
  if (((what | other) & WRITES) === 0) return false;
  return sees(what, other, clocks[then + A_OLD], clocks[then + A_NEW]) ||
    sees(other, what, current[A_OLD], current[A_NEW]);
}

function judge(a: number, u: number, then: number): boolean {
  if (!counts(then)) return false;
  note(a, u, then);
  return true;
}

export const kcsan: Sanitizer = {
  name: "kcsan",
  doc: "Data races; only with --kcsan.",
  free: false,
  enabled: () => KCSAN,
  attach() {
    onConflict(judge);
    observeLocks({
      acquired(a, _cls, how) {
        acquire(a);
        if ((how & HOW_READ) === 0) acquire(a, LEFT_BY_READERS);
      },
      release(a, _cls, how) {
        if ((how & HOW_READ) === 0) release(a);
        else release(a, LEFT_BY_READERS);
      },
    });
  },
  verdict,
  expect,
  ignore,
};
