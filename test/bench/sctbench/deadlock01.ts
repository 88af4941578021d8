/** SCTBench CS/deadlock01: two locks taken in both orders. @module */
import { locked, type Mutex, mutex } from "./pthread.ts";
import { program, variantOf } from "./program.ts";

const { mended } = variantOf(import.meta.url);
const [a, b] = [mutex("a"), mutex("b")];

function both(first: Mutex, second: Mutex): void {
  locked(first, () => locked(second, () => {}));
}

export default program({
  url: import.meta.url,
  doc: "Lock a then b, against b then a.",
  kinds: { ab: () => both(a, b), ba: () => mended ? both(a, b) : both(b, a) },
  threads: ["ab", "ba"],
});
