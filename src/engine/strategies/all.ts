/**
 * All strategies. A new strategy is one file and one line in this list.
 *
 * @module
 */
import { directed } from "./directed.ts";
import { pct } from "./pct.ts";
import { random } from "./random.ts";
import type { Strategy } from "./strategy.ts";

export const STRATEGIES: readonly Strategy[] = [directed, pct, random];

/** The strategy of that name, or undefined. */
export function strategyNamed(name: string): Strategy | undefined {
  return STRATEGIES.find((s) => s.name === name);
}
