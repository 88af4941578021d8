/** SCTBench CS/account: the checker adds up wrongly, and looks once both others are done. @module */
import { expect, integers, locked, mutex } from "./pthread.ts";
import { program, variantOf } from "./program.ts";

const { mended } = variantOf(import.meta.url);
const s = integers("account", "x", "y", "z", "balance", "deposited", "withdrawn");
const m = mutex("m");

export default program({
  url: import.meta.url,
  doc: "A deposit, a withdrawal, and a check of the balance.",
  boot() {
    s.x = 1;
    s.y = 2;
    s.z = 4;
    s.balance = 1;
  },
  kinds: {
    check: () =>
      locked(m, () => {
        if (s.deposited === 0 || s.withdrawn === 0) return;
        expect(s.balance === (mended ? s.x + s.y : s.x - s.y) - s.z);
      }),
    deposit: () =>
      locked(m, () => {
        s.balance += s.y;
        s.deposited = 1;
      }),
    withdraw: () =>
      locked(m, () => {
        s.balance -= s.z;
        s.withdrawn = 1;
      }),
  },
  threads: ["check", "deposit", "withdraw"],
});
