/** SCTBench CS/wronglock_N: one thread takes another lock than the rest. @module */
import { expect, integers, locked, mutex } from "./pthread.ts";
import { program, times, variantOf } from "./program.ts";

const { mended, n } = variantOf(import.meta.url);
const s = integers("shared", "data");
const right = mutex("right");
const wrong = mended ? right : mutex("wrong");

export default program({
  url: import.meta.url,
  doc: "One thread checks its increment, and others increment.",
  kinds: {
    check: () =>
      locked(right, () => {
        const before = s.data;
        s.data++;
        expect(s.data === before + 1);
      }),
    increment: () => locked(wrong, () => s.data++),
  },
  threads: ["check", ...times(n, "increment")],
});
