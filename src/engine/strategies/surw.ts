/**
 * SURW: selectively uniform random walk (Zhao, Wolff, Mathur, Roychoudhury, ASPLOS 2025).
 *
 * Some accesses are of interest: those to a few of the cells. All orders of these are equally likely:
 * the CPU that makes the next one is drawn by how many it has left.
 *
 * Deviations: the accesses of interest are among those at which actors met in the last execution of
 * the program, and so is how many a CPU makes; there is no profile run. The schedule is drawn before
 * the execution. Between two of these accesses, the other CPUs do not walk: one of them may go on up to
 * its next one, at once. Some schedules take all cells.
 *
 * @module
 */
import { finishEvents } from "./events.ts";
import { pct } from "./pct.ts";
import type { Strategy } from "./strategy.ts";
import { startedBy } from "./accesses.ts";
import {
  accesses,
  approach,
  beginWeave,
  hasNext,
  next,
  readAccesses,
  runnable,
  step,
} from "./weave.ts";
import type { Rng } from "../programs/rng.ts";
import { LIMITS } from "../../prog/types.ts";

/** One in this many schedules takes all cells. */
const ALL_CELLS = 3;
/** After each cell, one in this many schedules takes no further one. */
const ENOUGH = 2;
/** One in this many times, before an access, some other CPU goes on up to its next one. */
const LET_OTHERS = 3;

const CELLS_MAX = 8;
const cells = new Int32Array(CELLS_MAX);
let chosen = 0;

function isChosen(cell: number): boolean {
  for (let i = 0; i < chosen; i++) if (cells[i] === cell) return true;
  return false;
}

/** The cell of any access that is no start. */
function anyCell(rng: Rng): number {
  let i = rng.below(accesses.count);
  while (startedBy(accesses.cell[i]) >= 0) i = (i + 1) % accesses.count;
  return accesses.cell[i];
}

/** Choose the cells of interest. */
function choose(rng: Rng): void {
  chosen = 0;
  do cells[chosen++] = anyCell(rng); while (
    chosen < CELLS_MAX && !rng.oneIn(ENOUGH)
  );
}

/** Accesses left of each CPU that can run, and of those that it starts. */
const left = new Int32Array(LIMITS.cpus);

/**
 * Draw a CPU by the number of accesses that it has left, with those of the CPUs that it is to start; -1
 * if none has any.
 */
function draw(cpus: number, rng: Rng): number {
  left.fill(0, 0, cpus);
  let sum = 0;
  for (let c = 0; c < cpus; c++) {
    const r = runnable(c);
    if (!hasNext(r)) continue;
    left[r] += accesses.first[c + 1] - next[c];
    sum += accesses.first[c + 1] - next[c];
  }
  if (sum === 0) return -1;
  let x = rng.below(sum);
  let c = 0;
  while (x >= left[c]) x -= left[c++];
  return c;
}

export const surw: Strategy = {
  name: "surw",
  doc: "all orders of the accesses to a few shared cells, equally likely",
  schedule(out, s, rng) {
    if (!readAccesses(s)) return pct.schedule(out, s, rng);
    if (!rng.oneIn(ALL_CELLS)) {
      choose(rng);
      accesses.keepCells(isChosen, s.cpus);
    }
    beginWeave(out, s, rng);
    for (let c = draw(s.cpus, rng); c >= 0; c = draw(s.cpus, rng)) {
      const other = rng.below(s.cpus);
      if (rng.oneIn(LET_OTHERS) && hasNext(other)) approach(out, other);
      step(out, c);
    }
    finishEvents(out);
  },
};
