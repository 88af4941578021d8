/**
 * The conservation laws of objcg accounting, judged when no CPU has anything left to do.
 *
 * Nothing here is visible to the kernel: objects are looked at from outside. With PS the page size:
 *
 * - C1: for every objcg, live bytes + parked bytes + stocked bytes are a multiple of PS.
 * - C4: parked bytes are never negative.
 * - H1: no reachable counter is negative.
 * - H2: an online cgroup's counter is exactly the pages of the objcgs, page stocks and kernel pages
 *   of its subtree. Offline cgroups may keep a residue (H3), and the root is not asserted (H5).
 *
 * @module
 */
import * as arena from "../machine/arena.ts";
import { PCPU_WORDS } from "../machine/arena.ts";
import { config } from "../machine/config.ts";
import { tally } from "../machine/handles.ts";
import { oops, oopsKind } from "../machine/oops.ts";
import { offsetOf, peek, peekPointer, typeNamed } from "../machine/peek.ts";
import { READERS } from "../machine/percpu.ts";
import { forEachLive } from "../machine/slab.ts";
import { objectName, outermost, type Struct, type StructType } from "../machine/struct.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { pcpu } = arena;

const BYTES = oopsKind("bytes", "conservation", () => "objcg byte conservation violated");
const NEGATIVE = oopsKind("negative", "conservation", () => "page counter negative at quiescence");
const PAGES = oopsKind(
  "pages",
  "conservation",
  (o) => o.arg > 0 ? "page counter leaked a charge" : "page counter lost a charge",
);

/** Bytes that an object costs besides its own (kernel/slab-hooks.ts). */
const POINTER_BYTES = 8;
const DYING = 16;
const ONLINE = 2;

interface Layout {
  readonly objcg: StructType;
  readonly memcg: StructType;
  readonly stock: StructType;
  readonly object: StructType;
  readonly page: StructType;
  readonly ncb: number;
  readonly owner: number;
  readonly usage: number;
  readonly flags: number;
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
let layout: Layout | null = null;

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
    usage: offsetOf(memcg, "memory.usage"),
    flags: offsetOf(memcg, "css.flags"),
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

/** Bytes per objcg, pages per memcg, both by index; reused from execution to execution. */
const bytes = new Int32Array(64);
const pages = new Int32Array(64);

function addBytes(l: Layout): void {
  bytes.fill(0);
  forEachLive(l.object, (x: Struct) => {
    const o = peekPointer(x, l.objectObjcg);
    if (o !== null) bytes[o.index] += peek(x, l.objectSize) + POINTER_BYTES;
  });
  for (const s of l.stock.objects as Struct[]) {
    const o = peekPointer(s, l.stockObjcg);
    if (o !== null) bytes[o.index] += peek(s, l.stockBytes);
  }
  forEachLive(l.objcg, (o: Struct) => {
    const parked = peek(o, l.ncb);
    if (parked < 0) oops(BYTES, parked, o.a, `${objectName(o)} has ${parked} bytes parked`);
    bytes[o.index] += parked + tally(o.index);
    if (bytes[o.index] % config.pageSize !== 0) {
      oops(
        BYTES,
        bytes[o.index],
        o.a,
        `${objectName(o)} accounts for ${bytes[o.index]} bytes, which is no multiple of a page`,
      );
    }
  });
}

/** Add pages to a cgroup and all its ancestors. */
function addUp(l: Layout, memcg: Struct | null, n: number): void {
  for (let m = memcg; m !== null;) {
    pages[m.index] += n;
    const parent = peekPointer(m, l.parent);
    m = parent === null ? null : outermost(parent);
  }
}

function addPages(l: Layout): void {
  pages.fill(0);
  forEachLive(l.objcg, (o: Struct) => {
    addUp(l, peekPointer(o, l.owner), bytes[o.index] / config.pageSize);
  });
  for (const s of l.stock.objects as Struct[]) {
    const m = peekPointer(s, l.stockMemcg);
    if (m !== null) addUp(l, m, peek(s, l.stockPages));
  }
  forEachLive(l.page, (p: Struct) => {
    const m = peekPointer(p, l.pageMemcg);
    if (m !== null) addUp(l, m, 1 << peek(p, l.pageOrder));
  });
}

function judge(l: Layout): void {
  forEachLive(l.memcg, (m: Struct) => {
    const usage = peek(m, l.usage);
    if (usage < 0) oops(NEGATIVE, usage, m.a, `${objectName(m)} stands at ${usage} pages`);
    const flags = peek(m, l.flags);
    if ((flags & ONLINE) === 0 || (flags & DYING) !== 0 || m.index === 0) return;
    if (usage !== pages[m.index]) {
      oops(
        PAGES,
        usage - pages[m.index],
        m.a,
        `${objectName(m)} stands at ${usage} pages, but ${pages[m.index]} are accounted for`,
      );
    }
  });
}

/** Whether something was cut short, so that sums cannot be expected to agree. */
function undisturbed(): boolean {
  for (let c = 0; c < config.cpus; c++) if (pcpu[c * PCPU_WORDS + READERS] !== 0) return false;
  return true;
}

export const conservation: Sanitizer = {
  name: "conservation",
  doc: "Bytes per objcg and pages per cgroup add up when all is quiet.",
  free: true,
  attach() {
    layout = learn();
  },
  quiesce() {
    if (layout === null || !undisturbed()) return;
    addBytes(layout);
    addPages(layout);
    judge(layout);
  },
};
