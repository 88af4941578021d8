/**
 * The end of an execution by a finding.
 *
 * Whoever finds something calls {@linkcode oops}: it writes what it knows into the control words and
 * unwinds its CPU by an exception that model code never catches. The other CPUs find the abort word
 * set when they wake, and unwind too.
 *
 * @module
 */
import { CONTEXT } from "../layout/contexts.ts";
import {
  ABORT,
  JUDGED_STEP,
  OOPS_ADDR,
  OOPS_ARG,
  OOPS_CONTEXT,
  OOPS_CPU,
  OOPS_DEPTH,
  OOPS_FN,
  OOPS_FRAMES,
  OOPS_KIND,
  OOPS_STACK,
  OOPS_TEXT,
} from "../layout/oops.ts";
import { STACK_TRACES } from "../layout/recording.ts";
import { BLOCK, CPU, regs, SP } from "../layout/registers.ts";
import { views } from "../words/arena.ts";
import { guilty } from "../calls/guilty.ts";
import { fnAt } from "../words/cpu_state.ts";
import { functionName } from "../calls/registry.ts";

const { ctl, pcpu, text } = views();

/** Thrown to unwind; one object, so that unwinding allocates nothing. */
export const ABORTED: { readonly aborted: true } = Object.freeze({ aborted: true });

/** How a kind of finding is put into a title. */
export interface OopsKind {
  readonly name: string;
  /** The oracle it belongs to. */
  readonly oracle: string;
  readonly title: (o: OopsRecord) => string;
}

/** What the finding CPU left in the control words. */
export interface OopsRecord {
  readonly kind: OopsKind;
  readonly cpu: number;
  readonly context: number;
  /** The function the title names: the innermost that is not an inlined helper. */
  readonly fn: string;
  /** An argument whose meaning the kind knows, such as an old value. */
  readonly arg: number;
  /** The address concerned, or 0. */
  readonly addr: number;
  /** Outermost first. */
  readonly stack: string[];
  /** What more there is to say. */
  readonly text: string;
}

const kinds: OopsKind[] = [];

/** Register a kind of finding; every Worker registers the same ones in the same order. */
export function oopsKind(
  name: string,
  oracle: string,
  title: (o: OopsRecord) => string,
): number {
  kinds.push({ name, oracle, title });
  return kinds.length;
}

/** Leave a text for the report; longer ones are cut. */
export function setText(s: string): void {
  const n = Math.min(s.length, text.length);
  for (let i = 0; i < n; i++) text[i] = s.charCodeAt(i);
  ctl[OOPS_TEXT] = n;
}

/** What adds lines to the text of a finding of some kind, at an address; "" adds none. */
type Describer = (kind: number, addr: number) => string;
const describers: Describer[] = [];

/** Let `f` add to the text of every finding that is recorded for a report. */
export function describeFindings(f: Describer): void {
  describers.push(f);
}

/** The text of a finding with what all describers add; a describer that throws becomes the finding. */
function described(kind: number, addr: number, detail: string): string {
  try {
    return [detail, ...describers.map((describe) => describe(kind, addr))]
      .filter((text) => text !== "").join("\n");
  } catch (e) {
    ctl[OOPS_KIND] = OOPS_EXCEPTION;
    return (e as Error).stack ?? String(e);
  }
}

/** Record a finding without unwinding; false if one is recorded already. */
export function record(kind: number, arg = 0, addr = 0, detail = "", fn = 0): boolean {
  if (Atomics.compareExchange(ctl, OOPS_KIND, 0, kind) !== 0) return false;
  ctl[OOPS_CPU] = regs[CPU];
  ctl[OOPS_CONTEXT] = pcpu[regs[BLOCK] + CONTEXT];
  ctl[OOPS_FN] = fn !== 0 ? fn : guilty();
  ctl[OOPS_ARG] = arg;
  ctl[OOPS_ADDR] = addr;
  const depth = Math.min(regs[SP], OOPS_FRAMES);
  ctl[OOPS_DEPTH] = depth;
  for (let i = 0; i < depth; i++) ctl[OOPS_STACK + i] = fnAt(i + 1);
  setText(ctl[STACK_TRACES] !== 0 ? described(kind, addr, detail) : detail);
  Atomics.store(ctl, ABORT, 1);
  return true;
}

/** End this execution with a finding. */
export function oops(kind: number, arg = 0, addr = 0, detail = "", fn = 0): never {
  record(kind, arg, addr, detail, fn);
  throw ABORTED;
}

/** An execution begins: nothing is found. */
export function resetOops(): void {
  ctl[ABORT] = 0;
  ctl[OOPS_KIND] = 0;
  ctl[JUDGED_STEP] = 0;
}

/** The finding of the last execution, or null. */
export function readOops(): OopsRecord | null {
  const k = ctl[OOPS_KIND];
  if (k === 0) return null;
  const stack: string[] = [];
  for (let i = 0; i < ctl[OOPS_DEPTH]; i++) stack.push(functionName(ctl[OOPS_STACK + i]));
  let said = "";
  for (let i = 0; i < ctl[OOPS_TEXT]; i++) said += String.fromCharCode(text[i]);
  return {
    kind: kinds[k - 1],
    cpu: ctl[OOPS_CPU],
    context: ctl[OOPS_CONTEXT],
    fn: functionName(ctl[OOPS_FN]),
    arg: ctl[OOPS_ARG],
    addr: ctl[OOPS_ADDR],
    stack,
    text: said,
  };
}

/** The title of a finding: stable, without anything that varies from run to run. */
export function titleOf(o: OopsRecord): string {
  return o.kind.title(o);
}

/** The machine's own kinds. */
export const OOPS_HANG = oopsKind("hang", "hung task", (o) => `INFO: task hung in ${o.fn}`);
export const OOPS_LOCKUP = oopsKind("lockup", "soft lockup", (o) => `BUG: soft lockup in ${o.fn}`);
export const OOPS_HARD_LOCKUP = oopsKind(
  "hard-lockup",
  "hard lockup",
  (o) => `watchdog: hard LOCKUP in ${o.fn}`,
);
export const OOPS_STALL = oopsKind(
  "stall",
  "RCU stall",
  (o) => `INFO: rcu detected stall in ${o.fn}`,
);
export const OOPS_NO_PROGRESS = oopsKind(
  "no-progress",
  "retry loop",
  (o) => `BUG: retry loop without progress in ${o.fn}`,
);
export const OOPS_WARN = oopsKind("warn", "WARN", (o) => `WARNING in ${o.fn}`);
export const OOPS_BUG = oopsKind("bug", "BUG", (o) => `kernel BUG in ${o.fn}`);
export const OOPS_NULL = oopsKind(
  "null",
  "KASAN",
  (o) => `KASAN: null-ptr-deref in ${o.fn}`,
);
/** A pointer that holds no address was followed: what KASAN's kernels say when KMSAN is not there. */
export const OOPS_GARBAGE = oopsKind(
  "general-protection-fault",
  "KASAN",
  (o) => `general protection fault in ${o.fn}`,
);
export const OOPS_UNINIT = oopsKind("uninit", "KMSAN", (o) => `KMSAN: uninit-value in ${o.fn}`);
/** Translated C comes to a number that the model's memory, with its cells of 32 bits, cannot hold. */
export const OOPS_CELL = oopsKind(
  "cell",
  "model",
  (o) => `model: a number of 64 bits does not fit in ${o.fn}`,
);
/** An exception of this tool: never a kernel bug. */
export const OOPS_EXCEPTION = oopsKind("exception", "harness", (o) => `exception in ${o.fn}`);
/** A mistake in a file of the user, a patch or a target: never a kernel bug. */
export const OOPS_MISTAKE = oopsKind("mistake", "harness", (o) => `exception in ${o.fn}`);
/** An input needs more of something than the machine has: never a kernel bug. */
export const OOPS_CAPACITY = oopsKind("capacity", "harness", () => "capacity exceeded");
