/**
 * The view of a thread that is no CPU on a machine: it shares only the memory.
 *
 * @module
 */
import { MODE, MODE_SYMBOLIC } from "./layout/schedule.ts";
import { PHASE, PHASE_BOOT, PHASE_RUN } from "./layout/oops.ts";
import { EXECUTING, HEARTBEAT, STEPS_JUDGED } from "./layout/status.ts";
import { viewsOf } from "./words/arena.ts";
import { DEFAULT_CONFIG, type Monitor, NUMERIC, SYMBOLIC } from "./executor.ts";

/** A monitor of the machine with this memory. */
export function monitorOf(buffer: SharedArrayBuffer): Monitor {
  const { ctl, prog, sched } = viewsOf(buffer, DEFAULT_CONFIG);
  return {
    phase() {
      if (ctl[EXECUTING] === 0) return "none";
      if (ctl[PHASE] === PHASE_BOOT) return "boot";
      return ctl[PHASE] === PHASE_RUN ? "schedule" : "judgement";
    },
    heartbeat: () => Atomics.load(ctl, HEARTBEAT) + Atomics.load(ctl, STEPS_JUDGED),
    input: () => ({
      program: prog.slice(),
      schedule: sched.slice(),
      form: ctl[MODE] === MODE_SYMBOLIC ? SYMBOLIC : NUMERIC,
    }),
  };
}
