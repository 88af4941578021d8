/**
 * The campaigns with which constants are measured, and what one of them comes to.
 *
 * A campaign counts executions until it first shows each of a set of titles. What is counted leaves
 * out confirming and minimising, and depends on nothing but the source and the seed.
 *
 * @module
 */

/** A machine, and the campaigns that are run on it one after the other. */
export interface Setup {
  readonly kernel: string;
  /** Path of the target's module. */
  readonly target: string;
  readonly cpus: number;
  /** The preemption model; `full` if absent. */
  readonly preempt?: string;
  /** A planted bug: the kernel has the fixes of its known ones, and this. */
  readonly plant?: string;
  /** All known bugs of the kernel are mended but these; absent: none is. */
  readonly unmended?: readonly string[];
  readonly cases: readonly Case[];
}

/** The title that stands for any finding of the kernel's. */
export const ANY_TITLE = "any";

export interface Case {
  readonly name: string;
  readonly strategy: string;
  /** An input, or a target's module, whose program is searched for its schedule; absent: any program. */
  readonly program?: string;
  /** Findings are minimised as well. */
  readonly minimize?: boolean;
  /** There is no campaign: schedules are searched as for what the free-running machine found. */
  readonly search?: boolean;
  /** Titles to be found, by the short names under which they are printed. */
  readonly wanted: Readonly<Record<string, string>>;
  /** Executions of one campaign at most. */
  readonly execs: number;
}

/** What one campaign came to. */
export interface Run {
  readonly case: string;
  readonly seed: number;
  /** Executions until each title was first shown, by its short name; absent if it was not. */
  readonly found: Readonly<Record<string, number>>;
  /** All titles, also those that nobody asked for. */
  readonly titles: readonly string[];
  readonly execs: number;
  readonly points: number;
  /** Of each minimised finding: executions used, and what is left. */
  readonly minimized: Readonly<Record<string, Minimized>>;
}

export interface Minimized {
  readonly execs: number;
  readonly ops: number;
  readonly steps: number;
}

export const TITLES = {
  S1: "KMSAN: uninit-value in memcg_online_kmem",
  S2: "refcount: 0 -> 1 in obj_cgroup_charge",
  S3: "KASAN: null-ptr-deref in obj_stock_flush_required",
  S7: "percpu_ref: use after exit in memcg_reparent_objcgs",
  S9: "WARNING: possible circular locking dependency: css_set_lock and sighand_struct->siglock",
  S10: "memory leak: obj_cgroup held by memcg_stock_pcp.cached_objcg",
  B4: "WARNING in page_counter_cancel",
};

const OBJCG = { kernel: "posted", target: "fuzz/objcg.ts", cpus: 3 };

/** Executions of one hunt at most. */
const HUNT_EXECS = 4_000;

/** Finding programs and their schedules. */
function campaign(): Setup[] {
  const { S1, S2, S3, S7, S10, B4 } = TITLES;
  const wanted = { S1, S2, S3, S7, S10, B4 };
  return [{ ...OBJCG, cases: [{ name: "campaign", strategy: "portfolio", wanted, execs: 4000 }] }];
}

/** Finding what needs parts that have nothing to do with each other. */
function deep(): Setup[] {
  const { S9 } = TITLES;
  return [{
    ...OBJCG,
    cases: [{ name: "deep", strategy: "portfolio", wanted: { S9 }, execs: 400_000 }],
  }];
}

/** Finding cycles of locks with PREEMPT_RT, which has more of them, and nearer. */
function orders(): Setup[] {
  const cycle = (with_: string) =>
    `WARNING: possible circular locking dependency: css_set_lock and ${with_}`;
  const setup = (kernel: string, wanted: Record<string, string>): Setup => ({
    ...OBJCG,
    kernel,
    preempt: "rt",
    cases: [{ name: `orders of ${kernel}`, strategy: "portfolio", wanted, execs: 15_000 }],
  });
  return [
    setup("posted", { stock: cycle("memcg_stock.lock") }),
    setup("v5.14", { task_obj: cycle("memcg_stock.task_obj.lock"), S9: TITLES.S9 }),
  ];
}

/** Finding the schedules of given programs of the objcg target. */
function objcgHunts(how: Pick<Case, "strategy" | "search">): Setup {
  const { S2, S3, S10, B4 } = TITLES;
  const hunt = (name: string, program: string, title: string): Case => ({
    ...how,
    name,
    program,
    wanted: { [name]: title },
    execs: HUNT_EXECS,
  });
  return {
    ...OBJCG,
    cases: [
      hunt("css_get", "test/bench/css_get.ts", S2),
      hunt("flush_required", "test/bench/flush_required.ts", S3),
      hunt("s02", "corpus/objcg/seeds/s02-css-get-dead-memcg.txt", S2),
      hunt("s03", "corpus/objcg/seeds/s03-flush-required-null.txt", S3),
      hunt("s10", "corpus/objcg/seeds/s10-cpu-dead-keeps-obj-stock.txt", S10),
      hunt("b04", "corpus/objcg/seeds/b04-root-underflow-after-reparent.txt", B4),
    ],
  };
}

/** Finding the schedule of a program that is a target of its own. */
function smallHunt(strategy: string, name: string, cpus: number, title: string): Setup {
  const target = `test/bench/${name}.ts`;
  const wanted = { [name]: title };
  const cases = [{ name, strategy, program: target, wanted, execs: HUNT_EXECS }];
  return { kernel: "posted", target, cpus, cases };
}

function smallHunts(strategy: string): Setup[] {
  return [
    smallHunt(strategy, "deadlock01", 3, "INFO: task hung in do_ab"),
    smallHunt(strategy, "twostage", 3, "kernel BUG in do_read"),
    smallHunt(strategy, "reorder_5", 6, "kernel BUG in do_check"),
  ];
}

/** Finding the schedules of all given programs with a strategy. */
export function allHunts(strategy: string): Setup[] {
  return [objcgHunts({ strategy }), ...smallHunts(strategy)];
}

/** Minimising what a short campaign finds. */
function minimizing(): Setup[] {
  const { S2, S3, S7, S10, B4 } = TITLES;
  const wanted = { S2, S3, S7, S10, B4 };
  return [{
    ...OBJCG,
    cases: [{ name: "minimize", strategy: "portfolio", minimize: true, wanted, execs: 40_000 }],
  }];
}

/** Cases that are measured together, and with how many seeds: the more, the closer. */
export interface CaseSet {
  readonly seeds: number;
  readonly setups: readonly Setup[];
}

export const SETS = {
  campaign: { seeds: 24, setups: campaign() },
  deep: { seeds: 12, setups: deep() },
  hunts: { seeds: 40, setups: allHunts("directed") },
  "hunts-pct": { seeds: 20, setups: allHunts("pct") },
  "hunts-random": { seeds: 20, setups: allHunts("random") },
  "hunts-rff": { seeds: 20, setups: allHunts("rff") },
  "hunts-surw": { seeds: 20, setups: allHunts("surw") },
  minimize: { seeds: 12, setups: minimizing() },
  orders: { seeds: 12, setups: orders() },
  search: { seeds: 20, setups: [objcgHunts({ strategy: "all", search: true })] },
} satisfies Record<string, CaseSet>;

export type SetName = keyof typeof SETS;
