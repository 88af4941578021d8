/** Names of all sanitizers; a test checks that this list is complete. */
export const SANITIZERS = [
  "kasan",
  "kmsan",
  "refcount",
  "rcu",
  "odebug",
  "lockdep",
  "balance",
  "irq-state",
  "might_sleep",
  "page_counter",
  "gfp",
  "conservation",
  "ownership",
  "memcg_id",
  "kmemleak",
  "kcsan",
];
