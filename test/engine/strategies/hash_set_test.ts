import { assert, assertEquals } from "@std/assert";
import { HashSet } from "../../../src/engine/strategies/hash_set.ts";

Deno.test("a hash is added once; 0 is a hash like any other", () => {
  const set = new HashSet(16);
  const added = [5, 21, 0, -7].map((hash) => set.add(hash)); // 5 and 21 want the same place
  assertEquals(added, [true, true, true, true]);
  assertEquals([5, 21, 0, -7].map((hash) => set.add(hash)), [false, false, false, false]);
});

Deno.test("a full set knows what is in it, and takes nothing more", () => {
  const set = new HashSet(16);
  for (let hash = 1; hash <= 7; hash++) set.add(hash);
  assert(!set.isFull);
  set.add(8);
  assert(set.isFull);
  assertEquals([set.add(9), set.add(9), set.add(3)], [true, true, false]);
});

Deno.test("clear() forgets all", () => {
  const set = new HashSet(4);
  set.add(1);
  set.add(2);
  set.clear();
  assert(!set.isFull);
  assert(set.add(1));
});
