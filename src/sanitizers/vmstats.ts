/**
 * The statistics of cgroups, of kernels that have them (memcg_vmstats, memcg_state_local).
 *
 * They are judged as the laws of conservation are, for cgroups that are online:
 *
 * - The hierarchical counter of a cgroup, together with what CPUs keep of it and of its descendants, equals
 *   the bytes of all objects that belong to its subtree; and so for its part of each node. (Of kernels since
 *   v5.14 `conservation` judges that.)
 * - The counters of a cgroup without its descendants, together with what CPUs keep, are not below zero.
 *
 * @module
 */
import { config } from "../machine/words/config.ts";
import { onEveryStep } from "../machine/hooks/every_step.ts";
import { nameJudgedCells } from "../machine/findings/judged_cells.ts";
import { oops, oopsKind } from "../machine/findings/oops.ts";
import { CELL_WORDS } from "../machine/layout/meta.ts";
import {
  bitsOf,
  cellsAt,
  hasField,
  nameAt,
  offsetOf,
  peekAt,
  typeNamed,
} from "../machine/memory/peek.ts";
import { addressOf, indexAt, nextLive } from "../machine/memory/slab.ts";
import type { StructType } from "../machine/memory/struct_type.ts";
import { booksClosed, watchBooks } from "./books.ts";
import {
  ITEMS,
  type KeptStats,
  keptStats,
  type ObjStock,
  objStocks,
  POINTER_BYTES,
  undisturbed,
} from "./obj_stocks.ts";
import type { Sanitizer } from "./sanitizer.ts";

const SUM = oopsKind("vmstats", "vmstats", () => "slab statistics of a cgroup do not add up");
const LOCAL = oopsKind("vmstats-local", "vmstats", () => "local slab statistics below zero");

/** Of the cgroup as a whole, then of its part of each node. */
const PARTS = 3;
const NODES = PARTS - 1;
const MEMCGS_MAX = 64;

/** Counters of each part: hierarchical, kept by each CPU, local of each CPU. */
interface Batched {
  readonly total: readonly number[];
  readonly kept: readonly (readonly number[])[];
  readonly local: readonly (readonly number[])[];
  readonly objectNode: number;
}

/** Local counters of each part and item, of each CPU. */
interface Rstat {
  readonly local: readonly (readonly number[])[];
  readonly names: readonly string[];
  readonly objStock: StructType;
  readonly stocks: readonly ObjStock[];
  readonly slots: KeptStats | null;
  readonly node: StructType;
}

interface Layout {
  readonly memcg: StructType;
  readonly object: StructType;
  readonly owner: number;
  readonly objectObjcg: number;
  readonly objectSize: number;
  readonly parent: number;
  readonly flags: number;
  readonly online: number;
  readonly dying: number;
  readonly batched: Batched | null;
  readonly rstat: Rstat | null;
}
let l: Layout | null = null;

const { cpus } = config;

/** Which counter, for a report. */
const NAMES = ["of slab objects", "of slab objects of node 0", "of slab objects of node 1"];

/** The places of a part in an array that has an element for each CPU. */
function ofPart(cells: readonly number[], part: number): number[] {
  return cells.slice(part * cpus, (part + 1) * cpus);
}

function learnBatched(memcg: StructType, object: StructType): Batched | null {
  if (!hasField(memcg, "lruvec_stat")) return null;
  const parts = (whole: string, node: string) => {
    const nodes = cellsAt(memcg, node);
    return [cellsAt(memcg, whole), ...Array.from({ length: NODES }, (_, i) => ofPart(nodes, i))];
  };
  return {
    total: [offsetOf(memcg, "vmstats"), ...cellsAt(memcg, "lruvec_stat")],
    kept: parts("vmstats_percpu", "lruvec_stat_cpu"),
    local: parts("vmstats_local", "lruvec_stat_local"),
    objectNode: offsetOf(object, "nid"),
  };
}

/** The places of one part and item, of each CPU. */
function learnRstat(memcg: StructType): Rstat | null {
  if (!hasField(memcg, "lruvec_stats_percpu")) return null;
  const whole = cellsAt(memcg, "vmstats_percpu");
  const nodes = cellsAt(memcg, "lruvec_stats_percpu");
  const each = ITEMS.length;
  const every = (cells: readonly number[], first: number, step: number) =>
    Array.from({ length: cpus }, (_, cpu) => cells[first + cpu * step]);
  const local = ITEMS.map((_, item) => every(whole, item, each));
  for (let k = 0; k < NODES * each; k++) local.push(every(nodes, k, NODES * each));
  const objStock = typeNamed("obj_stock_pcp") ?? typeNamed("memcg_stock_pcp")!;
  const [stocks, slots] = [objStocks(objStock), keptStats(objStock)];
  const names = local.map((_, k) => `${ITEMS[k % each]} ${NAMES[Math.floor(k / each)]}`);
  return { local, names, objStock, stocks, slots, node: typeNamed("pglist_data")! };
}

function learn(): Layout | null {
  const [memcg, object, objcg] = ["mem_cgroup", "kmem_object", "obj_cgroup"].map(typeNamed);
  if (!memcg || !object || !objcg) return null;
  const [batched, rstat] = [learnBatched(memcg, object), learnRstat(memcg)];
  if (batched === null && rstat === null) return null;
  return {
    memcg,
    object,
    owner: offsetOf(objcg, "memcg"),
    objectObjcg: offsetOf(object, "objcg"),
    objectSize: offsetOf(object, "size"),
    parent: offsetOf(memcg, "memory.parent"),
    flags: offsetOf(memcg, "css.flags"),
    online: bitsOf(memcg, "css.flags", "CSS_ONLINE"),
    dying: bitsOf(memcg, "css.flags", "CSS_DYING"),
    batched,
    rstat,
  };
}

/** For each cgroup and part: what objects account for, less what CPUs keep. */
const wanted = new Int32Array(MEMCGS_MAX * PARTS);
/** For each cgroup, part and (since v5.14) item: what CPUs have counted in it alone, and stocks keep. */
const own = new Int32Array(MEMCGS_MAX * PARTS * ITEMS.length);

/** The index of the root, which is made first. */
const ROOT = 0;

/** parent_mem_cgroup(): the cgroup whose counter is above, or 0. */
function parentOf(a: number): number {
  const counter = peekAt(a, l!.parent);
  return counter === 0 ? 0 : addressOf(l!.memcg, indexAt(l!.memcg, counter));
}

/** Add to a part of the cgroup at `a` and of all its ancestors. */
function addUpwards(memcg: StructType, a: number, part: number, n: number): void {
  // A corrupt parent may lead round in a circle.
  for (let m = a, left = MEMCGS_MAX; m !== 0 && left > 0; left--) {
    wanted[indexAt(memcg, m) * PARTS + part] += n;
    m = parentOf(m);
  }
}

function addObject(a: number, { memcg, objectObjcg, objectSize, owner }: Layout, b: Batched): void {
  const o = peekAt(a, objectObjcg);
  if (o === 0) return;
  const size = peekAt(a, objectSize) + POINTER_BYTES;
  addUpwards(memcg, peekAt(o, owner), 0, size);
  addUpwards(memcg, peekAt(o, owner), 1 + peekAt(a, b.objectNode), size);
}

/** The counters of all CPUs. */
function sumOf(a: number, cells: readonly number[]): number {
  let n = 0;
  for (let c = 0; c < cells.length; c++) n += peekAt(a, cells[c]);
  return n;
}

function takeKept(a: number, { memcg }: Layout, { kept }: Batched): void {
  for (let part = 0; part < PARTS; part++) {
    const n = sumOf(a, kept[part]);
    if (n !== 0) addUpwards(memcg, a, part, -n);
  }
}

function isOnline(a: number): boolean {
  return (peekAt(a, l!.flags) & l!.online) !== 0;
}

function isDying(a: number): boolean {
  return (peekAt(a, l!.flags) & l!.dying) !== 0;
}

/**
 * Whose the local counters of a cgroup that is online are: those of one that is dying go to its parent, and
 * until then others may have counted there already.
 */
function inheritor(a: number): number {
  let m = a;
  for (let left = MEMCGS_MAX; m !== 0 && isDying(m) && left > 0; left--) m = parentOf(m);
  return m === 0 ? ROOT : indexAt(l!.memcg, m);
}

/** Complain about a local counter below zero. */
function judgeOwn(a: number, n: number, which: string): void {
  if (n < 0) oops(LOCAL, n, a, `${nameAt(a)} has ${n} bytes ${which} of its own`);
}

function judgeSums(a: number, i: number, { total }: Batched): void {
  for (let part = 0; part < PARTS; part++) {
    const n = peekAt(a, total[part]);
    const w = wanted[i * PARTS + part];
    if (n === w) continue;
    const detail = `${nameAt(a)} says ${n} bytes ${NAMES[part]}, besides what CPUs keep, ` +
      `but ${w} are accounted for`;
    oops(SUM, n - w, a, detail);
  }
}

function addOwn(a: number, { kept, local }: Batched): void {
  const i = inheritor(a) * PARTS;
  // A CPU counts what it keeps of the cgroup as a whole once it passes it on; of a node, at once.
  own[i] += sumOf(a, kept[0]);
  for (let part = 0; part < PARTS; part++) own[i + part] += sumOf(a, local[part]);
}

function judgeBatched(layout: Layout, b: Batched): void {
  const { memcg, object } = layout;
  wanted.fill(0);
  for (let i = nextLive(object, 0); i >= 0; i = nextLive(object, i + 1)) {
    addObject(addressOf(object, i), layout, b);
  }
  for (let i = nextLive(memcg, 0); i >= 0; i = nextLive(memcg, i + 1)) {
    const a = addressOf(memcg, i);
    takeKept(a, layout, b);
    if (isOnline(a)) addOwn(a, b);
  }
  for (let i = nextLive(memcg, 0); i >= 0; i = nextLive(memcg, i + 1)) {
    const a = addressOf(memcg, i);
    if (!isOnline(a) || isDying(a)) continue;
    judgeSums(a, i, b);
    for (let k = 0; k < PARTS; k++) judgeOwn(a, own[i * PARTS + k], NAMES[k]);
  }
}

/** What a stock has not passed on of an objcg, a node and an item. */
function addStocked(o: number, node: number, item: number, n: number): void {
  const each = ITEMS.length;
  const i = inheritor(peekAt(o, l!.owner)) * PARTS * each + item;
  own[i] += n;
  own[i + (1 + node) * each] += n;
}

function addStock(a: number, { stocks, slots, node }: Rstat): void {
  if (slots !== null) {
    const i = peekAt(a, slots.index);
    if (i < 0) return;
    for (let item = 0; item < ITEMS.length; item++) {
      const n = peekAt(a, slots.items[item]);
      addStocked(peekAt(a, stocks[i].objcg), peekAt(a, slots.node), item, n);
    }
    return;
  }
  for (let k = 0; k < stocks.length; k++) {
    const o = peekAt(a, stocks[k].objcg);
    const pgdat = peekAt(a, stocks[k].pgdat);
    if (o === 0 || pgdat === 0) continue;
    for (let item = 0; item < ITEMS.length; item++) {
      addStocked(o, indexAt(node, pgdat), item, peekAt(a, stocks[k].kept[item]));
    }
  }
}

function judgeRstat({ memcg }: Layout, r: Rstat): void {
  const counters = PARTS * ITEMS.length;
  for (let i = nextLive(r.objStock, 0); i >= 0; i = nextLive(r.objStock, i + 1)) {
    addStock(addressOf(r.objStock, i), r);
  }
  for (let i = nextLive(memcg, 0); i >= 0; i = nextLive(memcg, i + 1)) {
    const a = addressOf(memcg, i);
    if (!isOnline(a)) continue;
    const to = inheritor(a) * counters;
    for (let k = 0; k < counters; k++) own[to + k] += sumOf(a, r.local[k]);
  }
  for (let i = nextLive(memcg, 0); i >= 0; i = nextLive(memcg, i + 1)) {
    const a = addressOf(memcg, i);
    if (!isOnline(a) || isDying(a)) continue;
    for (let k = 0; k < counters; k++) judgeOwn(a, own[i * counters + k], r.names[k]);
  }
}

/** Judge all laws. Context: the books are closed. */
function judge(): void {
  if (l === null) return;
  own.fill(0);
  if (l.batched !== null) judgeBatched(l, l.batched);
  if (l.rstat !== null) judgeRstat(l, l.rstat);
}

/** The cells that are added up for a finding about the cgroup at `a`. */
function cellsOf(kind: number, a: number): number[] {
  if (l === null || (kind !== SUM && kind !== LOCAL)) return [];
  const { batched, rstat } = l;
  const offsets = batched === null
    ? rstat!.local.flat()
    : [...kind === SUM ? batched.total : batched.local.flat(), ...batched.kept.flat()];
  return offsets.map((offset) => a + CELL_WORDS * offset);
}

export const vmstats: Sanitizer = {
  name: "vmstats",
  doc: "Statistics of cgroups that do not add up, or are below zero.",
  free: true,
  attach() {
    l = learn();
    if (l === null) return;
    watchBooks();
    nameJudgedCells(cellsOf);
    onEveryStep(() => {
      if (booksClosed()) judge();
    });
  },
  quiesce() {
    if (l !== null && undisturbed()) judge();
  },
};
