/** A target with an operation that breaks the rule that its state lies in the arena. */
import { atomic_inc, atomic_read, READ_ONCE } from "../../../src/machine/memory/access.ts";
import { WARN_ON } from "../../../src/machine/findings/warn.ts";
import { kernel } from "../../../src/machine/calls/registry.ts";
import { type Fields, int as cell, type Struct } from "../../../src/machine/memory/struct_type.ts";
import { statics } from "../../../src/machine/memory/struct.ts";
import { int, type Target } from "../../../src/prog/target.ts";

interface box extends Struct, Fields<{ x: number }> {}
const box = statics<box>("unequal_box", { x: cell }, 1)[0];

const box_add = kernel("box_add", (n: number): number => {
  for (let i = 0; i < n; i++) atomic_inc(box.$x);
  return READ_ONCE(box.$x);
});

const box_wrong = kernel("box_wrong", (): number => (null as unknown as box).x);

const box_warn = kernel("box_warn", (): void => WARN_ON(READ_ONCE(box.$x) > 0));

const box_throw = kernel("box_throw", (): void => {
  throw new RangeError("nothing of the kernel's");
});

/** Each thread has a variable of its own. */
let calls = 0;

const box_unequal = kernel("box_unequal", (): number => {
  calls++;
  for (let i = 0; i < calls; i++) atomic_read(box.$x);
  return calls;
});

const target: Target = {
  name: "unequal",
  doc: "an operation whose state is not the machine's",
  ops: {
    add: { doc: "add", args: [int("n", 1, 4)], weight: 1, run: (n) => box_add(n) },
    wrong: { doc: "follow NULL", args: [], weight: 1, run: () => box_wrong() },
    warn: { doc: "warn if the count is not 0", args: [], weight: 0, run: () => box_warn() },
    throw: { doc: "throw an exception", args: [], weight: 0, run: () => box_throw() },
    unequal: { doc: "count calls in a variable", args: [], weight: 1, run: () => box_unequal() },
  },
};
export default target;
