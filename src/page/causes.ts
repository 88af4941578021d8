/**
 * What a campaign found, by cause.
 *
 * @module
 */
import type { CampaignFinding } from "./campaign_data.ts";

/** A cause, and the findings that follow from it. */
export interface Cause {
  /** The law that is broken first, or the title of the finding if there is none. */
  readonly title: string;
  /** Executions until the first of its findings. */
  readonly execs: number;
  /** Known bugs among them; none if all are new. */
  readonly known: readonly string[];
  /** Whether some of them is no known bug. */
  readonly isNew: boolean;
  /** In the order in which they were found. */
  readonly findings: readonly CampaignFinding[];
}

/** The causes of findings, the first one that was found first. */
export function causesOf(findings: readonly CampaignFinding[]): Cause[] {
  const groups = new Map<string, CampaignFinding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.cause);
    if (group === undefined) groups.set(finding.cause, [finding]);
    else group.push(finding);
  }
  return [...groups].map(([title, group]) => ({
    title,
    execs: Math.min(...group.map(({ execsToFind }) => execsToFind)),
    known: [...new Set(group.flatMap(({ known }) => known ?? []))],
    isNew: group.some(({ known }) => known === null),
    findings: group,
  }));
}
