/**
 * A cheap look at the quiet state: do the references that exist have holders?
 *
 * The laws R1 and R2 of the lineage, with the holders that are left when no CPU has anything to do.
 * A CPU that is down holds nothing legitimately: its dead callback must have drained it. Where the
 * count of an objcg or css disagrees, everything is taken down to see what is left; so a mistake in
 * here costs time and is no finding.
 *
 * @module
 */
import { isOnline } from "../src/machine/cpus.ts";
import { forEachHandle } from "../src/machine/handles.ts";
import { offsetOf, peek, peekPointer } from "../src/machine/peek.ts";
import { forEachLive } from "../src/machine/slab.ts";
import { objectAt, outermost, type Struct } from "../src/machine/struct.ts";
import { config } from "../src/machine/config.ts";
import {
  kmem_object,
  mem_cgroup,
  memcg_stock,
  type memcg_stock_pcp,
  obj_cgroup,
  page,
} from "../src/kernel/memcontrol-types.ts";
import { PERCPU_COUNT_BIAS } from "../src/kernel/percpu-refcount.ts";
import { css_set } from "../src/kernel/sched.ts";

const stockType = memcg_stock[0].type;
const AT = {
  objcgCount: offsetOf(obj_cgroup, "refcnt.count"),
  objcgPointer: offsetOf(obj_cgroup, "refcnt.percpu_count_ptr"),
  cssCount: offsetOf(mem_cgroup, "css.refcnt.count"),
  cssPointer: offsetOf(mem_cgroup, "css.refcnt.percpu_count_ptr"),
  cssParent: offsetOf(mem_cgroup, "css.parent"),
  id: offsetOf(mem_cgroup, "id_ref"),
  active: offsetOf(mem_cgroup, "objcg"),
  list: offsetOf(mem_cgroup, "objcg_list"),
  objectObjcg: offsetOf(kmem_object, "objcg"),
  pageMemcg: offsetOf(page, "mem_cgroup"),
  setCss: offsetOf(css_set, "subsys"),
  cachedObjcg: offsetOf(stockType, "cached_objcg"),
  cached: offsetOf(stockType, "cached"),
};
const DEAD = 2;
const ATOMIC = 1;

/** References accounted for, by index of the object. */
const objcgRefs = new Int32Array(64);
const cssRefs = new Int32Array(64);

/** What a percpu_ref stands at; -1 if it is not in a state to tell. */
function count(o: Struct, countAt: number, pointerAt: number): number {
  const pointer = peek(o, pointerAt);
  const value = peek(o, countAt);
  if ((pointer & ATOMIC) !== 0) return value >= 0 && value < 1 << 30 ? value : -1;
  const area = objectAt(pointer >> 2);
  if (area === null) return -1;
  let sum = (value - PERCPU_COUNT_BIAS) | 0;
  for (let c = 0; c < config.cpus; c++) sum += peek(area, c);
  return sum;
}

function hold(refs: Int32Array, o: Struct | null): void {
  if (o !== null) refs[outermost(o).index]++;
}

const addObject = (x: Struct) => hold(objcgRefs, peekPointer(x, AT.objectObjcg));
const addPage = (p: Struct) => hold(cssRefs, peekPointer(p, AT.pageMemcg));
const addSet = (s: Struct) => hold(cssRefs, peekPointer(s, AT.setCss));
const addObjcgHandle = (o: Struct) => hold(objcgRefs, o);
const addCssHandle = (m: Struct) => hold(cssRefs, m);

/** A memcg's own references, those it gives its parent, and those of the objcgs it inherited. */
function addMemcg(m: Struct): void {
  if (peek(m, AT.id) !== 0) cssRefs[m.index]++;
  if ((peek(m, AT.cssPointer) & DEAD) === 0) cssRefs[m.index]++;
  hold(cssRefs, peekPointer(m, AT.cssParent));
  const head = objectAt(m.a + 2 * AT.list)!;
  const active = peekPointer(m, AT.active);
  let bound = 64; // a corrupt list must not hang the checker
  for (let p = peekPointer(head, 0); p !== null && p !== head && bound-- > 0;) {
    if (outermost(p) !== active) cssRefs[m.index]++;
    p = peekPointer(p, 0);
  }
}

function addStock(s: memcg_stock_pcp): void {
  hold(objcgRefs, peekPointer(s, AT.cachedObjcg));
  hold(cssRefs, peekPointer(s, AT.cached));
}

let wrong = false;
function checkObjcg(o: Struct): void {
  if ((peek(o, AT.objcgPointer) & DEAD) === 0) objcgRefs[o.index]++;
  if (count(o, AT.objcgCount, AT.objcgPointer) !== objcgRefs[o.index]) wrong = true;
}
function checkMemcg(m: Struct): void {
  if (m.index === 0) return; // the root counts no references
  if (count(m, AT.cssCount, AT.cssPointer) !== cssRefs[m.index]) wrong = true;
}

/** Whether some count disagrees with the holders found. */
export function suspicious(): boolean {
  objcgRefs.fill(0);
  cssRefs.fill(0);
  wrong = false;
  forEachLive(kmem_object, addObject);
  forEachLive(page, addPage);
  forEachLive(css_set, addSet);
  forEachLive(mem_cgroup, addMemcg);
  forEachHandle("objcg", addObjcgHandle);
  forEachHandle("css", addCssHandle);
  for (let c = 0; c < config.cpus; c++) if (isOnline(c)) addStock(memcg_stock[c]);
  forEachLive(obj_cgroup, checkObjcg);
  forEachLive(mem_cgroup, checkMemcg);
  return wrong;
}
