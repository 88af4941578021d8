/** Memory and locks know nothing of schedules: they call the mode. */
import { assertEquals } from "@std/assert";
import "../bare.ts";
import type { Mode } from "../../../src/machine/hooks/mode.ts";
import { COUNTDOWN } from "../../../src/machine/layout/points.ts";
import { WAIT_LOCK } from "../../../src/machine/layout/waits.ts";
import { views } from "../../../src/machine/words/arena.ts";
import { prim } from "../../../src/machine/layout/primitives.ts";

const { setMode } = await import("../../../src/machine/hooks/mode.ts");
const { point } = await import("../../../src/machine/memory/point.ts");
const { lockAcquire, lockRelease } = await import("../../../src/machine/locks/lock.ts");
const { hot, mem } = views();

const LOCK = prim("spin_lock");
const UNLOCK = prim("spin_unlock");
/** A cell that no structure uses. */
const CELL = 2;

/** A mode that writes down what it is asked; whoever waits for a lock gets it. */
function listen(): string[] {
  const calls: string[] = [];
  const mode: Mode = {
    decide: (prim, a) => void calls.push(`decide ${prim} ${a}`),
    block(kind, on, sleeps) {
      calls.push(`block ${kind} ${on} ${sleeps}`);
      mem[on] = 0;
    },
    reset() {},
    run() {},
    serve() {},
  };
  setMode(mode);
  return calls;
}

Deno.test("a point asks the mode when the countdown ends, and only then", () => {
  const calls = listen();
  hot[COUNTDOWN] = 3;
  for (let i = 0; i < 3; i++) point(UNLOCK, CELL + 2 * i);
  assertEquals(calls, [`decide ${UNLOCK} ${CELL + 4}`]);
});

Deno.test("a lock that is held blocks through the mode; one that is free does not", () => {
  const calls = listen();
  hot[COUNTDOWN] = 100;
  mem[CELL] = 2; // CPU 1 has it
  lockAcquire(LOCK, CELL, 0, true);
  assertEquals(calls, [`block ${WAIT_LOCK} ${CELL} true`]);
  lockRelease(UNLOCK, CELL, 0);
  lockAcquire(LOCK, CELL, 0, false);
  assertEquals(calls.length, 1);
  lockRelease(UNLOCK, CELL, 0);
});
