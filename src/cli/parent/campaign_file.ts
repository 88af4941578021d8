/**
 * The file in which a campaign says what it did: `campaign-SEED.json` beside its findings.
 *
 * @module
 */
import type { CampaignData } from "../../page/campaign_data.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import { isSystemError, reason } from "../files/system_error.ts";
import { UsageError } from "../flags/usage.ts";

/** The format of the file; a reader refuses others. */
const VERSION = 2;
const NAME = /^campaign-\d+\.json$/;

/** Path of the file of a campaign. */
export function campaignPath(dir: string, seed: string): string {
  return `${dir}/campaign-${seed}.json`;
}

/** Write the file; returns why not, or null. */
export function writeCampaign(path: string, data: CampaignData): string | null {
  try {
    atomicFiles.write(path, JSON.stringify({ version: VERSION, ...data }, null, 1) + "\n", false);
    return null;
  } catch (e) {
    if (!isSystemError(e)) throw e;
    return reason(e);
  }
}

/** Names in a folder, sorted; none if it is not there. */
function namesIn(dir: string): string[] {
  try {
    return [...Deno.readDirSync(dir)].filter(({ isFile }) => isFile).map(({ name }) => name).sort();
  } catch (e) {
    if (e instanceof Deno.errors.NotFound || e instanceof Deno.errors.NotADirectory) return [];
    throw e;
  }
}

function readCampaign(path: string): CampaignData {
  const text = Deno.readTextFileSync(path);
  try {
    const { version, ...data } = JSON.parse(text);
    if (version !== VERSION) throw new SyntaxError(`its version is ${version}, not ${VERSION}`);
    return data;
  } catch (e) {
    if (!(e instanceof SyntaxError)) throw e;
    throw new UsageError(`Cannot read ${path}: ${e.message}`);
  }
}

/** A campaign, and the folder of its file. */
export interface Kept {
  readonly dir: string;
  readonly data: CampaignData;
}

/** The campaigns whose files are in a folder, or in its `crashes`. */
export function keptCampaigns(dir: string): Kept[] {
  return [dir, `${dir}/crashes`].flatMap((folder) =>
    namesIn(folder).filter((name) => NAME.test(name))
      .map((name) => ({ dir: folder, data: readCampaign(`${folder}/${name}`) }))
  );
}
