/**
 * Several programs as one.
 *
 * @module
 */
import type { PackedSpec } from "./packed_spec.ts";
import { LIMITS, limitsOf } from "../../prog/types.ts";
import {
  copyProgram,
  OP_ARGS,
  OP_CPU,
  OP_ID,
  OP_RESULT,
  OP_WORDS,
  operationAt,
  P_CPUS,
  P_NOPS,
  P_SLOTS,
  PROGRAM_WORDS,
  S_CPUS,
  S_ORDER,
  SCHEDULE_WORDS,
} from "../../prog/layout.ts";

/** Append operations of `from` to `to`: the boot operations, or the others. */
function copyPart(
  to: Int32Array,
  from: Int32Array,
  boot: boolean,
  shift: number,
  spec: PackedSpec,
): void {
  const fixed = spec.predefined.length;
  for (let i = 0; i < from[P_NOPS]; i++) {
    const src = operationAt(i);
    if ((from[src + OP_CPU] < 0) !== boot) continue;
    const o = operationAt(to[P_NOPS]++);
    for (let k = 0; k < OP_WORDS; k++) to[o + k] = from[src + k];
    if (to[o + OP_RESULT] >= fixed) to[o + OP_RESULT] += shift;
    for (let k = 0; k < LIMITS.args; k++) {
      const isRef = spec.refs[from[src + OP_ID] * LIMITS.args + k] >= 0;
      if (isRef && to[o + OP_ARGS + k] >= fixed) to[o + OP_ARGS + k] += shift;
    }
  }
}

/**
 * Merge programs into one: first the boot operations of each, then its other operations. Each
 * program keeps its own names. Null if the result is too large.
 */
export function combine(parts: readonly Int32Array[], spec: PackedSpec): Int32Array | null {
  const fixed = spec.predefined.length;
  const ops = parts.reduce((n, p) => n + p[P_NOPS], 0);
  const slots = parts.reduce((n, p) => n + p[P_SLOTS] - fixed, fixed);
  if (ops > limitsOf(spec.spec).ops || slots > LIMITS.slots) return null;
  const w = new Int32Array(PROGRAM_WORDS);
  copyProgram(parts[0], w);
  w[P_NOPS] = 0;
  w[P_CPUS] = Math.max(...parts.map((p) => p[P_CPUS]));
  for (const boot of [true, false]) {
    let shift = 0;
    for (const p of parts) {
      copyPart(w, p, boot, shift, spec);
      shift += p[P_SLOTS] - fixed;
    }
  }
  w[P_SLOTS] = slots;
  return w;
}

/** The numeric schedule of a program of `from` CPUs for one that has more: those come last. */
export function scheduleOfMore(schedule: Int32Array, from: number, to: number): Int32Array {
  const s = new Int32Array(SCHEDULE_WORDS);
  s.set(schedule);
  s[S_CPUS] = to;
  for (let cpu = from; cpu < to; cpu++) s[S_ORDER + cpu] = cpu;
  return s;
}
