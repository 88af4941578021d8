/**
 * Symbolic schedules: turns names into numbers for the machine, and recorded executions into names.
 *
 * @module
 */
import { PRIMITIVES } from "../layout/primitives.ts";
import { TASK } from "../layout/contexts.ts";
import { STOPPED, TRACED } from "../layout/recording.ts";
import {
  PRIM_INTERRUPT,
  PRIM_KWORKER,
  PRIM_SOFTIRQ,
  R_ADDR,
  R_CONTEXT,
  R_CPU,
  R_DEPTH,
  R_OP,
  R_PRIM,
  R_REASON,
  R_STACK,
  R_VALUE,
} from "../layout/records.ts";
import { TRACE_WORDS } from "../layout/sizes.ts";
import {
  S_NSTEPS,
  STEP_AFTER,
  STEP_END,
  STEP_INTERRUPT,
  STEP_KWORKER,
  STEP_SOFTIRQ,
  STEP_UNTIL,
  stepAt,
  T_CALLEE,
  T_CPU,
  T_FIELD,
  T_FN,
  T_KIND,
  T_NTH,
  T_PRIM,
} from "../layout/steps.ts";
import { BY_AFTER, BY_SCHEDULE } from "../layout/turns.ts";
import { views } from "../words/arena.ts";
import { functionId, functionName, functionNames, isInline } from "../calls/registry.ts";
import { operationNames } from "../context/operation.ts";
import { fieldId, fieldIdAt, fieldNamesAll } from "../memory/objects.ts";
import { ParseError, unknownWord } from "../../prog/errors.ts";
import { OP_CONTEXT, OP_CPU, OP_ID, OP_WORDS, P_OPS } from "../../prog/layout.ts";
import { type After, LIMITS, type Step, type StepPart, type Until } from "../../prog/types.ts";

const { ctl, prog, sched, trace } = views();

const KINDS = {
  end: STEP_END,
  until: STEP_UNTIL,
  interrupt: STEP_INTERRUPT,
  softirq: STEP_SOFTIRQ,
  after: STEP_AFTER,
  kworker: STEP_KWORKER,
};

/** Kinds of steps that act where their CPU stands, by the record that they leave. */
const ACTING: Readonly<Record<number, "interrupt" | "softirq" | "kworker">> = {
  [PRIM_INTERRUPT]: "interrupt",
  [PRIM_SOFTIRQ]: "softirq",
  [PRIM_KWORKER]: "kworker",
};

/** Notes what is wrong with a name in a step. */
type Complain = (part: StepPart, message: string) => void;

function writeUntil(u: Until, o: number, complain: Complain): void {
  const fn = functionId(u.fn);
  if (fn === 0) complain("fn", unknownWord("kernel function", u.fn, functionNames()));
  sched[o + T_FN] = fn;
  sched[o + T_CALLEE] = 0;
  sched[o + T_PRIM] = -1;
  sched[o + T_FIELD] = -1;
  sched[o + T_NTH] = u.nth;
  if (u.what === undefined) return;
  const prim = (PRIMITIVES as readonly string[]).indexOf(u.what);
  if (prim >= 0) {
    sched[o + T_PRIM] = prim;
    if (u.field !== undefined) {
      sched[o + T_FIELD] = fieldId(u.field);
      if (fieldId(u.field) === 0) complain("field", unknownWord("field", u.field, fieldNamesAll()));
    }
    return;
  }
  sched[o + T_CALLEE] = functionId(u.what);
  if (sched[o + T_CALLEE] === 0) {
    const known = [...PRIMITIVES, ...functionNames()];
    complain("what", unknownWord("primitive or kernel function", u.what, known));
  }
}

function writeAfter(a: After, o: number, complain: Complain): void {
  const op = operationNames().indexOf(a.op);
  if (op < 0) complain("op", unknownWord("operation", a.op, operationNames()));
  sched[o + T_FN] = op;
  sched[o + T_NTH] = a.nth;
}

/**
 * Write a symbolic schedule into the arena. Errors name functions and fields that this kernel does
 * not have.
 */
export function writeSteps(steps: readonly Step[], file: string): ParseError[] {
  const errors: ParseError[] = [];
  sched.fill(0);
  sched[S_NSTEPS] = Math.min(steps.length, LIMITS.steps);
  steps.slice(0, LIMITS.steps).forEach((s, i) => {
    const o = stepAt(i);
    sched[o + T_CPU] = s.cpu;
    sched[o + T_KIND] = KINDS[s.kind];
    const complain: Complain = (part, message) => {
      errors.push(
        new ParseError(file, s.places?.[part] ?? s.at ?? { line: 0, column: 0 }, message),
      );
    };
    if (s.kind === "until") writeUntil(s.until, o, complain);
    else if (s.kind === "after") writeAfter(s.after, o, complain);
  });
  return errors;
}

/** The function that names a recorded point: the innermost one that is no inlined helper. */
function owner(r: number): number {
  let d = trace[r + R_DEPTH] - 1;
  while (d > 0 && isInline(trace[r + R_STACK + d])) d--;
  return d < 0 ? 0 : trace[r + R_STACK + d];
}

/** Whether the innermost frames of record `r`, up to inlined helpers, are in `fn`. */
function inside(r: number, fn: number): boolean {
  let d = trace[r + R_DEPTH] - 1;
  while (d > 0 && trace[r + R_STACK + d] !== fn && isInline(trace[r + R_STACK + d])) d--;
  return d >= 0 && trace[r + R_STACK + d] === fn;
}

/** The primitive of a record. For an interrupt: the primitive that the CPU was about to do. */
function primitiveOf(r: number): number {
  return trace[r + R_PRIM] < 0 ? trace[r + R_VALUE] : trace[r + R_PRIM];
}

/** Points of an earlier step. They do not count again. */
const skipped = new Set<number>();

/** Name the point of record `stop`. Equal points of this CPU count from record `from` on. */
function nameStop(stop: number, from: number): Until {
  const r = stop * TRACE_WORDS;
  const cpu = trace[r + R_CPU];
  const fn = owner(r);
  const prim = primitiveOf(r);
  const field = trace[r + R_ADDR] === 0 ? 0 : fieldIdAt(trace[r + R_ADDR]);
  let nth = 0;
  for (let i = from; i <= stop; i++) {
    const q = i * TRACE_WORDS;
    if (i !== stop && (trace[q + R_PRIM] < 0 || skipped.has(i))) continue;
    if (trace[q + R_CPU] !== cpu || primitiveOf(q) !== prim || !inside(q, fn)) continue;
    if (field !== 0 && fieldIdAt(trace[q + R_ADDR]) !== field) continue;
    nth++;
  }
  return {
    fn: functionName(fn),
    what: PRIMITIVES[prim],
    field: field === 0 ? undefined : fieldNamesAll()[field - 1],
    nth,
  };
}

/** The operation after which record `stop` left its CPU; the CPU's step began in operation `from`. */
function nameAfter(stop: number, from: number): After {
  const r = stop * TRACE_WORDS;
  const last = lastOperation(stop);
  const id = prog[P_OPS + last * OP_WORDS + OP_ID];
  let nth = 0;
  for (let i = from; i <= last; i++) {
    const o = P_OPS + i * OP_WORDS;
    if (prog[o + OP_CPU] !== trace[r + R_CPU] || prog[o + OP_CONTEXT] !== TASK) continue;
    if (prog[o + OP_ID] === id) nth++;
  }
  return { op: operationNames()[id], nth };
}

/** The last operation that the task of record `i`'s CPU had begun. */
function lastOperation(i: number): number {
  for (let k = i; k >= 0; k--) {
    const r = k * TRACE_WORDS;
    if (trace[r + R_CPU] !== trace[i * TRACE_WORDS + R_CPU] || trace[r + R_OP] < 0) continue;
    if (trace[r + R_CONTEXT] === TASK) return trace[r + R_OP];
  }
  return -1;
}

/** Whether record `i` is an interrupt that came between two operations. */
function isBetween(i: number): boolean {
  const r = i * TRACE_WORDS;
  return trace[r + R_DEPTH] === 0 && trace[r + R_OP] < 0 && lastOperation(i) >= 0;
}

/** Next record of CPU `cpu` at or after `i` that is a point, or -1. */
function nextOf(cpu: number, i: number): number {
  for (; i < ctl[TRACED] + ctl[STOPPED]; i++) {
    if (trace[i * TRACE_WORDS + R_CPU] === cpu && trace[i * TRACE_WORDS + R_PRIM] >= 0) return i;
  }
  return -1;
}

/** The point before which the interrupt of record `i` came; -1 if the CPU never passed it. */
function interrupted(i: number): number {
  const r = i * TRACE_WORDS;
  for (let k = i + 1; k < ctl[TRACED]; k++) {
    const q = k * TRACE_WORDS;
    if (
      trace[q + R_CPU] === trace[r + R_CPU] && trace[q + R_PRIM] >= 0 &&
      trace[q + R_OP] === trace[r + R_OP] && trace[q + R_CONTEXT] === trace[r + R_CONTEXT]
    ) return k;
  }
  return -1;
}

/** The symbolic schedule of the recorded execution. */
export function stepsOfTrace(): Step[] {
  const steps: Step[] = [];
  const n = ctl[TRACED];
  skipped.clear();
  /**
   * Per CPU: the record from which the current step counts, and the point of the last interrupt.
   */
  const counted = new Array<number>(LIMITS.cpus).fill(0);
  const before = new Array<number>(LIMITS.cpus).fill(-1);
  /** Per CPU: the first operation that can end in its current step. */
  const begun = new Array<number>(LIMITS.cpus).fill(0);
  /** Per CPU: the operation after which it was left, or -1. */
  const left = new Array<number>(LIMITS.cpus).fill(-1);
  const leave = (i: number, cpu: number) => {
    const after = nameAfter(i, begun[cpu]);
    steps.push({ cpu, kind: "after", after, comments: [] });
    left[cpu] = lastOperation(i);
    begun[cpu] = left[cpu] + 1;
    counted[cpu] = i + 1;
  };
  for (let i = 0; i < n; i++) {
    const r = i * TRACE_WORDS;
    const cpu = trace[r + R_CPU];
    const prim = trace[r + R_PRIM];
    if (prim in ACTING) {
      const between = isBetween(i);
      const p = between ? -1 : interrupted(i);
      if (between && left[cpu] !== lastOperation(i)) leave(i, cpu);
      else if (!between && (p < 0 || before[cpu] !== p)) {
        steps.push({ cpu, kind: "until", until: nameStop(i, counted[cpu]), comments: [] });
        begun[cpu] = Math.max(begun[cpu], lastOperation(i));
      }
      before[cpu] = p;
      if (p >= 0) skipped.add(p);
      steps.push({ cpu, kind: ACTING[prim], comments: [] });
      counted[cpu] = i + 1;
      continue;
    }
    const last = i + 1 >= n;
    if (!last && trace[r + TRACE_WORDS + R_CPU] === cpu) continue;
    const reason = last ? 0 : trace[r + TRACE_WORDS + R_REASON];
    if (reason === BY_AFTER) {
      if (left[cpu] !== lastOperation(i)) leave(i, cpu);
      continue;
    }
    const preempted = reason === BY_SCHEDULE;
    const stop = preempted ? nextOf(cpu, i + 1) : -1;
    if (stop < 0) steps.push({ cpu, kind: "end", comments: [] });
    else {
      steps.push({ cpu, kind: "until", until: nameStop(stop, counted[cpu]), comments: [] });
      skipped.add(stop);
      begun[cpu] = Math.max(begun[cpu], lastOperation(stop));
    }
    counted[cpu] = stop < 0 ? i + 1 : stop + 1;
  }
  return steps;
}
