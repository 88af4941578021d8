/**
 * Numeric schedules as words, and back.
 *
 * @module
 */
import {
  EVENT_ACTIONS,
  EVENT_WORDS,
  S_EVENTS,
  S_NEVENTS,
  S_ORDER,
  SCHEDULE_WORDS,
} from "./layout.ts";
import { LIMITS, type NumericEvent, type Schedule } from "./types.ts";

type NumericSchedule = Extract<Schedule, { kind: "numeric" }>;

/** The CPU of an event shares a word with its action. */
const CPU_SHIFT = 8;
const ACTION_MASK = (1 << CPU_SHIFT) - 1;

/**
 * Writes a numeric schedule for `cpus` CPUs as words; all SCHEDULE_WORDS of `out` are written.
 *
 * @throws {RangeError} There are too many events, or the order is not of all CPUs.
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
  out.set(order, S_ORDER);
  events.forEach(({ gap, action, cpu = 0 }, i) => {
    const base = S_EVENTS + i * EVENT_WORDS;
    out[base] = gap;
    out[base + 1] = EVENT_ACTIONS.indexOf(action) | cpu << CPU_SHIFT;
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
    const base = S_EVENTS + i * EVENT_WORDS;
    const action = EVENT_ACTIONS[words[base + 1] & ACTION_MASK];
    if (action === undefined) {
      throw new RangeError(`Cannot unpack event ${i}: there is no action in ${words[base + 1]}`);
    }
    const event = { gap: words[base], action };
    events.push(action === "switch" ? { ...event, cpu: words[base + 1] >> CPU_SHIFT } : event);
  }
  return { kind: "numeric", order: [...words.subarray(S_ORDER, S_ORDER + cpus)], events };
}
