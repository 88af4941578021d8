/**
 * What a percpu_ref stands at, seen from outside.
 *
 * @module
 */
import {
  __PERCPU_REF_ATOMIC,
  PERCPU_COUNT_BIAS,
  PERCPU_PTR_SHIFT,
} from "../src/kernel/percpu-refcount-defs.ts";
import { percpu_ref } from "../src/kernel/percpu-refcount.ts";
import { config } from "../src/machine/words/config.ts";
import { offsetOf, peek } from "../src/machine/memory/peek.ts";
import { objectAt } from "../src/machine/memory/objects.ts";
import { type Struct } from "../src/machine/memory/struct_type.ts";

const COUNT = offsetOf(percpu_ref, "count");
const POINTER = offsetOf(percpu_ref, "percpu_count_ptr");

/**
 * How many references the percpu_ref `at` cells into an object counts, whatever mode it is in.
 * Context: it does not change, and no switch between the modes is under way.
 */
export function outstanding(o: Struct, at: number): number {
  const ptr = peek(o, at + POINTER);
  let n = peek(o, at + COUNT);
  if ((ptr & __PERCPU_REF_ATOMIC) !== 0) return n;
  const counters = objectAt(ptr >> PERCPU_PTR_SHIFT);
  if (!counters) return NaN; // a corrupt pointer counts nothing
  for (let cpu = 0; cpu < config.cpus; cpu++) n += peek(counters, cpu);
  return (n - PERCPU_COUNT_BIAS) | 0;
}
