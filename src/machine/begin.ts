/**
 * The beginning of an execution: nothing is left of the last one, memory is as it was when the
 * kernel had booted, and the boot operations of the program have run.
 *
 * @module
 */
import * as cpuWords from "./layout/cpus.ts";
import * as oopsWords from "./layout/oops.ts";
import * as operationWords from "./layout/operations.ts";
import * as percpu from "./layout/percpu.ts";
import { views } from "./words/arena.ts";
import * as layout from "../prog/layout.ts";
import { beginQuiet, resetPoints } from "./words/countdown.ts";
import { clearKept, restoreKept, takeKept } from "./words/ghost_words.ts";
import { resetMachineLock } from "./words/machine_lock.ts";
import { lifecycle } from "./hooks/lifecycle.ts";
import { resetMode } from "./hooks/mode.ts";
import { resetOops } from "./findings/oops.ts";
import { resetMeetings } from "./memory/note_meetings.ts";
import { forgetWriters, restoreImage, restorePrepared, takePrepared } from "./memory/image.ts";
import { resetTrace } from "./record/trace.ts";
import { callbacksQueued, resetCallbacks } from "./context/grace.ts";
import { resetCpus } from "./context/ready.ts";
import { deferredWork, runOperation } from "./context/run_task.ts";
import { undisturbed } from "./context/settle.ts";
import { clearSlots, restoreSlots, takeSlots } from "./context/slots.ts";
import { BOOT } from "../prog/types.ts";

const { ctl, pcpu, prog } = views();
const { NCPUS } = cpuWords;
const { ABORT, PHASE, PHASE_BOOT } = oopsWords;
const { WORK_COUNT } = operationWords;
const { PCPU_WORDS } = percpu;
const { OP_CPU, OP_WORDS, P_CPUS, P_NOPS, P_OPS, P_PREEMPT } = layout;

/** Nothing is left of the last execution but memory. */
export function forgetExecution(): void {
  resetPoints();
  resetMode();
  resetCallbacks();
  resetTrace();
  resetMeetings();
  resetOops();
  resetMachineLock();
}

/** Operations before the schedule starts, on CPU 0, undisturbed. */
function bootOperations(): void {
  const n = prog[P_NOPS];
  for (let i = 0; i < n; i++) {
    if (prog[P_OPS + i * OP_WORDS + OP_CPU] !== BOOT) continue;
    runOperation(i);
    deferredWork();
  }
}

function bootProgram(): void {
  lifecycle().predefine();
  bootOperations();
  lifecycle().observe();
}

let isPrepared = false;

/** Begin an execution; `again`: the program is that of the last {@linkcode prepare}. */
export function begin(again: boolean): void {
  forgetExecution();
  resetCpus(Math.max(1, prog[P_CPUS]), prog[P_PREEMPT]);
  beginQuiet();
  ctl[PHASE] = PHASE_BOOT;
  if (again && isPrepared) {
    restorePrepared();
    restoreKept();
    restoreSlots();
    return;
  }
  restoreImage();
  clearSlots();
  clearKept();
  undisturbed(bootProgram);
  forgetWriters();
}

/** Keep the state after the boot operations, for more executions of the same program. */
export function prepare(): void {
  isPrepared = ctl[ABORT] === 0 && !callbacksQueued();
  // Work that boot operations queued for other CPUs is not part of what is kept.
  for (let c = 0; c < ctl[NCPUS]; c++) {
    if (pcpu[c * PCPU_WORDS + WORK_COUNT] !== 0) isPrepared = false;
  }
  if (!isPrepared) return;
  takePrepared();
  takeKept();
  takeSlots();
}
