/**
 * What the search can do without, one at a time: edits of the sources that turn a part of it off.
 *
 * The sources are edited in a copy, so that the loop of the product has no switches.
 *
 * @module
 */
import type { Edit } from "../tuning/copy.ts";

/** A part of the search. */
export interface Feature {
  readonly name: string;
  readonly edits: readonly Edit[];
}

const CAMPAIGN = "src/engine/campaign/campaign.ts";
const POINT = "src/machine/memory/point.ts";
const PORTFOLIO = "src/engine/strategies/portfolio.ts";

function one(name: string, path: string, from: string, to: string): Feature {
  return { name, edits: [{ path, from, to }] };
}

/** The portfolio without a strategy: its prior is nothing, and so is its floor. */
function withoutStrategy(name: string): Feature {
  return one(`strategy ${name}`, PORTFOLIO, `{ strategy: ${name}, `, `// { strategy: ${name}, `);
}

/** Parts that can be turned off, in the order of the table. */
export const FEATURES: readonly Feature[] = [
  one("sites", POINT, "if (s === 0) novel(e);", "if (s === 0) seen[e] = SEEN_YES;"),
  one("reads-from pairs", POINT, "if (seen[f] === 0) novel(f);", "if (seen[f] === 0) return;"),
  one(
    "states",
    "src/machine/memory/coverage.ts",
    "const f = HALF | (Math.imul(hash, GOLDEN) >>> HALF_SHIFT);",
    "if (HALF > 0) return;\n  const f = HALF | (Math.imul(hash, GOLDEN) >>> HALF_SHIFT);",
  ),
  one("meetings", "src/machine/workers.ts", "return ctl[NMEETINGS];", "return 0;"),
  one(
    "meetings turned first",
    "src/engine/strategies/directed.ts",
    "if (!rng.oneIn(OTHERWISE) && this.#turnNew",
    "if (OTHERWISE === 0 && this.#turnNew",
  ),
  one("archive", CAMPAIGN, "if (this.execs >= PLAIN) this.#settler.settle();", ""),
  one("lock orders", CAMPAIGN, "if (made.length > 0) this.#merged", "if (false) this.#merged"),
  one("learned pairs", CAMPAIGN, "if (!isSymbolic) this.#learn();", ""),
  one(
    "binding",
    "src/engine/programs/bind.ts",
    "if (n < 2 || !rng.oneIn(BOUND)) return;",
    "return;",
  ),
  one("shares", PORTFOLIO, "if (!this.#counts) return;", "return;"),
  ...["directed", "pos", "surw", "rff", "pct", "random"].map(withoutStrategy),
];
