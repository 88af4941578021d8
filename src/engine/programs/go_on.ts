/**
 * Programs that go on from a state: boot operations that come to it are given, and others follow.
 *
 * @module
 */
import { again } from "./again.ts";
import { append, OPS_MAX } from "./append.ts";
import { countHandlers, interrupt } from "./handlers.ts";
import type { PackedSpec } from "./packed_spec.ts";
import { provide } from "./provide.ts";
import { repair } from "./repair.ts";
import type { Rng } from "./rng.ts";
import { P_CPUS, P_NOPS } from "../../prog/layout.ts";

/** One in this many steps is made by any CPU, not by the one that is in the state. */
const ANYWHERE = 4;
/** Minimum of operations that race; the maximum is one less than this and the number of CPUs. */
const RACE_MIN = 2;
/** One in this many races has a handler that does what a task of its CPU does. */
const INTERRUPTED = 2;
/** One in this many of those is between a CPU and its own handlers alone. */
const WITHIN = 2;
/** One in this many steps is made again and again, or one of the operations that came to the state is. */
const STEP_AGAIN = 4;
/** One in this many handlers comes again and again. */
const HANDLER_AGAIN = 16;

function finish(w: Int32Array, spec: PackedSpec, rng: Rng): void {
  provide(w, spec, rng, OPS_MAX);
  repair(w, spec, rng);
}

/** One operation follows, mostly on CPU 0, which is in the state: it may lead to another one. */
export function step(w: Int32Array, spec: PackedSpec, rng: Rng): void {
  append(w, rng.oneIn(ANYWHERE) ? rng.below(w[P_CPUS]) : 0, spec, rng);
  if (rng.oneIn(STEP_AGAIN)) again(w, 0, spec, rng);
  finish(w, spec, rng);
}

/** The CPU of operation `i` of a race: CPU 0, which is in the state, against another one; then any. */
function cpuOf(i: number, cpus: number, rng: Rng): number {
  if (i === 0 || cpus === 1) return 0;
  return i === 1 ? 1 + rng.below(cpus - 1) : rng.below(cpus);
}

/**
 * A few operations follow, on all CPUs; or a few on CPU 0, which is in the state, that meet a handler
 * there.
 */
export function race(w: Int32Array, spec: PackedSpec, rng: Rng): void {
  const n = RACE_MIN + rng.below(w[P_CPUS]);
  const isInterrupted = rng.oneIn(INTERRUPTED);
  const isWithin = isInterrupted && rng.oneIn(WITHIN);
  for (let i = 0; i < n; i++) append(w, isWithin ? 0 : cpuOf(i, w[P_CPUS], rng), spec, rng);
  finish(w, spec, rng);
  if (!isInterrupted) return;
  const handlers = countHandlers(w);
  interrupt(w, spec, rng, OPS_MAX);
  if (rng.oneIn(HANDLER_AGAIN) && countHandlers(w) > handlers) again(w, w[P_NOPS] - 1, spec, rng);
  repair(w, spec, rng);
}
