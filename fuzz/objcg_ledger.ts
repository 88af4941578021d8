/**
 * A cheap check at quiescence: does every reference have a holder?
 *
 * The count of an objcg must be the number of its holders: 1 if it was not killed, live objects,
 * stocks that cache it, and names of the program. The count of a css must be the number of its
 * holders: 1 if it was not killed, its id, child csses, stocks, pages, css_sets, names, and the
 * objcgs that it inherited. A CPU that is down holds nothing, because its dead callback must have
 * drained its stock. If a count differs, everything is taken down to see what is left. So a mistake
 * in this file costs time; it is no finding.
 *
 * @module
 */
import { CSS_ONLINE } from "../src/kernel/cgroup-defs.ts";
import { isOnline } from "../src/machine/context/cpus.ts";
import { forEachName } from "../src/machine/context/handles.ts";
import { offsetOf, peekAt } from "../src/machine/memory/peek.ts";
import { addressOf, clearCounts, indexAt, nextLive } from "../src/machine/memory/slab.ts";
import { config } from "../src/machine/words/config.ts";
import {
  kmem_object,
  mem_cgroup,
  memcg_stock,
  obj_cgroup,
  page,
} from "../src/kernel/memcontrol-types.ts";
import {
  __PERCPU_REF_ATOMIC,
  __PERCPU_REF_DEAD,
  PERCPU_COUNT_BIAS,
  PERCPU_PTR_SHIFT,
} from "../src/kernel/percpu-refcount-defs.ts";
import { css_set } from "../src/kernel/sched.ts";

const stockType = memcg_stock[0].type;
const AT = {
  objcgCount: offsetOf(obj_cgroup, "refcnt.count"),
  objcgPointer: offsetOf(obj_cgroup, "refcnt.percpu_count_ptr"),
  cssCount: offsetOf(mem_cgroup, "css.refcnt.count"),
  cssPointer: offsetOf(mem_cgroup, "css.refcnt.percpu_count_ptr"),
  flags: offsetOf(mem_cgroup, "css.flags"),
  cssParent: offsetOf(mem_cgroup, "css.parent"),
  id: offsetOf(mem_cgroup, "id.ref.refs"),
  active: offsetOf(mem_cgroup, "objcg"),
  list: offsetOf(mem_cgroup, "objcg_list"),
  objectObjcg: offsetOf(kmem_object, "objcg"),
  pageMemcg: offsetOf(page, "mem_cgroup"),
  setCss: offsetOf(css_set, "subsys"),
  cachedObjcg: offsetOf(stockType, "cached_objcg"),
  cached: offsetOf(stockType, "cached"),
};

/** Holders found, by index of the object. */
const objcgRefs = new Int32Array(64);
const cssRefs = new Int32Array(64);

/** The count of the percpu_ref at these offsets; -1 if its state does not tell. */
function count(a: number, countAt: number, pointerAt: number): number {
  const pointer = peekAt(a, pointerAt);
  const value = peekAt(a, countAt);
  if ((pointer & __PERCPU_REF_ATOMIC) !== 0) return value >= 0 && value < 1 << 30 ? value : -1;
  const area = pointer >> PERCPU_PTR_SHIFT;
  if (area === 0) return -1;
  let sum = (value - PERCPU_COUNT_BIAS) | 0;
  for (let c = 0; c < config.cpus; c++) sum += peekAt(area, c);
  return sum;
}

function holdObjcg(a: number): void {
  if (a !== 0) objcgRefs[indexAt(obj_cgroup, a)]++;
}
/** `a` is the address of the memcg or of its css. Both lie in the same object. */
function holdCss(a: number): void {
  if (a !== 0) cssRefs[indexAt(mem_cgroup, a)]++;
}

const addObject = (a: number) => holdObjcg(peekAt(a, AT.objectObjcg));
const addPage = (a: number) => holdCss(peekAt(a, AT.pageMemcg));
const addSet = (a: number) => holdCss(peekAt(a, AT.setCss));
const addHandle = (type: string | undefined, a: number) => {
  if (type === "objcg") holdObjcg(a);
  else if (type === "css") holdCss(a);
};

/** Counts the references of a memcg to itself and to its parent, and those of inherited objcgs. */
function addMemcg(a: number, i: number): void {
  if (peekAt(a, AT.id) !== 0) cssRefs[i]++;
  if ((peekAt(a, AT.cssPointer) & __PERCPU_REF_DEAD) === 0) cssRefs[i]++;
  holdCss(peekAt(a, AT.cssParent));
  // list_splice() does not change the list head of an offline cgroup.
  if ((peekAt(a, AT.flags) & CSS_ONLINE) === 0) return;
  const active = peekAt(a, AT.active);
  const head = a + 2 * AT.list;
  let bound = 64; // a corrupt list must not hang the checker
  for (let p = peekAt(head, 0); p !== 0 && p !== head && bound-- > 0; p = peekAt(p, 0)) {
    if (active === 0 || indexAt(obj_cgroup, p) !== indexAt(obj_cgroup, active)) cssRefs[i]++;
  }
}

function addStock(a: number, cpu: number): void {
  if (!isOnline(cpu)) return;
  holdObjcg(peekAt(a, AT.cachedObjcg));
  holdCss(peekAt(a, AT.cached));
}

let wrong = false;
function checkObjcg(a: number, i: number): void {
  if ((peekAt(a, AT.objcgPointer) & __PERCPU_REF_DEAD) === 0) objcgRefs[i]++;
  if (count(a, AT.objcgCount, AT.objcgPointer) !== objcgRefs[i]) wrong = true;
}
function checkMemcg(a: number, i: number): void {
  if (i === 0) return; // the root counts no references
  if (count(a, AT.cssCount, AT.cssPointer) !== cssRefs[i]) wrong = true;
}

/** Whether a count differs from the number of holders. */
export function suspicious(): boolean {
  clearCounts(objcgRefs, obj_cgroup);
  clearCounts(cssRefs, mem_cgroup);
  wrong = false;
  for (let i = nextLive(kmem_object, 0); i >= 0; i = nextLive(kmem_object, i + 1)) {
    addObject(addressOf(kmem_object, i));
  }
  for (let i = nextLive(page, 0); i >= 0; i = nextLive(page, i + 1)) {
    addPage(addressOf(page, i));
  }
  for (let i = nextLive(css_set, 0); i >= 0; i = nextLive(css_set, i + 1)) {
    addSet(addressOf(css_set, i));
  }
  for (let i = nextLive(mem_cgroup, 0); i >= 0; i = nextLive(mem_cgroup, i + 1)) {
    addMemcg(addressOf(mem_cgroup, i), i);
  }
  forEachName(addHandle);
  for (let i = nextLive(stockType, 0); i >= 0; i = nextLive(stockType, i + 1)) {
    addStock(addressOf(stockType, i), i);
  }
  for (let i = nextLive(obj_cgroup, 0); i >= 0; i = nextLive(obj_cgroup, i + 1)) {
    checkObjcg(addressOf(obj_cgroup, i), i);
  }
  for (let i = nextLive(mem_cgroup, 0); i >= 0; i = nextLive(mem_cgroup, i + 1)) {
    checkMemcg(addressOf(mem_cgroup, i), i);
  }
  return wrong;
}
