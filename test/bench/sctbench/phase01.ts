/** SCTBench CS/phase01: a thread ends with a mutex held; it deadlocks under every schedule. @module */
import { lock, locked, mutex, unlock } from "./pthread.ts";
import { program, variantOf } from "./program.ts";

const { mended } = variantOf(import.meta.url);
const [x, y] = [mutex("x"), mutex("y")];

export default program({
  url: import.meta.url,
  doc: "Two threads in two phases.",
  kinds: {
    phases() {
      locked(x, () => {});
      lock(x);
      locked(y, () => {});
      locked(y, () => {});
      if (mended) unlock(x);
    },
  },
  threads: ["phases", "phases"],
});
