/**
 * Whether two executions of one input came to the same.
 *
 * @module
 */
import { FNV_OFFSET, FNV_PRIME } from "../layout/hash.ts";
import { NMEETINGS, NTURNS } from "../layout/meetings.ts";
import { OOPS_ADDR, OOPS_ARG, OOPS_CPU, OOPS_FN, OOPS_KIND } from "../layout/oops.ts";
import { NOVEL, POINTS, SCHEDULED } from "../layout/points.ts";
import { MEETING_WORDS, RETURNS, TURN_WORDS } from "../layout/sizes.ts";
import { SWITCHES } from "../layout/turns.ts";
import { views } from "../words/arena.ts";
import { P_NOPS } from "../../prog/layout.ts";
import { readOops, titleOf } from "../findings/oops.ts";

const { ctl, hot, meetings, prog, slots, turns } = views();

/** Title of the last execution's finding, or null. */
export function foundTitle(): string | null {
  const oops = readOops();
  return oops === null ? null : titleOf(oops);
}

function hashOf(words: Int32Array, from: number, n: number): number {
  let h = FNV_OFFSET;
  for (let i = from; i < from + n; i++) h = Math.imul(h ^ words[i], FNV_PRIME);
  return h;
}

/** What the last execution came to, in lines. */
export function summary(): string[] {
  const lines = [
    `points: ${ctl[POINTS]}, of them scheduled: ${ctl[SCHEDULED]}`,
    `switches: ${ctl[SWITCHES]}`,
    `new features: ${hot[NOVEL]}`,
    `meetings: ${ctl[NMEETINGS]}, hash ${hashOf(meetings, 0, ctl[NMEETINGS] * MEETING_WORDS)}`,
    `turns: ${ctl[NTURNS]}, hash ${hashOf(turns, 0, ctl[NTURNS] * TURN_WORDS)}`,
    `finding: ${foundTitle() ?? "none"}`,
  ];
  if (ctl[OOPS_KIND] === 0) {
    return [...lines, `return values: hash ${hashOf(slots, RETURNS, prog[P_NOPS])}`];
  }
  const where = [OOPS_CPU, OOPS_FN, OOPS_ARG, OOPS_ADDR].map((word) => ctl[word]);
  return [...lines, `CPU, function, argument, address: ${where.join(", ")}`];
}

/** What differs, one line each. */
export function differences(fibers: readonly string[], workers: readonly string[]): string[] {
  return workers.flatMap((line, i) =>
    line === fibers[i] ? [] : [`Workers: ${line}; fibers: ${fibers[i]}`]
  );
}
