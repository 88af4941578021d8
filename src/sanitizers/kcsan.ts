/**
 * KCSAN: data races.
 *
 * Where the kernel stalls one access in the hope that another one comes, here clocks tell whether two
 * accesses are ordered (machine/clock.ts): an execution shows every race of its accesses, whether
 * they met or not, also those that need a weaker memory than this machine has. Which of them count
 * is a matter of configuration, as in the kernel (lib/Kconfig.kcsan, kernel/kcsan/permissive.h).
 *
 * @module
 */
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
const { ASSERT, A_NEW, A_OLD, A_WHAT, CHANGED, COMPOUND, LEFT_BY_READERS, MARKED, WIDE, WRITES } =
  clockWords;
const { HOW_READ } = lockWord;

/** Whether an access is atomic: marked, or by configuration a plain aligned store of a word. */
function isAtomic(what: number): boolean {
  if ((what & MARKED) !== 0) return true;
  return config.kcsan !== "strict" && (what & (WRITES | COMPOUND | WIDE | ASSERT)) === WRITES;
}

/** A claim is broken by a write, or if it says that nobody accesses the cell by any access. */
function breaks(what: number, other: number, then: number): boolean {
  if (((what | other) & WRITES) === 0) return false;
  const mine = (what & ASSERT) !== 0;
  const mask = mine ? current[A_OLD] : clocks[then + A_OLD];
  if (mask === 0) return true;
  const diff = mine ? clocks[then + A_OLD] ^ clocks[then + A_NEW] : current[A_OLD] ^ current[A_NEW];
  return (diff & mask) !== 0;
}

/** The kernel reports these functions also where they change nothing. */
function isStrict(what: number): boolean {
  return /rcu_|_rcu|_srcu/.test(functionName(what >>> 16));
}

/** KCSAN_PERMISSIVE: a flag that is set or cleared, unless it looks like a boolean. */
function isOneBit(old: number, now: number): boolean {
  const diff = old ^ now;
  if (diff === 0 || (diff & (diff - 1)) !== 0) return false;
  return !((old === 0 || now === 0) && diff === 1);
}

/**
 * Whether a thread that stalls at an access reports the other's, `hits`, which makes `now` of `old`:
 * the kernel stalls only at what is not atomic, and reports what changes the value meanwhile.
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
