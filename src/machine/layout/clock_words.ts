/**
 * Where clocks and what is known of cells lie; see clock.ts and clock_cells.ts.
 *
 * @module
 */
import { CPUS_MAX, RCU_CALLBACKS } from "./sizes.ts";
import { LIMITS } from "../../prog/types.ts";

/** Words at the start of the region: number of the execution, threads, components of a clock. */
export const GENERATION = 0;
export const THREADS = 1;
export const WIDTH = 2;
/** First word that is not in use. */
export const BREAK = 3;
/** Grace periods that have ended. */
export const ENDED = 4;
/** Races noted in this execution; see sanitizers/kcsan/races.ts. */
export const NRACES = 5;
/** 1: known races are noted as well. */
export const FOLLOWING = 6;
export const THREADS_MAX = 4 * CPUS_MAX;
/** Per thread: whether its fence clock, and its clock of what it saw, hold anything. */
export const FENCED = 16;
export const SEEN = FENCED + THREADS_MAX;
/** Per thread: handler exits and ended grace periods that it knows of. */
export const KNOWS_EXITS = SEEN + THREADS_MAX;
export const KNOWS_ENDED = KNOWS_EXITS + THREADS_MAX;
/** Per CPU: handlers that have ended. */
export const EXITS = KNOWS_ENDED + THREADS_MAX;
/** Room for the races of an execution, and for the keys of those that are known. */
export const RACES = EXITS + CPUS_MAX;
export const RACES_MAX = 32;
export const RACE_WORDS = 16;
export const KNOWN = RACES + RACES_MAX * RACE_WORDS;
export const KNOWN_MAX = 256;
/** Per callback in the ring: generation, and where its two clocks are. */
export const CALLBACK_CLOCKS = KNOWN + KNOWN_MAX;
/** Per slot: generation, clock of who filled it, clock of those who used it. */
export const SLOT_CLOCKS = CALLBACK_CLOCKS + 2 * RCU_CALLBACKS;
export const ROWS = SLOT_CLOCKS + 3 * LIMITS.slots;
/**
 * What this Worker keeps of the clocks, in a typed array for the same reason as the registers: 1 if
 * clocks run, thread, where its clock is, components, threads.
 */
export const own = new Int32Array(16);
export const RUNNING = 0;
export const ME = 1;
export const ROW = 2;
export const N = 3;
export const NTHREADS = 4;
/** Nesting of what nobody must look at, and of what counts as marked. */
export const MUTED = 5;
export const ATOMIC = 8;
/** Cell and site of the last plain load: a store right after it makes a read-write. */
export const LOADED_CELL = 6;
export const LOADED_SITE = 7;
/** Words per cell in `cellClocks`: generation, history, clock left by writers, by readers. */
export const PER_ADDRESS = 2;
export const HISTORY = 1;
export const LEFT = 2;
export const LEFT_BY_READERS = 3;
/** Per CPU: what turning interrupts on published, and softirqs; what ends of handlers did. */
export const PER_CPU = 4;
export const IRQS_ON = 0;
export const SOFTIRQS_ON = 1;
export const IRQ_ENDED = 2;
export const SOFTIRQ_ENDED = 3;

/** What kind of access it was; the function is above, the primitive between. */
export const WRITES = 1;
export const MARKED = 2;
/** A load and the store right after it. */
export const COMPOUND = 4;
/** The value was another one afterwards. */
export const CHANGED = 8;
/** Not an access but the claim that nobody else writes, or with WRITES that nobody accesses. */
export const ASSERT = 16;
/** The claim holds for a whole scope. */
export const SCOPED = 32;
/** Larger than a word, so that nothing makes it atomic. */
export const WIDE = 64;
/** Plain, but where the code says that it counts as marked: with MARKED. */
export const NESTED = 128;
/** Words of a remembered access: time, what it was, its record in the trace, values, mask. */
export const A_TIME = 0;
export const A_WHAT = 1;
export const A_TRACED = 2;
export const A_OLD = 3;
export const A_NEW = 4;
export const ACCESS_WORDS = 5;
/** A thread's accesses in the history of a cell. */
export const READ = 0;
export const MARKED_READ = ACCESS_WORDS;
export const WRITE = 2 * ACCESS_WORDS;
export const MARKED_WRITE = 3 * ACCESS_WORDS;
export const CLAIM = 4 * ACCESS_WORDS;
export const THREAD_WORDS = 5 * ACCESS_WORDS;
/** At the start of a history: threads that have one, a bit each. */
export const MASKS = 4;
/** Of what no primitive does. */
export const NO_PRIM = 0xff;
/** Later than every time: a claim whose scope has not ended. */
export const OPEN = 0x7fffffff;
