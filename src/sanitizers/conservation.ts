/**
 * The conservation laws of objcg accounting.
 *
 * They are judged at quiescence, and with `--every-step` whenever no CPU is in the middle of
 * accounting (books.ts). The kernel cannot see that its objects are read. PS is the page size:
 *
 * - C1: for every objcg, live bytes + parked bytes + stocked bytes are a multiple of PS.
 * - C2: a released objcg has no bytes that are charged or stocked.
 * - C3: a stock holds no bytes if it has no objcg, and at most PS; since 5387c90490f7 (v5.14) it may
 *   also hold what charges that found too little in it have left over.
 * - C4: parked bytes are never negative. A stock takes them when it gets the objcg. So if all stocks have
 *   it, nobody takes any, and there is no page among them.
 * - C5: no object is handed out unaccounted because its charge failed.
 * - H1: no reachable counter is negative.
 * - H2: the counter of an online cgroup equals the number of pages of the objcgs, page stocks and
 *   kernel pages of its subtree; where cgroups need not be hierarchical (cgroup1), of those whose
 *   counters are below it. Two counters are not judged: that of an offline cgroup, which may keep a
 *   residue (H3), and that of the root (H5). The counter of memory and swap (memsw), if the kernel has it,
 *   is judged by the same two laws.
 * - Since v5.14: the slab statistics of an online cgroup and a node, together with what stocks have not
 *   passed on, equal the bytes of the node's objects that belong to the subtree.
 *
 * @module
 */
import * as contexts from "../machine/layout/contexts.ts";
import * as metaLayout from "../machine/layout/meta.ts";
import * as registers from "../machine/layout/registers.ts";
import * as sizes from "../machine/layout/sizes.ts";
import { views } from "../machine/words/arena.ts";
import { config } from "../machine/words/config.ts";
import { tally } from "../machine/context/handles.ts";
import { oops, oopsKind } from "../machine/findings/oops.ts";
import { nameJudgedCells } from "../machine/findings/judged_cells.ts";
import {
  bitsOf,
  cellsAt,
  hasField,
  nameAt,
  offsetOf,
  peekAt,
  typeNamed,
} from "../machine/memory/peek.ts";
import { RefReader } from "../machine/memory/refs.ts";
import { addressOf, clearCounts, indexAt, nextLive } from "../machine/memory/slab.ts";
import type { Struct, StructType } from "../machine/memory/struct_type.ts";
import { functionNames, tap } from "../machine/calls/registry.ts";
import { onEveryStep } from "../machine/hooks/every_step.ts";
import { booksClosed, watchBooks } from "./books.ts";
import {
  type Counter,
  countersOf,
  counterStockType,
  stockCells,
  stocked,
} from "./accounts/counters.ts";
import { Hierarchy } from "./accounts/hierarchy.ts";
import {
  ITEMS,
  type KeptStats,
  keptStats,
  type ObjStock,
  objStocks,
  POINTER_BYTES,
  undisturbed,
} from "./accounts/obj_stocks.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { pcpu } = views();
const { CELL_WORDS } = metaLayout;
const { CONTEXT } = contexts;
const { regs, BLOCK, CPU } = registers;
const { CPUS_MAX } = sizes;

const BYTES = oopsKind("bytes", "conservation", () => "objcg byte conservation violated");
const STOCK = oopsKind("stock", "conservation", () => "objcg stock holds more than it may");
const PARKED = oopsKind("parked", "conservation", () => "pages are parked that no stock takes");
const NEGATIVE = oopsKind("negative", "conservation", () => "page counter negative at quiescence");
const BYPASS = oopsKind("bypass", "conservation", () => "unaccounted allocation over the limit");
const STATS = oopsKind("stats", "conservation", () => "slab statistics of a node do not add up");
const PAGES = oopsKind(
  "pages",
  "conservation",
  (o) => o.arg > 0 ? "page counter leaked a charge" : "page counter lost a charge",
);

/** Where the statistics of cgroups and objects lie. */
interface Stats {
  readonly node: StructType;
  readonly ofMemcg: number;
  readonly objectNode: number;
  readonly reclaimable: number;
}

interface Layout {
  readonly objcg: StructType;
  readonly memcg: StructType;
  readonly stock: StructType;
  /** The stock of objects: since c80509ef65e4 (v6.16) not the one of pages. */
  readonly objStock: StructType;
  readonly object: StructType;
  readonly page: StructType;
  readonly ncb: number;
  readonly owner: number;
  readonly refs: RefReader;
  /** The counter of memory, and memsw if the kernel has it. */
  readonly counters: readonly Counter[];
  /** Of the stocks of a counter, if counters have any. */
  readonly counterStocks: readonly number[];
  readonly flags: number;
  /** Bits of the flags. */
  readonly online: number;
  readonly dying: number;
  readonly hierarchy: Hierarchy;
  readonly objectObjcg: number;
  readonly objectSize: number;
  /** The object stocks of a CPU, or the slots of its object stock. */
  readonly objStocks: readonly ObjStock[];
  /** Whether a stock's bytes are those of a cgroup, and not of an objcg: a draft of v7.1. */
  readonly byMemcg: boolean;
  /** Of an object stock with slots: whose statistics it keeps, since about v7.2. */
  readonly kept: KeptStats | null;
  /** Bytes that an object stock may hold. */
  readonly stockMost: number;
  /** Places of a CPU that may have the same objcg: a stock, or one for tasks and one for interrupts. */
  readonly places: number;
  readonly stats: Stats | null;
  /** The cgroups in a page stock, and their pages: slot by slot. */
  readonly stockMemcg: readonly number[];
  readonly stockPages: readonly number[];
  readonly pageOwner: number;
  /** Whether a kernel page is charged through an objcg, and reparented with it. */
  readonly pageObjcg: boolean;
  readonly pageOrder: number;
}
/** Layout of the structures; set only if the target has them. */
let l: Layout;
let known = false;

/** The largest charge, and how many contexts of a CPU may be in the middle of one. */
const LARGEST = 65536 + POINTER_BYTES;
const CONTEXTS = 3;
/** What a slot of an object stock holds at most: 16 bits. */
const SLOT_MOST = 0xffff;
function learnStats(memcg: StructType, object: StructType): Stats | null {
  const node = typeNamed("pglist_data");
  if (node === undefined || !hasField(memcg, "lruvec_stats")) return null;
  return {
    node,
    ofMemcg: offsetOf(memcg, "lruvec_stats"),
    objectNode: offsetOf(object, "pgdat"),
    reclaimable: offsetOf(object, "reclaimable"),
  };
}

function learn(): Layout | null {
  const [objcg, memcg, stock, object, page] = [
    "obj_cgroup",
    "mem_cgroup",
    "memcg_stock_pcp",
    "kmem_object",
    "page",
  ].map(typeNamed);
  if (!objcg || !memcg || !stock || !object || !page) return null;
  const stats = learnStats(memcg, object);
  const objStock = typeNamed("obj_stock_pcp") ?? stock;
  return {
    objcg,
    memcg,
    stock,
    objStock,
    object,
    page,
    ncb: offsetOf(objcg, "nr_charged_bytes"),
    owner: offsetOf(objcg, "memcg"),
    refs: new RefReader(objcg, "refcnt"),
    counters: countersOf(memcg),
    counterStocks: stockCells(),
    flags: offsetOf(memcg, "css.flags"),
    online: bitsOf(memcg, "css.flags", "CSS_ONLINE"),
    dying: bitsOf(memcg, "css.flags", "CSS_DYING"),
    hierarchy: new Hierarchy(memcg),
    objectObjcg: offsetOf(object, "objcg"),
    objectSize: offsetOf(object, "size"),
    objStocks: objStocks(objStock),
    byMemcg: functionNames().includes("stock_is_keyed_by_memcg"),
    kept: keptStats(objStock),
    stockMost: hasField(objStock, "stats_index")
      ? SLOT_MOST
      : config.pageSize + (stats === null ? 0 : LARGEST + CONTEXTS * config.pageSize),
    places: hasField(objStock, "task_obj") ? 2 : 1,
    stats,
    stockMemcg: cellsAt(stock, "cached"),
    stockPages: cellsAt(stock, "nr_pages"),
    pageOwner: offsetOf(page, hasField(page, "objcg") ? "objcg" : "mem_cgroup"),
    pageObjcg: hasField(page, "objcg"),
    pageOrder: offsetOf(page, "order"),
  };
}

/** Bytes of each objcg and pages of each memcg, by index; every judgement fills them anew. */
const bytes = new Int32Array(64);
const pages = new Int32Array(64);
/** Of each memcg, counter by counter: pages in stocks of the counter itself, as far as there are any. */
const apart = [new Int32Array(64), new Int32Array(64)];
/** Stocks that have each objcg. */
const held = new Int32Array(64);
/** Bytes of all objcgs of each memcg, where only those add up. */
const shared = new Int32Array(64);
/** Bytes per memcg, node and item. */
const STATS_MAX = 8;
const statistics = new Int32Array(64 * STATS_MAX);

function addObject(a: number): void {
  const o = peekAt(a, l.objectObjcg);
  if (o === 0) return;
  const size = peekAt(a, l.objectSize) + POINTER_BYTES;
  bytes[indexAt(l.objcg, o)] += size;
  if (l.stats === null) return;
  const node = indexAt(l.stats.node, peekAt(a, l.stats.objectNode));
  const item = peekAt(a, l.stats.reclaimable) !== 0 ? 0 : 1;
  addStat(peekAt(o, l.owner), node * ITEMS.length + item, size);
}

/** Add to a statistic of the cgroup at `a` and of all its ancestors. */
function addStat(a: number, k: number, n: number): void {
  l.hierarchy.addUp(statistics, a, n, STATS_MAX, k);
}

function addPageStock(a: number): void {
  for (let i = 0; i < l.stockMemcg.length; i++) {
    const m = peekAt(a, l.stockMemcg[i]);
    if (m !== 0) addUp(m, peekAt(a, l.stockPages[i]));
  }
}

function addObjStock(a: number, s: ObjStock): void {
  const o = peekAt(a, s.objcg);
  if (o === 0) return;
  const i = indexAt(l.objcg, o);
  bytes[i] += peekAt(a, s.bytes);
  held[i]++;
  if (l.stats === null || l.kept !== null) return;
  const node = peekAt(a, s.pgdat);
  if (node === 0) return;
  const k = indexAt(l.stats.node, node) * ITEMS.length;
  for (let item = 0; item < ITEMS.length; item++) {
    addStat(peekAt(o, l.owner), k + item, -peekAt(a, s.kept[item]));
  }
}

/** Statistics that an object stock with slots has not passed on: those of the objcg in one of them. */
function addKeptStats(a: number, { index, node, items }: KeptStats): void {
  const i = peekAt(a, index);
  if (i < 0) return;
  const owner = peekAt(peekAt(a, l.objStocks[i].objcg), l.owner);
  const k = peekAt(a, node) * ITEMS.length;
  for (let item = 0; item < ITEMS.length; item++) addStat(owner, k + item, -peekAt(a, items[item]));
}

function judgeStock(a: number): void {
  for (let i = 0; i < l.objStocks.length; i++) {
    const s = l.objStocks[i];
    const n = peekAt(a, s.bytes);
    const most = peekAt(a, s.objcg) === 0 ? 0 : l.stockMost;
    if (n < 0 || n > most) oops(STOCK, n, a, `${nameAt(a)} holds ${n} bytes; ${most} are allowed`);
  }
}

/** C2: a released objcg has nothing charged and nothing in a stock. */
function judgeReleased(a: number, n: number): void {
  if (n !== 0) oops(BYTES, n, a, `${nameAt(a)} was released with ${n} bytes charged or stocked`);
}

function judgeObjcg(a: number, i: number): void {
  if (l.refs.isReleased(a)) {
    judgeReleased(a, bytes[i] + tally(i));
    bytes[i] = 0; // parked bytes were given back as pages; the objcg waits to be freed
    return;
  }
  const parked = peekAt(a, l.ncb);
  if (parked < 0) oops(BYTES, parked, a, `${nameAt(a)} has ${parked} bytes parked`);
  if (parked >= config.pageSize && held[i] === config.cpus * l.places) {
    oops(PARKED, parked, a, `${nameAt(a)} has ${parked} bytes parked, and all stocks have it`);
  }
  bytes[i] += parked + tally(i);
  if (l.byMemcg) {
    shared[indexAt(l.memcg, peekAt(a, l.owner))] += bytes[i];
    return;
  }
  if ((bytes[i] & (config.pageSize - 1)) !== 0) {
    const n = bytes[i];
    oops(BYTES, n, a, `${nameAt(a)} accounts for ${n} bytes, which is no multiple of a page`);
  }
}

/** Add pages to the cgroup at `a` and all its ancestors. */
function addUp(a: number, n: number): void {
  l.hierarchy.addUp(pages, a, n);
}

function addObjcgPages(a: number, i: number): void {
  if (!l.byMemcg) addUp(peekAt(a, l.owner), bytes[i] / config.pageSize);
}

/**
 * C1 of a stock that is keyed by cgroup: the objcgs of a cgroup together have whole pages. Nobody
 * uncharges the root, so nobody cares what is left over of its objcgs.
 */
function judgeShared(a: number, i: number): void {
  if (i === 0) return;
  const n = shared[i];
  if ((n & (config.pageSize - 1)) !== 0) {
    oops(
      BYTES,
      n,
      a,
      `the objcgs of ${nameAt(a)} account for ${n} bytes, which are no whole pages`,
    );
  }
  addUp(a, n / config.pageSize);
}

function addKernelPage(a: number): void {
  const owner = peekAt(a, l.pageOwner);
  if (owner === 0) return;
  addUp(l.pageObjcg ? peekAt(owner, l.owner) : owner, 1 << peekAt(a, l.pageOrder));
}

/** Pages in the stocks of the counters of the cgroup at `a`. */
function addCounterStocks(a: number): void {
  for (let k = 0; k < l.counters.length; k++) {
    l.hierarchy.addUp(apart[k], a, stocked(a, l.counters[k], l.counterStocks));
  }
}

/** The cgroup at `a`, or its counter `k`: the first one, which all kernels have, is the cgroup's. */
const counterName = (a: number, k: number): string =>
  k === 0 ? nameAt(a) : `${l.counters[k].name} of ${nameAt(a)}`;

/** H2 for the counter `k`. */
function judgePages(a: number, i: number, k: number): void {
  const usage = peekAt(a, l.counters[k].usage);
  const wanted = pages[i] + apart[k][i];
  if (usage === wanted) return;
  const detail = `${counterName(a, k)} stands at ${usage} pages, but ${wanted} are accounted for`;
  oops(PAGES, usage - wanted, a, detail);
}

function judgeMemcg(a: number, i: number): void {
  for (let k = 0; k < l.counters.length; k++) {
    const usage = peekAt(a, l.counters[k].usage);
    if (usage < 0) oops(NEGATIVE, usage, a, `${counterName(a, k)} stands at ${usage} pages`);
  }
  const flags = peekAt(a, l.flags);
  if ((flags & l.online) === 0 || (flags & l.dying) !== 0) return;
  if (l.stats !== null) judgeStats(a, i, l.stats);
  if (i === 0) return;
  for (let k = 0; k < l.counters.length; k++) judgePages(a, i, k);
}

function judgeStats(a: number, i: number, { node, ofMemcg }: Stats): void {
  for (let k = 0; k < node.objects.length * ITEMS.length; k++) {
    const n = peekAt(a, ofMemcg + k);
    const wanted = statistics[i * STATS_MAX + k];
    if (n === wanted) continue;
    const item = ITEMS[k % ITEMS.length];
    const where = `${item} of node ${Math.floor(k / ITEMS.length)}`;
    oops(
      STATS,
      n - wanted,
      a,
      `${nameAt(a)} says ${n} of ${where}, but ${wanted} are accounted for`,
    );
  }
}

/** Judge all laws. Context: the books are closed. */
function judge(): void {
  const { object, stock, objStock, objcg, memcg, page } = l;
  clearCounts(bytes, objcg);
  clearCounts(held, objcg);
  clearCounts(pages, memcg);
  clearCounts(shared, memcg);
  if (l.stats !== null) statistics.fill(0);
  for (let i = nextLive(object, 0); i >= 0; i = nextLive(object, i + 1)) {
    addObject(addressOf(object, i));
  }
  for (let i = nextLive(objStock, 0); i >= 0; i = nextLive(objStock, i + 1)) {
    const a = addressOf(objStock, i);
    judgeStock(a);
    for (let k = 0; k < l.objStocks.length; k++) addObjStock(a, l.objStocks[k]);
    if (l.kept !== null) addKeptStats(a, l.kept);
  }
  for (let i = nextLive(stock, 0); i >= 0; i = nextLive(stock, i + 1)) {
    addPageStock(addressOf(stock, i));
  }
  for (let i = nextLive(objcg, 0); i >= 0; i = nextLive(objcg, i + 1)) {
    judgeObjcg(addressOf(objcg, i), i);
    addObjcgPages(addressOf(objcg, i), i);
  }
  if (l.byMemcg) {
    for (let i = nextLive(memcg, 0); i >= 0; i = nextLive(memcg, i + 1)) {
      judgeShared(addressOf(memcg, i), i);
    }
  }
  for (let i = nextLive(page, 0); i >= 0; i = nextLive(page, i + 1)) {
    addKernelPage(addressOf(page, i));
  }
  if (l.counterStocks.length > 0) {
    for (let k = 0; k < apart.length; k++) clearCounts(apart[k], memcg);
    for (let i = nextLive(memcg, 0); i >= 0; i = nextLive(memcg, i + 1)) {
      addCounterStocks(addressOf(memcg, i));
    }
  }
  for (let i = nextLive(memcg, 0); i >= 0; i = nextLive(memcg, i + 1)) {
    judgeMemcg(addressOf(memcg, i), i);
  }
}

/** Addresses of all stocks of a type. */
function stocksOf(type: StructType): number[] {
  const all: number[] = [];
  for (let i = nextLive(type, 0); i >= 0; i = nextLive(type, i + 1)) all.push(addressOf(type, i));
  return all;
}

/** The cells that are added up for a finding about the object at `a`. */
function cellsOf(kind: number, a: number): number[] {
  const cell = (at: number, offset: number) => at + CELL_WORDS * offset;
  const heldBy = (stock: number) =>
    l.objStocks.flatMap((s) => [cell(stock, s.objcg), cell(stock, s.bytes)]);
  if (kind === STOCK) return heldBy(a);
  if (kind === PARKED) return [cell(a, l.ncb)];
  if (kind === BYTES && !l.byMemcg) {
    return [cell(a, l.ncb), ...stocksOf(l.objStock).flatMap(heldBy)];
  }
  if (kind !== NEGATIVE && kind !== PAGES) return [];
  const slots = l.stockMemcg.flatMap((offset, i) => [offset, l.stockPages[i]]);
  const usages = l.counters.map(({ usage }) => cell(a, usage));
  const own = counterStockType();
  return [
    ...usages,
    ...stocksOf(l.stock).flatMap((s) => slots.map((o) => cell(s, o))),
    ...(own ? stocksOf(own).flatMap((s) => l.counterStocks.map((o) => cell(s, o))) : []),
  ];
}

/** By context of each CPU: whether the last charge of the allocation that is running has failed. */
const EACH = 4;
const failed = new Uint8Array(CPUS_MAX * EACH);

/** C5: judged at the end of every accounted allocation. */
function watchAllocations(): void {
  const context = () => EACH * regs[CPU] + pcpu[regs[BLOCK] + CONTEXT];
  tap("page_counter_try_charge", () => {}, (fail) => {
    failed[context()] = fail === null ? 0 : 1;
  });
  // A charge that cannot wait is forced over the limit, and so does not fail.
  tap("page_counter_charge", () => {
    failed[context()] = 0;
  }, () => {});
  // An interrupt may have filled the stock since the counter refused.
  tap("consume_stock", () => {}, (taken) => {
    if (taken) failed[context()] = 0;
  });
  if (functionNames().includes("page_counter_try_charge_stock")) {
    tap("page_counter_try_charge_stock", () => {}, (fail) => {
      if (fail === null) failed[context()] = 0;
    });
  }
  tap("kmem_cache_alloc", () => {
    failed[context()] = 0;
  }, (object) => {
    if (failed[context()] === 0 || object === null) return;
    const { a } = object as Struct;
    if (peekAt(a, l.objectObjcg) !== 0) return;
    oops(BYPASS, 0, a, `${nameAt(a)} could not be charged, and was allocated unaccounted`);
  });
}

export const conservation: Sanitizer = {
  name: "conservation",
  doc: "Bytes per objcg and pages per cgroup that do not add up at quiescence.",
  free: true,
  attach() {
    const found = learn();
    known = found !== null;
    if (found === null) return;
    l = found;
    watchBooks();
    watchAllocations();
    nameJudgedCells(cellsOf);
    onEveryStep(() => {
      if (booksClosed()) judge();
    });
  },
  quiesce() {
    if (known && undisturbed()) judge();
  },
};
