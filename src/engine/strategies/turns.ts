/**
 * Reads the turns of an execution: which actor ran where.
 *
 * @module
 */
import { actorContext, actorCpu, ACTS_AS_KWORKER, type Meetings } from "../../machine/executor.ts";
import { IN_TASK } from "../../prog/layout.ts";

/** The turns of an execution. */
export type Turns = Pick<Meetings, "turns" | "turnStart" | "turnActor">;

/** Spreads numbers over all 32 bits: 2^32 divided by the golden ratio (Knuth, vol. 3, 6.4). */
const SPREAD = 0x9e3779b1;

/** Mix a number into a hash. */
export function mix(hash: number, x: number): number {
  const y = Math.imul(hash ^ x, SPREAD);
  return y ^ (y >>> 15);
}

/** What tells executions of one program apart: who ran when. */
export function hashOfTurns(t: Turns): number {
  let hash = t.turns;
  for (let i = 0; i < t.turns; i++) hash = mix(mix(hash, t.turnStart(i)), t.turnActor(i));
  return hash;
}

/** The actor that passes the point at a position; -1 if nobody does. */
export function actorAt(position: number, t: Turns): number {
  let actor = -1;
  for (let i = 0; i < t.turns && t.turnStart(i) < position; i++) actor = t.turnActor(i);
  return actor;
}

/** Whether an actor is a handler, and no task, kworker or callback. */
export function isHandler(actor: number): boolean {
  const context = actorContext(actor);
  return context !== IN_TASK && context < ACTS_AS_KWORKER;
}

/** Number of turns of handlers that begin before a position. */
export function handlersBefore(position: number, t: Turns): number {
  let n = 0;
  for (let i = 0; i < t.turns && t.turnStart(i) < position; i++) {
    if (isHandler(t.turnActor(i))) n++;
  }
  return n;
}

/** Where the first turn of a handler of CPU `cpu` begins, from a position on; else its last one; or -1. */
export function handlerFrom(position: number, cpu: number, t: Turns): number {
  let start = -1;
  for (let i = 0; i < t.turns && start < position; i++) {
    const actor = t.turnActor(i);
    if (isHandler(actor) && actorCpu(actor) === cpu) start = t.turnStart(i);
  }
  return start;
}

/** Whether CPU `cpu` runs from a position on. */
export function runsBehind(cpu: number, position: number, t: Turns): boolean {
  for (let i = t.turns - 1; i >= 0 && t.turnStart(i) >= position; i--) {
    if (actorCpu(t.turnActor(i)) === cpu) return true;
  }
  return false;
}

/** Whether another CPU runs after the one that does at a position. */
export function othersBehind(position: number, t: Turns): boolean {
  const cpu = actorCpu(actorAt(position, t));
  for (let i = t.turns - 1; i >= 0 && t.turnStart(i) >= position; i--) {
    if (actorCpu(t.turnActor(i)) !== cpu) return true;
  }
  return false;
}

/** Number of points of CPU `cpu` among the first `position` points, in all its contexts. */
export function passedBy(cpu: number, position: number, t: Turns): number {
  let n = 0;
  for (let i = 0; i < t.turns && t.turnStart(i) < position; i++) {
    if (actorCpu(t.turnActor(i)) !== cpu) continue;
    const end = i + 1 < t.turns ? t.turnStart(i + 1) : position;
    n += Math.min(end, position) - t.turnStart(i);
  }
  return n;
}

/** Number of points of an actor behind position `from`, up to `position`. */
export function passedSince(actor: number, from: number, position: number, t: Turns): number {
  let n = 0;
  for (let i = 0; i < t.turns && t.turnStart(i) < position; i++) {
    if (t.turnActor(i) !== actor) continue;
    const end = i + 1 < t.turns ? t.turnStart(i + 1) : position;
    n += Math.max(0, Math.min(end, position) - Math.max(from, t.turnStart(i)));
  }
  return n;
}

/** Position at which the last turn of an actor before `position` began; -1 if it had none. */
export function beganAt(actor: number, position: number, t: Turns): number {
  let began = -1;
  for (let i = 0; i < t.turns && t.turnStart(i) < position; i++) {
    if (t.turnActor(i) === actor) began = t.turnStart(i);
  }
  return began;
}
