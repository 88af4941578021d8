/**
 * SCTBench CS/din_philN_sat: philosophers who take both forks at once, and an assertion that they do
 * not all come to eat. A lost count of one of them hides it.
 *
 * @module
 */
import { condition, expect, integerArray, integers, lock, mutex } from "./pthread.ts";
import { signal, unlock, wait } from "./pthread.ts";
import { array_load, array_store } from "../../../src/machine/memory/access.ts";
import { program, times, variantOf } from "./program.ts";

const { mended, n } = variantOf(import.meta.url);
const taken = integerArray("taken", n);
const s = integers("table", "seated", "ate");
const [table, seats] = [mutex("table"), mutex("seats")];
const back = condition("back");

function dine(): void {
  lock(seats);
  const left = s.seated++;
  unlock(seats);
  const right = (left + 1) % n;
  lock(table);
  while (array_load(taken.$at, left) !== 0 || array_load(taken.$at, right) !== 0) wait(back, table);
  array_store(taken.$at, left, 1);
  array_store(taken.$at, right, 1);
  unlock(table);
  lock(table);
  array_store(taken.$at, left, 0);
  array_store(taken.$at, right, 0);
  for (let i = 0; i < n; i++) signal(back);
  unlock(table);
  s.ate++;
}

export default program({
  url: import.meta.url,
  doc: "Dining philosophers.",
  kinds: { dine },
  threads: times(n, "dine"),
  afterwards: () => expect(mended ? s.ate <= n : s.ate !== n),
});
