/**
 * `review`: which bugs a diff brings, and which it mends.
 *
 * Two campaigns run the same inputs with the same seed, one on the kernel as it is and one with the
 * diff: first all inputs of the corpus and other schedules of them, then what they come to. The
 * findings of each are then tried on the other.
 *
 * @module
 */
import { commonJob, type Context, coresFor } from "../parent/context.ts";
import { InputErrors } from "../parent/inputs.ts";
import { absolutePath, makeWritable } from "../parent/paths.ts";
import { type Cause, causesOf, compare, type Compared, toAsk } from "../parent/review_causes.ts";
import { lookedAt } from "../parent/review_lines.ts";
import { type Bounded, ReviewReport } from "../parent/review_report.ts";
import { type Sides, sidesOf } from "../parent/review_sides.ts";
import { surroundingsOf } from "../parent/surroundings.ts";
import { type Supervised, Supervisor, type Work } from "../parent/supervisor.ts";
import { type LoadedTarget, loadTarget } from "../parent/targets.ts";
import { checkFiles } from "../parent/type_check.ts";
import { EXIT, fuzzExitCode } from "../protocol/exit_code.ts";
import type { CrashEvent, DoneEvent, FuzzJob, ProbeEvent, ProbeJob } from "../protocol/jobs.ts";
import type { Request } from "../flags/parse_flags.ts";
import type { Bound } from "../flags/read_values.ts";
import { UsageError } from "../flags/usage.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import { isSystemError, reason } from "../files/system_error.ts";
import { knownFolders } from "./fuzz.ts";

const DEFAULT_TARGET = "objcg";
const DEFAULT_CPUS = 3;
const DEFAULT_BOUND: Bound = { ms: 60_000 };
const DEFAULT_SEED = "1";
/** Other schedules of each input of the corpus, before the campaign begins. */
const AROUND = 400;
/** Of the time that is left when everything is translated, this share is for asking the other side. */
const ASKING_SHARE = 0.15;
/** The least time for that. */
const ASKING_MS_MIN = 2000;

/** The name of a review in a path. */
function nameOf(fixes: readonly string[]): string {
  const name = fixes[0].slice(fixes[0].lastIndexOf("/") + 1).replace(/\.[a-z]+$/i, "");
  return name.replace(/[^\w.-]/g, "-");
}

/** What all jobs of a review share. */
interface Plan {
  readonly request: Request;
  readonly context: Context;
  readonly sides: Sides;
  readonly target: LoadedTarget;
  readonly artifacts: string;
  readonly bound: Bound;
  /** When the review began. */
  readonly began: number;
}

type SideName = "base" | "patched";

/** The flags, as if the patches of a side had been given. */
function requestOf({ request, sides }: Plan, side: SideName): Request {
  return { ...request, values: { ...request.values, patch: [...sides[side]] } };
}

/** How many campaigns run at once. */
const LANES = Math.min(2, navigator.hardwareConcurrency);

function campaignOf(plan: Plan, side: SideName): Work {
  const { artifacts, bound, began, context, sides, target } = plan;
  const request = requestOf(plan, side);
  const { values } = request;
  const dir = `${artifacts}/${side}`;
  const common = commonJob(request, context.known, sides.kernel);
  const known = knownFolders(target.name, `corpus/${target.name}`);
  const left = "ms" in bound ? Math.max(1000, bound.ms - (performance.now() - began)) : 0;
  const job: FuzzJob = {
    verb: "fuzz",
    kernel: sides.kernel,
    ...common,
    target: target.name,
    targetUrl: target.url,
    cpus: values.cpus ?? DEFAULT_CPUS,
    preempt: values.preempt!,
    seed: values.seed ?? DEFAULT_SEED,
    shard: 0,
    shards: 1,
    generation: 0,
    saved: [],
    since: Date.now(),
    maxExecs: "execs" in bound ? bound.execs : null,
    maxMs: "ms" in bound ? Math.floor(left * (1 - ASKING_SHARE) * LANES / 2) : null,
    strategy: values.strategy!,
    machine: "scout",
    corpusDir: dir,
    artifactsDir: dir,
    exitOnCrash: false,
    known,
    countKnown: true,
    readCorpus: false,
    sync: null,
    surroundings: surroundingsOf(common, target, request, `${dir}/x.txt`),
    review: { files: filesOf(known), around: AROUND, watched: sides.watched[side] },
  };
  return { job, writable: [dir] };
}

/** The inputs of folders, as far as they exist. */
function filesOf(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => atomicFiles.list(folder));
}

/** What the campaigns of both sides came to. */
class Campaigns {
  readonly crashes: Record<SideName, CrashEvent[]> = { base: [], patched: [] };
  readonly done: Record<SideName, DoneEvent | null> = { base: null, patched: null };
  result: Supervised = { failure: null, interrupted: false, hung: false };

  async run(plan: Plan): Promise<void> {
    const { output, script } = plan.context;
    const names: SideName[] = ["base", "patched"];
    const supervisor = new Supervisor(names.map((side) => campaignOf(plan, side)), {
      parallel: LANES,
      cores: coresFor(output),
      output,
      script,
      onEvent: (event, work) => {
        const side = names[work];
        if (event.event === "crash") this.crashes[side].push(event);
        else if (event.event === "done") this.done[side] = event;
        else if (event.event === "status" || event.event === "pulse") {
          output.live(`${side}: ${event.execs} executions`);
        }
      },
    });
    this.result = await supervisor.supervise();
  }
}

/** Ask one side about the files of causes. */
function questions(plan: Plan, side: SideName, causes: readonly Cause[]): Work[] {
  if (causes.length === 0) return [];
  const { context, sides, target } = plan;
  const request = requestOf(plan, side);
  const { values } = request;
  const files = causes.flatMap(({ crashes }) =>
    crashes.map(({ file, title }) => ({
      path: file,
      text: atomicFiles.read(file) ?? "",
      titles: [title],
    }))
  );
  const job: ProbeJob = {
    verb: "probe",
    kernel: sides.kernel,
    ...commonJob(request, context.known, sides.kernel),
    target: target.name,
    targetUrl: target.url,
    cpus: values.cpus ?? DEFAULT_CPUS,
    preempt: values.preempt!,
    files,
    search: values.search!,
    always: true,
  };
  return [{ job, writable: [] }];
}

async function ask(plan: Plan, works: readonly Work[], into: Map<string, ProbeEvent>) {
  const { output, script } = plan.context;
  const supervisor = new Supervisor(works, {
    parallel: LANES,
    cores: coresFor(output),
    output,
    script,
    onEvent(event) {
      if (event.event === "probe") into.set(event.file, event);
    },
  });
  // Then every input still runs under its own schedule.
  const left = "ms" in plan.bound ? plan.bound.ms - (performance.now() - plan.began) : null;
  const timer = left === null ? undefined : setTimeout(
    () => supervisor.stop(),
    Math.max(ASKING_MS_MIN, left),
  );
  const result = await supervisor.supervise();
  clearTimeout(timer);
  return result;
}

/** Compare what the campaigns found. */
async function decide(
  plan: Plan,
  campaigns: Campaigns,
): Promise<{ compared: Compared; result: Supervised }> {
  const base = causesOf(campaigns.crashes.base);
  const patched = causesOf(campaigns.crashes.patched);
  const answers = new Map<string, ProbeEvent>();
  const works = [
    ...questions(plan, "base", toAsk(patched, base)),
    ...questions(plan, "patched", toAsk(base, patched)),
  ];
  const { result } = campaigns;
  const asked = works.length === 0 || result.failure !== null || result.interrupted
    ? result
    : await ask(plan, works, answers);
  return {
    compared: compare(base, patched, answers),
    result: {
      failure: result.failure ?? asked.failure,
      interrupted: result.interrupted || asked.interrupted,
      hung: result.hung || asked.hung,
    },
  };
}

/** Refuse what cannot be reviewed, before anything runs. */
function expectEffect({ changed, notLookedAt }: Sides, fixes: readonly string[]): void {
  if (changed.length > 0 || notLookedAt.length === 0) return;
  const name = fixes.join(", ");
  throw new InputErrors([
    `error: Cannot review ${name}: nothing of what it changes runs in the model`,
    ...notLookedAt.map((what) => `  ${what}`),
  ]);
}

function boundOf({ bound, request, sides, began }: Plan, { done }: Campaigns): Bounded {
  return {
    seconds: (performance.now() - began) / 1000,
    base: done.base?.execs ?? 0,
    patched: done.patched?.execs ?? 0,
    preempt: request.values.preempt!,
    cpus: request.values.cpus ?? DEFAULT_CPUS,
    seed: request.values.seed ?? DEFAULT_SEED,
    asked: "ms" in bound ? `${bound.ms / 1000}s` : `${bound.execs}x`,
    leftOut: sides.leftOut,
  };
}

/** Run the verb. */
export async function review(request: Request, context: Context): Promise<number> {
  const began = performance.now();
  const fixes = request.rest;
  if (fixes.length === 0) {
    throw new UsageError("Cannot review: expected a diff with --linux TREE, or a patch (*.ts)");
  }
  if (!request.values["no-check"]) await checkFiles(fixes.filter((f) => f.endsWith(".ts")));
  const target = await loadTarget(request.values.target ?? DEFAULT_TARGET);
  const sides = await sidesOf(fixes, request);
  expectEffect(sides, fixes);
  const report = new ReviewReport(context.output, fixes, sides, request.values.linux ?? null);
  if (sides.changed.length === 0) {
    report.unchanged();
    return EXIT.ok;
  }
  const artifacts = request.values.artifacts ??
    `corpus/${target.name}/crashes/review-${nameOf(fixes)}`;
  makeWritable([`${artifacts}/base`, `${artifacts}/patched`]);
  const bound = request.values.for ?? DEFAULT_BOUND;
  const plan: Plan = { request, context, sides, target, artifacts, bound, began };
  report.begin();
  const campaigns = new Campaigns();
  await campaigns.run(plan);
  const { compared, result } = await decide(plan, campaigns);
  if (result.failure !== null) return result.failure;
  const looked = lookedAt(sides.lines, campaigns.done.patched?.passages ?? []);
  report.tell(compared, looked, boundOf(plan, campaigns));
  writeMail(request.values.mail, report);
  return fuzzExitCode({ ...result, titles: compared.fresh.length });
}

function writeMail(path: string | undefined, report: ReviewReport): void {
  if (path === undefined) return;
  try {
    atomicFiles.write(absolutePath(path), report.mail());
  } catch (e) {
    if (!isSystemError(e)) throw e;
    throw new UsageError(`Cannot write ${path}: ${reason(e)}`);
  }
}
