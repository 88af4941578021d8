/**
 * The jobs of a review, and running them.
 *
 * @module
 */
import { commonJob, type Context, coresFor } from "./context.ts";
import { knownFolders } from "./known_folders.ts";
import type { Sides } from "./review_sides.ts";
import { surroundingsOf } from "./surroundings.ts";
import { type Supervised, Supervisor, type Work } from "./supervisor.ts";
import type { LoadedTarget } from "./targets.ts";
import { EXIT } from "../protocol/exit_code.ts";
import type {
  CrashEvent,
  DoneEvent,
  FuzzJob,
  ProbedFile,
  ProbeEvent,
  ProbeJob,
  ReviewPart,
  ShardEvent,
} from "../protocol/jobs.ts";
import type { Request } from "../flags/parse_flags.ts";
import type { Bound } from "../flags/read_values.ts";
import type { Preempt } from "../../prog/types.ts";

/** Of the time that is left when everything is translated, this share is for asking the other side. */
const ASKING_SHARE = 0.2;
/** The least time for that. */
const ASKING_MS_MIN = 2000;
/** The least time for a campaign. */
const CAMPAIGN_MS_MIN = 1000;
/** How many jobs run at once: one for each side. */
const LANES = Math.min(2, navigator.hardwareConcurrency);

export type SideName = "base" | "patched";

/** What all jobs of a review share. */
export interface ReviewPlan {
  readonly request: Request;
  readonly context: Context;
  readonly sides: Sides;
  readonly target: LoadedTarget;
  /** The folder for findings. */
  readonly artifacts: string;
  readonly bound: Bound;
  readonly seed: string;
  readonly cpus: number;
  readonly preempt: Preempt;
  /** When the time of the bound began. */
  readonly began: number;
}

/** The flags, as if the patches of a side had been given. */
function requestOf({ request, sides }: ReviewPlan, side: SideName): Request {
  return { ...request, values: { ...request.values, patch: [...sides[side]] } };
}

/** What all jobs of a side share. */
function shared(plan: ReviewPlan, side: SideName) {
  const { context, cpus, preempt, sides, target } = plan;
  const { kernel } = sides;
  return {
    kernel,
    ...commonJob(requestOf(plan, side), context.known, kernel),
    target: target.name,
    targetUrl: target.url,
    cpus,
    preempt,
  };
}

/** Milliseconds until the bound; null if that is a number of executions. */
function timeLeft({ began, bound }: ReviewPlan): number | null {
  return "ms" in bound ? bound.ms - (performance.now() - began) : null;
}

/** The folder for the files of a side. */
export function folderOf({ artifacts }: ReviewPlan, side: SideName): string {
  return `${artifacts}/${side}`;
}

/** The campaign of one side; `share` is the part of the time that it gets. */
export function campaignOf(
  plan: ReviewPlan,
  side: SideName,
  review: ReviewPart,
  share = (1 - ASKING_SHARE) * LANES / 2,
): Work {
  const { bound, request, seed, target } = plan;
  const dir = folderOf(plan, side);
  const common = shared(plan, side);
  const left = timeLeft(plan);
  const job: FuzzJob = {
    verb: "fuzz",
    ...common,
    seed,
    shard: 0,
    shards: 1,
    generation: 0,
    saved: [],
    since: Date.now(),
    maxExecs: "execs" in bound ? bound.execs : null,
    maxMs: left === null ? null : Math.floor(Math.max(CAMPAIGN_MS_MIN, left) * share),
    strategy: request.values.strategy!,
    machine: "scout",
    corpusDir: dir,
    artifactsDir: dir,
    exitOnCrash: false,
    known: knownFolders(target.name, `corpus/${target.name}`),
    countKnown: true,
    readCorpus: false,
    sync: null,
    surroundings: surroundingsOf(common, target, requestOf(plan, side), `${dir}/x.txt`),
    review,
  };
  return { job, writable: [dir] };
}

/** Ask one side about files. */
export function questionsOf(
  plan: ReviewPlan,
  side: SideName,
  files: readonly ProbedFile[],
  search: number,
): Work[] {
  if (files.length === 0) return [];
  const job: ProbeJob = { verb: "probe", ...shared(plan, side), files, search, always: true };
  return [{ job, writable: [] }];
}

/** What a campaign came to. */
export class Campaign {
  readonly crashes: CrashEvent[] = [];
  /** What hangs: its title, and the input if it was saved. */
  readonly hangs: { readonly title: string; readonly file: string | null }[] = [];
  done: DoneEvent | null = null;

  take(event: ShardEvent): void {
    if (event.event === "crash") this.crashes.push(event);
    else if (event.event === "hang") this.hangs.push(event);
    else if (event.event === "done") this.done = event;
  }

  get execs(): number {
    return this.done?.execs ?? 0;
  }
}

/** Two results as one. */
export function both(a: Supervised, b: Supervised): Supervised {
  return {
    failure: a.failure ?? b.failure,
    interrupted: a.interrupted || b.interrupted,
    hung: a.hung || b.hung,
  };
}

/** Run campaigns, one for each name. */
export async function runCampaigns<Name extends string>(
  { context: { output, script } }: ReviewPlan,
  works: readonly (readonly [Name, Work])[],
): Promise<{ campaigns: Record<Name, Campaign>; result: Supervised }> {
  const campaigns = {} as Record<Name, Campaign>;
  for (const [name] of works) campaigns[name] = new Campaign();
  let isComplete = true;
  const supervisor = new Supervisor(works.map(([_, work]) => work), {
    parallel: LANES,
    cores: coresFor(output),
    output,
    script,
    onEvent(event, i) {
      const [name] = works[i];
      campaigns[name].take(event);
      if (event.event === "status") output.live(`${name}: ${event.execs} executions`);
      if (event.event !== "unwritten") return;
      isComplete = false;
      output.error(`Cannot write "${event.path}": ${event.reason}`);
      if (event.text !== null) output.line(`${event.text.trimEnd()}\n(end of ${event.path})`);
    },
  });
  const result = await supervisor.supervise();
  // A review with a file that could not be written is incomplete.
  const failure = result.failure ?? (isComplete ? null : EXIT.usage);
  return { campaigns, result: { ...result, failure } };
}

/** Ask questions; the answers go into `answers`, by their files. */
export async function runQuestions(
  plan: ReviewPlan,
  works: readonly Work[],
  answers: Map<string, ProbeEvent>,
): Promise<Supervised> {
  const { output, script } = plan.context;
  const supervisor = new Supervisor(works, {
    parallel: LANES,
    cores: coresFor(output),
    output,
    script,
    onEvent(event) {
      if (event.event === "probe") answers.set(event.file, event);
    },
  });
  const left = timeLeft(plan);
  // When it stops, every input still runs under its own schedule.
  const timer = left === null
    ? undefined
    : setTimeout(() => supervisor.stop(), Math.max(ASKING_MS_MIN, left));
  const result = await supervisor.supervise();
  clearTimeout(timer);
  return result;
}
