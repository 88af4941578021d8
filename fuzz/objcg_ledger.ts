/**
 * A cheap check at quiescence: does every reference have a holder?
 *
 * The count of an objcg must be the number of its holders: 1 if it was not killed, live objects,
 * stocks that cache it, names of the program, and since v6.7 tasks and the cgroup it was made for. The
 * count of a css must be the number of its holders: 1 if it was not killed, 1 until its removal has taken
 * it offline, its id, child csses, stocks, pages, css_sets, names, and the objcgs that it inherited. A CPU that is down holds nothing,
 * because its dead callback must have drained its stock. If a count differs, everything is taken down
 * to see what is left. So a mistake in this file costs time; it is no finding.
 *
 * @module
 */
import { CSS_DYING, CSS_ONLINE } from "../src/kernel/cgroup-defs.ts";
import { views } from "../src/machine/words/arena.ts";
import { fnAt } from "../src/machine/words/cpu_state.ts";
import { keptWords } from "../src/machine/words/ghost_words.ts";
import { functionId, tap } from "../src/machine/calls/registry.ts";
import { regs, SP } from "../src/machine/layout/registers.ts";
import { isOnline } from "../src/machine/context/cpus.ts";
import { forEachName } from "../src/machine/context/handles.ts";
import type { Shortage } from "../src/machine/hooks/shortage.ts";
import { cellsAt, hasField, nameAt, offsetOf, peekAt } from "../src/machine/memory/peek.ts";
import { RefReader } from "../src/machine/memory/refs.ts";
import { addressOf, clearCounts, indexAt, nextLive } from "../src/machine/memory/slab.ts";
import type { StructType } from "../src/machine/memory/struct_type.ts";
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

const { ghost } = views();

const stockType = memcg_stock[0].type;
/** Since c80509ef65e4 (v6.16) objcgs are in a stock of their own. */
const objStockType = obj_stock.length > 0 ? obj_stock[0].type : stockType;
/** Since 01b9da291c49 (v7.1) each node of a cgroup has its own objcg. */
const PLACES = hasField(mem_cgroup, "objcg") ? [""] : ["node0.", "node1."];
const AT = {
  flags: offsetOf(mem_cgroup, "css.flags"),
  cssParent: offsetOf(mem_cgroup, "css.parent"),
  id: offsetOf(mem_cgroup, "id.ref.refs"),
  objectObjcg: offsetOf(kmem_object, "objcg"),
  pageOwner: offsetOf(page, pagesHoldObjcgs ? "objcg" : "mem_cgroup"),
  setUsers: offsetOf(css_set, "refcount.refs"),
  setCss: offsetOf(css_set, "subsys"),
  cached: cellsAt(stockType, "cached"),
  original: cgroupsHoldObjcgs
    ? PLACES.map((path) => offsetOf(mem_cgroup, `${path}orig_objcg`))
    : [],
  isRoot: has("d5aa8c1d136e") ? offsetOf(obj_cgroup, "is_root") : -1,
  taskObjcg: tasksHoldObjcgs ? offsetOf(task_struct, "objcg") : -1,
};
/** Of kernels in which objcgs hold the css, which is long before nodes have their own. */
const OWN = objcgsHoldCss
  ? { active: offsetOf(mem_cgroup, "objcg"), list: offsetOf(mem_cgroup, "objcg_list") }
  : { active: -1, list: -1 };
/** The objcgs that a CPU's stock holds: one, one for tasks and one for interrupts, or one in each slot. */
const CACHED = hasField(objStockType, "stats_index")
  ? cellsAt(objStockType, "cached")
  : (hasField(objStockType, "task_obj") ? ["task_obj.", "irq_obj."] : [""])
    .map((path) => offsetOf(objStockType, `${path}cached_objcg`));
const objcgRef = new RefReader(obj_cgroup, "refcnt");
const cssRef = new RefReader(mem_cgroup, "css.refcnt");

/** Objcgs are numbered below this. */
const OBJCGS_MAX = 64;
/** Holders found, by index of the object. */
const objcgRefs = new Int32Array(OBJCGS_MAX);
const cssRefs = new Int32Array(64);

/** By index of an objcg: references in variables of functions that are running. */
const PINS = keptWords("pinned objcgs", OBJCGS_MAX);
/**
 * Functions that hold a reference in a variable while they charge or uncharge. Since e86828e5446d (v6.7)
 * allocations borrow the objcg of the task or of the cgroup that it charges instead.
 */
const PINNING = has("e86828e5446d")
  ? ["memcg_slab_free_hook"]
  : ["kmem_cache_alloc", "memcg_slab_post_alloc_hook", "memcg_slab_free_hook"];
/** With list_lru, another one that does. */
const PINNING_LRU = has("list_lru") && !has("e86828e5446d") ? ["kmem_cache_alloc_lru"] : [];

/** Do something while a variable holds a reference. */
export function pinned(o: obj_cgroup, f: (o: obj_cgroup) => void): void {
  ghost[PINS + o.index]++;
  f(o);
  ghost[PINS + o.index]--;
}

/** Let the ledger know what functions of the kernel hold in variables; on every CPU. */
export function watchVariables(): void {
  const pinning = [...PINNING, ...PINNING_LRU].map(functionId);
  const isPinning = () => pinning.includes(fnAt(regs[SP] - 1));
  const add = (o: unknown, n: number) => {
    if (o !== null && isPinning()) ghost[PINS + (o as obj_cgroup).index] += n;
  };
  for (const name of ["obj_cgroup_charge", "obj_cgroup_uncharge"]) {
    tap(name, (o) => add(o, 1), (_result, o) => add(o, -1));
  }
}

/** Holders that are no objects. */
const NAME = "a name of the program";
const INITIAL = "whoever may kill it";
const VARIABLE = "a variable";
const ID = "its id";
const REMOVAL = "its removal";
/** It was removed, and is not offline yet. Whoever kills it takes a reference until it is. */
const REMOVED = CSS_ONLINE | CSS_DYING;

/** While the holders of one object are listed: its type and index, and what they are called. */
let listed: StructType | null = null;
let listedIndex = 0;
let names: string[] = [];

/** What holds it: the object at an address, or something without an address. */
function list(type: StructType, i: number, by: number | string): void {
  if (listed !== type || i !== listedIndex) return;
  names.push(typeof by === "string" ? by : nameAt(by));
}

/** Since d5aa8c1d136e (v7.1) nobody counts references to the root's objcgs. */
function isRootObjcg(a: number): boolean {
  return AT.isRoot >= 0 && peekAt(a, AT.isRoot) !== 0;
}

function holdObjcg(a: number, by: number | string): void {
  if (a === 0 || isRootObjcg(a)) return;
  const i = indexAt(obj_cgroup, a);
  objcgRefs[i]++;
  if (listed !== null) list(obj_cgroup, i, by);
}
/** `a` is the address of the memcg or of its css. Both lie in the same object. */
function holdCss(a: number, by: number | string): void {
  if (a === 0) return;
  const i = indexAt(mem_cgroup, a);
  cssRefs[i]++;
  if (listed !== null) list(mem_cgroup, i, by);
}

const addObject = (a: number) => holdObjcg(peekAt(a, AT.objectObjcg), a);
const addPage = (a: number) => {
  if (pagesHoldObjcgs) holdObjcg(peekAt(a, AT.pageOwner), a);
  else holdCss(peekAt(a, AT.pageOwner), a);
};
/** A set that nobody uses waits to be freed. */
const addSet = (a: number) => {
  if (peekAt(a, AT.setUsers) !== 0) holdCss(peekAt(a, AT.setCss), a);
};
const addHandle = (type: string | undefined, a: number) => {
  if (type === "objcg") holdObjcg(a, NAME);
  else if (type === "css") holdCss(a, NAME);
};

/** Counts the references of a memcg to itself and to its parent, and those of inherited objcgs. */
function addMemcg(a: number): void {
  for (let k = 0; k < AT.original.length; k++) holdObjcg(peekAt(a, AT.original[k]), a);
  if (peekAt(a, AT.id) !== 0) holdCss(a, ID);
  if (!cssRef.isKilled(a)) holdCss(a, INITIAL);
  else if ((peekAt(a, AT.flags) & REMOVED) === REMOVED) holdCss(a, REMOVAL);
  holdCss(peekAt(a, AT.cssParent), a);
  // list_splice() leaves the head of an offline cgroup's list as it was.
  if (!objcgsHoldCss || (peekAt(a, AT.flags) & CSS_ONLINE) === 0) return;
  const active = peekAt(a, OWN.active);
  const head = a + 2 * OWN.list;
  let bound = 64; // a corrupt list must not hang the checker
  for (let p = peekAt(head, 0); p !== 0 && p !== head && bound-- > 0; p = peekAt(p, 0)) {
    if (active === 0 || indexAt(obj_cgroup, p) !== indexAt(obj_cgroup, active)) holdCss(a, p);
  }
}

function addPageStock(a: number, cpu: number): void {
  if (!isOnline(cpu)) return;
  for (let i = 0; i < AT.cached.length; i++) holdCss(peekAt(a, AT.cached[i]), a);
}

function addObjStock(a: number, cpu: number): void {
  if (!isOnline(cpu)) return;
  for (let i = 0; i < CACHED.length; i++) holdObjcg(peekAt(a, CACHED[i]), a);
}

function addTask(a: number): void {
  holdObjcg(peekAt(a, AT.taskObjcg) >> OBJCG_FLAG_BITS, a);
}

/** Count the holders of everything. */
function countHolders(): void {
  clearCounts(objcgRefs, obj_cgroup);
  clearCounts(cssRefs, mem_cgroup);
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
    addMemcg(addressOf(mem_cgroup, i));
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
    const a = addressOf(obj_cgroup, i);
    if (!objcgRef.isKilled(a)) holdObjcg(a, INITIAL);
    for (let n = ghost[PINS + i]; n > 0; n--) holdObjcg(a, VARIABLE);
  }
}

/** Whether a count differs from the number of holders. */
export function suspicious(): boolean {
  countHolders();
  for (let i = nextLive(obj_cgroup, 0); i >= 0; i = nextLive(obj_cgroup, i + 1)) {
    const a = addressOf(obj_cgroup, i);
    if (objcgRef.references(a) !== objcgRefs[i] && !isRootObjcg(a)) return true;
  }
  // The root, the first one, counts no references.
  for (let i = nextLive(mem_cgroup, 1); i >= 0; i = nextLive(mem_cgroup, i + 1)) {
    if (cssRef.references(addressOf(mem_cgroup, i)) !== cssRefs[i]) return true;
  }
  return false;
}

/** The object of a type, from index `from` on, that has fewer references than holders; or -1. */
function shortOf(type: StructType, ref: RefReader, counts: Int32Array, from: number): number {
  for (let i = nextLive(type, from); i >= 0; i = nextLive(type, i + 1)) {
    const n = ref.references(addressOf(type, i));
    if (n >= 0 && n < counts[i]) return i;
  }
  return -1;
}

/** Who holds an object. */
function holdersOf(type: StructType, i: number): string[] {
  listed = type;
  listedIndex = i;
  names = [];
  countHolders();
  listed = null;
  return names;
}

/** The first object with fewer references than holders, or null. */
export function shortage(): Shortage | null {
  countHolders();
  const o = shortOf(obj_cgroup, objcgRef, objcgRefs, 0);
  const m = o >= 0 ? -1 : shortOf(mem_cgroup, cssRef, cssRefs, 1);
  if (o < 0 && m < 0) return null;
  const [type, ref, i] = o >= 0
    ? [obj_cgroup, objcgRef, o] as const
    : [mem_cgroup, cssRef, m] as const;
  const a = addressOf(type, i);
  return { a, references: ref.references(a), holders: holdersOf(type, i) };
}
