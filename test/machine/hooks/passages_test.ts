/** Passages: what happened at lines that are watched. */
import { assertEquals, assertThrows } from "@std/assert";
import "../bare.ts";
import {
  BY_TWO,
  FAILING,
  INTERRUPTED,
  LINES_MAX,
  OFFLINING,
  PASSED,
} from "../../../src/machine/layout/passages.ts";
import { NCPUS } from "../../../src/machine/layout/cpus.ts";
import { views } from "../../../src/machine/words/arena.ts";

const passages = await import("../../../src/machine/hooks/passages.ts");
const { clearKept } = await import("../../../src/machine/words/ghost_words.ts");
const { becomeCpu } = await import("../../../src/machine/words/cpu_state.ts");
const { allocationFailed, enter, handlerRan, leave, offliningBegins, offliningEnds, passed } =
  passages;

views().ctl[NCPUS] = 2;

Deno.test("nothing is watched until somebody asks for it", () => {
  passed(0);
  handlerRan();
  assertEquals(passages.lineCount(), 0);
  assertThrows(
    () => passages.watchPassages(Array(LINES_MAX + 1).fill(0), 2),
    RangeError,
    "Cannot watch these lines: at most 160",
  );
  // Lines 0 and 1 are in function 0, line 2 is in function 1.
  passages.watchPassages([0, 0, 1], 2);
});

/** Run on CPU 0, as an execution of its own; what it did at each line. */
function ran(f: () => void): number[] {
  clearKept();
  becomeCpu(0);
  f();
  becomeCpu(0);
  return [0, 1, 2].map(passages.passageOf);
}

function on(cpu: number, f: () => void): void {
  becomeCpu(cpu);
  f();
  becomeCpu(0);
}

Deno.test("a line is passed, and the others are not", () => {
  assertEquals(ran(() => (enter(0), passed(1), leave(0))), [0, PASSED, 0]);
});

Deno.test("two CPUs pass a line at once if one is in its function when the other comes", () => {
  assertEquals(ran(() => (enter(0), passed(0), on(1, () => (enter(0), passed(1))))), [
    PASSED,
    PASSED | BY_TWO,
    0,
  ]);
  // One after the other, or in different functions: not at once.
  assertEquals(ran(() => (enter(0), passed(0), leave(0), on(1, () => (enter(0), passed(0))))), [
    PASSED,
    0,
    0,
  ]);
  assertEquals(ran(() => (enter(0), on(1, () => (enter(1), passed(2))))), [0, 0, PASSED]);
});

Deno.test("a handler and a failed allocation count for lines before and after them", () => {
  const between = ran(() => (enter(0), passed(0), handlerRan(), passed(1), leave(0)));
  assertEquals(between, [PASSED | INTERRUPTED, PASSED | INTERRUPTED, 0]);
  const failed = ran(() => (enter(1), passed(2), allocationFailed(), leave(1)));
  assertEquals(failed, [0, 0, PASSED | FAILING]);
  // What comes when a function is left, or on another CPU, does not.
  const later = () => (enter(0), passed(0), leave(0), handlerRan(), enter(0), leave(0));
  assertEquals(ran(later), [PASSED, 0, 0]);
  assertEquals(ran(() => (enter(0), passed(0), on(1, handlerRan), leave(0))), [PASSED, 0, 0]);
});

Deno.test("a function that is in itself is left when its outermost call ends", () => {
  const nested = () => (enter(0), enter(0), leave(0), passed(0), handlerRan(), leave(0));
  assertEquals(ran(nested), [PASSED | INTERRUPTED, 0, 0]);
});

Deno.test("a line is passed during offlining", () => {
  assertEquals(ran(() => (offliningBegins(), passed(0), offliningEnds(), passed(1))), [
    PASSED | OFFLINING,
    PASSED,
    0,
  ]);
});
