/**
 * Portfolio: all strategies in turn, each as often as it pays.
 *
 * A strategy keeps the turn for some executions, because `directed` grows its schedules. Whose turn
 * comes next is drawn by shares. A share follows what an execution under the strategy paid: new
 * features, a new title, a rare state. Only executions of a program that ran before count: what the
 * first one shows is the program's merit. Earlier executions count for less than later ones. No
 * share falls below a floor, because what pays changes during a campaign.
 *
 * There are shares of their own for programs that start CPUs, as those of SCTBench do: small ones, whose
 * actors meet at most of their points. `pos`, `surw` and `rff` draw orders of the accesses at which
 * actors have met, so they miss little there. With kernel programs no gain was measured (1.03 times the
 * executions), so they keep their shares. The first executions of such a program are walks, which know
 * its accesses without a first one. Programs with more CPUs than a kernel may have have others again.
 *
 * A program that has had very many schedules, as only a fixed one has, gets others again: what `directed`
 * finds it finds soon. Kernel programs of a campaign are never explored: an execution that switches at
 * most of its points costs as much as several others.
 *
 * This is the adversarial bandit with a floor (Auer, Cesa-Bianchi, Freund, Schapire, SIAM J. Comput.
 * 2002) in its simplest form: shares in proportion to mean pay, from a prior that was measured
 * (test/bench/README.md).
 *
 * @module
 */
import { directed } from "./directed.ts";
import { explore } from "./explore.ts";
import { pct } from "./pct.ts";
import { pos } from "./pos.ts";
import { random } from "./random.ts";
import { rff } from "./rff.ts";
import type { Pay, Situation, Strategy, StrategyParts } from "./strategy.ts";
import { surw } from "./surw.ts";
import type { Rng } from "../programs/rng.ts";
import { KERNEL_LIMITS } from "../../prog/types.ts";

/** A strategy in the portfolio. */
export interface Part {
  readonly strategy: Strategy;
  /** Executions for which it keeps the turn. */
  readonly turn: number;
  /**
   * Its share of the executions before anything is known, in parts of the sum, for each kind of program. With
   * 0, it has no turn.
   */
  readonly usual: number;
  /** For programs that start CPUs. */
  readonly starting: number;
  /** For those with more CPUs than a kernel may have. */
  readonly wide: number;
  /** For those that have had very many schedules. */
  readonly long: number;
}

/**
 * All parts. A strategy that grows its schedules keeps the turn for longer.
 *
 * Wide programs: `rff` alone needs 6 and 9 executions for `reorder_50` and `reorder_100` of SCTBench, and 14
 * for `twostage_50`; `surw` 9, 38 and 55. A constraint of `rff` holds for all CPUs that run the same code.
 */
const PARTS: readonly Part[] = [
  { strategy: directed, turn: 6, usual: 300, starting: 4, wide: 1, long: 14 },
  { strategy: pos, turn: 1, usual: 6, starting: 10, wide: 1, long: 4 },
  { strategy: surw, turn: 1, usual: 8, starting: 36, wide: 6, long: 8 },
  { strategy: rff, turn: 2, usual: 4, starting: 10, wide: 60, long: 4 },
  { strategy: pct, turn: 1, usual: 4, starting: 1, wide: 1, long: 3 },
  { strategy: random, turn: 1, usual: 2, starting: 1, wide: 1, long: 2 },
  { strategy: explore, turn: 1, usual: 0, starting: 8, wide: 0, long: 65 },
];
/** No share is smaller than one in this many executions, unless it has no turn at all. */
const FLOOR = 48;
/** So many executions of a program that starts CPUs come first, and are walks, unless it is wide. */
const WALKS = 3;
/** Schedules of one program that are very many. */
const MANY = 2048;
/** Executions after which the pay of earlier ones counts for half. */
const HALF_LIFE = 4096;
/** Executions as which the prior counts. */
const PRIOR_EXECS = 512;
/** What a new title pays, in new features; and a state that was reached once before. */
const TITLE_PAYS = 32;
const STATE_PAYS = 1;

/** Shares of the parts: they follow the mean pay. */
class Shares {
  readonly share: Float64Array;
  readonly #prior: readonly number[];
  /** What each part was paid, and for how many executions. */
  readonly #pay: Float64Array;
  readonly #execs: Float64Array;

  constructor(prior: readonly number[]) {
    this.#prior = prior;
    this.share = Float64Array.from(prior);
    this.#pay = new Float64Array(prior.length);
    this.#execs = new Float64Array(prior.length);
  }

  /** An execution under part `turn` was paid. */
  paid(turn: number, pay: number): void {
    const fade = 1 - Math.LN2 / HALF_LIFE;
    for (let i = 0; i < this.share.length; i++) {
      this.#pay[i] *= fade;
      this.#execs[i] *= fade;
    }
    this.#pay[turn] += pay;
    this.#execs[turn]++;
    this.#reckon();
  }

  /**
   * The prior counts as executions that paid what the mean is. Where nothing pays for long, shares draw near
   * each other, because the mean stays above zero.
   */
  #reckon(): void {
    let pay = 0;
    let execs = 0;
    for (let i = 0; i < this.share.length; i++) {
      pay += this.#pay[i];
      execs += this.#execs[i];
    }
    const mean = (1 + pay) / (1 + execs);
    let sum = 0;
    for (let i = 0; i < this.share.length; i++) {
      const own = (this.#pay[i] + PRIOR_EXECS * mean) / (this.#execs[i] + PRIOR_EXECS);
      this.share[i] = this.#prior[i] * own / mean;
      sum += this.share[i];
    }
    for (let i = 0; i < this.share.length; i++) {
      if (this.#prior[i] > 0) this.share[i] = Math.max(this.share[i], sum / FLOOR);
    }
  }
}

export class Portfolio implements Strategy {
  readonly name = "portfolio";
  readonly doc = "all the others, each as often as it pays";
  readonly #parts: readonly Part[];
  readonly #strategies: readonly Strategy[];
  readonly #usual: Shares;
  readonly #starting: Shares;
  readonly #wide: Shares;
  readonly #long: Shares;
  /** The strategy of the first executions of programs that start CPUs; -1: there is none. */
  readonly #first: number;
  /** Those of the schedule that was written last. */
  #shares: Shares;
  readonly parts: StrategyParts;
  /** Whose turn it is, and for how many executions more. */
  #turn = 0;
  #left = 0;
  /** Whether the program of the schedule ran before. */
  #counts = false;
  /** The program, and how many schedules it has had. */
  #program = -1;
  #schedules = 0;

  constructor(parts: readonly Part[] = PARTS) {
    this.#parts = parts;
    this.#strategies = parts.map(({ strategy }) => strategy.begin?.() ?? strategy);
    this.#usual = new Shares(parts.map(({ usual }) => usual));
    this.#starting = new Shares(parts.map(({ starting }) => starting));
    this.#wide = new Shares(parts.map(({ wide }) => wide));
    this.#long = new Shares(parts.map(({ long }) => long));
    this.#first = parts.findIndex(({ strategy }) => strategy === explore);
    this.#shares = this.#usual;
    const names = parts.map(({ strategy }) => strategy.name);
    this.parts = { names, counts: new Float64Array(parts.length) };
  }

  begin(): Strategy {
    return new Portfolio(this.#parts);
  }

  schedule(out: Int32Array, s: Situation, rng: Rng): void {
    this.#counts = s.past !== undefined && s.past.count > 0;
    const n = this.#countSchedule(s);
    const last = this.#turn;
    const shares = this.#sharesFor(s, n);
    if (this.#left === 0 || shares !== this.#shares) {
      this.#shares = shares;
      this.#turn = this.#draw(rng);
      this.#left = this.#parts[this.#turn].turn;
    }
    if (shares === this.#starting && n < WALKS && this.#first >= 0) {
      this.#turn = this.#first;
      this.#left = 1;
    }
    if (this.#turn !== last) this.#strategies[last].note?.(out, s);
    this.#left--;
    this.parts.counts[this.#turn]++;
    this.#strategies[this.#turn].schedule(out, s, rng);
  }

  /** The shares for a program that has had `n` schedules. */
  #sharesFor(s: Situation, n: number): Shares {
    if (s.cpus > KERNEL_LIMITS.cpus) return this.#wide;
    if (s.starts) return this.#starting;
    return n < MANY ? this.#usual : this.#long;
  }

  /** Number of schedules that the program has had before this one. */
  #countSchedule({ past }: Situation): number {
    const program = past?.program ?? 0;
    const isOther = past?.program === undefined ? !this.#counts : program !== this.#program;
    if (isOther) this.#schedules = 0;
    this.#program = program;
    return this.#schedules++;
  }

  #draw(rng: Rng): number {
    let sum = 0;
    for (let i = 0; i < this.#parts.length; i++) sum += this.#shares.share[i] / this.#parts[i].turn;
    let x = (rng.next() / 0x100000000) * sum;
    let i = 0;
    while (i < this.#parts.length - 1 && x >= this.#shares.share[i] / this.#parts[i].turn) {
      x -= this.#shares.share[i] / this.#parts[i].turn;
      i++;
    }
    return i;
  }

  paid(p: Pay): void {
    if (!this.#counts) return;
    const state = STATE_PAYS / (1 + p.state);
    this.#shares.paid(this.#turn, p.features + state + (p.isNewTitle ? TITLE_PAYS : 0));
  }
}

export const portfolio: Strategy = new Portfolio();
