/**
 * What the inputs cover that a campaign has left behind.
 *
 * @module
 */
import type { CampaignData, CoverageData } from "../../page/campaign_data.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import { type FlagName, flagNamed } from "../flags/flags.ts";
import { parseFlags } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import type { CoverJob } from "../protocol/jobs.ts";
import type { Kept } from "./campaign_file.ts";
import { commonJob, type Context } from "./context.ts";
import { Cover, coverJob } from "./cover.ts";
import { REPLAYED } from "./surroundings.ts";
import { loadTarget } from "./targets.ts";

/** Flags of a campaign that say what its inputs run on. */
const RELEVANT: readonly FlagName[] = [...REPLAYED, "every-step", "hang-timeout"];

/** The flags as arguments; a campaign has stored them with their defaults. */
function argumentsOf(flags: CampaignData["flags"]): string[] {
  return RELEVANT.flatMap((name) => {
    const value = flags[name];
    if (value === undefined) return [];
    if (flagNamed(name).metavar === null) return [`--${name}`];
    const texts = Array.isArray(value) && !flagNamed(name).repeat ? [value.join(",")] : value;
    return [texts].flat().flatMap((text) => [`--${name}`, String(text)]);
  });
}

/** Folders with the inputs: the queue of the corpus, and the findings beside the campaign's file. */
function foldersOf({ data: { flags }, dir }: Kept): string[] {
  const corpus = dir.endsWith("/crashes") ? dir.slice(0, -"/crashes".length) : flags.corpus;
  return [...typeof corpus === "string" ? [`${corpus}/queue`] : [], dir];
}

async function jobOf(kept: Kept, { known }: Context): Promise<CoverJob> {
  const { cpus, flags, kernel, preempt } = kept.data;
  await known.series.loadFor([kernel]);
  const request = parseFlags("fuzz", [...argumentsOf(flags), "--preempt", preempt], known);
  const { name, url } = await loadTarget(request.values.target ?? kept.data.target);
  const campaign = {
    ...commonJob(request, known, kernel),
    kernel,
    target: name,
    targetUrl: url,
    cpus,
    preempt: request.values.preempt!,
  };
  return coverJob(campaign, foldersOf(kept), null, false);
}

/** Run the inputs; null if there are none, or if they cannot be run any more. */
export async function keptCoverage(kept: Kept, context: Context): Promise<CoverageData | null> {
  let last: CoverageData | null = null;
  try {
    const job = await jobOf(kept, context);
    if (job.folders.every((folder) => atomicFiles.list(folder).length === 0)) return null;
    const cover = new Cover(job, context, (c) => last = c);
    await cover.finish();
  } catch (e) {
    if (!(e instanceof UsageError)) throw e;
    context.output.note(`No coverage of seed ${kept.data.seed}: ${e.message}`);
  }
  return last;
}
