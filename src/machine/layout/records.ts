/**
 * Records of points; see record/trace.ts.
 *
 * @module
 */
/** Words of a record. */
export const R_CPU = 0;
export const R_CONTEXT = 1;
/** The primitive, or what happened instead of one: see PRIM_ constants. */
export const R_PRIM = 2;
export const R_SITE = 3;
export const R_ADDR = 4;
export const R_VALUE = 5;
export const R_OP = 6;
/** Why another CPU ran before: an index into {@linkcode REASONS}; 0 if none did. */
export const R_REASON = 7;
export const R_DEPTH = 8;
export const R_STACK = 9;
/** Frames a record has room for. */
export const R_FRAMES = 15;
/** In a detailed recording: the line of the point, and the hash of its file; 0 if not known. */
export const R_LINE: number = R_STACK + R_FRAMES;
export const R_FILE: number = R_LINE + 1;
/** In a detailed recording: what was switched off and who waited, as bits OFF_. */
export const R_OFF: number = R_FILE + 1;
/** In a detailed recording: the state of the memory at the address; see shadow_states.ts. */
export const R_MEMORY: number = R_OFF + 1;
/** In a detailed recording: addresses of the locks that the CPU holds, outermost first, then 0. */
export const R_HELD: number = R_MEMORY + 1;
/** Locks that a record has room for. */
export const R_LOCKS = 4;

/** Interrupts are off. */
export const OFF_IRQ = 1;
/** Softirqs are off. */
export const OFF_BH = 2;
/** Preemption is off. */
export const OFF_PREEMPT = 4;
/** In an RCU read-side section. */
export const IN_RCU = 8;

/** Record of an interrupt or softirq that the schedule delivered, instead of a primitive. */
export const PRIM_INTERRUPT = -2;
export const PRIM_SOFTIRQ = -3;
/** Record of a kworker that preempts the task of its CPU. */
export const PRIM_KWORKER = -5;
/** Record of an operation that passed no point, so that its turn is not forgotten. */
export const PRIM_NOTHING = -4;
/**
 * Below it: a primitive that had to wait, and has done its access now, such as a lock that was taken
 * after all. Its first record, at its point, has the value that it found.
 */
const WAITED = -8;

/** The primitive of a record for an access that had to wait. */
export function afterWait(prim: number): number {
  return WAITED - prim;
}

/** The primitive of a record's word, whether or not it waited; negative if it is none. */
export function primitiveOf(word: number): number {
  return word <= WAITED ? WAITED - word : word;
}

/** Reasons for a switch, by number: the BY_ constants of turns.ts. */
export const REASONS = ["", "schedule", "blocked", "end", "between operations"] as const;
