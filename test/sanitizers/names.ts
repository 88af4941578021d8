/** Names of all sanitizers; a test checks that this list is complete. */
export const SANITIZERS = [
  "kasan",
  "kmsan",
  "refcount",
  "rcu",
  "lockdep",
  "balance",
  "irq-state",
  "might_sleep",
  "page_counter",
  "conservation",
  "ownership",
  "kmemleak",
  "kcsan",
];
