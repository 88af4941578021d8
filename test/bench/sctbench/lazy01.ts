/** SCTBench CS/lazy01: the check is meant to come before both additions. @module */
import { expect, integers, locked, mutex } from "./pthread.ts";
import { program, variantOf } from "./program.ts";

const { mended } = variantOf(import.meta.url);
const s = integers("lazy", "data");
const m = mutex("m");

function add(n: number): void {
  locked(m, () => s.data += n);
}

export default program({
  url: import.meta.url,
  doc: "Add 1, add 2, and check that the sum is below 3.",
  kinds: {
    check: () => locked(m, () => expect(s.data < (mended ? 4 : 3))),
    two: () => add(2),
    one: () => add(1),
  },
  threads: ["check", "two", "one"],
});
