/**
 * `review`: which bugs a diff brings, and which it mends.
 *
 * Two campaigns run the same inputs with the same seed, one on the kernel as it is and one with the
 * diff: first all inputs of the corpus and other schedules of them, then what they come to. The
 * findings of each are then tried on the other.
 *
 * @module
 */
import type { Context } from "../parent/context.ts";
import { InputErrors } from "../parent/inputs.ts";
import { knownFolders } from "../parent/known_folders.ts";
import { absolutePath, makeWritable } from "../parent/paths.ts";
import { type Cause, causesOf, compare, type Compared, toAsk } from "../parent/review_causes.ts";
import {
  both,
  type Campaign,
  campaignOf,
  folderOf,
  questionsOf,
  type ReviewPlan,
  runCampaigns,
  runQuestions,
  type SideName,
} from "../parent/review_jobs.ts";
import { lookedAt } from "../parent/review_lines.ts";
import { type Bounded, ReviewReport } from "../parent/review_report.ts";
import { type Sides, sidesOf } from "../parent/review_sides.ts";
import type { Supervised } from "../parent/supervisor.ts";
import { loadTarget } from "../parent/targets.ts";
import { checkFiles } from "../parent/type_check.ts";
import { EXIT, fuzzExitCode } from "../protocol/exit_code.ts";
import type { ProbedFile, ProbeEvent } from "../protocol/jobs.ts";
import type { Request } from "../flags/parse_flags.ts";
import type { Bound } from "../flags/read_values.ts";
import { UsageError } from "../flags/usage.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import { isSystemError, reason } from "../files/system_error.ts";
import { claim } from "./review_claim.ts";

const DEFAULT_TARGET = "objcg";
const DEFAULT_CPUS = 3;
const DEFAULT_BOUND: Bound = { ms: 60_000 };
/** One program has fewer schedules than a kernel has programs. */
const CLAIM_BOUND: Bound = { ms: 20_000 };
const DEFAULT_SEED = "1";
/** Other schedules of each input of the corpus, before the campaign begins. */
const AROUND = 400;

/** The name of a review in a path. */
function nameOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.[a-z]+$/i, "");
  return name.replace(/[^\w.-]/g, "-");
}

type Campaigns = Record<SideName, Campaign>;

/** Run the campaigns of both sides. */
async function search(plan: ReviewPlan): Promise<{ campaigns: Campaigns; result: Supervised }> {
  const { name } = plan.target;
  const files = knownFolders(name, `corpus/${name}`).flatMap((dir) => atomicFiles.list(dir));
  const work = (side: SideName) => {
    const watched = plan.sides.watched[side];
    return [side, campaignOf(plan, side, { files, around: AROUND, watched })] as const;
  };
  return await runCampaigns(plan, [work("base"), work("patched")]);
}

/** The files of causes, with the titles to look for; of what may be gone, with its places. */
function filesOf(causes: readonly Cause[], isGone: boolean): ProbedFile[] {
  return causes.flatMap(({ crashes }) =>
    crashes.map(({ file, places, title }) => ({
      path: file,
      text: atomicFiles.read(file) ?? "",
      titles: [title],
      places: isGone ? places : [],
    }))
  );
}

/** Compare what the campaigns found. */
async function decide(
  plan: ReviewPlan,
  campaigns: Campaigns,
  result: Supervised,
): Promise<{ compared: Compared; result: Supervised }> {
  const base = causesOf(campaigns.base.crashes);
  const patched = causesOf(campaigns.patched.crashes);
  const answers = new Map<string, ProbeEvent>();
  const { search } = plan.request.values;
  const works = [
    ...questionsOf(plan, "base", filesOf(toAsk(patched, base), false), search!),
    ...questionsOf(plan, "patched", filesOf(toAsk(base, patched), true), search!),
  ];
  const isOver = works.length === 0 || result.failure !== null || result.interrupted;
  const asked = isOver ? result : both(result, await runQuestions(plan, works, answers));
  return { compared: compare(base, patched, answers), result: asked };
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

function boundOf(plan: ReviewPlan, { base, patched }: Campaigns): Bounded {
  const { began, bound, cpus, preempt, seed, sides } = plan;
  return {
    seconds: (performance.now() - began) / 1000,
    base: base.execs,
    patched: patched.execs,
    preempt,
    cpus,
    seed,
    asked: "ms" in bound ? `${bound.ms / 1000}s` : `${bound.execs}x`,
    leftOut: sides.leftOut,
  };
}

/** What the command line asks for; `name` is that of the folder for findings. */
async function planOf(request: Request, context: Context, name: string): Promise<ReviewPlan> {
  const began = performance.now();
  const { rest: fixes, values } = request;
  if (!values["no-check"]) await checkFiles(fixes.filter((f) => f.endsWith(".ts")));
  const target = await loadTarget(values.target ?? DEFAULT_TARGET);
  return {
    request,
    context,
    sides: await sidesOf(fixes, request),
    target,
    artifacts: values.artifacts ?? `corpus/${target.name}/crashes/review-${nameOf(name)}`,
    bound: values.for ?? (values.claim === undefined ? DEFAULT_BOUND : CLAIM_BOUND),
    seed: values.seed ?? DEFAULT_SEED,
    cpus: values.cpus ?? DEFAULT_CPUS,
    preempt: values.preempt!,
    began,
  };
}

/** Run the verb. */
export async function review(request: Request, context: Context): Promise<number> {
  const { rest: fixes, values } = request;
  if (values.claim !== undefined) {
    return await claim(values.claim, await planOf(request, context, values.claim));
  }
  if (fixes.length === 0) {
    throw new UsageError("Cannot review: expected a diff with --linux TREE, or a patch (*.ts)");
  }
  const plan = await planOf(request, context, fixes[0]);
  const { sides } = plan;
  expectEffect(sides, fixes);
  const report = new ReviewReport(context.output, fixes, sides, values.linux ?? null);
  if (sides.changed.length === 0) {
    report.unchanged();
    return EXIT.ok;
  }
  makeWritable([folderOf(plan, "base"), folderOf(plan, "patched")]);
  report.begin();
  const { campaigns, result: searched } = await search(plan);
  const { compared, result } = await decide(plan, campaigns, searched);
  if (result.failure !== null) return result.failure;
  const looked = lookedAt(sides.lines, campaigns.patched.done?.passages ?? []);
  report.tell(compared, looked, boundOf(plan, campaigns), campaigns.patched.hangs);
  writeMail(values.mail, report);
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
