/**
 * Random priorities of the accesses that the CPUs stand before, as POS draws them.
 *
 * @module
 */
import { accesses, hasNext, next } from "./weave.ts";
import type { Rng } from "../programs/rng.ts";
import { LIMITS } from "../../prog/types.ts";

/** The priority of the next access of each CPU. */
export const priority: Uint32Array = new Uint32Array(LIMITS.cpus);

/** Draw all priorities. */
export function prioritize(cpus: number, rng: Rng): void {
  for (let c = 0; c < cpus; c++) priority[c] = rng.next();
}

/** CPU `c` has made access `i`: its next one has a new priority, and so have those that raced. */
export function reprioritize(c: number, i: number, cpus: number, rng: Rng): void {
  priority[c] = rng.next();
  for (let d = 0; d < cpus; d++) {
    if (hasNext(d) && accesses.cell[next[d]] === accesses.cell[i]) priority[d] = rng.next();
  }
}
