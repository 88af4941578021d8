/**
 * `review --claim`: whether what somebody claims happens.
 *
 * The claim is a seed without a known outcome. It runs under its own schedule, and then its program
 * under as many others as the bound allows.
 *
 * @module
 */
import { type Context, namesOf } from "../parent/context.ts";
import { type Claimed, tellClaim } from "../parent/claim_report.ts";
import { findFiles, InputErrors, inputsOf, readInputs } from "../parent/inputs.ts";
import { makeWritable } from "../parent/paths.ts";
import {
  both,
  campaignOf,
  folderOf,
  questionsOf,
  type ReviewPlan,
  runCampaigns,
  runQuestions,
} from "../parent/review_jobs.ts";
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import { EXIT, fuzzExitCode } from "../protocol/exit_code.ts";
import type { CrashEvent, ProbeEvent } from "../protocol/jobs.ts";
import type { Preempt, Program } from "../../prog/types.ts";

/** What an error says of a file that asks for something which no target has. */
const UNKNOWN_OPERATION = /: Unknown operation /;

/** The claim, or what of it the model has not. */
async function readClaim(path: string, request: Request, context: Context) {
  const { target } = request.values;
  const { reads } = await readInputs(findFiles([path]), target, namesOf(context.known));
  if (reads.length !== 1) {
    throw new UsageError(`Cannot judge ${path}: --claim takes one file`);
  }
  const errors = reads[0].errors.map(String);
  if (errors.length === 0) return { input: inputsOf(reads)[0], errors };
  if (errors.every((error) => UNKNOWN_OPERATION.test(error))) return { input: null, errors };
  throw new InputErrors(errors);
}

/** Judge a claim on what `planOf` plans for its preemption model; returns the exit code. */
export async function claim(
  path: string,
  request: Request,
  context: Context,
  planOf: (preempt: Preempt) => Promise<ReviewPlan>,
): Promise<number> {
  const { output } = context;
  const { input, errors } = await readClaim(path, request, context);
  const plan = await planOf(input?.program.preempt ?? request.values.preempt!);
  const about = { file: path, kernel: plan.sides.kernel };
  if (input === null) {
    tellClaim(output, { ...about, title: path, missing: errors.join("\n  ") });
    return EXIT.unmet;
  }
  const { program, text } = input;
  const own: ReviewPlan = { ...plan, target: input.target, cpus: program.cpus };
  makeWritable([folderOf(own, "patched")]);
  const answers = new Map<string, ProbeEvent>();
  const files = [{ path, text, titles: [] }];
  const asked = await runQuestions(own, questionsOf(own, "patched", files, 0), answers);
  if (asked.failure !== null) return asked.failure;
  const answer = answers.get(path);
  const subject: Claimed = { ...about, title: program.title, answer };
  if (answer?.result === "absent" || (answer?.missing && !isStep(answer))) {
    tellClaim(output, { ...subject, missing: answer.missing! });
    return EXIT.unmet;
  }
  const part = { files: [path], around: Number.MAX_SAFE_INTEGER, isAll: true, watched: NOTHING };
  const { campaigns: { claim }, result } = await runCampaigns(own, [
    ["claim", campaignOf(own, "patched", part, 1)],
  ]);
  const whole = both(asked, result);
  if (whole.failure !== null) return whole.failure;
  const seconds = (performance.now() - plan.began) / 1000;
  const { shown, others } = asClaimed(claim.crashes, program, answer?.title ?? null);
  const { execs: schedules } = claim;
  tellClaim(output, { ...subject, crashes: shown, others, schedules, seconds });
  return fuzzExitCode({ ...whole, titles: shown.length });
}

/**
 * The findings that are what is claimed: those with a title that the file expects, or all if it expects
 * none. What its own schedule shows comes first.
 */
function asClaimed(crashes: readonly CrashEvent[], { expects }: Program, own: string | null) {
  const titles = expects.flatMap(({ title }) => title ?? []);
  const isClaimed = ({ title }: CrashEvent) => titles.length === 0 || titles.includes(title);
  const sorted = crashes.toSorted((a, b) => Number(b.title === own) - Number(a.title === own));
  return { shown: sorted.filter(isClaimed), others: sorted.filter((c) => !isClaimed(c)) };
}

const NOTHING = { functions: [], within: [], heads: [] };

/** Whether what is missing is a step that was not reached, and not a name that the kernel has not. */
function isStep({ missing }: ProbeEvent): boolean {
  return /^cpu\d+ /.test(missing!);
}
