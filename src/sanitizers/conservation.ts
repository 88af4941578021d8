/**
 * The conservation laws of objcg accounting.
 *
 * They are judged at quiescence, and with `--every-step` whenever no CPU is in the middle of
 * accounting (books.ts). The kernel cannot see that its objects are read. PS is the page size:
 *
 * - C1: for every objcg, live bytes + parked bytes + stocked bytes are a multiple of PS.
 * - C2: a released objcg has no bytes that are charged or stocked.
 * - C3: a stock holds at most PS bytes, and no bytes if it has no objcg (until v5.13).
 * - C4: parked bytes are never negative.
 * - H1: no reachable counter is negative.
 * - H2: the counter of an online cgroup equals the number of pages of the objcgs, page stocks and
 *   kernel pages of its subtree. Two counters are not judged: that of an offline cgroup, which may
 *   keep a residue (H3), and that of the root (H5).
 *
 * @module
 */
import * as percpu from "../machine/layout/percpu.ts";
import * as readerWords from "../machine/layout/readers.ts";
import { views } from "../machine/words/arena.ts";
import { config } from "../machine/words/config.ts";
import { tally } from "../machine/context/handles.ts";
import { oops, oopsKind } from "../machine/findings/oops.ts";
import { bitsOf, nameAt, offsetOf, peekAt, typeNamed } from "../machine/memory/peek.ts";
import { addressOf, clearCounts, indexAt, nextLive } from "../machine/memory/slab.ts";
import type { StructType } from "../machine/memory/struct_type.ts";
import { onEveryStep } from "../machine/hooks/every_step.ts";
import { booksClosed, isReleased, watchBooks } from "./books.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { pcpu } = views();
const { PCPU_WORDS } = percpu;
const { READERS } = readerWords;

const BYTES = oopsKind("bytes", "conservation", () => "objcg byte conservation violated");
const STOCK = oopsKind("stock", "conservation", () => "objcg stock holds more than it may");
const NEGATIVE = oopsKind("negative", "conservation", () => "page counter negative at quiescence");
const PAGES = oopsKind(
  "pages",
  "conservation",
  (o) => o.arg > 0 ? "page counter leaked a charge" : "page counter lost a charge",
);

/** Bytes charged for each object besides its size (kernel/slab-hooks.ts). */
const POINTER_BYTES = 8;

interface Layout {
  readonly objcg: StructType;
  readonly memcg: StructType;
  readonly stock: StructType;
  readonly object: StructType;
  readonly page: StructType;
  readonly ncb: number;
  readonly owner: number;
  readonly refs: number;
  readonly count: number;
  readonly usage: number;
  readonly flags: number;
  /** Bits of the flags. */
  readonly online: number;
  readonly dying: number;
  /** Bits of `refs` once it is released. */
  readonly released: number;
  readonly parent: number;
  readonly objectObjcg: number;
  readonly objectSize: number;
  readonly stockObjcg: number;
  readonly stockBytes: number;
  readonly stockMemcg: number;
  readonly stockPages: number;
  readonly pageMemcg: number;
  readonly pageOrder: number;
}
/** Layout of the structures; set only if the target has them. */
let l: Layout;
let known = false;

function learn(): Layout | null {
  const [objcg, memcg, stock, object, page] = [
    "obj_cgroup",
    "mem_cgroup",
    "memcg_stock_pcp",
    "kmem_object",
    "page",
  ].map(typeNamed);
  if (!objcg || !memcg || !stock || !object || !page) return null;
  return {
    objcg,
    memcg,
    stock,
    object,
    page,
    ncb: offsetOf(objcg, "nr_charged_bytes"),
    owner: offsetOf(objcg, "memcg"),
    refs: offsetOf(objcg, "refcnt.percpu_count_ptr"),
    count: offsetOf(objcg, "refcnt.count"),
    usage: offsetOf(memcg, "memory.usage"),
    flags: offsetOf(memcg, "css.flags"),
    online: bitsOf(memcg, "css.flags", "CSS_ONLINE"),
    dying: bitsOf(memcg, "css.flags", "CSS_DYING"),
    released: bitsOf(objcg, "refcnt.percpu_count_ptr", "__PERCPU_REF_ATOMIC_DEAD"),
    parent: offsetOf(memcg, "css.parent"),
    objectObjcg: offsetOf(object, "objcg"),
    objectSize: offsetOf(object, "size"),
    stockObjcg: offsetOf(stock, "cached_objcg"),
    stockBytes: offsetOf(stock, "nr_bytes"),
    stockMemcg: offsetOf(stock, "cached"),
    stockPages: offsetOf(stock, "nr_pages"),
    pageMemcg: offsetOf(page, "mem_cgroup"),
    pageOrder: offsetOf(page, "order"),
  };
}

/** Bytes of each objcg and pages of each memcg, by index; every judgement fills them anew. */
const bytes = new Int32Array(64);
const pages = new Int32Array(64);

function addObject(a: number): void {
  const o = peekAt(a, l.objectObjcg);
  if (o !== 0) bytes[indexAt(l.objcg, o)] += peekAt(a, l.objectSize) + POINTER_BYTES;
}

function addStock(a: number): void {
  const o = peekAt(a, l.stockObjcg);
  if (o !== 0) bytes[indexAt(l.objcg, o)] += peekAt(a, l.stockBytes);
  const m = peekAt(a, l.stockMemcg);
  if (m !== 0) addUp(m, peekAt(a, l.stockPages));
}

function judgeStock(a: number): void {
  const n = peekAt(a, l.stockBytes);
  const most = peekAt(a, l.stockObjcg) === 0 ? 0 : config.pageSize;
  if (n < 0 || n > most) oops(STOCK, n, a, `${nameAt(a)} holds ${n} bytes; ${most} are allowed`);
}

/** C2: a released objcg has nothing charged and nothing in a stock. */
function judgeReleased(a: number, n: number): void {
  if (n !== 0) oops(BYTES, n, a, `${nameAt(a)} was released with ${n} bytes charged or stocked`);
}

function judgeObjcg(a: number, i: number): void {
  if (isReleased(peekAt(a, l.refs), peekAt(a, l.count), l.released)) {
    judgeReleased(a, bytes[i] + tally(i));
    bytes[i] = 0; // parked bytes were given back as pages; the objcg waits to be freed
    return;
  }
  const parked = peekAt(a, l.ncb);
  if (parked < 0) oops(BYTES, parked, a, `${nameAt(a)} has ${parked} bytes parked`);
  bytes[i] += parked + tally(i);
  if ((bytes[i] & (config.pageSize - 1)) !== 0) {
    const n = bytes[i];
    oops(BYTES, n, a, `${nameAt(a)} accounts for ${n} bytes, which is no multiple of a page`);
  }
}

/** Levels of cgroups: there are no more than cgroups. */
const LEVELS_MAX = 64;

/** Add pages to the cgroup at `a` and all its ancestors. */
function addUp(a: number, n: number): void {
  let m = a;
  // A corrupt parent may lead anywhere, and round in a circle.
  for (let left = LEVELS_MAX; m !== 0 && left > 0; left--) {
    const i = indexAt(l.memcg, m);
    pages[i] += n;
    const parent = peekAt(l.memcg.base + 2 + i * l.memcg.stride, l.parent);
    m = parent;
  }
}

function addObjcgPages(a: number, i: number): void {
  addUp(peekAt(a, l.owner), bytes[i] / config.pageSize);
}

function addKernelPage(a: number): void {
  const m = peekAt(a, l.pageMemcg);
  if (m !== 0) addUp(m, 1 << peekAt(a, l.pageOrder));
}

function judgeMemcg(a: number, i: number): void {
  const usage = peekAt(a, l.usage);
  if (usage < 0) oops(NEGATIVE, usage, a, `${nameAt(a)} stands at ${usage} pages`);
  const flags = peekAt(a, l.flags);
  if ((flags & l.online) === 0 || (flags & l.dying) !== 0 || i === 0) return;
  if (usage === pages[i]) return;
  const detail = `${nameAt(a)} stands at ${usage} pages, but ${pages[i]} are accounted for`;
  oops(PAGES, usage - pages[i], a, detail);
}

/** Judge all laws. Context: the books are closed. */
function judge(): void {
  const { object, stock, objcg, memcg, page } = l;
  clearCounts(bytes, objcg);
  clearCounts(pages, memcg);
  for (let i = nextLive(object, 0); i >= 0; i = nextLive(object, i + 1)) {
    addObject(addressOf(object, i));
  }
  for (let i = nextLive(stock, 0); i >= 0; i = nextLive(stock, i + 1)) {
    judgeStock(addressOf(stock, i));
    addStock(addressOf(stock, i));
  }
  for (let i = nextLive(objcg, 0); i >= 0; i = nextLive(objcg, i + 1)) {
    judgeObjcg(addressOf(objcg, i), i);
    addObjcgPages(addressOf(objcg, i), i);
  }
  for (let i = nextLive(page, 0); i >= 0; i = nextLive(page, i + 1)) {
    addKernelPage(addressOf(page, i));
  }
  for (let i = nextLive(memcg, 0); i >= 0; i = nextLive(memcg, i + 1)) {
    judgeMemcg(addressOf(memcg, i), i);
  }
}

/** Whether no CPU was stopped inside a read-side section; if one was, sums may not agree. */
function undisturbed(): boolean {
  for (let c = 0; c < config.cpus; c++) if (pcpu[c * PCPU_WORDS + READERS] !== 0) return false;
  return true;
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
    onEveryStep(() => {
      if (booksClosed()) judge();
    });
  },
  quiesce() {
    if (known && undisturbed()) judge();
  },
};
