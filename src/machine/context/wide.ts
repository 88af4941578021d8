/**
 * What a wide machine has not, because it keeps sets of CPUs in a word: see NR_CPUS.
 *
 * @module
 */
import { NCPUS } from "../layout/cpus.ts";
import { NR_CPUS } from "../layout/sizes.ts";
import { views } from "../words/arena.ts";
import { oops, OOPS_CAPACITY } from "../findings/oops.ts";

const { ctl } = views();

/** Something happens that a program with more CPUs than a kernel may have cannot do. */
export function refuseWide(what: string): void {
  if (ctl[NCPUS] > NR_CPUS) oops(OOPS_CAPACITY, 0, 0, `${what} on at most ${NR_CPUS} CPUs`);
}
