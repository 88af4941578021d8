/**
 * Numeric schedules as words, and back.
 *
 * @module
 */
import {
  actionCpu,
  actionOf,
  E_ACTION,
  E_GAP,
  EVENT_ACTIONS,
  eventAt,
  packAction,
  S_CPUS,
  S_NEVENTS,
  S_ORDER,
  SCHEDULE_WORDS,
} from "./layout.ts";
import { LIMITS, type NumericEvent, type Schedule } from "./types.ts";

type NumericSchedule = Extract<Schedule, { kind: "numeric" }>;

/**
 * Writes a numeric schedule for `cpus` CPUs as words. All SCHEDULE_WORDS of `out` are written.
 *
 * @throws {RangeError} There are too many events, or the order does not have all CPUs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SCHEDULE_WORDS } from "@objcg/fuzz";
 * const schedule = {
 *   kind: "numeric" as const,
 *   order: [1, 0],
 *   events: [{ gap: 12, action: "switch" as const, cpu: 0 }],
 * };
 * const words = new Int32Array(SCHEDULE_WORDS);
 * packNumeric(schedule, 2, words);
 * assertEquals(unpackNumeric(words, 2), schedule);
 * ```
 */
export function packNumeric(schedule: NumericSchedule, cpus: number, out: Int32Array): void {
  const { order, events } = schedule;
  if (events.length > LIMITS.events) {
    throw new RangeError(`Cannot pack ${events.length} events: at most ${LIMITS.events} fit`);
  }
  if (order.length !== cpus) {
    throw new RangeError(`Cannot pack an order of ${order.length} CPUs: the program has ${cpus}`);
  }
  out.fill(0, 0, SCHEDULE_WORDS);
  out[S_NEVENTS] = events.length;
  out[S_CPUS] = order.length;
  out.set(order, S_ORDER);
  events.forEach(({ gap, action, cpu = 0 }, i) => {
    const base = eventAt(i);
    out[base + E_GAP] = gap;
    out[base + E_ACTION] = packAction(EVENT_ACTIONS.indexOf(action), cpu);
  });
}

/**
 * Reads a numeric schedule for `cpus` CPUs from words.
 *
 * @throws {RangeError} The words hold more events than fit, or an action that does not exist.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SCHEDULE_WORDS } from "@objcg/fuzz";
 * const schedule = {
 *   kind: "numeric" as const,
 *   order: [1, 0],
 *   events: [{ gap: 12, action: "switch" as const, cpu: 0 }],
 * };
 * const words = new Int32Array(SCHEDULE_WORDS);
 * packNumeric(schedule, 2, words);
 * assertEquals(unpackNumeric(words, 2), schedule);
 * ```
 */
export function unpackNumeric(words: Int32Array, cpus: number): NumericSchedule {
  const count = words[S_NEVENTS];
  if (count < 0 || count > LIMITS.events) {
    throw new RangeError(`Cannot unpack ${count} events: at most ${LIMITS.events} fit`);
  }
  const events: NumericEvent[] = [];
  for (let i = 0; i < count; i++) {
    const gap = words[eventAt(i) + E_GAP];
    const packed = words[eventAt(i) + E_ACTION];
    const action = EVENT_ACTIONS[actionOf(packed)];
    if (action === undefined) {
      throw new RangeError(`Cannot unpack event ${i}: there is no action in ${packed}`);
    }
    events.push(action === "switch" ? { gap, action, cpu: actionCpu(packed) } : { gap, action });
  }
  return { kind: "numeric", order: [...words.subarray(S_ORDER, S_ORDER + cpus)], events };
}
