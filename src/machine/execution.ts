/**
 * Running one input, on CPU 0.
 *
 * The packed program and schedule are in the arena. `execute()` runs them on all CPUs and returns
 * when the last one is done. What happened is in the control words; workers.ts reads them.
 *
 * @module
 */
import * as oopsWords from "./layout/oops.ts";
import * as pointWords from "./layout/points.ts";
import * as recordWords from "./layout/recording.ts";
import * as scheduleWords from "./layout/schedule.ts";
import * as statusWords from "./layout/status.ts";
import { views } from "./words/arena.ts";
import { config } from "./words/config.ts";
import { beginQuiet, endQuiet, novelty, settle } from "./words/countdown.ts";
import { judgeStep } from "./hooks/every_step.ts";
import { lifecycle } from "./hooks/lifecycle.ts";
import { runMode } from "./hooks/mode.ts";
import { racesNoted, startClocks } from "./clocks/clock.ts";
import { finishTraced } from "./record/trace.ts";
import { readyCpus } from "./context/ready.ts";
import { firstOnline, onBehalfOf, undisturbed } from "./context/settle.ts";
import { begin, prepare } from "./begin.ts";
import { AGAIN, FIRST, ONCE, type Repetition } from "./executor.ts";

const { ctl } = views();
const { ABORT, PHASE, PHASE_QUIESCENCE, PHASE_RUN, PHASE_TEARDOWN, PHASE_VERDICT } = oopsWords;
const { POINTS, SCHEDULED, SCHEDULE_START } = pointWords;
const { TRACING } = recordWords;
const { EVERY_STEP, MODE } = scheduleWords;
const { EXECUTING, HEARTBEAT } = statusWords;

/** Whether to take everything down, or only if a look at the state says so. */
let thorough = true;

function judge(): void {
  onBehalfOf(firstOnline(), finish);
}

function finish(): void {
  const { observe, quiesce, suspicious, finish } = lifecycle();
  ctl[PHASE] = PHASE_QUIESCENCE;
  observe();
  if (ctl[EVERY_STEP] !== 0) judgeStep();
  quiesce();
  // Before a race becomes the finding, nothing worse may be left to be found.
  if (!(thorough || racesNoted() > 0 || novelty() > 0 || suspicious())) return;
  ctl[PHASE] = PHASE_TEARDOWN;
  finish();
}

function giveVerdict(): void {
  ctl[PHASE] = PHASE_VERDICT;
  undisturbed(lifecycle().verdict);
}

/** All CPUs run, under the schedule. */
function runScheduled(trace: boolean, whole: boolean, run: () => void): void {
  ctl[TRACING] = trace ? 1 : 0;
  readyCpus();
  startClocks();
  endQuiet();
  ctl[PHASE] = PHASE_RUN;
  run();
  settle();
  ctl[SCHEDULED] = ctl[POINTS] - ctl[SCHEDULE_START];
  if (!whole) ctl[TRACING] = 0;
}

/**
 * Run the program in the arena under the schedule in the arena. `run` lets all CPUs run; without it,
 * they do what the machine's mode says. With `whole`, boot and teardown are recorded too. With
 * `everyStep`, laws are judged at every point, as they are always if the machine is configured so.
 */
export function execute(
  mode: number,
  trace: boolean,
  repetition: Repetition,
  run: () => void = runMode,
  whole = false,
  everyStep = false,
): void {
  ctl[EXECUTING] = 1;
  ctl[TRACING] = whole ? 1 : 0;
  ctl[SCHEDULED] = 0;
  ctl[EVERY_STEP] = config.everyStep || everyStep ? 1 : 0;
  ctl[MODE] = mode;
  begin(repetition === AGAIN);
  if (whole) finishTraced();
  if (repetition === FIRST) prepare();
  if (ctl[ABORT] === 0) runScheduled(trace, whole, run);
  if (ctl[ABORT] === 0) {
    beginQuiet();
    thorough = repetition === ONCE;
    undisturbed(judge);
    if (ctl[ABORT] === 0) giveVerdict();
  }
  if (whole) finishTraced();
  ctl[TRACING] = 0;
  settle();
  ctl[EXECUTING] = 0;
  ctl[HEARTBEAT]++; // nobody else writes it, and whoever watches may see it late
}
