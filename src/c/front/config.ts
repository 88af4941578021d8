/**
 * The configuration for which a tree is read: symbols of Kconfig, the preemption model, and the
 * width of a word.
 *
 * @module
 */

/** The preemption model; as `--preempt`. */
export type Preemption = "none" | "full" | "rt";

/** What is chosen; the rest follows. */
export interface Choice {
  readonly preempt?: Preemption;
  /** Bits of `long` and of a pointer. The modelled machine has 32. */
  readonly bits?: 32 | 64;
}

/** Values of symbols: what is not in the table is not set. */
export type Configuration = ReadonlyMap<string, number>;

/** What the model has. Everything else is off: it is listed as outside of the model, or not called. */
const ON = [
  "CONFIG_CGROUPS",
  "CONFIG_HOTPLUG_CPU",
  "CONFIG_MEMCG",
  "CONFIG_MEMCG_KMEM",
  "CONFIG_MMU",
  "CONFIG_MODULES",
  "CONFIG_NUMA",
  "CONFIG_PAGE_COUNTER",
  "CONFIG_SLUB",
  "CONFIG_SMP",
  "CONFIG_SWAP",
];

const PREEMPTION: Readonly<Record<Preemption, readonly string[]>> = {
  none: ["CONFIG_PREEMPT_NONE"],
  full: ["CONFIG_PREEMPT", "CONFIG_PREEMPTION", "CONFIG_PREEMPT_COUNT", "CONFIG_PREEMPT_RCU"],
  rt: ["CONFIG_PREEMPT_RT", "CONFIG_PREEMPTION", "CONFIG_PREEMPT_COUNT", "CONFIG_PREEMPT_RCU"],
};

/** The configuration of a choice. */
export function configuration({ preempt = "none", bits = 32 }: Choice = {}): Configuration {
  const symbols = [...ON, ...PREEMPTION[preempt], ...(bits === 64 ? ["CONFIG_64BIT"] : [])];
  return new Map<string, number>([
    ...symbols.map((s) => [s, 1] as const),
    ["BITS_PER_LONG", bits],
    ["__KERNEL__", 1],
    ["__GNUC__", 14],
  ]);
}
