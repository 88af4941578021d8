/**
 * Asks of one kernel whether an input that was written for another shows its bug there.
 *
 * A schedule names functions and points. If a kernel does not have one of them, or does not come to
 * it, the schedule says nothing about that kernel. Then other schedules of the same program are
 * tried, and only their number says how hard was looked.
 *
 * @module
 */
import { type Executor, NUMERIC, ONCE } from "../../machine/executor.ts";
import { formOf, load } from "../inputs/input.ts";
import type { Rng } from "../programs/rng.ts";
import { PLAIN } from "../strategies/all.ts";
import { directed } from "../strategies/directed.ts";
import { comesThrough, type Place } from "../../report/places.ts";
import { canReschedule } from "./reschedule.ts";
import { SCHEDULE_WORDS } from "../../prog/layout.ts";
import { printStep } from "../../prog/print.ts";
import type { Program, TargetSpec } from "../../prog/types.ts";

/** What came of it. */
export interface Probe {
  /**
   * - `bug`: one of the titles
   * - `other`: another bug, under the schedule of the file
   * - `clean`: nothing, and the schedule was reached whole
   * - `unreached`: nothing, but the schedule names a point to which this kernel does not come
   */
  readonly result: "bug" | "other" | "clean" | "unreached";
  readonly title: string | null;
  /** The first step that was not reached, or what the kernel does not have. */
  readonly missing: string | null;
  /** Number of other schedules that were tried. */
  readonly searched: number;
  /** Of so many of them it is known whether they came through both places of the conflict. */
  readonly recorded: number;
  /** So many of these did. */
  readonly through: number;
}

/** Number of points over which a schedule is spread: the first one, and at least. */
const POINTS_GUESS = 400;
const POINTS_MIN = 16;
/** Schedules that one strategy draws before it is the next one's turn. */
const PER_STRATEGY = 32;
/** One schedule of so many is recorded, to see where it came through: recording is slow. */
const PER_RECORD = 8;

/** What is counted where no other schedules are tried. */
export const NOT_SEARCHED = { searched: 0, recorded: 0, through: 0 } as const;

/** The title of a finding that is the kernel's, or null. */
function kernelsTitle(executor: Executor): string | null {
  if (!executor.hasFound) return null;
  const { fault, title } = executor.outcome().found!;
  return fault === "kernel" ? title : null;
}

/**
 * Whether the `i`-th schedule is recorded. Within its turn the directed strategy needs the meetings of the
 * execution before as they are.
 */
function isRecorded(i: number, isDirected: boolean): boolean {
  const every = isDirected ? PER_STRATEGY : PER_RECORD;
  return i % every === every - 1;
}

/**
 * Try schedules of some strategies in turn, a number of each, until one shows one of the titles.
 * Returns the title and the number of schedules.
 */
function searchAround(
  executor: Executor,
  p: Program,
  { titles, budget, places = [], rng, stop }: ProbeOptions,
): Pick<Probe, "title" | "searched" | "recorded" | "through"> {
  const { meetings } = executor;
  const changed = new Uint32Array(meetings.keys);
  const interrupts = p.ops.filter((o) => o.context !== "task").length;
  const preemptible = p.preempt !== "none";
  let points = POINTS_GUESS;
  let recorded = 0;
  let through = 0;
  executor.schedule.fill(0, 0, SCHEDULE_WORDS);
  let i = 0;
  for (; i < budget && !stop(); i++) {
    const strategy = PLAIN[Math.floor(i / PER_STRATEGY) % PLAIN.length];
    // Meetings have exact positions only if the execution before ran under the schedule that is there.
    const count = i % PER_STRATEGY === 0 || strategy !== directed ? 0 : meetings.count;
    const past = { meetings, count, changed };
    const situation = { cpus: p.cpus, points, interrupts, preemptible, past };
    strategy.schedule(executor.schedule, situation, rng);
    executor.execute(NUMERIC, ONCE);
    points = Math.max(POINTS_MIN, executor.scheduledPoints);
    const title = kernelsTitle(executor);
    if (title !== null && titles.has(title)) return { title, searched: i + 1, recorded, through };
    if (places.length === 0 || !isRecorded(i, strategy === directed)) continue;
    executor.record(NUMERIC);
    recorded++;
    if (comesThrough(executor.recording.points(), places)) through++;
  }
  return { title: null, searched: i, recorded, through };
}

/** What to look for, and how hard. */
export interface ProbeOptions {
  /** Titles of the bug; kernels may report one bug under several. */
  readonly titles: ReadonlySet<string>;
  /** The places of the conflict that makes the bug: executions are counted that come through both. */
  readonly places?: readonly Place[];
  /** Maximum of other schedules. */
  readonly budget: number;
  /** Whether to try them also where the schedule of the file shows nothing. */
  readonly always?: boolean;
  readonly rng: Rng;
  readonly stop: () => boolean;
}

/** Ask a kernel, which the executor runs, about an input. */
export function probe(
  executor: Executor,
  p: Program,
  spec: TargetSpec,
  options: ProbeOptions,
): Probe {
  const absent = load(executor, p, spec);
  let missing = absent[0]?.message ?? null;
  let shown: "clean" | "unreached" = "unreached";
  if (missing === null) {
    executor.execute(formOf(p), ONCE);
    const title = kernelsTitle(executor);
    const { unreached, unreachedFirst } = executor.outcome();
    if (title !== null) {
      const result = options.titles.has(title) ? "bug" : "other";
      return { result, title, missing: null, ...NOT_SEARCHED };
    }
    if (unreached === 0) shown = "clean";
    else if (p.schedule?.kind === "symbolic") missing = printStep(p.schedule.steps[unreachedFirst]);
  }
  const isEnough = shown === "clean" && !options.always;
  if (isEnough || !canReschedule(p) || options.titles.size === 0) {
    return { result: shown, title: null, missing, ...NOT_SEARCHED };
  }
  const { title, ...counts } = searchAround(executor, p, options);
  return { result: title === null ? shown : "bug", title, missing, ...counts };
}
