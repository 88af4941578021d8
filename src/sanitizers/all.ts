/**
 * All sanitizers, in the order in which they judge. A new one is one file and one line here.
 *
 * @module
 */
import { balance } from "./balance.ts";
import { conservation } from "./conservation.ts";
import { irqState } from "./irq_state.ts";
import { kasan } from "./kasan.ts";
import { kcsan } from "./kcsan.ts";
import { kmsan } from "./kmsan.ts";
import { leak } from "./leak.ts";
import { lockdep } from "./lockdep.ts";
import { mightSleep } from "./might_sleep.ts";
import { pageCounter } from "./page_counter.ts";
import { rcu } from "./rcu.ts";
import { ownership } from "./ownership.ts";
import { refcount } from "./refcount.ts";
import type { Sanitizer } from "./sanitizer.ts";

export const SANITIZERS: readonly Sanitizer[] = [
  kasan,
  kmsan,
  refcount,
  rcu,
  lockdep,
  balance,
  irqState,
  mightSleep,
  pageCounter,
  conservation,
  ownership,
  leak,
  kcsan,
];
