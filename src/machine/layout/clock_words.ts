/**
 * Where vector clocks lie; see clocks/clock.ts.
 *
 * @module
 */
import { LIMITS } from "../../prog/types.ts";
import { numbering } from "./numbering.ts";
import { CLOCK_WORDS, CPUS_MAX, RCU_CALLBACKS } from "./sizes.ts";

const word = numbering("clocks", 0, CLOCK_WORDS);

/** Number of the execution: what has another number is of an earlier one. */
export const GENERATION: number = word();
/** Threads, and components of a clock. */
export const THREADS: number = word();
export const WIDTH: number = word();
/** First word that is not in use. */
export const BREAK: number = word();
/** Grace periods that have ended. */
export const ENDED: number = word();
/** Races noted in this execution; see sanitizers/kcsan/races.ts. */
export const NRACES: number = word();
/** 1: known races are noted as well. */
export const FOLLOWING: number = word();

/** Threads there can be: the contexts of all CPUs. */
export const THREADS_MAX: number = 4 * CPUS_MAX;
/** Per thread: whether its fence clock, and its clock of what it saw, hold anything. */
export const FENCED: number = word(THREADS_MAX);
export const SEEN: number = word(THREADS_MAX);
/** Per thread: handler exits and ended grace periods that it knows of. */
export const KNOWS_EXITS: number = word(THREADS_MAX);
export const KNOWS_ENDED: number = word(THREADS_MAX);
/** Per CPU: handlers that have ended. What lies from FENCED to here is cleared at each start. */
export const EXITS: number = word(CPUS_MAX);
/** Room for the races of an execution, and for the keys of those that are known. */
export const RACES_MAX = 32;
export const RACE_WORDS = 16;
export const RACES: number = word(RACES_MAX * RACE_WORDS);
export const KNOWN_MAX = 256;
export const KNOWN: number = word(KNOWN_MAX);

/** Per callback in the ring: generation, and where its two clocks are. */
export const CALLBACK_CLOCK_WORDS = 2;
export const CALLBACK_CLOCKS: number = word(CALLBACK_CLOCK_WORDS * RCU_CALLBACKS);
/** Per slot: generation, clock of who filled it, clock of those who used it. */
export const SLOT_CLOCK_WORDS = 3;
export const SLOT_CLOCKS: number = word(SLOT_CLOCK_WORDS * LIMITS.slots);
/** The clocks of threads, and all others, up to the end of the region. */
export const ROWS: number = word();

/** Words per address in `cellClocks`, so four per cell: generation and these. */
export const PER_ADDRESS = 2;
/** Where the history of the cell is. */
export const HISTORY = 1;
/** Clocks that writers, and that readers left at it. */
export const LEFT = 2;
export const LEFT_BY_READERS = 3;

/** Per CPU: what turning interrupts on published, and softirqs; what ends of handlers did. */
export const PER_CPU = 4;
export const IRQS_ON = 0;
export const SOFTIRQS_ON = 1;
export const IRQ_ENDED = 2;
export const SOFTIRQ_ENDED = 3;
