/**
 * What the checks of a program share: the list of errors, and the checks of numbers.
 *
 * @module
 */
import { ordinal } from "./errors.ts";
import type { Positions } from "./positions.ts";
import type { Limits, Position } from "./types.ts";

/** Collects the errors of one program. */
export interface Report {
  /** The number of CPUs; the maximum if the program's own number is wrong. */
  readonly cpus: number;
  readonly limits: Limits;
  readonly positions: Positions;
  add(at: Position, message: string): void;
}

/** The limits that a program can exceed: whose they are, and what they count. */
const CAPACITIES = {
  ops: ["A program", "operations"],
  slots: ["A program", "results, predefined ones included"],
  steps: ["A schedule", "steps"],
  events: ["A schedule", "events"],
} as const;

/** Reports a limit that is exceeded, once, at the first element above it. */
export function checkCapacity(
  count: number,
  capacity: keyof typeof CAPACITIES,
  at: () => Position,
  report: Report,
): void {
  const limit = report.limits[capacity];
  if (count <= limit) return;
  const [what, elements] = CAPACITIES[capacity];
  report.add(
    at(),
    `${what} may have at most ${limit} ${elements}: this is the ${ordinal(limit + 1)}`,
  );
}

/** Whether a value is an integer in a closed range. */
export function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

/** Reports a CPU that the program does not have. */
export function checkCpu(cpu: number, at: Position, report: Report): void {
  if (isWithin(cpu, 0, report.cpus - 1)) return;
  const range = report.cpus === 1 ? "has only cpu0" : `has cpu0 to cpu${report.cpus - 1}`;
  report.add(at, `Unknown CPU "cpu${cpu}": the program ${range}`);
}
