/**
 * Indices of the control words, shared by all CPUs of a machine.
 *
 * In lockstep mode only the CPU that holds the baton touches them; the hand-over through its wait
 * word orders the accesses, so they are plain. The exceptions are marked "atomic".
 *
 * @module
 */

/** Points left until the next decision. Decremented by every point. */
export const COUNTDOWN = 0;
/** What the countdown was last loaded with, to know how many points have passed. */
export const LOADED = 1;
/** Points passed before the countdown was last loaded. */
export const POINTS = 2;
/** Switches from one CPU to another. */
export const SWITCHES = 3;
/** The CPU that holds the baton. */
export const CURRENT = 4;
/** 1: this execution is being abandoned; every CPU unwinds. Atomic in free-running mode. */
export const ABORT = 5;
/** 1: no CPU has anything left to do. */
export const FINISHED = 6;
/** Non-zero: leave the loop; the machine is being shut down. Atomic. */
export const POISON = 8;
/** How decisions are made: see MODE_ constants. */
export const MODE = 9;
/** 1: record every point. */
export const TRACING = 10;
/** Points recorded. */
export const TRACED = 11;
/** Next event of a numeric schedule, or current step of a symbolic one. */
export const CURSOR = 12;
/** Occurrences of the current step's point seen so far. */
export const OCCURRENCES = 13;
/** Numeric mode while tracing: points left until the next event. */
export const EVENT_COUNTDOWN = 14;
/** Lowest priority handed out so far; a demoted CPU gets the next lower one. */
export const LOWEST = 15;
/** Features seen for the first time in this execution. */
export const NOVEL = 16;
/** Number of CPUs of this program. */
export const NCPUS = 17;
/** Preemption model of this program. */
export const PREEMPT = 18;
/** CPUs online, a bit each. */
export const ONLINE = 19;
/** 1: decisions are off (boot and teardown run on one CPU, undisturbed). */
export const QUIET = 20;
/** Callbacks in the RCU ring: head and tail. */
export const RCU_HEAD = 21;
export const RCU_TAIL = 22;
/** Running hash of the trace. */
export const HASH_LO = 23;
export const HASH_HI = 24;
/** Steps of a symbolic schedule whose point was never reached: a count and the first such step. */
export const UNREACHED = 25;
export const UNREACHED_FIRST = 26;
/** Executions done: for the watchdog, and the number of the one that runs. Only CPU 0 writes it. */
export const HEARTBEAT = 27;
/** 1 while the engine, not the model, is at work (it may legitimately be slow). Atomic. */
export const ENGINE_BUSY = 28;
/** 1: stop the campaign at the next execution (SIGINT). Atomic. */
export const STOP = 30;
/** Points of the execution at which the last switch took place. */
export const LAST_SWITCH = 31;
/** Free-running mode: CPUs that are done, after which nobody need go on. Atomic. */
export const ARRIVED = 32;
/** Free-running mode: CPUs that have left their program. Atomic. */
export const DEPARTED = 47;
/** Free-running mode: CPUs that have operations. */
export const BUSY_CPUS = 48;
/** 1: free-running CPUs go on beyond their rounds until all have done theirs. */
export const KEEP_GOING = 49;
/** Points of the execution at which the CPU with the baton is looked at for spinning; see spin.ts. */
export const SPIN_AT = 54;
/** Points at which its turn began. */
export const TURN_AT = 55;
/** CPUs that spin, and since the first of them was found no CPU has done anything else; a bit each. */
export const SPINNING = 56;
/** 1: the turn that ends now ends because its CPU spins. */
export const GIVES_WAY = 57;
/** CPUs that were found spinning in this execution, a bit each. */
export const SPUN = 58;
/** Free-running mode: spin lock over the machine's own lists. Atomic. */
export const MACHINE_LOCK = 33;
/** Objects allocated so far, for stack records. */
export const NOBJECTS = 34;
/** 1: capture allocation and free stacks. */
export const STACK_TRACES = 35;
/** Rounds each CPU runs its operations in free-running mode. */
export const ROUNDS = 36;
/** Points passed while the schedule decided: without boot and teardown. */
export const SCHEDULED = 37;

/** Points passed when the schedule began to decide: positions of a schedule count from there. */
export const SCHEDULE_START = 50;
/** Meetings and turns remembered of this execution; see meeting.ts. */
export const NMEETINGS = 51;
export const NTURNS = 52;
/** BASE minus COUNTDOWN is the position of the current point in the schedule, from 1. */
export const BASE = 53;

/** 1: laws are judged at every point, not only when all is quiet. */
export const EVERY_STEP = 59;

/** CPUs that stood before a point when the execution was abandoned; their records follow TRACED. */
export const STOPPED = 60;

/** The bare loop: points per turn, and turns left; see bare.ts. */
export const BARE_POINTS = 38;
export const BARE_TURNS = 39;
/** What the engine has come to, for whoever watches: executions, features, queue, titles. */
export const STAT_EXECS = 40;
export const STAT_FEATURES = 41;
export const STAT_QUEUE = 42;
export const STAT_TITLES = 43;
/** Points and switches so far, in units of 1024. */
export const STAT_KPOINTS = 44;
export const STAT_KSWITCHES = 45;
/** 1 while a finding is being minimised. */
export const STAT_PHASE = 46;

/** The finding: oracle, function, arguments; see oops.ts. */
export const OOPS_KIND = 64;
export const OOPS_CPU = 65;
export const OOPS_FN = 66;
export const OOPS_ARG = 67;
export const OOPS_ADDR = 68;
export const OOPS_CONTEXT = 69;
export const OOPS_DEPTH = 70;
/** Up to 32 functions of the stack, outermost first. */
export const OOPS_STACK = 72;
/** Length of the text in the text region, in characters. */
export const OOPS_TEXT = 71;

/** Priority per CPU (lower runs first) of numeric schedules. */
export const PRIORITY = 128;
/** State per CPU: see RUN_ constants. */
export const STATE = 160;
/** What a blocked CPU waits for: a kind, and an address or CPU. */
export const WAIT_KIND = 192;
export const WAIT_ON = 224;
/** The function a blocked CPU is in, for the report. */
export const WAIT_FN = 256;

/** 1: what blocks it is a sleep, so that its CPU is free for softirqs. */
export const WAIT_SLEEPS = 288;

/** No decisions: each CPU runs to its end, in priority order. */
export const MODE_NUMERIC = 0;
export const MODE_SYMBOLIC = 1;

/** This CPU takes no part, or waits to be started by another. */
export const RUN_ABSENT = 0;
/** It has operations to run and has not begun. */
export const RUN_READY = 1;
/** It is inside an operation. */
export const RUN_RUNNING = 2;
/** It waits inside an operation; WAIT_KIND says for what. */
export const RUN_BLOCKED = 3;
/** Between operations, or at their end: nothing on its JavaScript stack. */
export const RUN_IDLE = 4;
/** Parked by cpu_down() with operations left. */
export const RUN_OFFLINE = 5;

/** A lock whose word must become 0. */
export const WAIT_LOCK = 1;
/** The end of CPU n. */
export const WAIT_JOIN = 2;
/** The RCU callback record n to become ready. */
export const WAIT_RCU = 3;
/** CPU n to be between operations, and all others to be preemptible. */
export const WAIT_STOP = 4;
/** CPU n to be started by another. */
export const WAIT_START = 6;
/** A word to become non-zero. */
export const WAIT_WORD = 5;
/** A lock for readers and writers: to become free for a writer, for a reader, for a reader that need
 * not queue behind waiting writers. */
export const WAIT_WRITE = 7;
export const WAIT_READ = 8;
export const WAIT_READ_NOW = 9;
/** A word that is no lock to become zero. */
export const WAIT_ZERO = 10;

/** Reasons for a switch, as recorded; their names are in record/trace.ts. */
export const BY_SCHEDULE = 1;
export const BY_BLOCK = 2;
export const BY_END = 3;
