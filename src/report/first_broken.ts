/**
 * What reports say of the law that an input breaks first.
 *
 * @module
 */
import type { FirstBroken } from "./types.ts";

/** The step: `CPU1 obj_cgroup_charge(o, 64), in refill_obj_stock()`. */
export function stepText({ cpu, fn, isLate, operation }: FirstBroken): string {
  if (isLate) return "what was there at quiescence";
  const where = fn === null ? "" : `${operation === null ? " " : ", "}in ${fn}()`;
  return `CPU${cpu}${operation === null ? "" : ` ${operation}`}${where}`;
}

/** One line for a brief report of a finding with another title. */
export function causeLine(first: FirstBroken): string {
  return `from: ${first.title}: ${stepText(first)}`;
}

/** The lines of a whole report. */
export function firstBrokenLines(first: FirstBroken, title: string): string[] {
  const how = first.inTurn ? ", with each CPU running to its end" : "";
  const what = first.title === title ? "The law was broken first" : `First broken: ${first.title}`;
  return [
    `${what} by ${stepText(first)}${how}.`,
    ...(first.title === title ? [] : first.detail.split("\n").filter((line) => line !== "")),
  ];
}
