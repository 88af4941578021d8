/**
 * What a campaign runs on, as the key under which a hub keeps its inputs.
 *
 * @module
 */
import { sha256 } from "../files/sha256.ts";
import { count } from "./tally.ts";
import { DIGITS } from "./model_version.ts";
import { pathOf } from "./paths.ts";
import type { FuzzJob } from "../protocol/jobs.ts";

function checksum(data: string | Uint8Array): string {
  return sha256(data).slice(0, DIGITS);
}

const fileChecksum = (url: string) => checksum(Deno.readFileSync(pathOf(url)));

/** A key, and what it stands for in words. */
export interface HubKey {
  readonly key: string;
  readonly about: string;
}

/** Patches and targets count by their content, wherever their files are. */
export function hubKey(job: FuzzJob): HubKey {
  const { cpus, everyStep, kcsan, kernel, preempt, stepLimit, target, without } = job;
  const patches = job.patches.map(fileChecksum);
  const targetFile = fileChecksum(job.targetUrl);
  const all = { kernel, patches, target, targetFile, preempt, cpus, without, kcsan, stepLimit };
  const about = [
    `${target} on ${kernel}`,
    `preempt ${preempt}`,
    count(cpus, "CPU"),
    ...patches.map((sum) => `patch ${sum}`),
    ...without.map((name) => `no ${name}`),
    ...kcsan === "off" ? [] : [`kcsan ${kcsan}`],
  ].join(", ");
  return { key: checksum(JSON.stringify({ ...all, everyStep })), about };
}
