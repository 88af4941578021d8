/**
 * The view of a thread that is no CPU on a machine: it shares only the memory.
 *
 * @module
 */
import { MODE, MODE_SYMBOLIC } from "./layout/schedule.ts";
import { PHASE, PHASE_BOOT, PHASE_RUN } from "./layout/oops.ts";
import { addWalked, NWALKED } from "./layout/walk.ts";
import { S_WALK } from "../prog/layout.ts";
import { EXECUTING, HEARTBEAT, STEPS_JUDGED } from "./layout/status.ts";
import { viewsOf } from "./words/arena.ts";
import { DEFAULT_CONFIG, type Monitor, NUMERIC, SYMBOLIC } from "./executor.ts";

/** A monitor of the machine with this memory. */
export function monitorOf(buffer: SharedArrayBuffer): Monitor {
  const { ctl, prog, sched, walked } = viewsOf(buffer, DEFAULT_CONFIG);
  return {
    phase() {
      if (ctl[EXECUTING] === 0) return "none";
      if (ctl[PHASE] === PHASE_BOOT) return "boot";
      return ctl[PHASE] === PHASE_RUN ? "schedule" : "judgement";
    },
    heartbeat: () => Atomics.load(ctl, HEARTBEAT) + Atomics.load(ctl, STEPS_JUDGED),
    input() {
      const schedule = sched.slice();
      const form = ctl[MODE] === MODE_SYMBOLIC ? SYMBOLIC : NUMERIC;
      if (form === NUMERIC && schedule[S_WALK] !== 0) addWalked(schedule, walked, ctl[NWALKED]);
      return { program: prog.slice(), schedule, form };
    },
  };
}
