/**
 * Running a review: the campaigns of both sides, and what each side's findings come to on the other; with
 * several preemption models, one after the other.
 *
 * @module
 */
import { knownFolders } from "./known_folders.ts";
import { type Cause, causesOf, compare, type Compared, toAsk } from "./review_causes.ts";
import {
  both,
  type Campaign,
  campaignOf,
  questionsOf,
  type ReviewPlan,
  runCampaigns,
  runQuestions,
  type SideName,
} from "./review_jobs.ts";
import { lookedAt } from "./review_lines.ts";
import type { OfModel } from "./review_models.ts";
import type { Supervised } from "./supervisor.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import type { ProbedFile, ProbeEvent } from "../protocol/jobs.ts";

/** Plans of one review: a preemption model each, one at least. */
export type Plans = readonly ReviewPlan[];

/** Other schedules of each input of the corpus, before the campaign begins. */
const AROUND = 400;

type Campaigns = Record<SideName, Campaign>;

/** Run the campaigns of both sides. */
async function search(plan: ReviewPlan): Promise<{ campaigns: Campaigns; result: Supervised }> {
  const { name } = plan.target;
  const files = knownFolders(name, `corpus/${name}`).flatMap((dir) => atomicFiles.list(dir));
  const work = (side: SideName) => {
    const watched = plan.sides.watched[side];
    // Whoever names several models asks what each of them shows, of the corpus too.
    const preempt = plan.request.values.preempts === undefined ? undefined : plan.preempt;
    return [side, campaignOf(plan, side, { files, around: AROUND, preempt, watched })] as const;
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

/** The plan with its share of the time that is left, if `others` follow it. */
function shared(plan: ReviewPlan, others: number): ReviewPlan {
  const { began, bound } = plan;
  if (!("ms" in bound)) return plan;
  const now = performance.now();
  const left = Math.max(0, bound.ms - (now - began));
  return { ...plan, began: now, bound: { ms: left / (others + 1) } };
}

/** Review under one preemption model. */
async function reviewOne(plan: ReviewPlan): Promise<{ of: OfModel; result: Supervised }> {
  const { campaigns, result: searched } = await search(plan);
  const { compared, result } = await decide(plan, campaigns, searched);
  const { base, patched } = campaigns;
  const looked = lookedAt(plan.sides.lines, patched.done?.passages ?? []);
  const { preempt, sides } = plan;
  const counts = { base: base.execs, patched: patched.execs };
  return { of: { preempt, sides, compared, looked, ...counts, hangs: patched.hangs }, result };
}

/** Review under each model in turn, until one fails or the user stops it. */
export async function reviewEach(plans: Plans): Promise<{ models: OfModel[]; result: Supervised }> {
  const models: OfModel[] = [];
  let whole: Supervised = { failure: null, interrupted: false, hung: false };
  for (const [i, plan] of plans.entries()) {
    if (whole.failure !== null || whole.interrupted) break;
    const { of, result } = await reviewOne(shared(plan, plans.length - 1 - i));
    models.push(of);
    whole = both(whole, result);
  }
  return { models, result: whole };
}
