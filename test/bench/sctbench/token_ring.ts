/** SCTBench CS/token_ring: a token is handed round by threads that do not wait for each other. @module */
import { expect, integers, locked, mutex } from "./pthread.ts";
import { program, variantOf } from "./program.ts";

const { mended } = variantOf(import.meta.url);
const s = integers("ring", "x1", "x2", "x3", "f1", "f2", "f3");
const m = mutex("m");

export default program({
  url: import.meta.url,
  doc: "Three threads hand a token on, one checks it.",
  boot() {
    s.x1 = 1;
    s.x2 = 2;
    s.x3 = 1;
  },
  kinds: {
    first: () =>
      locked(m, () => {
        s.x1 = (s.x3 + 1) % 4;
        s.f1 = 1;
      }),
    second: () =>
      locked(m, () => {
        if (mended && s.f1 === 0) return;
        s.x2 = s.x1;
        s.f2 = 1;
      }),
    third: () =>
      locked(m, () => {
        if (mended && s.f2 === 0) return;
        s.x3 = s.x2;
        s.f3 = 1;
      }),
    check: () =>
      locked(m, () => {
        if (s.f1 !== 0 && s.f2 !== 0 && s.f3 !== 0) expect(s.x1 === s.x2 && s.x2 === s.x3);
      }),
  },
  threads: ["first", "second", "third", "check"],
});
