/**
 * All strategies. A new strategy is one file and one line in this list.
 *
 * @module
 */
import { directed } from "./directed.ts";
import { explore } from "./explore.ts";
import { pct } from "./pct.ts";
import { portfolio } from "./portfolio.ts";
import { pos } from "./pos.ts";
import { random } from "./random.ts";
import { rff } from "./rff.ts";
import type { Strategy } from "./strategy.ts";
import { surw } from "./surw.ts";

export const STRATEGIES: readonly Strategy[] = [
  portfolio,
  directed,
  explore,
  pct,
  pos,
  random,
  rff,
  surw,
];

/** Strategies for a search that learns nothing from one schedule to the next, or little. */
export const PLAIN: readonly Strategy[] = [directed, pct, random];

/** The strategy of that name, or undefined. */
export function strategyNamed(name: string): Strategy | undefined {
  return STRATEGIES.find((s) => s.name === name);
}
