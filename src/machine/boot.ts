/**
 * Booting the kernel: once, on CPU 0.
 *
 * @module
 */
import { PREEMPT_NONE } from "./layout/cpus.ts";
import { config } from "./words/config.ts";
import { beginQuietForever } from "./words/countdown.ts";
import { readOops } from "./findings/oops.ts";
import { takeImage } from "./memory/image.ts";
import { resetCpus } from "./context/ready.ts";
import { deferredWork } from "./context/run_task.ts";
import { forgetExecution } from "./begin.ts";

/** Boot the kernel, undisturbed, and make the result the state that executions start from. */
export function boot(init: () => void): void {
  forgetExecution();
  resetCpus(config.cpus, PREEMPT_NONE);
  beginQuietForever();
  init();
  deferredWork();
  if (readOops() !== null) throw new Error("Cannot boot: the kernel reports a bug already");
  takeImage();
}
