/**
 * `report`: one page of the campaigns in a folder.
 *
 * @module
 */
import type { CampaignData, MatrixCell } from "../../page/campaign_data.ts";
import { campaignPage } from "../../page/campaign.ts";
import { causesOf } from "../../page/causes.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import { isSystemError, reason } from "../files/system_error.ts";
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import { type Kept, keptCampaigns } from "../parent/campaign_file.ts";
import type { Context } from "../parent/context.ts";
import { keptCoverage } from "../parent/kept_coverage.ts";
import { absolutePath } from "../parent/paths.ts";
import { count } from "../parent/tally.ts";
import { EXIT } from "../protocol/exit_code.ts";

/** The path of a file, from the folder of the page. */
function relative(path: string, from: string): string {
  const to = absolutePath(path).split("/");
  const base = absolutePath(from).split("/");
  let common = 0;
  while (common < base.length && base[common] === to[common]) common++;
  const steps = [...base.slice(common).map(() => ".."), ...to.slice(common)];
  return steps.map(encodeURIComponent).join("/");
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** A campaign with links to the pages that exist, which may have moved together with its file. */
function linked({ data, dir }: Kept, folder: string): CampaignData {
  const findings = data.findings.map((finding) => {
    const page = finding.page === null ? null : `${dir}/${finding.page.replace(/^.*\//, "")}`;
    return { ...finding, page: page !== null && isThere(page) ? relative(page, folder) : null };
  });
  return { ...data, findings };
}

/** The cells that `matrix --json` has printed into `matrix.jsonl`; none if that was not run. */
function matrixOf(dir: string): MatrixCell[] {
  const path = `${dir}/matrix.jsonl`;
  if (!isThere(path)) return [];
  return Deno.readTextFileSync(path).split("\n").flatMap((line, i) => {
    if (line.trim() === "") return [];
    try {
      const { event, file, kernel, result, title, ok } = JSON.parse(line);
      return event === "cell" ? [{ file, kernel, result, title, ok }] : [];
    } catch {
      throw new UsageError(
        `${path}:${i + 1}:1: this is no line of JSON, as matrix --json prints it`,
      );
    }
  });
}

/** Run the verb. */
export async function report({ rest, values }: Request, context: Context): Promise<number> {
  const { output } = context;
  if (rest.length !== 1) {
    throw new UsageError(`Cannot report: expected one folder, found ${rest.length}`);
  }
  const [dir] = rest;
  const kept = keptCampaigns(dir);
  if (kept.length === 0) {
    throw new UsageError(
      `Cannot report ${dir}: it has no campaign-SEED.json, which fuzz writes beside its findings`,
    );
  }
  const path = values.html ?? `${dir}/index.html`;
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) || "/" : ".";
  const campaigns: CampaignData[] = [];
  for (const k of kept) {
    campaigns.push({ ...linked(k, folder), coverage: await keptCoverage(k, context) });
  }
  try {
    atomicFiles.write(path, campaignPage({ campaigns, matrix: matrixOf(dir), live: false }));
  } catch (e) {
    if (!isSystemError(e)) throw e;
    throw new UsageError(`Cannot write ${path}: ${reason(e)}`);
  }
  const causes = campaigns.reduce((n, c) => n + causesOf(c.findings).length, 0);
  output.note(`Wrote ${path}: ${count(campaigns.length, "campaign")}, ${count(causes, "cause")}`);
  return EXIT.ok;
}
