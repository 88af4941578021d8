/**
 * All sanitizers, one line each, in the order in which they judge.
 *
 * @module
 */
import type { Sanitizer } from "./sanitizer.ts";

export const SANITIZERS: readonly Sanitizer[] = [
  (await import("./kasan.ts")).kasan,
  (await import("./kmsan.ts")).kmsan,
  (await import("./refcount.ts")).refcount,
  (await import("./rcu.ts")).rcu,
  (await import("./odebug.ts")).odebug,
  (await import("./lockdep.ts")).lockdep,
  (await import("./balance.ts")).balance,
  (await import("./irq_state.ts")).irqState,
  (await import("./might_sleep.ts")).mightSleep,
  (await import("./page_counter.ts")).pageCounter,
  (await import("./gfp.ts")).gfp,
  (await import("./conservation.ts")).conservation,
  (await import("./vmstats.ts")).vmstats,
  (await import("./ownership.ts")).ownership,
  (await import("./memcg_id.ts")).memcgId,
  (await import("./kmemleak.ts")).kmemleak,
  (await import("./kcsan.ts")).kcsan,
];
