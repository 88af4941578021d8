/**
 * Running one input, on CPU 0.
 *
 * The packed program and schedule are in the arena. `execute()` runs them on all CPUs and returns
 * when the last one is done; {@linkcode outcome} says what happened.
 *
 * @module
 */
import * as oopsWords from "./layout/oops.ts";
import * as pointWords from "./layout/points.ts";
import * as recordWords from "./layout/recording.ts";
import * as scheduleWords from "./layout/schedule.ts";
import * as statusWords from "./layout/status.ts";
import * as turnWords from "./layout/turns.ts";
import { views } from "./words/arena.ts";
import { config } from "./words/config.ts";
import { beginQuiet, endQuiet, novelty, settle } from "./words/countdown.ts";
import { lifecycle } from "./hooks/lifecycle.ts";
import { runMode } from "./hooks/mode.ts";
import { type OopsRecord, readOops } from "./findings/oops.ts";
import { racesNoted, startClocks } from "./clocks/clock.ts";
import { closeTrace, traceHash } from "./record/trace.ts";
import { readyCpus } from "./context/ready.ts";
import { firstOnline, onBehalfOf, undisturbed } from "./context/settle.ts";
import { begin, prepare } from "./begin.ts";

const { ctl } = views();
const { ABORT } = oopsWords;
const { POINTS, SCHEDULED, SCHEDULE_START } = pointWords;
const { TRACING } = recordWords;
const { EVERY_STEP, MODE, UNREACHED, UNREACHED_FIRST } = scheduleWords;
const { HEARTBEAT } = statusWords;
const { SWITCHES } = turnWords;

/** What one execution came to. */
export interface Outcome {
  readonly oops: OopsRecord | null;
  readonly points: number;
  readonly switches: number;
  /** Features that no execution had shown before. */
  readonly novel: number;
  /** Symbolic steps whose point was not reached, and the first of them. */
  readonly unreached: number;
  readonly unreachedFirst: number;
  /** Hash of the trace, if one was recorded. */
  readonly traceHash: string;
}

/** Whether to take everything down, or only if a look at the state says so. */
let thorough = true;

function judge(): void {
  onBehalfOf(firstOnline(), finish);
}

function finish(): void {
  const { observe, quiesce, suspicious, finish } = lifecycle();
  observe();
  quiesce();
  // Before a race becomes the finding, nothing worse may be left to be found.
  if (thorough || racesNoted() > 0 || novelty() > 0 || suspicious()) finish();
}

/** How an execution is run. */
export const RUN_ONCE = 0;
/** More executions of this program will follow. */
export const RUN_FIRST = 1;
/** The program is that of the last {@linkcode RUN_FIRST}: its boot operations need not run again. */
export const RUN_AGAIN = 2;

/** All CPUs run, under the schedule. */
function runScheduled(trace: boolean): void {
  ctl[TRACING] = trace ? 1 : 0;
  readyCpus();
  startClocks();
  endQuiet();
  runMode();
  settle();
  ctl[SCHEDULED] = ctl[POINTS] - ctl[SCHEDULE_START];
  if (trace) closeTrace();
  ctl[TRACING] = 0;
}

/** Run the program in the arena under the schedule in the arena. */
export function execute(mode: number, trace: boolean, how = RUN_ONCE): void {
  ctl[TRACING] = 0;
  ctl[SCHEDULED] = 0;
  ctl[EVERY_STEP] = config.everyStep ? 1 : 0;
  ctl[MODE] = mode;
  begin(how === RUN_AGAIN);
  if (how === RUN_FIRST) prepare();
  if (ctl[ABORT] === 0) runScheduled(trace);
  if (ctl[ABORT] === 0) {
    beginQuiet();
    thorough = how === RUN_ONCE;
    undisturbed(judge);
    if (ctl[ABORT] === 0) lifecycle().verdict();
  }
  settle();
  ctl[HEARTBEAT]++; // nobody else writes it, and whoever watches may see it late
}

/** The outcome of the last execution. */
export function outcome(): Outcome {
  return {
    oops: readOops(),
    points: ctl[POINTS],
    switches: ctl[SWITCHES],
    novel: novelty(),
    unreached: ctl[UNREACHED],
    unreachedFirst: ctl[UNREACHED_FIRST],
    traceHash: traceHash(),
  };
}
