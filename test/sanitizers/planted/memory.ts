/** Memory bugs for KASAN, KMSAN and kmemleak, and next to them the correct code. */
import {
  array_load,
  array_store,
  atomic_add,
  element,
  READ_ONCE,
  WRITE_ONCE,
} from "../../../src/machine/memory/access.ts";
import { UNINIT } from "../../../src/machine/hooks/uninit.ts";
import { WARN_ON } from "../../../src/machine/findings/warn.ts";
import { kernel } from "../../../src/machine/calls/registry.ts";
import {
  array,
  embed,
  type Fields,
  type Fn,
  fn,
  int,
  type Lvalue,
  type Ptr,
  ptr,
  type Struct,
} from "../../../src/machine/memory/struct_type.ts";
import { statics, struct } from "../../../src/machine/memory/struct.ts";
import { unlikely } from "../../../src/kernel/compiler.ts";
import { GFP_ATOMIC } from "../../../src/kernel/errno.ts";
import { __kmalloc } from "../../../src/kernel/kmalloc.ts";
import { kfree_rcu, rcu_head, rcu_read_lock, rcu_read_unlock } from "../../../src/kernel/rcu.ts";
import { kfree, kmalloc } from "../../../src/kernel/slab.ts";
import { memcpy } from "../../../src/kernel/string.ts";

interface gadget extends
  Struct,
  Fields<{
    x: number;
    y: number;
    peer: Ptr<gadget>;
    call: Fn | null;
    slots: number;
    tail: number;
    rcu: rcu_head;
  }> {}
const gadget = struct<gadget>("gadget", {
  x: int,
  y: int,
  peer: ptr,
  call: fn,
  slots: array(2),
  tail: int,
  rcu: embed(rcu_head),
}, 6);
interface bench extends Struct, Fields<{ it: Ptr<gadget>; copy: number }> {}
const bench = statics<bench>("bench", { it: ptr, copy: int }, 1)[0];

/** A new gadget, in which nothing was written. */
const gadget_new = kernel("gadget_new", (): gadget => kmalloc(gadget, GFP_ATOMIC)!);
const gadget_x = kernel("gadget_x", (g: gadget): number => g.x);
const takes_number = kernel("takes_number", (_n: number): void => {});
/** Copies a value without using it. */
const copy_x_to_y = kernel("copy_x_to_y", (g: gadget): void => {
  g.y = g.x;
});
const copy_y_to_tail = kernel("copy_y_to_tail", (g: gadget): void => {
  WRITE_ONCE(g.$tail, READ_ONCE(g.$y));
});

function withGadget(f: (g: gadget) => number | void): () => number | void {
  return () => {
    const g = gadget_new();
    const r = f(g);
    kfree(g);
    return r;
  };
}

const SLOTS = (g: gadget) => g.$slots as Lvalue<unknown>;

export const memoryPlants: Record<string, () => number | void> = {
  // KASAN: sized memory
  mem_left() {
    const p = __kmalloc(10, GFP_ATOMIC)!;
    array_store(p, -1, 0);
    kfree(p);
  },
  mem_right_in_slot() {
    const p = __kmalloc(10, GFP_ATOMIC)!;
    array_store(p, 10, 0);
    kfree(p);
  },
  mem_range() {
    const p = __kmalloc(10, GFP_ATOMIC)!;
    const q = __kmalloc(16, GFP_ATOMIC)!;
    memcpy(q, p, 12);
    kfree(p);
    kfree(q);
  },
  mem_far: () => void array_load(bench.$copy, 900), // the end of the variables
  mem_wild: () => void array_load(bench.$copy, 1 << 20),
  mem_free_middle() {
    const p = __kmalloc(10, GFP_ATOMIC)!;
    kfree(element(p, 4));
  },
  /** An index that leaves the array but not the object: KASAN does not see it. */
  mem_inside: withGadget((g) => {
    g.tail = 1;
    array_load(SLOTS(g), 2);
  }),
  // KASAN: grace periods
  mem_rcu_reader() {
    const g = gadget_new();
    g.x = 1;
    bench.it = g;
    rcu_read_lock();
    kfree_rcu(g.rcu);
    g.x; // in a section that began before the grace period
    rcu_read_unlock();
  },
  mem_rcu_late: () => void bench.it!.x,
  mem_forget() {
    bench.it = null;
  },
  // KMSAN
  uninit_copy: withGadget((g) => {
    copy_x_to_y(g);
    copy_y_to_tail(g);
  }),
  uninit_copied: withGadget((g) => {
    copy_x_to_y(g);
    copy_y_to_tail(g);
    takes_number(g.tail);
  }),
  uninit_computed: withGadget((g) => {
    g.y = 2 * g.x + 1;
    return g.y;
  }),
  uninit_pointer: withGadget((g) => g.peer!.x),
  uninit_pointer_copied: withGadget((g) => {
    bench.it = g.peer;
    bench.it!.x = 1;
  }),
  uninit_function: withGadget((g) => g.call!(g)),
  uninit_argument: withGadget((g) => takes_number(g.x)),
  uninit_return: withGadget(gadget_x),
  uninit_branch: withGadget((g) => unlikely(g.x) ? 1 : 0),
  uninit_operand: withGadget((g) => atomic_add(g.x, bench.$copy)),
  uninit_index: withGadget((g) => array_store(SLOTS(g), g.x, 0)),
  uninit_warn: withGadget((g) => WARN_ON(g.x)),
  uninit_local() {
    let n = UNINIT;
    if (bench.copy === 0) n = n + 1;
    bench.copy = n;
  },
  uninit_local_used: () => bench.copy,
  uninit_local_clear() {
    bench.copy = 0;
  },
  init_ok: withGadget((g) => {
    copy_x_to_y(g); // the copy is overwritten before it is used
    g.x = g.y = 1;
    g.peer = g;
    g.call = gadget_x;
    takes_number(g.peer.y);
    array_store(SLOTS(g), g.x, 3);
    return unlikely(g.x) ? g.call!(g) : array_load(SLOTS(g), 1);
  }),
  // kmemleak
  leak_ring() {
    const a = gadget_new();
    const b = gadget_new();
    a.peer = b;
    b.peer = a;
  },
  leak_behind() {
    const a = gadget_new();
    a.peer = gadget_new();
    a.peer.peer = null;
    bench.it = a;
  },
};
