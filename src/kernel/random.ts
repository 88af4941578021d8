/**
 * Random numbers — drivers/char/random.c.
 *
 * A CPU takes them from a batch of its own, under a local_lock with interrupts off. An NMI that takes
 * one while the CPU is doing so changes the batch in between.
 *
 * MODEL: a linear congruential generator for each CPU in place of ChaCha20; its state is the batch, so
 * that one seed and one schedule give the same numbers.
 *
 * @module
 */
import { kernel } from "../machine/calls/registry.ts";
import { statics } from "../machine/memory/struct.ts";
import { type Fields, int, type Struct } from "../machine/memory/struct_type.ts";
import { config } from "../machine/words/config.ts";
import { this_cpu_ptr } from "./memcontrol-types.ts";
import { DEFINE_LOCAL_LOCK, local_lock_irqsave, local_unlock_irqrestore } from "./spinlock.ts";

/** Multiplier and increment of a generator of full period modulo 2^32 (Numerical Recipes). */
const MULTIPLIER = 1664525;
const INCREMENT = 1013904223;

interface batch_u32 extends Struct, Fields<{ entropy: number }> {}
/** DEFINE_PER_CPU(struct batch_u32, batched_entropy_u32) */
const batched_entropy_u32 = statics<batch_u32>("batch_u32", { entropy: int }, config.cpus);
export const batch_lock = DEFINE_LOCAL_LOCK("batched_entropy_u32.lock", config.cpus);

/** get_random_u32() Context: any but NMI. */
export const get_random_u32 = kernel("get_random_u32", (): number => {
  const flags = local_lock_irqsave(batch_lock);
  const batch = this_cpu_ptr(batched_entropy_u32);
  const next = (Math.imul(batch.entropy, MULTIPLIER) + INCREMENT) | 0;
  batch.entropy = next;
  local_unlock_irqrestore(batch_lock, flags);
  return next >>> 0;
}, { inline: true });

/** get_random_u32_below() Context: any but NMI. */
export function get_random_u32_below(ceil: number): number {
  return Math.floor((get_random_u32() / 2 ** 32) * ceil);
}
