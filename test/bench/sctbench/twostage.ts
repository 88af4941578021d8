/**
 * SCTBench CS/twostage_N: a reader comes between the two stages of the first writer. @module
 */
import { expect, integers, lock, locked, mutex, unlock } from "./pthread.ts";
import { program, times, variantOf } from "./program.ts";

const { mended, n } = variantOf(import.meta.url);
/** Of N threads, that many read; the program without a number has one writer and one reader. */
const readers: Readonly<Record<number, number>> = { 20: 10, 50: 10 };
const reads = readers[n] ?? 1;
const s = integers("data", "d1", "d2");
const [l1, l2] = [mutex("l1"), mutex("l2")];

function write(): void {
  lock(l1);
  s.d1 = 1;
  if (!mended) unlock(l1);
  locked(l2, () => s.d2 = s.d1 + 1);
  if (mended) unlock(l1);
}

function read(): void {
  const t1 = locked(l1, () => s.d1);
  if (t1 !== 0) expect(locked(l2, () => s.d2) === t1 + 1);
}

export default program({
  url: import.meta.url,
  doc: "Writers in two stages, and readers.",
  kinds: { write, read },
  threads: [...times(n - reads, "write"), ...times(reads, "read")],
});
