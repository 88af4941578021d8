/**
 * Abstract states as coverage: what each stock caches, and whether that is alive, dying or dead; and what
 * else has the last reference to a dead objcg.
 *
 * The code that ran says little about the state that it left. If a stock holds the last reference
 * to a dead objcg, the next operation can go wrong, so an input that reaches this state is worth
 * keeping.
 *
 * @module
 */
import { ONLINE } from "../src/machine/layout/cpus.ts";
import { views } from "../src/machine/words/arena.ts";
import { config } from "../src/machine/words/config.ts";
import { hasField, offsetOf, peekAt } from "../src/machine/memory/peek.ts";
import { feature } from "../src/machine/memory/coverage.ts";
import { RefReader } from "../src/machine/memory/refs.ts";
import { addressOf, indexAt, nextLive } from "../src/machine/memory/slab.ts";
import { CSS_DYING, CSS_ONLINE } from "../src/kernel/cgroup-defs.ts";
import { cpu_curr, css_set, task_struct } from "../src/kernel/sched.ts";
import {
  kmem_object,
  mem_cgroup,
  memcg_stock,
  obj_cgroup,
  obj_stock,
  page,
} from "../src/kernel/memcontrol-types.ts";
import { has } from "../src/kernel/version.ts";
import type { StructType } from "../src/machine/memory/struct_type.ts";

const { ctl } = views();
const stock = memcg_stock[0].type;
/** The stock that has the objcg; where there is one for tasks, that one is looked at. */
const objStocks = obj_stock.length > 0 ? obj_stock : memcg_stock;
const objStock = objStocks[0].type;
const path = hasField(objStock, "task_obj") ? "task_obj." : "";
const objcgField = hasField(objStock, "stats_index") ? "cached" : `${path}cached_objcg`;
const AT = {
  cached: offsetOf(stock, "cached"),
  pages: offsetOf(stock, "nr_pages"),
  objcg: offsetOf(objStock, objcgField),
  bytes: offsetOf(objStock, `${path}nr_bytes`),
  parent: offsetOf(mem_cgroup, "css.parent"),
  memcg: offsetOf(obj_cgroup, "memcg"),
  parked: offsetOf(obj_cgroup, "nr_charged_bytes"),
  cssFlags: offsetOf(mem_cgroup, "css.flags"),
  object: offsetOf(kmem_object, "objcg"),
  page: has("b4e0b68fbd9d") ? offsetOf(page, "objcg") : -1,
  cgroups: offsetOf(task_struct, "cgroups"),
  subsys: offsetOf(css_set, "subsys"),
};
const ref = new RefReader(obj_cgroup, "refcnt");

/** The state of an objcg that is dead and has one reference. */
const LAST = 4;
/** 0: none. 1: active. 2: being killed. 3: dead with several references. 4: {@linkcode LAST}. */
function objcgState(o: number): number {
  if (o === 0) return 0;
  if (!ref.isKilled(o)) return 1;
  const count = ref.word(o);
  return count < 0 ? 2 : count > 1 ? 3 : LAST;
}

/** 0: none. 1: online. 2: dying. 3: offline. */
function memcgState(m: number): number {
  if (m === 0) return 0;
  const flags = peekAt(m, AT.cssFlags);
  return (flags & CSS_ONLINE) === 0 ? 3 : (flags & CSS_DYING) !== 0 ? 2 : 1;
}

/** The cgroup that an address lies in; 0 for the root, which is the first one, or none. */
function memcgAt(a: number): number {
  const i = a === 0 ? 0 : indexAt(mem_cgroup, a);
  return i === 0 ? 0 : addressOf(mem_cgroup, i);
}

/**
 * What the CPU's task charges. 0: the root. 1: the cgroup at `m`. 2: another cgroup. 3: a cgroup
 * that is not online.
 */
function taskState(c: number, m: number): number {
  // A bug of the kernel's may have left a pointer that leads nowhere.
  const task = cpu_curr(c)?.a ?? 0;
  const set = task === 0 ? 0 : peekAt(task, AT.cgroups);
  const css = set === 0 ? 0 : peekAt(set, AT.subsys);
  if (css === 0) return 0;
  const own = memcgAt(css);
  if (own === 0) return 0;
  if (memcgState(own) !== 1) return 3;
  return own === m ? 1 : 2;
}

/** Levels below the root that are told apart. */
const DEPTH_MAX = 3;
/**
 * Whose an objcg is. 0: the root's, or nobody's. 1 to 3: a cgroup's that is so far below the root, or
 * further. 4: that of one that is not online. How deep it is decides what reparenting does: what comes to
 * the root is not charged there.
 */
function ownerState(o: number): number {
  let m = o === 0 ? 0 : memcgAt(peekAt(o, AT.memcg));
  if (m === 0) return 0;
  if (memcgState(m) !== 1) return DEPTH_MAX + 1;
  let depth = 1;
  while (depth < DEPTH_MAX && (m = memcgAt(peekAt(m, AT.parent))) !== 0) depth++;
  return depth;
}

function bucket(bytes: number): number {
  return bytes === 0 ? 0 : bytes < config.pageSize ? 1 : 2;
}

/** More than usual: something adds up. How often `pages` pages can be doubled, at most three times. */
function level(bytes: number, pages: number): number {
  const n = bytes / (pages * config.pageSize);
  return n < 1 ? 0 : Math.min(3, 1 + Math.floor(Math.log2(n)));
}
/** A stock has up to a page and what is left over; each CPU may have parked some. */
const STOCKED = 2;
const PARKED = 4;
/** Above the states of the stock itself: whether its bytes are shared, whose its objcg is, and what adds up. */
const SHARED = 4096;
const OWNERS = 2 * SHARED;
const LEVELS = 8 * OWNERS;

/** States of objcgs that no stock has. */
const HELD = LEVELS + 16;

/** Whether an object of a type points to `o` in that cell. */
function isHeldBy(type: StructType, at: number, o: number): boolean {
  for (let i = nextLive(type, 0); i >= 0; i = nextLive(type, i + 1)) {
    if (peekAt(addressOf(type, i), at) === o) return true;
  }
  return false;
}

/** What has an objcg. 0: neither of these. 1: an object. 2: a page. */
function holderState(o: number): number {
  if (isHeldBy(kmem_object, AT.object, o)) return 1;
  return AT.page >= 0 && isHeldBy(page, AT.page, o) ? 2 : 0;
}

/**
 * Count as a feature that an object or a page has the last reference to a dead objcg: whoever frees it
 * releases the objcg. No CPU is in that state more than another. These are two states, whose ever the objcg
 * is: with one for each level, B22d takes three times the executions, because campaigns go on from rare
 * states first.
 */
function observeHolders(): void {
  for (let i = nextLive(obj_cgroup, 0); i >= 0; i = nextLive(obj_cgroup, i + 1)) {
    const o = addressOf(obj_cgroup, i);
    if (objcgState(o) !== LAST) continue;
    const holder = holderState(o);
    if (holder > 0) feature(HELD + holder, 0);
  }
}

/** Of a stock with several slots the first one is looked at. Count the current state of every CPU as a feature. */
export function observe(): void {
  for (let c = 0; c < config.cpus; c++) {
    const s = memcg_stock[c].a;
    const objs = objStocks[c].a;
    const o = peekAt(objs, AT.objcg);
    const m = peekAt(s, AT.cached);
    const objcg = objcgState(o);
    let state = objcg * 4 + memcgState(m);
    const bytes = peekAt(objs, AT.bytes);
    const parked = o === 0 ? 0 : peekAt(o, AT.parked);
    state = state * 3 + bucket(bytes);
    state = state * 2 + (peekAt(s, AT.pages) > 0 ? 1 : 0);
    state = state * 3 + bucket(parked);
    state = state * 2 + ((ctl[ONLINE] >> c) & 1);
    state = state * 4 + taskState(c, m);
    // Nobody else has a reference, but bytes are missing: they were charged from this stock for another objcg.
    if (objcg === LAST && (bytes + parked) % config.pageSize !== 0) state += SHARED;
    state += OWNERS * ownerState(o);
    // What adds up is a state whatever else there is: it would be one more of each.
    const levels = 4 * level(bytes, STOCKED) + level(parked, PARKED);
    if (levels > 0) state = LEVELS + levels;
    if (o !== 0 || m !== 0) feature(state + 1, c);
  }
  observeHolders();
}
