/**
 * A cheap check at quiescence: does every reference have a holder?
 *
 * The count of an objcg must be the number of its holders: 1 if it was not killed, live objects,
 * stocks that cache it, names of the program, and since v6.7 tasks and the cgroup it was made for. The
 * count of a css must be the number of its holders: 1 if it was not killed, its id, child csses,
 * stocks, pages, css_sets, names, and the objcgs that it inherited. A CPU that is down holds nothing,
 * because its dead callback must have drained its stock. If a count differs, everything is taken down
 * to see what is left. So a mistake in this file costs time; it is no finding.
 *
 * @module
 */
import { CSS_ONLINE } from "../src/kernel/cgroup-defs.ts";
import { isOnline } from "../src/machine/context/cpus.ts";
import { forEachName } from "../src/machine/context/handles.ts";
import { cellsAt, hasField, offsetOf, peekAt } from "../src/machine/memory/peek.ts";
import { RefReader } from "../src/machine/memory/refs.ts";
import { addressOf, clearCounts, indexAt, nextLive } from "../src/machine/memory/slab.ts";
import {
  kmem_object,
  mem_cgroup,
  memcg_stock,
  obj_cgroup,
  obj_stock,
  page,
} from "../src/kernel/memcontrol-types.ts";
import { css_set, OBJCG_FLAG_BITS, task_struct } from "../src/kernel/sched.ts";
import { has } from "../src/kernel/version.ts";

const pagesHoldObjcgs = has("b4e0b68fbd9d");
/** Since 1aacbd354313 and 675d6c9b59e3 (v6.7) tasks and cgroups hold objcgs. */
const tasksHoldObjcgs = has("1aacbd354313");
const cgroupsHoldObjcgs = has("675d6c9b59e3");
/** Until 9838354e16a2 (v5.14) an objcg that was inherited holds the css of the one who has it. */
const objcgsHoldCss = !has("9838354e16a2");

const stockType = memcg_stock[0].type;
/** Since c80509ef65e4 (v6.16) objcgs are in a stock of their own. */
const objStockType = obj_stock.length > 0 ? obj_stock[0].type : stockType;
const AT = {
  flags: offsetOf(mem_cgroup, "css.flags"),
  cssParent: offsetOf(mem_cgroup, "css.parent"),
  id: offsetOf(mem_cgroup, "id.ref.refs"),
  active: offsetOf(mem_cgroup, "objcg"),
  list: offsetOf(mem_cgroup, "objcg_list"),
  objectObjcg: offsetOf(kmem_object, "objcg"),
  pageOwner: offsetOf(page, pagesHoldObjcgs ? "objcg" : "mem_cgroup"),
  setCss: offsetOf(css_set, "subsys"),
  cached: cellsAt(stockType, "cached"),
  original: cgroupsHoldObjcgs ? offsetOf(mem_cgroup, "orig_objcg") : -1,
  taskObjcg: tasksHoldObjcgs ? offsetOf(task_struct, "objcg") : -1,
};
/** The objcgs that a CPU's stock holds: one, or one for tasks and one for interrupts. */
const CACHED = (hasField(objStockType, "task_obj") ? ["task_obj.", "irq_obj."] : [""])
  .map((path) => offsetOf(objStockType, `${path}cached_objcg`));
const objcgRef = new RefReader(obj_cgroup, "refcnt");
const cssRef = new RefReader(mem_cgroup, "css.refcnt");

/** Holders found, by index of the object. */
const objcgRefs = new Int32Array(64);
const cssRefs = new Int32Array(64);

function holdObjcg(a: number): void {
  if (a !== 0) objcgRefs[indexAt(obj_cgroup, a)]++;
}
/** `a` is the address of the memcg or of its css. Both lie in the same object. */
function holdCss(a: number): void {
  if (a !== 0) cssRefs[indexAt(mem_cgroup, a)]++;
}

const addObject = (a: number) => holdObjcg(peekAt(a, AT.objectObjcg));
const addPage = (a: number) => {
  if (pagesHoldObjcgs) holdObjcg(peekAt(a, AT.pageOwner));
  else holdCss(peekAt(a, AT.pageOwner));
};
const addSet = (a: number) => holdCss(peekAt(a, AT.setCss));
const addHandle = (type: string | undefined, a: number) => {
  if (type === "objcg") holdObjcg(a);
  else if (type === "css") holdCss(a);
};

/** Counts the references of a memcg to itself and to its parent, and those of inherited objcgs. */
function addMemcg(a: number, i: number): void {
  if (cgroupsHoldObjcgs) holdObjcg(peekAt(a, AT.original));
  if (peekAt(a, AT.id) !== 0) cssRefs[i]++;
  if (!cssRef.isKilled(a)) cssRefs[i]++;
  holdCss(peekAt(a, AT.cssParent));
  // list_splice() leaves the head of an offline cgroup's list as it was.
  if (!objcgsHoldCss || (peekAt(a, AT.flags) & CSS_ONLINE) === 0) return;
  const active = peekAt(a, AT.active);
  const head = a + 2 * AT.list;
  let bound = 64; // a corrupt list must not hang the checker
  for (let p = peekAt(head, 0); p !== 0 && p !== head && bound-- > 0; p = peekAt(p, 0)) {
    if (active === 0 || indexAt(obj_cgroup, p) !== indexAt(obj_cgroup, active)) cssRefs[i]++;
  }
}

function addPageStock(a: number, cpu: number): void {
  if (!isOnline(cpu)) return;
  for (let i = 0; i < AT.cached.length; i++) holdCss(peekAt(a, AT.cached[i]));
}

function addObjStock(a: number, cpu: number): void {
  if (!isOnline(cpu)) return;
  for (let i = 0; i < CACHED.length; i++) holdObjcg(peekAt(a, CACHED[i]));
}

function addTask(a: number): void {
  holdObjcg(peekAt(a, AT.taskObjcg) >> OBJCG_FLAG_BITS);
}

let wrong = false;
function checkObjcg(a: number, i: number): void {
  if (!objcgRef.isKilled(a)) objcgRefs[i]++;
  if (objcgRef.references(a) !== objcgRefs[i]) wrong = true;
}
function checkMemcg(a: number, i: number): void {
  if (i === 0) return; // the root counts no references
  if (cssRef.references(a) !== cssRefs[i]) wrong = true;
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
  if (tasksHoldObjcgs) {
    for (let i = nextLive(task_struct, 0); i >= 0; i = nextLive(task_struct, i + 1)) {
      addTask(addressOf(task_struct, i));
    }
  }
  forEachName(addHandle);
  for (let i = nextLive(stockType, 0); i >= 0; i = nextLive(stockType, i + 1)) {
    addPageStock(addressOf(stockType, i), i);
    addObjStock(addressOf(objStockType, i), i);
  }
  for (let i = nextLive(obj_cgroup, 0); i >= 0; i = nextLive(obj_cgroup, i + 1)) {
    checkObjcg(addressOf(obj_cgroup, i), i);
  }
  for (let i = nextLive(mem_cgroup, 0); i >= 0; i = nextLive(mem_cgroup, i + 1)) {
    checkMemcg(addressOf(mem_cgroup, i), i);
  }
  return wrong;
}
