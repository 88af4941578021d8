/**
 * Acting for other CPUs, while no CPU runs: before the schedule begins and after it has ended.
 *
 * @module
 */
import * as cpuWords from "../layout/cpus.ts";
import * as registers from "../layout/registers.ts";
import { views } from "../words/arena.ts";
import { becomeCpu, emptyStack } from "../words/cpu_state.ts";
import { caught } from "./caught.ts";
import { hasWork, isOnline } from "./cpus.ts";
import { deferredWork } from "./run_task.ts";

const { ctl } = views();
const { NCPUS } = cpuWords;
const { regs, CPU } = registers;

/** Run `f` as CPU `cpu`, while no CPU runs. */
export function onBehalfOf(cpu: number, f: () => void): void {
  const me = regs[CPU];
  becomeCpu(cpu);
  try {
    f();
  } finally {
    becomeCpu(me);
  }
}

/** Do something on CPU 0 without decisions; findings are recorded as usual. */
export function undisturbed(f: () => void): void {
  emptyStack();
  try {
    f();
  } catch (e) {
    caught(e);
  }
}

/** Rounds after which work that makes work for ever is left alone; real inputs take two or three. */
const PASSES_MAX = 64;

/** Let every CPU that is up do its deferred work, until none has any. Only while no CPU runs. */
export function settleDeferred(): void {
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    let any = false;
    for (let c = 0; c < ctl[NCPUS]; c++) {
      if (!hasWork(c)) continue;
      any = true;
      onBehalfOf(c, deferredWork);
    }
    if (!any) return;
  }
}

/** The CPU that acts for all at the end; somebody is always up. */
export function firstOnline(): number {
  let c = 0;
  while (!isOnline(c)) c++;
  return c;
}
