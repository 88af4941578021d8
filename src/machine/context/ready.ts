/**
 * The CPUs of a program, before any of them runs.
 *
 * @module
 */
import * as cpuWords from "../layout/cpus.ts";
import * as operationWords from "../layout/operations.ts";
import * as percpu from "../layout/percpu.ts";
import * as sizes from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import * as layout from "../../prog/layout.ts";
import { startedBy, startsCpus } from "./operation.ts";

const { ctl, pcpu, prog } = views();
const { CPU_ABSENT, CPU_IDLE, CPU_READY, NCPUS, ONLINE, PREEMPT, STATE } = cpuWords;
const { LAST_TRACED, NEXT_OP, OP } = operationWords;
const { PCPU_WORDS } = percpu;
const { NR_CPUS } = sizes;
const { OP_CPU, OP_WORDS, P_NOPS, P_OPS } = layout;

/** An execution with `n` CPUs begins: all are up, and none has done anything. */
export function resetCpus(n: number, preempt: number): void {
  ctl[NCPUS] = n;
  ctl[PREEMPT] = preempt;
  ctl[ONLINE] = n >= NR_CPUS ? -1 : (1 << n) - 1;
  for (let i = 0; i < n * PCPU_WORDS; i++) pcpu[i] = 0;
  for (let c = 0; c < n; c++) {
    const b = c * PCPU_WORDS;
    pcpu[b + OP] = -1;
    pcpu[b + LAST_TRACED] = -1;
    ctl[STATE + c] = CPU_ABSENT;
  }
}

/** CPUs that have operations are ready, except those that another operation starts. */
export function readyCpus(): void {
  const n = ctl[NCPUS];
  const nops = prog[P_NOPS];
  // One without operations is idle: it runs the work and the callbacks that others queue for it.
  for (let c = 0; c < n; c++) {
    ctl[STATE + c] = CPU_IDLE;
    pcpu[c * PCPU_WORDS + NEXT_OP] = -1;
  }
  for (let i = 0; i < nops; i++) {
    const c = prog[P_OPS + i * OP_WORDS + OP_CPU];
    if (c < 0 || c >= n) continue;
    ctl[STATE + c] = CPU_READY;
    pcpu[c * PCPU_WORDS + NEXT_OP] = 0;
  }
  for (let i = 0; startsCpus() && i < nops; i++) {
    const started = startedBy(P_OPS + i * OP_WORDS);
    if (started >= 0 && started < n) ctl[STATE + started] = CPU_ABSENT;
  }
}
