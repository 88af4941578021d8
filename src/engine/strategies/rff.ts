/**
 * RFF: constraints that say which write an access comes to, over random priorities (Wolff, Shi, Duck,
 * Mathur, Roychoudhury, ASPLOS 2024).
 *
 * A constraint names two sites in code: the access and the write, or that no write comes before the
 * access. It holds for whatever CPU passes these sites. The access waits for the write, and other
 * writes to the cell wait for the access. Where all wait, one of them goes on all the same. For the
 * rest, the order is that of POS.
 *
 * Deviations: the schedule is drawn before the execution, from the accesses at which actors met in the
 * last execution of the program. A site is a path, of two points. Pairs of sites are drawn by how
 * seldom they were; the constraints of the schedule before are kept or not, whether they showed
 * anything new or not. A constraint counts at every cell.
 *
 * @module
 */
import { finishEvents } from "./events.ts";
import { pct } from "./pct.ts";
import { prioritize, priority, reprioritize } from "./priorities.ts";
import type { Situation, Strategy } from "./strategy.ts";
import { accesses, beginWeave, hasNext, next, readAccesses, step } from "./weave.ts";
import type { Rng } from "../programs/rng.ts";

/** Maximum of constraints. */
const CONSTRAINTS_MAX = 4;
/** One in this many schedules begins with new constraints; the others change one. */
const ANEW = 3;
/** After each new constraint, one in this many schedules gets no further one. */
const ENOUGH = 2;
/** Number of pairs drawn; the one that was drawn least before is taken. */
const DRAWS = 3;
/** One in this many constraints lets the access come before all writes. */
const BEFORE_ALL = 3;

/** Stands for the site of a write that no write comes before. */
const NO_WRITE = -0x7fffffff;
const PAIR_BITS = 12;

/** The site of an access: its path, or its place where the path is not known. */
function siteOf(i: number): number {
  return accesses.key[i] >= 0 ? accesses.key[i] : -1 - accesses.place[i];
}

function pairOf(r: number, w: number): number {
  return Math.imul(Math.imul(r, 0x9e3779b1) ^ w, 0x85ebca6b) >>> (32 - PAIR_BITS);
}

/** Draw a write to the cell of access `r` by another CPU; -1 if there is none. */
function drawWrite(r: number, rng: Rng): number {
  let chosen = -1;
  let n = 0;
  for (let i = 0; i < accesses.count; i++) {
    if (accesses.writes[i] === 0 || accesses.cell[i] !== accesses.cell[r]) continue;
    if (accesses.cpu[i] !== accesses.cpu[r] && rng.oneIn(++n)) chosen = i;
  }
  return chosen;
}

/** Whether an access with site `r` to this cell is still to come. */
function isToCome(r: number, cell: number, cpus: number): boolean {
  for (let c = 0; c < cpus; c++) {
    for (let i = next[c]; i < accesses.first[c + 1]; i++) {
      if (accesses.cell[i] === cell && siteOf(i) === r) return true;
    }
  }
  return false;
}

/** The strategy in one campaign: it remembers its constraints, and which pairs were drawn. */
class Rff implements Strategy {
  readonly name = "rff";
  readonly doc = "constraints on which write an access comes to, by their places in code";
  #constraints = 0;
  readonly #reader = new Int32Array(CONSTRAINTS_MAX);
  readonly #writer = new Int32Array(CONSTRAINTS_MAX);
  /** Per constraint: the cell at which its access is waited for; 0 while its write is. */
  readonly #waiting = new Int32Array(CONSTRAINTS_MAX);
  readonly #drawn = new Uint32Array(1 << PAIR_BITS);

  begin(): Strategy {
    return new Rff();
  }

  schedule(out: Int32Array, s: Situation, rng: Rng): void {
    if (!readAccesses(s)) return pct.schedule(out, s, rng);
    this.#choose(rng);
    beginWeave(out, s, rng);
    this.#waiting.fill(0);
    prioritize(s.cpus, rng);
    for (let c = this.#highest(s.cpus); c >= 0; c = this.#highest(s.cpus)) {
      const i = next[c];
      step(out, c);
      this.#note(i);
      reprioritize(c, i, s.cpus, rng);
    }
    finishEvents(out);
  }

  #choose(rng: Rng): void {
    if (this.#constraints === 0 || rng.oneIn(ANEW)) {
      this.#constraints = 0;
      do this.#constrain(this.#constraints, rng); while (
        this.#constraints < CONSTRAINTS_MAX && !rng.oneIn(ENOUGH)
      );
    } else this.#constrain(rng.below(Math.min(CONSTRAINTS_MAX, this.#constraints + 1)), rng);
  }

  /** Write constraint `k`, if there are accesses that can meet. */
  #constrain(k: number, rng: Rng): void {
    let least = Infinity;
    for (let d = 0; d < DRAWS; d++) {
      const r = rng.below(accesses.count);
      const w = drawWrite(r, rng);
      if (w < 0) continue;
      const site = rng.oneIn(BEFORE_ALL) ? NO_WRITE : siteOf(w);
      const times = this.#drawn[pairOf(siteOf(r), site)];
      if (times >= least) continue;
      least = times;
      this.#reader[k] = siteOf(r);
      this.#writer[k] = site;
    }
    if (least === Infinity) return;
    this.#drawn[pairOf(this.#reader[k], this.#writer[k])]++;
    this.#constraints = Math.max(this.#constraints, k + 1);
  }

  /** Whether access `i` must wait. */
  #mustWait(i: number, cpus: number): boolean {
    const cell = accesses.cell[i];
    const site = siteOf(i);
    for (let k = 0; k < this.#constraints; k++) {
      const isMade = this.#writer[k] === NO_WRITE || this.#waiting[k] === cell;
      if (site === this.#reader[k]) {
        if (!isMade) return true;
      } else if (isMade && accesses.writes[i] === 1 && isToCome(this.#reader[k], cell, cpus)) {
        return true;
      }
    }
    return false;
  }

  /** The CPU with the highest priority, of those that need not wait if there are any; or -1. */
  #highest(cpus: number): number {
    let best = -1;
    let isFree = false;
    for (let c = 0; c < cpus; c++) {
      if (!hasNext(c)) continue;
      const free = !this.#mustWait(next[c], cpus);
      if (isFree && !free) continue;
      if (best < 0 || free !== isFree || priority[c] > priority[best]) best = c;
      isFree ||= free;
    }
    return best;
  }

  /** Access `i` is made: constraints come into force, or are fulfilled. */
  #note(i: number): void {
    const site = siteOf(i);
    for (let k = 0; k < this.#constraints; k++) {
      if (site === this.#reader[k]) this.#waiting[k] = 0;
      if (site === this.#writer[k] && accesses.writes[i] === 1) {
        this.#waiting[k] = accesses.cell[i];
      }
    }
  }
}

export const rff: Strategy = new Rff();
