/**
 * The packed form of an input: the words that CPUs read.
 *
 * A packed program is a header and operations of a fixed size. A packed schedule is a header and
 * events of a fixed size. With fixed sizes, a mutation in the fuzz loop copies words. There is room for
 * LIMITS, but most programs and schedules are small: only what they have is copied and kept.
 *
 * @module
 */
import { LIMITS, type NumericEvent } from "./types.ts";

/** Program header: the number of operations. */
export const P_NOPS = 0;
/** The number of CPUs. */
export const P_CPUS = 1;
/** The preemption model, an index into PREEMPTS. */
export const P_PREEMPT = 2;
/** Result slots in use, predefined ones included. */
export const P_SLOTS = 3;
/** The first operation. */
export const P_OPS = 8;

/** Words of one operation. */
export const OP_WORDS = 8;
/** Index into the target's operations. */
export const OP_ID = 0;
/** CPU, or BOOT. */
export const OP_CPU = 1;
/** Index into CONTEXTS. */
export const OP_CONTEXT = 2;
/** The context of an operation that is no handler. */
export const IN_TASK = 0;
/** A bit for each allocation inside the operation that fails; see {@linkcode failBit}. */
export const OP_FAIL = 3;
/** Slot that takes the result, or -1. */
export const OP_RESULT = 4;
/** Arguments: integers and CPUs as they are, references as slots. */
export const OP_ARGS = 5;

/**
 * Words of a packed program.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(new Int32Array(PROGRAM_WORDS).byteLength, 4 * 2056);
 * ```
 */
export const PROGRAM_WORDS = P_OPS + LIMITS.ops * OP_WORDS;

/** Where operation `i` of a packed program begins. */
export function operationAt(i: number): number {
  return P_OPS + i * OP_WORDS;
}

/** Where the last operation of a packed program ends: what is behind means nothing. */
export function programEnd(words: Int32Array): number {
  return operationAt(words[P_NOPS]);
}

/** Copy a packed program. */
export function copyProgram(from: Int32Array, to: Int32Array): void {
  const end = programEnd(from);
  for (let i = 0; i < end; i++) to[i] = from[i];
}

/** The bit of OP_FAIL that makes the k-th allocation fail, counted from 1. */
export function failBit(k: number): number {
  return 1 << (k - 1);
}

/** Header of a numeric schedule: the number of events. */
export const S_NEVENTS = 0;
/** The number of CPUs in the order. */
export const S_CPUS = 1;
/** Initial order of the CPUs, highest priority first, with room for LIMITS.cpus words. */
export const S_ORDER = 2;
/** The first event. */
export const S_EVENTS = S_ORDER + LIMITS.cpus;

/** Words of one event. */
export const EVENT_WORDS = 2;
/** Points to let pass before the event. */
export const E_GAP = 0;
/** The action and its CPU in one word; see {@linkcode packAction}. */
export const E_ACTION = 1;

/** Let another CPU run. */
export const SWITCH = 0;
/** Give the running CPU the lowest priority. */
export const DEMOTE = 1;
/** Deliver the next interrupt operation of the running CPU. */
export const INTERRUPT = 2;
/** Run the RCU callbacks of the running CPU whose grace period is over. */
export const SOFTIRQ = 3;
/** Let the kworker of the running CPU preempt its task. */
export const KWORKER = 4;
/** The names of the actions, by number. */
export const EVENT_ACTIONS: readonly NumericEvent["action"][] = [
  "switch",
  "demote",
  "interrupt",
  "softirq",
  "kworker",
];

const ACTION_BITS = 8;
const ACTION_MASK = (1 << ACTION_BITS) - 1;

/**
 * Position at which a walk begins, behind all events: from there on the executor itself decides, point
 * by point, and adds what it decides to the events. 0: there is no walk.
 */
export const S_WALK = S_EVENTS + LIMITS.events * EVENT_WORDS;
/** What the walk draws its random numbers from. */
export const S_WALK_SEED = S_WALK + 1;
/** The state of memory where the walk begins, as an earlier walk has told; 0 from the first point on. */
export const S_WALK_STATE = S_WALK + 2;
/** One in this many points of the walk asks for an interrupt, a softirq or a kworker; 0: none does. */
export const S_WALK_ASKS = S_WALK + 3;

/**
 * Words of a packed numeric schedule.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(new Int32Array(SCHEDULE_WORDS).byteLength, 4 * 2182);
 * ```
 */
export const SCHEDULE_WORDS = S_WALK + 4;

/** Where event `i` of a packed schedule begins. */
export function eventAt(i: number): number {
  return S_EVENTS + i * EVENT_WORDS;
}

/** Where the last event of a packed schedule ends: what is behind means nothing. */
export function scheduleEnd(words: Int32Array): number {
  return eventAt(words[S_NEVENTS]);
}

/** An action and the CPU that a switch goes to, as the word E_ACTION. */
export function packAction(action: number, cpu: number): number {
  return action | (cpu << ACTION_BITS);
}

/** The action in a word that {@linkcode packAction} made. */
export function actionOf(word: number): number {
  return word & ACTION_MASK;
}

/** The CPU in a word that {@linkcode packAction} made. */
export function actionCpu(word: number): number {
  return word >> ACTION_BITS;
}
