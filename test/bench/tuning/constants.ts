/**
 * The tuned constants of the search, and with which campaigns each is measured.
 *
 * @module
 */
import type { SetName } from "./cases.ts";

/** Constants of one module. */
export interface Tuned {
  readonly path: string;
  readonly sets: readonly SetName[];
  readonly names: readonly string[];
  /** The smallest value that makes sense; 1 if absent, which for "one in so many" is "always". */
  readonly min?: number;
}

export const TUNED: readonly Tuned[] = [
  {
    path: "src/engine/campaign/archive.ts",
    sets: ["deep"],
    names: ["DRAWS"],
  },
  {
    path: "src/engine/campaign/burst.ts",
    sets: ["campaign"],
    names: ["BURST_MIN", "PER_MEETING", "WITHIN_CPU", "STALE_MAX", "BURST_MAX"],
  },
  {
    path: "src/engine/campaign/burst.ts",
    sets: ["deep"],
    names: ["LATE", "LATE_TIMES", "LATE_MAX"],
  },
  {
    path: "src/engine/campaign/campaign.ts",
    sets: ["deep"],
    names: ["PLAIN", "OTHERS", "STEP"],
  },
  {
    path: "src/engine/campaign/campaign.ts",
    sets: ["campaign"],
    names: ["FRESH", "SCHEDULES_ONLY", "MOVE_EVENT", "MOVE_MAX", "LOOK_SHARE"],
  },
  {
    path: "src/engine/campaign/campaign.ts",
    sets: ["campaign"],
    names: ["POINTS_GUESS", "POINTS_MIN"],
  },
  {
    path: "src/engine/campaign/lock_orders.ts",
    sets: ["orders"],
    names: ["TRIES", "PARTS_MAX"],
  },
  {
    path: "src/engine/campaign/queue.ts",
    sets: ["campaign"],
    names: ["DRAWS", "DRAW_NEW", "NEWEST", "BY_STATE", "STATE_DRAWS", "ENTRIES_MAX"],
  },
  {
    path: "src/engine/campaign/settler.ts",
    sets: ["deep"],
    names: ["TRIES"],
  },
  {
    path: "src/engine/programs/append.ts",
    sets: ["campaign"],
    names: ["OPS_MAX"],
  },
  {
    path: "src/engine/programs/bind.ts",
    sets: ["campaign"],
    names: ["BOUND", "RELATED", "IMITATE", "STEPS_MAX"],
  },
  {
    path: "src/engine/programs/effects.ts",
    sets: ["campaign"],
    names: ["TRACES", "FIELDS_MAX"],
  },
  {
    path: "src/engine/programs/generate.ts",
    sets: ["campaign"],
    names: ["BOOT_OPS_MAX", "INTERRUPTED", "RUN_OPS_MIN", "RUN_OPS_PER_CPU", "CPUS_MIN"],
  },
  {
    path: "src/engine/programs/go_on.ts",
    sets: ["deep"],
    names: ["ANYWHERE", "RACE_MIN", "INTERRUPTED", "WITHIN", "STEP_AGAIN", "HANDLER_AGAIN"],
  },
  {
    path: "src/engine/programs/again.ts",
    sets: ["deep"],
    names: ["AGAIN_MAX", "OTHER_NUMBERS", "LARGEST"],
  },
  {
    path: "src/engine/programs/handlers.ts",
    sets: ["campaign"],
    names: ["TWICE", "OWN_OBJECTS"],
  },
  {
    path: "src/engine/programs/mutate.ts",
    sets: ["campaign"],
    names: [
      "TIMES_MAX",
      "INSERT_AT_BOOT",
      "EXTEND_ANYWHERE",
      "PLACES",
      "TOGGLE_FAILURE",
      "PROVIDE",
    ],
  },
  {
    path: "src/engine/programs/mutate.ts",
    sets: ["campaign"],
    min: 0,
    names: [
      "insert",
      "remove",
      "duplicate",
      "changeArgument",
      "changePlace",
      "changeFailure",
      "swap",
      "extend",
      "splice",
    ].map((entry) => `MUTATIONS.${entry}`),
  },
  {
    path: "src/engine/programs/repair.ts",
    sets: ["campaign"],
    names: ["AS_HANDLER", "FAIL", "ANY_CPU", "ANY_INTEGER", "FLAGS", "LAST_MADE", "PREDEFINED"],
  },
  {
    path: "src/engine/programs/packed_spec.ts",
    sets: ["campaign"],
    names: ["RARE_AT_BOOT"],
  },
  {
    path: "src/engine/strategies/directed.ts",
    sets: ["hunts"],
    names: ["ANEW", "AS_PCT", "OTHERWISE", "ANY_EXECUTION", "PARENTS", "ORDER_AGAIN"],
  },
  {
    path: "src/engine/strategies/executions.ts",
    sets: ["hunts"],
    names: ["KEPT_MAX"],
  },
  {
    path: "src/engine/strategies/unturned_meetings.ts",
    sets: ["hunts"],
    names: ["WAITING_MAX", "DRAWS"],
  },
  {
    path: "src/engine/strategies/changes.ts",
    sets: ["hunts"],
    names: [
      "DRAWS",
      "ANY_MEETING",
      "TRIES",
      "CHANGE_POINT",
      "MOVE_HANDLER",
      "LET_IN",
      "RUN_CALLBACKS",
      "RUN_KWORKER",
      "PREEMPT_AFTER",
      "PREEMPT_DOUBLINGS",
      "EARLIER",
      "GO_TO",
    ],
  },
  {
    path: "src/engine/strategies/let_in.ts",
    sets: ["hunts"],
    names: ["BEFORE"],
  },
  {
    path: "src/engine/strategies/reverse.ts",
    sets: ["hunts"],
    names: ["EVENTS_MAX", "STOP_BEFORE", "CALLBACKS_BETWEEN"],
  },
  {
    path: "src/engine/strategies/events.ts",
    sets: ["hunts-pct"],
    names: ["WITH_SOFTIRQ", "WITH_KWORKER", "CROWD", "AT_ONCE"],
  },
  {
    path: "src/engine/strategies/pct.ts",
    sets: ["hunts-pct"],
    names: ["CHANGES_MAX", "ENOUGH"],
  },
  {
    path: "src/engine/strategies/random.ts",
    sets: ["hunts-random"],
    names: ["SWITCHES_MAX", "MEAN_MIN", "DOUBLINGS"],
  },
  {
    path: "src/engine/strategies/weave.ts",
    sets: ["hunts-surw"],
    names: ["WITH_SOFTIRQ", "WITH_KWORKER", "ANYWHERE"],
  },
  {
    path: "src/engine/strategies/surw.ts",
    sets: ["hunts-surw"],
    names: ["ALL_CELLS", "ENOUGH", "LET_OTHERS", "CELLS_MAX"],
  },
  {
    path: "src/engine/strategies/rff.ts",
    sets: ["hunts-rff"],
    names: ["CONSTRAINTS_MAX", "ANEW", "ENOUGH", "DRAWS", "BEFORE_ALL"],
  },
  {
    path: "src/engine/strategies/portfolio.ts",
    sets: ["campaign"],
    names: ["FLOOR", "HALF_LIFE", "PRIOR_EXECS", "TITLE_PAYS", "STATE_PAYS"],
  },
  {
    path: "src/engine/triage/minimize.ts",
    sets: ["minimize"],
    names: ["RESEARCH", "SHORT", "LONG", "PATIENT", "POINTS_GUESS", "POINTS_MIN"],
  },
  {
    path: "src/engine/triage/search.ts",
    sets: ["search"],
    names: ["REPEATED_MAX", "POINTS_GUESS", "POINTS_MIN"],
  },
  {
    path: "src/machine/lockstep/spin.ts",
    sets: ["campaign"],
    names: ["SPIN_AFTER", "LAPS_MIN", "LONGEST", "OFTEN"],
  },
];

/** A constant by its full name: its module's and its own. */
export interface Constant {
  readonly name: string;
  readonly own: string;
  readonly path: string;
  readonly sets: readonly SetName[];
  readonly min: number;
}

export const CONSTANTS: readonly Constant[] = TUNED.flatMap(({ path, sets, names, min = 1 }) => {
  const module = path.slice(path.lastIndexOf("/") + 1, -".ts".length);
  return names.map((own) => ({ name: `${module}.${own}`, own, path, sets, min }));
});
