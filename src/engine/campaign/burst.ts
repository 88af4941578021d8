/**
 * A burst: the schedules that one program gets.
 *
 * Comments of constants tell what other values are worth: executions until a bug is found, relative to
 * the present value (`deno task tune`, November 2026; the table is in test/bench/README.md).
 *
 * @module
 */
import { actorCpu, type Meetings } from "../../machine/executor.ts";
import { Variety } from "./variety.ts";

/**
 * Minimum of schedules in a burst of one program. If its CPUs never meet, all schedules are
 * equivalent; the number grows with the number of meetings. With 3: 1.22 times the executions; with
 * 6: 1.62.
 */
const BURST_MIN = 2;
/** Maximum of schedules in a burst. Merged programs and a fixed program may get this many. */
const BURST_MAX = 64;
/**
 * After so many executions, programs that show something under few schedules have done so, and bursts are
 * longer: meetings add so many times the schedules, and the maximum is another one. Without this, finding S4
 * with rt takes 1.5 to 3 times the executions; if it holds from the beginning, S1 and S10 take 1.4 times.
 */
const LATE = 16_384;
const LATE_TIMES = 2;
const LATE_MAX = 256;
/**
 * A burst ends after this many schedules in a row that led to executions of the program that had been
 * before. With 6: planted races take 1.13 times the executions; with 12: 1.23 times.
 */
const STALE_MAX = 8;
/**
 * Schedules that each meeting of CPUs with a known write adds. With 2: S4 with rt takes 2.8 times the
 * executions, S10 1.1 times.
 */
const PER_MEETING = 1;
/**
 * One schedule more for this many meetings within a CPU. With 4, and 5 for STALE_MAX: planted races take
 * 1.6 times the executions, S1, S2, S3 and S10 0.9 times.
 */
const WITHIN_CPU = 1;

/** Number of schedules that the meetings with a known write add. */
function schedulesFor(m: Meetings): number {
  let between = 0;
  let within = 0;
  for (let i = 0; i < m.count; i++) {
    if (m.written(i) === 0) continue;
    if (actorCpu(m.writer(i)) !== actorCpu(m.reader(i))) between++;
    else within++;
  }
  return PER_MEETING * between + Math.floor(within / WITHIN_CPU);
}

export class Burst {
  /** Number of schedules so far. */
  #count = 0;
  #wanted = 0;
  /** The executions of the program that differ. */
  readonly #variety = new Variety(LATE_MAX);

  /** Another program comes; a long burst has {@linkcode BURST_MAX} schedules at least. */
  begin(long: boolean): void {
    this.#count = 0;
    this.#wanted = long ? BURST_MAX : BURST_MIN;
    this.#variety.clear();
  }

  /** Whether the program is worth another schedule. */
  get goesOn(): boolean {
    return this.#count < this.#wanted && this.#variety.stale < STALE_MAX;
  }

  /**
   * Note an execution, the `execs`-th of the campaign. The first ones show how often CPUs meet; `favour`
   * multiplies what that is worth.
   */
  note(meetings: Meetings, favour: number, execs: number): void {
    this.#variety.note(meetings);
    if (this.#count++ >= BURST_MIN) return;
    const late = execs >= LATE;
    const met = Math.floor(schedulesFor(meetings) * favour) * (late ? LATE_TIMES : 1);
    const most = late ? LATE_MAX : BURST_MAX;
    this.#wanted = Math.min(most, Math.max(this.#wanted, BURST_MIN + met));
  }
}
