/**
 * Fuzz target `percpu_ref`: the reference count alone, used as the kernel uses it.
 *
 * Objects are published in slots, which readers read under RCU. After the kill, an object stays in
 * its slot until the last reference is dropped, so lookups meet it in every state. A name of type
 * `held` is one reference. Tallies record the number of references. So the target sees a release
 * that comes too early, twice or never, and a count that is wrong at quiescence.
 *
 * An object made with PERCPU_REF_ALLOW_REINIT can be switched between the modes. An operation that
 * killed it while it held a reference can resurrect it. An operation that has waited for the switch to
 * atomic mode counts the references, as md does before it calls an array clean. The count is exact if
 * no other operation uses the object.
 *
 * An object that allows all this is in the last slot from the start.
 *
 * Besides, there is a request queue, q0. Operations enter it and freeze it as the block layer does.
 *
 * @module
 */
import { int, ref, SKIPPED, type Target } from "../src/prog/target.ts";
import { ENOMEM, GFP_KERNEL } from "../src/kernel/errno.ts";
import {
  __PERCPU_REF_ATOMIC,
  PERCPU_REF_ALLOW_REINIT,
  PERCPU_REF_INIT_DEAD,
} from "../src/kernel/percpu-refcount-defs.ts";
import {
  percpu_ref,
  percpu_ref_exit,
  percpu_ref_get_many,
  percpu_ref_init,
  percpu_ref_is_dying,
  percpu_ref_is_zero,
  percpu_ref_kill,
  percpu_ref_kill_and_confirm,
  percpu_ref_put_many,
  percpu_ref_reinit,
  percpu_ref_resurrect,
  percpu_ref_switch_to_atomic,
  percpu_ref_switch_to_atomic_sync,
  percpu_ref_switch_to_percpu,
  percpu_ref_tryget,
  percpu_ref_tryget_live,
} from "../src/kernel/percpu-refcount.ts";
import {
  call_rcu,
  rcu_assign_pointer,
  rcu_dereference,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
  synchronize_rcu,
} from "../src/kernel/rcu.ts";
import { kfree, kzalloc } from "../src/kernel/slab.ts";
import { cmpxchg, WRITE_ONCE } from "../src/machine/memory/access.ts";
import { views } from "../src/machine/words/arena.ts";
import { settleDeferred } from "../src/machine/context/settle.ts";
import { addTally, forEachHandle, takeTally, tally } from "../src/machine/context/handles.ts";
import { WARN_ON } from "../src/machine/findings/warn.ts";
import { RefReader } from "../src/machine/memory/refs.ts";
import { kernel } from "../src/machine/calls/registry.ts";
import { slabUsed } from "../src/machine/memory/slab.ts";
import { container_of, statics, struct } from "../src/machine/memory/struct.ts";
import {
  embed,
  type Fields,
  int as word,
  type Ptr,
  ptr,
  type Struct,
} from "../src/machine/memory/struct_type.ts";
import { outstanding } from "./percpu_ref_count.ts";
import {
  makeQueues,
  QUEUE_TALLIES,
  queue_verify,
  queueNames,
  queueOps,
  thawQueues,
} from "./percpu_ref_queues.ts";

const { FREE } = views();

/** Objects of one execution at most. SPARE of them are for CPUs that allocate at the same time. */
const MAX = 15;
const SPARE = 8;

interface counted extends
  Struct,
  Fields<{
    refcnt: percpu_ref;
    slot: Ptr<slot>;
    /** whether it was made with PERCPU_REF_ALLOW_REINIT */
    reinit: number;
    /** one of the states below; the operation that changes LIVE drops the initial reference */
    state: number;
    rcu: rcu_head;
  }> {}
const counted = struct<counted>("counted", {
  refcnt: embed(percpu_ref),
  slot: ptr,
  reinit: word,
  state: word,
  rcu: embed(rcu_head),
}, MAX);
interface slot extends Struct, Fields<{ object: Ptr<counted> }> {}
const slots = statics<slot>("slot", { object: ptr }, 3);

const REF = new RefReader(counted, "refcnt");

const LIVE = 0;
/** It is being killed, or was killed for good. */
const DYING = 1;
/** It was killed by an operation that held a reference: it can be resurrected. */
const DEAD = 2;
const RESURRECTING = 3;

/**
 * Tallies per object: references that names stand for, or that are being taken or dropped;
 * references of get_many(), which have no name; kills; confirmations that are outstanding;
 * confirmations that came; releases; resurrections; operations that may change the count.
 */
const HELD = QUEUE_TALLIES;
const EXTRA = HELD + MAX;
const KILLED = EXTRA + MAX;
const ASKED = KILLED + MAX;
const CONFIRMED = ASKED + MAX;
const RELEASED = CONFIRMED + MAX;
const RESURRECTED = RELEASED + MAX;
const USERS = RESURRECTED + MAX;

const counted_free = kernel("counted_free", (rcu: rcu_head): void => {
  const o = container_of(rcu, counted);
  percpu_ref_exit(o.refcnt);
  kfree(o);
});

const counted_release = kernel("counted_release", (r: percpu_ref): void => {
  const o = container_of(r, counted);
  const i = o.index;
  WARN_ON(tally(KILLED + i) === 0, `counted#${i} is released without a kill`);
  WARN_ON(
    tally(HELD + i) !== 0,
    `counted#${i} is released with ${tally(HELD + i)} references held`,
  );
  WARN_ON(tally(RELEASED + i) !== 0, `counted#${i} is released again`);
  addTally(RELEASED + i, 1);
  rcu_assign_pointer(o.slot!.$object, null);
  call_rcu(o.rcu, counted_free);
});

const counted_confirm = kernel("counted_confirm", (r: percpu_ref): void => {
  const i = container_of(r, counted).index;
  WARN_ON(tally(ASKED + i) !== 1, `the kill of counted#${i} is confirmed again`);
  WARN_ON(tally(RELEASED + i) !== 0, `the kill of counted#${i} is confirmed after its release`);
  WARN_ON(!percpu_ref_is_dying(r), `the kill of counted#${i} is confirmed, but it is not dying`);
  addTally(CONFIRMED + i, 1);
  takeTally(ASKED + i, 1); // last, because the object may be resurrected from now on
});

/** Look up the slot's object and get a reference. With `live`, only if the object is live. */
function lookup(s: slot, live: boolean): number {
  rcu_read_lock();
  const o = rcu_dereference(s.$object);
  let got = false;
  if (o) {
    addTally(USERS + o.index, 1);
    const times = tally(RESURRECTED + o.index);
    const confirmed = tally(CONFIRMED + o.index) > 0;
    got = live ? percpu_ref_tryget_live(o.refcnt) : percpu_ref_tryget(o.refcnt);
    const dying = confirmed && tally(RESURRECTED + o.index) === times;
    WARN_ON(
      got && live && dying,
      `every CPU sees counted#${o.index} dying, but tryget_live succeeds`,
    );
    if (got) addTally(HELD + o.index, 1);
    takeTally(USERS + o.index, 1);
  }
  rcu_read_unlock();
  return got ? o!.a : 0;
}

/** Kill the slot's object, unless it is killed already. It stays in the slot until its release. */
function kill(s: slot, confirm: boolean): number {
  rcu_read_lock();
  const o = rcu_dereference(s.$object);
  const mine = o !== null && cmpxchg<number>(o.$state, LIVE, DYING) === LIVE;
  rcu_read_unlock();
  if (!mine) return SKIPPED;
  addTally(USERS + o.index, 1);
  kill_claimed(o, confirm);
  takeTally(USERS + o.index, 1);
  return 0;
}

/** An operation that may change the count of its object, so that no other one judges the count. */
function changing(run: (o: counted, n: number) => number | void) {
  return (o: counted, n: number): number => {
    addTally(USERS + o.index, 1);
    const r = run(o, n) ?? 0;
    takeTally(USERS + o.index, 1);
    return r;
  };
}

/**
 * Kill an object whose state the caller changed from LIVE. Nobody else drops its initial reference.
 */
function kill_claimed(o: counted, confirm: boolean): void {
  addTally(KILLED + o.index, 1);
  if (confirm) {
    addTally(ASKED + o.index, 1);
    percpu_ref_kill_and_confirm(o.refcnt, counted_confirm);
  } else {
    percpu_ref_kill(o.refcnt);
  }
}

/** Undo the kill of an object to which the caller holds a reference. */
function resurrect(o: counted): number {
  if (cmpxchg<number>(o.$state, DEAD, RESURRECTING) !== DEAD) return SKIPPED;
  if (tally(ASKED + o.index) > 0) { // the outstanding confirmation would find the object alive
    WRITE_ONCE(o.$state, DEAD);
    return SKIPPED;
  }
  takeTally(CONFIRMED + o.index, tally(CONFIRMED + o.index));
  addTally(RESURRECTED + o.index, 1); // last, because lookup() reads the tallies in the other order
  percpu_ref_resurrect(o.refcnt);
  takeTally(KILLED + o.index, 1);
  WRITE_ONCE(o.$state, LIVE);
  return 0;
}

/** Make an object and publish it in an empty slot. */
function init(s: slot, flags: number): number {
  if (slabUsed(counted) >= MAX - SPARE) return SKIPPED;
  const o = kzalloc(counted, GFP_KERNEL);
  if (!o) return -ENOMEM;
  if (percpu_ref_init(o.refcnt, counted_release, flags, GFP_KERNEL)) {
    kfree(o);
    return -ENOMEM;
  }
  if ((flags & PERCPU_REF_INIT_DEAD) !== 0) percpu_ref_reinit(o.refcnt);
  o.slot = s;
  o.reinit = flags !== 0 ? 1 : 0; // every flag allows it
  if (cmpxchg(s.$object, null, o) === null) return 0;
  percpu_ref_exit(o.refcnt); // no other CPU has seen the object
  kfree(o);
  return SKIPPED;
}

/** Drop a named reference, and the references of get_many(), which have no name. */
function drop(o: counted): void {
  const extra = takeTally(EXTRA + o.index, tally(EXTRA + o.index));
  takeTally(HELD + o.index, 1 + extra);
  percpu_ref_put_many(o.refcnt, 1 + extra);
}

/** What an object must count: the references that are out, and the initial one. */
function expected(o: counted): number {
  return tally(HELD + o.index) + (tally(KILLED + o.index) === 0 ? 1 : 0);
}

/**
 * Compare the count of an object with the tallies after a synchronous switch, as set_in_sync() of md
 * relies on it. Context: the caller is the only user, and made no access since the switch ended.
 */
const counted_exact = kernel("counted_exact", (o: counted): void => {
  if (FREE || tally(USERS + o.index) !== 1) return; // in free mode the count may change meanwhile
  const n = outstanding(o, REF);
  const right = expected(o);
  WARN_ON(n !== right, `counted#${o.index} counts ${n} references after a switch, not ${right}`);
});

/** Compare every count with the tallies. Context: no operation and no switch is running. */
const counted_sum = kernel("counted_sum", (): void => {
  for (const s of slots) {
    const o = s.object;
    if (!o) continue;
    const n = outstanding(o, REF);
    const right = expected(o);
    WARN_ON(n !== right, `counted#${o.index} counts ${n} references instead of ${right}`);
  }
});

/** Every killed object must be released by now. Context: all references have been dropped. */
const counted_verify = kernel("counted_verify", (): void => {
  for (let i = 0; i < slabUsed(counted); i++) {
    if (tally(KILLED + i) === 0) continue; // its initialisation failed
    WARN_ON(tally(RELEASED + i) !== 1, `counted#${i} was released ${tally(RELEASED + i)} times`);
    WARN_ON(tally(ASKED + i) !== 0, `the kill of counted#${i} was never confirmed`);
  }
});

const EVERYWHERE = ["task", "softirq", "hardirq", "nmi"] as const;
const NOT_NMI = ["task", "softirq", "hardirq"] as const;
const at = ref("slot");
const held = ref("held");
const count = int("count", 1, 64, [1, 2, 3]);

const percpuRefTarget: Target = {
  name: "percpu_ref",
  doc: "percpu_ref: both modes, the switch between them, and the release.",
  predefined: {
    ...Object.fromEntries(slots.map((s, i) => [`s${i}`, { type: "slot", address: () => s.a }])),
    ...queueNames,
  },
  boot() {
    init(slots[slots.length - 1], PERCPU_REF_ALLOW_REINIT);
    makeQueues();
  },
  finish() {
    counted_sum();
    forEachHandle("held", (o) => drop(o as counted));
    for (const s of slots) kill(s, true);
    thawQueues();
    settleDeferred();
    counted_verify();
    queue_verify();
  },
  ops: {
    init: {
      doc: "Make an object and publish it in an empty slot.",
      args: [at],
      allocs: 2,
      weight: 2,
      bootWeight: 2,
      run: (s: slot) => init(s, 0),
    },
    init_with: {
      doc: "Make an object with PERCPU_REF_INIT_ATOMIC (1), _DEAD (2) and _ALLOW_REINIT (4).",
      args: [at, int("flags", 1, 7, [2, 4])],
      allocs: 2,
      weight: 2,
      bootWeight: 2,
      run: init,
    },
    tryget: {
      doc: "Look up the slot's object and get a reference, unless the count is zero.",
      args: [at],
      result: "held",
      contexts: EVERYWHERE,
      weight: 4,
      run: (s: slot) => lookup(s, false),
    },
    tryget_live: {
      doc: "Look up the slot's object and get a reference, unless it was killed.",
      args: [at],
      result: "held",
      contexts: EVERYWHERE,
      weight: 3,
      run: (s: slot) => lookup(s, true),
    },
    get: {
      doc: "Get another reference.",
      args: [held],
      result: "held",
      contexts: EVERYWHERE,
      weight: 2,
      run: changing((o) => {
        addTally(HELD + o.index, 1);
        percpu_ref_get_many(o.refcnt, 1);
        return o.a;
      }),
    },
    get_many: {
      doc: "Get several more references, which have no name.",
      args: [held, count],
      contexts: EVERYWHERE,
      run: changing((o, n) => {
        addTally(HELD + o.index, n);
        percpu_ref_get_many(o.refcnt, n);
        addTally(EXTRA + o.index, n);
      }),
    },
    put_many: {
      doc: "Put references of get_many, at most as many as there are.",
      args: [held, count],
      contexts: EVERYWHERE,
      run: changing((o, n) => {
        const some = takeTally(EXTRA + o.index, n);
        if (some === 0) return SKIPPED;
        takeTally(HELD + o.index, some);
        percpu_ref_put_many(o.refcnt, some);
        return 0;
      }),
    },
    put: {
      doc: "Put a reference, and all references of get_many.",
      args: [held],
      consumes: ["held"],
      contexts: NOT_NMI,
      weight: 4,
      run: changing(drop),
    },
    kill: {
      doc: "Kill the slot's object, which drops the initial reference.",
      args: [at],
      weight: 2,
      run: (s: slot) => kill(s, false),
    },
    kill_and_confirm: {
      doc: "Kill the slot's object, and confirm when every CPU sees the kill.",
      args: [at],
      weight: 2,
      run: (s: slot) => kill(s, true),
    },
    kill_held: {
      doc: "Kill an object to which a reference is held, so that it can be resurrected.",
      args: [held, int("confirm", 0, 1)],
      weight: 2,
      run: changing((o, confirm) => {
        if (cmpxchg<number>(o.$state, LIVE, DYING) !== LIVE) return SKIPPED;
        kill_claimed(o, confirm !== 0);
        WRITE_ONCE(o.$state, o.reinit ? DEAD : DYING);
        return 0;
      }),
    },
    resurrect: {
      doc: "Undo kill_held.",
      args: [held],
      weight: 2,
      run: changing(resurrect),
    },
    switch_to_atomic: {
      doc:
        "Switch an object that allows it to atomic mode; with sync, wait for the end, and count.",
      args: [held, int("sync", 0, 1)],
      weight: 2,
      run: changing((o, sync) => {
        if (!o.reinit) return SKIPPED;
        if (sync) {
          percpu_ref_switch_to_atomic_sync(o.refcnt);
          counted_exact(o);
        } else {
          percpu_ref_switch_to_atomic(o.refcnt, null);
        }
        return 0;
      }),
    },
    switch_to_percpu: {
      doc: "Switch an object that allows it to per-CPU mode.",
      args: [held],
      run: changing((o) => {
        if (!o.reinit) return SKIPPED;
        percpu_ref_switch_to_percpu(o.refcnt);
        return 0;
      }),
    },
    look: {
      doc: "Ask whether an object is dying or zero; while a reference is held, it is not zero.",
      args: [held],
      contexts: EVERYWHERE,
      run(o: counted): number {
        WARN_ON(percpu_ref_is_zero(o.refcnt), `counted#${o.index} is zero with a reference out`);
        return Number(percpu_ref_is_dying(o.refcnt));
      },
    },
    ...queueOps,
    synchronize_rcu: {
      doc: "Wait for a grace period.",
      weight: 0.5,
      run: () => synchronize_rcu(),
    },
  },
};
export default percpuRefTarget;
