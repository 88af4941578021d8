/**
 * What a detailed recording knows of its points besides the accesses.
 *
 * @module
 */
import { TRACED } from "../layout/recording.ts";
import {
  IN_RCU,
  OFF_BH,
  OFF_IRQ,
  OFF_PREEMPT,
  R_FILE,
  R_HELD,
  R_LINE,
  R_LOCKS,
  R_MEMORY,
  R_OFF,
} from "../layout/records.ts";
import * as states from "../layout/shadow_states.ts";
import { TRACE_WORDS } from "../layout/sizes.ts";
import { locate, objectName } from "../memory/objects.ts";
import type { PointDetail } from "../../report/types.ts";
import { views } from "../words/arena.ts";

const { ctl, trace } = views();

/** What reports call the states of memory. */
const MEMORY: ReadonlyMap<number, string> = new Map([
  [states.LIVE, "live"],
  [states.UNWRITTEN, "unwritten"],
  [states.FREED, "freed"],
  [states.REDZONE, "outside"],
]);

/** The lock at an address, by the object it lies in: `css_set_lock#0`, `mem_cgroup#1.lock`. */
function lockName(a: number): string {
  const at = locate(a);
  if (at === null) return "";
  const path = at.field.split(".").slice(0, -1).join(".");
  return objectName(at.object) + (path === "" ? "" : `.${path}`);
}

function detail(r: number): PointDetail {
  const off = trace[r + R_OFF];
  const locks: string[] = [];
  for (let i = 0; i < R_LOCKS; i++) {
    if (trace[r + R_HELD + i] !== 0) locks.push(lockName(trace[r + R_HELD + i]));
  }
  return {
    file: trace[r + R_FILE],
    line: trace[r + R_LINE],
    irqOff: (off & OFF_IRQ) !== 0,
    bhOff: (off & OFF_BH) !== 0,
    preemptOff: (off & OFF_PREEMPT) !== 0,
    inRcu: (off & IN_RCU) !== 0,
    locks,
    memory: MEMORY.get(trace[r + R_MEMORY]) ?? "",
  };
}

/** The details of all points of the last recorded execution, which must have been detailed. */
export function pointDetails(): PointDetail[] {
  return Array.from({ length: ctl[TRACED] }, (_, i) => detail(i * TRACE_WORDS));
}
