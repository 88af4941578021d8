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
import { absolutePath, makeWritable } from "../parent/paths.ts";
import { folderOf, type ReviewPlan } from "../parent/review_jobs.ts";
import { reviewedUnder, type SidesShown, sidesUnder } from "../parent/review_models.ts";
import { type Bounded, ReviewReport } from "../parent/review_report.ts";
import { type Plans, reviewEach } from "../parent/review_run.ts";
import { sidesOf } from "../parent/review_sides.ts";
import { loadTarget } from "../parent/targets.ts";
import { checkFiles } from "../parent/type_check.ts";
import { EXIT, fuzzExitCode } from "../protocol/exit_code.ts";
import type { Preempt } from "../../prog/types.ts";
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
/** The name of a review in a path. */
function nameOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.[a-z]+$/i, "");
  return name.replace(/[^\w.-]/g, "-");
}

/** Refuse what cannot be reviewed, before anything runs. */
function expectEffect({ changed, notLookedAt }: SidesShown, fixes: readonly string[]): void {
  if (changed.length > 0 || notLookedAt.length === 0) return;
  const name = fixes.join(", ");
  throw new InputErrors([
    `error: Cannot review ${name}: nothing of what it changes runs in the model`,
    ...notLookedAt.map((what) => `  ${what}`),
  ]);
}

function boundOf([{ bound, cpus, seed }]: Plans, began: number): Bounded {
  const asked = "ms" in bound ? `${bound.ms / 1000}s` : `${bound.execs}x`;
  return { seconds: (performance.now() - began) / 1000, cpus, seed, asked };
}

/** What the command line asks for; `name` is that of the folder for findings. */
async function plansOf(
  request: Request,
  context: Context,
  name: string,
  preempts: readonly Preempt[],
): Promise<Plans> {
  const began = performance.now();
  const { rest: fixes, values } = request;
  if (!values["no-check"]) await checkFiles(fixes.filter((f) => f.endsWith(".ts")));
  const target = await loadTarget(values.target ?? DEFAULT_TARGET);
  const folder = values.artifacts ?? `corpus/${target.name}/crashes/review-${nameOf(name)}`;
  const plans: ReviewPlan[] = [];
  for (const preempt of preempts) {
    plans.push({
      request,
      context,
      sides: await sidesOf(fixes, request, preempt),
      target,
      artifacts: preempts.length === 1 ? folder : `${folder}/${preempt}`,
      bound: values.for ?? (values.claim === undefined ? DEFAULT_BOUND : CLAIM_BOUND),
      seed: values.seed ?? DEFAULT_SEED,
      cpus: values.cpus ?? DEFAULT_CPUS,
      preempt,
      began,
    });
  }
  return plans;
}

/** The models to review with. */
function preemptsOf({ given, values }: Request): readonly Preempt[] {
  if (values.preempts === undefined) return [values.preempt!];
  if (!given.has("preempt")) return values.preempts;
  throw new UsageError("Cannot use --preempt with --preempts: --preempts names all models");
}

/** Judge a claim under the preemption model of its file. */
async function judge(path: string, request: Request, context: Context): Promise<number> {
  const { kernel, linux, preempts } = request.values;
  if (kernel === undefined && linux === undefined) {
    throw new UsageError("Cannot judge a claim: --kernel NAME or --linux TREE says of what");
  }
  if (preempts !== undefined) {
    throw new UsageError("Cannot use --preempts with --claim: the file says its preemption model");
  }
  return await claim(path, request, context, async (preempt) => {
    const [plan] = await plansOf(request, context, path, [preempt]);
    return plan;
  });
}

/** Run the verb. */
export async function review(request: Request, context: Context): Promise<number> {
  const { rest: fixes, values } = request;
  if (values.claim !== undefined) return await judge(values.claim, request, context);
  if (fixes.length === 0) {
    throw new UsageError("Cannot review: expected a diff with --linux TREE, or a patch (*.ts)");
  }
  const began = performance.now();
  const plans = await plansOf(request, context, fixes[0], preemptsOf(request));
  const sides = sidesUnder(plans.map((plan) => plan.sides));
  expectEffect(sides, fixes);
  const report = new ReviewReport(context.output, fixes, sides, values.linux ?? null);
  if (sides.changed.length === 0) {
    report.unchanged();
    return EXIT.ok;
  }
  makeWritable(plans.flatMap((plan) => [folderOf(plan, "base"), folderOf(plan, "patched")]));
  report.begin();
  const { models, result } = await reviewEach(plans);
  if (result.failure !== null) return result.failure;
  const reviewed = reviewedUnder(models);
  report.tell(reviewed, boundOf(plans, began));
  writeMail(values.mail, report);
  return fuzzExitCode({ ...result, titles: reviewed.fresh.length });
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
