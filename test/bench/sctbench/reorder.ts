/**
 * SCTBench CS/reorder_N: setters, and checkers that must not see a setter halfway. One setter must stop
 * between its stores, and no other may have finished.
 *
 * @module
 */
import { expect, integers, locked, mutex } from "./pthread.ts";
import { program, times, variantOf } from "./program.ts";

const { mended, n } = variantOf(import.meta.url);
/** Of N threads, that many check. */
const checkers: Readonly<Record<number, number>> = { 20: 10, 50: 10 };
const checks = checkers[n] ?? 1;
const s = integers("pair", "x", "y");
const m = mutex("m");

const guarded = (f: () => void) => mended ? () => locked(m, f) : f;

export default program({
  url: import.meta.url,
  doc: "Setters and checkers of a pair.",
  kinds: {
    set: guarded(() => {
      s.x = 1;
      s.y = -1;
    }),
    check: guarded(() => expect((s.x === 0 && s.y === 0) || (s.x === 1 && s.y === -1))),
  },
  threads: [...times(n - checks, "set"), ...times(checks, "check")],
});
