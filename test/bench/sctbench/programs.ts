/**
 * The programs of the suite, and what others published about them: schedules until the first bug.
 *
 * Figures: RFF, POS and PERIOD from the data of RFF (Wolff, Shi, Duck, Mathur, Roychoudhury, ASPLOS
 * 2024; PERIOD as its authors ran it again), SURW and PCT-3 from the data of SURW (ASPLOS 2025), or
 * PCT-3 from that of RFF where SURW has none.
 * Both are means of 20 trials. A tuple says in how many of the 20 the bug was found, if not in all.
 *
 * @module
 */

/** Mean of the executions to the first bug, and trials of 20 that found it. */
export type Published = number | readonly [number, number] | null;

export const TOOLS = ["RFF", "SURW", "POS", "PCT-3", "PERIOD"] as const;

export interface Listed {
  readonly name: string;
  /** Module, with what it asks for. */
  readonly module: string;
  /** Number of threads, and so of CPUs, with main. */
  readonly cpus: number;
  /** The title of the finding that is its bug; null for a program without one. */
  readonly bug: string | null;
  /** In the order of {@linkcode TOOLS}; absent if the program is in neither publication. */
  readonly published?: readonly Published[];
  /** Executions of a trial at most, if not those that the publications allow. */
  readonly most?: number;
  /** Only walks that go on from rare states of memory find it in reasonable time. */
  readonly isHard?: true;
}

const NEVER = [0, 0] as const;
const bug = (kind: string) => `kernel BUG in do_${kind}`;
/** Main waits for threads that wait for each other. */
const DEADLOCK = "INFO: task hung in do_join";

export const PROGRAMS: readonly Listed[] = [
  {
    name: "account",
    module: "account.ts",
    cpus: 4,
    bug: bug("check"),
    published: [1, 6, 1, 4, 10],
  },
  { name: "arithmetic_prog", module: "arithmetic_prog.ts", cpus: 3, bug: bug("join") },
  {
    name: "bluetooth_driver",
    module: "bluetooth_driver.ts",
    cpus: 3,
    bug: bug("add"),
    published: [45, 70, 72, 112, 9],
  },
  {
    name: "carter01",
    module: "carter01.ts",
    cpus: 5,
    bug: DEADLOCK,
    published: [2, null, 2, 5, 5],
  },
  {
    name: "circular_buffer",
    module: "circular_buffer.ts",
    cpus: 3,
    bug: bug("consume"),
    published: [2, 3, 2, 9, 3],
  },
  {
    name: "deadlock01",
    module: "deadlock01.ts",
    cpus: 3,
    bug: DEADLOCK,
    published: [5, 2, 4, 13, 3],
  },
  ...[2, 3, 4, 5, 6, 7].map((n): Listed => ({
    name: `din_phil${n}`,
    module: `din_phil.ts?n=${n}`,
    cpus: n + 1,
    bug: bug("join"),
  })),
  { name: "fsbench", module: "fsbench.ts", cpus: 28, bug: bug("allocate") },
  { name: "lazy01", module: "lazy01.ts", cpus: 4, bug: bug("check"), published: [6, 2, 5, 5, 7] },
  { name: "phase01", module: "phase01.ts", cpus: 3, bug: DEADLOCK },
  {
    name: "queue",
    module: "queue.ts",
    cpus: 3,
    bug: bug("consume"),
    published: [1, null, 1, 12, 3.6],
  },
  ...reorders(),
  { name: "stack", module: "stack.ts", cpus: 3, bug: bug("pop"), published: [2, 5, 2, 3, 8] },
  { name: "stateful01_ok", module: "stateful01.ts", cpus: 3, bug: null },
  { name: "sync01", module: "sync.ts?n=1", cpus: 3, bug: DEADLOCK },
  { name: "sync02", module: "sync.ts?n=2", cpus: 3, bug: DEADLOCK },
  {
    name: "token_ring",
    module: "token_ring.ts",
    cpus: 5,
    bug: bug("check"),
    published: [5, 8, 7, 8, 2],
  },
  ...twostages(),
  {
    name: "wronglock",
    module: "wronglock.ts?n=7",
    cpus: 9,
    bug: bug("check"),
    published: [1, 7, 1, 51, 4.3],
  },
  {
    name: "wronglock_3",
    module: "wronglock.ts?n=3",
    cpus: 5,
    bug: bug("check"),
    published: [1, 9, 1, 58, 5],
  },
  { name: "WSQ", module: "wsq.ts", cpus: 3, bug: bug("join"), published: [10, 6, 10, 48, 57] },
  {
    name: "InterlockedWSQ",
    module: "wsq.ts?n=1",
    cpus: 3,
    bug: bug("join"),
    published: [1, 6, 1, 48, 57],
  },
  {
    name: "SafeStack",
    module: "safestack.ts?start=at-once",
    cpus: 4,
    bug: bug("use"),
    published: [NEVER, [368_921, 19], NEVER, NEVER, NEVER],
    most: 2_000_000,
    isHard: true,
  },
];

function reorders(): Listed[] {
  const published: Readonly<Record<number, readonly Published[]>> = {
    3: [7, 7, 223, 185, 6],
    4: [6, 7, 1464, 554, 9],
    5: [6, 10, [4377, 17], 647, 12],
    10: [6, 17, NEVER, [3225, 16], 27],
    20: [6, 6, NEVER, 3005, 39],
    50: [6, 13, NEVER, [3304, 6], 129],
    100: [6, 194, NEVER, NEVER, 297],
  };
  return family("reorder", [3, 4, 5, 10, 20, 50, 100], published, bug("check"));
}

function twostages(): Listed[] {
  const published: Readonly<Record<number, readonly Published[]>> = {
    2: [8, 8, 15, 13, 4],
    20: [22, 6, 185, 159, 76],
    50: [35, 20, [1984, 19], 1676, 286],
    100: [56, 454, NEVER, [7466, 3], 690],
  };
  return family("twostage", [2, 20, 50, 100], published, bug("read"));
}

function family(
  name: string,
  sizes: readonly number[],
  published: Readonly<Record<number, readonly Published[]>>,
  title: string,
): Listed[] {
  return sizes.map((n) => ({
    name: name === "twostage" && n === 2 ? name : `${name}_${n}`,
    module: `${name}.ts?n=${n}`,
    cpus: n + 1,
    bug: title,
    published: published[n],
  }));
}
