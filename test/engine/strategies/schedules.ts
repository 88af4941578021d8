/** Packed schedules for tests. */
import { SCHEDULE_WORDS } from "../../../src/prog/layout.ts";
import { packNumeric, unpackNumeric } from "../../../src/prog/pack.ts";
import type { NumericEvent } from "../../../src/prog/types.ts";

/** A packed schedule. */
export function packed(events: NumericEvent[], order: number[] = [0, 1]): Int32Array {
  const out = new Int32Array(SCHEDULE_WORDS);
  packNumeric({ kind: "numeric", order, events }, order.length, out);
  return out;
}

/** The events of a schedule, as text with positions. */
export function eventsOf(schedule: Int32Array, cpus = 2): string {
  let at = 0;
  return unpackNumeric(schedule, cpus).events.map((e) =>
    `${at += e.gap} ${e.action}${e.action === "switch" ? e.cpu : ""}`
  ).join(", ");
}
