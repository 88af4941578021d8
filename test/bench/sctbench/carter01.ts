/**
 * SCTBench CS/carter01: the first of a group takes the group's lock while it holds the mutex that the
 * last of the other group needs to give it back.
 *
 * @module
 */
import { integers, lock, locked, type Mutex, mutex, unlock } from "./pthread.ts";
import { program, variantOf } from "./program.ts";

const { mended } = variantOf(import.meta.url);
const s = integers("groups", "inA", "inB");
const [m, room] = [mutex("m"), mutex("room")];
const ofB = mended ? mutex("of_b") : m;

function visit(counter: Mutex, group: "inA" | "inB"): void {
  locked(counter, () => {
    s[group]++;
    if (s[group] === 1) lock(room);
  });
  locked(counter, () => {
    s[group]--;
    if (s[group] === 0) unlock(room);
  });
}

export default program({
  url: import.meta.url,
  doc: "Two groups share a room, one group at a time.",
  kinds: { a: () => visit(m, "inA"), b: () => visit(ofB, "inB"), idle() {} },
  threads: ["a", "b", "idle", "idle"],
});
