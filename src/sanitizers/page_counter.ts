/**
 * Page counters, judged from outside. Later kernels set a counter that fell below zero to zero, and
 * so hide the bug.
 *
 * - No counter is ever negative. The atomic operation that makes it negative is reported.
 * - H6: a failed charge leaves every level unchanged, and a successful charge adds the requested
 *   pages to every level. Changes by other CPUs meanwhile are not counted. In a draft (B25b) a charge itself
 *   takes pages from a stock, or puts some there: then every level gets the same, and conservation.ts judges
 *   how much.
 * - A charge is refused only by a level that it brought above its limit. A limit that
 *   page_counter_set_max() changes meanwhile may have been any of the two.
 * - H7: at quiescence no counter is above its limit, unless pages were charged by force, or were
 *   charged while page_counter_set_max() tried a higher limit, which it took back.
 *
 * It is no rule that a parent has at least the pages of its children: pages that were charged to a
 * child that went offline are uncharged from the parent. The sums are judged in conservation.ts.
 *
 * @module
 */
import { stateAt } from "../machine/memory/shadow.ts";
import * as operationWords from "../machine/layout/operations.ts";
import * as contextWords from "../machine/layout/contexts.ts";
import * as registers from "../machine/layout/registers.ts";
import * as states from "../machine/layout/shadow_states.ts";
import * as sizes from "../machine/layout/sizes.ts";
import * as statusWords from "../machine/layout/status.ts";
import { views } from "../machine/words/arena.ts";
import { keptWords } from "../machine/words/ghost_words.ts";
import { oops, oopsKind } from "../machine/findings/oops.ts";
import { offsetOf, typeNamed } from "../machine/memory/peek.ts";
import { functionNames, tap } from "../machine/calls/registry.ts";
import { slabUsed } from "../machine/memory/slab.ts";
import { locate, objectName } from "../machine/memory/objects.ts";
import type { Struct, StructType } from "../machine/memory/struct_type.ts";
import { onChange } from "../machine/memory/watch.ts";
import { numberPlaces } from "./embedded.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { ctl, ghost, mem, pcpu, FREE } = views();
const { CONTEXT } = contextWords;
const { ON_TOP } = operationWords;
const { regs, BLOCK, CPU } = registers;
const { LIVE } = states;
const { CELLS, CPUS_MAX, WORKERS_MAX } = sizes;
const { HEARTBEAT } = statusWords;

/** The kernel's own warning has the same title: it reports the same bug, one step later. */
const UNDERFLOW = oopsKind("page-counter", "page_counter", (o) => `WARNING in ${o.fn}`);
const CHARGE = oopsKind(
  "charge",
  "page_counter",
  (o) =>
    o.arg
      ? `page counter: failed charge left pages in ${o.fn}`
      : `page counter: wrong charge in ${o.fn}`,
);
const REFUSAL = oopsKind(
  "refused",
  "page_counter",
  (o) => `page counter: charge within its limit failed in ${o.fn}`,
);
const LIMIT = oopsKind("limit", "page_counter", () => "page counter above its limit");

/**
 * Ghost words of a counter: whether pages were charged by force; the highest limit that was taken
 * back; 1 + the limit that page_counter_set_max() has set.
 */
const WORDS = 3;
const FORCED = 0;
const REFUSED = 1;
const KEPT = 2;
/** Room for that many counters, less one: number 0 is none. A cgroup has two if the kernel has memsw. */
const COUNTERS_MAX = 72;
const COUNTERS = keptWords("page_counter", WORDS * COUNTERS_MAX);

/** Ghost words of all: calls of page_counter_set_max() so far, and those that are not over. */
const SETTING = keptWords("page_counter limits", 2);
const CALLS = SETTING;
const UNDER_WAY = SETTING + 1;

/** Most levels that a charge can change. */
const LEVELS = 16;
/** Words of a level: the address of its usage, the pages that were added, the highest usage they made. */
const LEVEL_WORDS = 3;
const ADDED = 1;
const PEAK = 2;
/**
 * The charge in progress in each context of each CPU, and of its kworkers on top: number of levels, or
 * -1 if there is none; the levels; calls of page_counter_set_max() when it began, or -1 if one was under
 * way; and the number of the execution, because an execution that ends in the middle of a charge leaves
 * its frame behind.
 */
const FRAME = 3 + LEVEL_WORDS * LEVELS;
const LIMITS = FRAME - 2;
const EXECUTION = FRAME - 1;
const CONTEXTS = 4;
const frames = new Int32Array((WORKERS_MAX + 1) * CPUS_MAX * CONTEXTS * FRAME).fill(-1);

let numbers: Int16Array = new Int16Array(0);
/**
 * Addresses of all counters by the type of the objects that contain them, in the order of the
 * objects. Each object has `each` counters.
 */
let groups: { type: StructType; counters: number[]; each: number }[] = [];
/** Offsets of fields from the address of a counter. */
let toUsage = 0;
let toMax = 0;
let toParent = 0;

function frame(): number {
  const b = regs[BLOCK];
  const level = (WORKERS_MAX + 1) * regs[CPU] + pcpu[b + ON_TOP];
  return FRAME * (CONTEXTS * level + pcpu[b + CONTEXT]);
}
/** Ghost word `w` of the counter at `a`. */
const word = (a: number, w: number) => COUNTERS + WORDS * numbers[a] + w;

function nameOf(a: number): string {
  const at = locate(a);
  return at === null ? "?" : `${objectName(at.object)}.${at.field.replace(/\.\w+$/, "")}`;
}

function grouped(numbers: Int16Array): typeof groups {
  const byType = new Map<StructType, number[]>();
  numbers.forEach((n, a) => {
    if (n === 0) return;
    const { type } = locate(a)!.object;
    byType.set(type, [...byType.get(type) ?? [], a]);
  });
  return [...byType].map(([type, counters]) => ({
    type,
    counters,
    each: counters.length / type.objects.length,
  }));
}

/** An atomic operation has changed the usage at `u`. */
function changed(u: number, old: number, now: number): void {
  if (now < 0 && old >= 0) {
    oops(UNDERFLOW, now, u, `page_counter underflow: ${now} nr_pages=${(old - now) | 0}`);
  }
  const f = frame();
  if (frames[f] < 0 || frames[f + EXECUTION] !== ctl[HEARTBEAT]) {
    if (now > old) ghost[word(u - toUsage, FORCED)] = 1;
    return;
  }
  let i = 0;
  while (i < frames[f] && frames[levelOf(f, i)] !== u) i++;
  if (i === LEVELS) return;
  const l = levelOf(f, i);
  if (i === frames[f]) {
    frames[f]++;
    frames[l] = u;
    frames[l + ADDED] = 0;
    frames[l + PEAK] = now;
  }
  frames[l + ADDED] += now - old;
  if (now > frames[l + PEAK]) frames[l + PEAK] = now;
}

/** The `i`-th level of the charge in frame `f`. */
function levelOf(f: number, i: number): number {
  return f + 1 + LEVEL_WORDS * i;
}

/** Word `w` of the level whose usage lies at `u`; 0 if the charge in frame `f` did not come to it. */
function atLevel(f: number, u: number, w: number): number {
  for (let i = 0; i < frames[f]; i++) {
    if (frames[levelOf(f, i)] === u) return frames[levelOf(f, i) + w];
  }
  return 0;
}

function beginCharge(): void {
  const f = frame();
  frames[f] = 0;
  frames[f + LIMITS] = ghost[UNDER_WAY] > 0 ? -1 : ghost[CALLS];
  frames[f + EXECUTION] = ctl[HEARTBEAT];
}

/** The charge in frame `f` was refused by the counter at `a`. */
function judgeRefusal(f: number, a: number): void {
  if (FREE || frames[f + LIMITS] !== ghost[CALLS] || stateAt(a + toMax) !== LIVE) return;
  const peak = atLevel(f, a + toUsage, PEAK);
  const max = mem[a + toMax];
  if (peak > max) return;
  oops(REFUSAL, 0, a, `${nameOf(a + toUsage)} came to ${peak} pages, its limit is ${max}`);
}

/** Whether page_counter_try_charge() looks at stocks by itself. */
let withStock = false;

function judgeCharge(fail: Struct | null, counter: Struct, pages: number): void {
  const f = frame();
  const failed = fail !== null;
  if (withStock) pages = atLevel(f, counter.a + toUsage, ADDED);
  let levels = 0;
  let left = LEVELS; // a corrupt parent may lead anywhere, and round in a circle
  for (let a = counter.a; a !== 0 && left > 0; a = mem[a + toParent], left--) {
    const n = atLevel(f, a + toUsage, ADDED);
    if (n !== (failed ? 0 : pages)) {
      oops(CHARGE, failed ? 1 : 0, a, `${nameOf(a)} got ${n} pages of ${pages}`);
    }
    if (n !== 0) levels++;
  }
  let touched = 0;
  for (let i = 0; i < frames[f]; i++) if (frames[levelOf(f, i) + ADDED] !== 0) touched++;
  if (touched !== levels) {
    oops(CHARGE, failed ? 1 : 0, counter.a, "a counter of no ancestor changed");
  }
  if (fail !== null) judgeRefusal(f, fail.a);
  frames[f] = -1;
}

/** page_counter_set_max() has returned: the limit is set, or was taken back. */
function judgeMax(ret: number, counter: Struct, max: number): void {
  const a = counter.a;
  if (ret !== 0) {
    ghost[word(a, REFUSED)] = Math.max(ghost[word(a, REFUSED)], max);
    return;
  }
  const kept = ghost[word(a, KEPT)];
  ghost[word(a, KEPT)] = max + 1;
  // Since 32d772708009 (v6.1) a limit that is not lowered stays, whatever was charged by force meanwhile.
  if (kept !== 0 && max + 1 >= kept && mem[a + toUsage] > max) return;
  if (FREE) return; // another CPU may have charged pages by force since the function looked
  ghost[word(a, FORCED)] = 0;
  ghost[word(a, REFUSED)] = 0;
}

/** H7, for the counter at `a`. */
function judgeLimit(a: number): void {
  const usage = mem[a + toUsage];
  const max = mem[a + toMax];
  if (usage <= max || usage === 0 || stateAt(a + toMax) !== LIVE) return;
  if (ghost[word(a, KEPT)] !== max + 1 || ghost[word(a, FORCED)] !== 0) return;
  if (usage <= ghost[word(a, REFUSED)]) return;
  const detail = `${nameOf(a + toUsage)} stands at ${usage} pages, its limit is ${max}`;
  oops(LIMIT, usage - max, a, detail);
}

export const pageCounter: Sanitizer = {
  name: "page_counter",
  doc:
    "Page counters below zero or above their limit, charges of the wrong size or refused below it.",
  free: true,
  attach() {
    const type = typeNamed("page_counter");
    if (type === undefined) return;
    toUsage = 2 * offsetOf(type, "usage");
    toMax = 2 * offsetOf(type, "max");
    toParent = 2 * offsetOf(type, "parent");
    numbers = numberPlaces(type, CELLS, COUNTERS_MAX - 1);
    groups = grouped(numbers);
    withStock = functionNames().includes("page_counter_disable_stock");
    onChange("page_counter", changed);
    tap("page_counter_try_charge", beginCharge, (fail, counter, pages) => {
      judgeCharge(fail as Struct | null, counter as Struct, pages as number);
    });
    tap("page_counter_set_max", () => {
      ghost[CALLS]++;
      ghost[UNDER_WAY]++;
    }, (ret, counter, max) => {
      ghost[UNDER_WAY]--;
      judgeMax(ret as number, counter as Struct, max as number);
    });
  },
  quiesce() {
    for (let g = 0; g < groups.length; g++) {
      const { type, counters, each } = groups[g];
      const n = type.isStatic ? counters.length : each * slabUsed(type);
      for (let i = 0; i < n; i++) judgeLimit(counters[i]);
    }
  },
};
