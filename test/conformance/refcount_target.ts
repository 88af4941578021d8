/** One refcount_t, all operations on it, and a lock for the operations that take one. */
import { embed, type Fields, type Struct } from "../../src/machine/memory/struct_type.ts";
import { statics } from "../../src/machine/memory/struct.ts";
import {
  refcount_add,
  refcount_add_not_zero,
  refcount_dec,
  refcount_dec_and_lock,
  refcount_dec_and_lock_irqsave,
  refcount_dec_and_mutex_lock,
  refcount_dec_and_test,
  refcount_dec_if_one,
  refcount_dec_not_one,
  refcount_inc,
  refcount_inc_not_zero,
  refcount_read,
  refcount_set,
  refcount_sub_and_test,
  refcount_t,
} from "../../src/kernel/refcount.ts";
import {
  DEFINE_MUTEX,
  DEFINE_SPINLOCK,
  mutex_unlock,
  spin_unlock,
  spin_unlock_irqrestore,
} from "../../src/kernel/spinlock.ts";
import { int, type OpDefinition, type Target } from "../../src/prog/target.ts";

interface counted extends Struct, Fields<{ ref: refcount_t }> {}
const counted = statics<counted>("refcounted", { ref: embed(refcount_t) }, 1)[0];
const r = counted.ref;
const lock = DEFINE_SPINLOCK("refcount_lock");
const mutex = DEFINE_MUTEX("refcount_mutex");

const doc = "See refcount.h.";
const VALUE = int("n", -0x80000000, 0x7fffffff);
const one = (run: (n: number) => number | void): OpDefinition => ({ doc, args: [VALUE], run });
const none = (run: () => number | void): OpDefinition => ({ doc, run });

const target: Target = {
  name: "refcount",
  doc: "The rules of lib/refcount.c and include/linux/refcount.h.",
  ops: {
    set: one((n) => refcount_set(r, n)),
    read: none(() => refcount_read(r)),
    /** 1 if the count is saturated, else 0: the machine takes a negative result for a failure. */
    saturated: none(() => Number(refcount_read(r) === -0x40000000)),
    add: one((n) => refcount_add(n, r)),
    inc: none(() => refcount_inc(r)),
    add_not_zero: one((n) => Number(refcount_add_not_zero(n, r))),
    inc_not_zero: none(() => Number(refcount_inc_not_zero(r))),
    dec: none(() => refcount_dec(r)),
    sub_and_test: one((n) => Number(refcount_sub_and_test(n, r))),
    dec_and_test: none(() => Number(refcount_dec_and_test(r))),
    dec_not_one: none(() => Number(refcount_dec_not_one(r))),
    dec_if_one: none(() => Number(refcount_dec_if_one(r))),
    dec_and_lock: none(() => {
      if (!refcount_dec_and_lock(r, lock)) return 0;
      spin_unlock(lock);
      return 1;
    }),
    dec_and_lock_irqsave: none(() => {
      const flags = refcount_dec_and_lock_irqsave(r, lock);
      if (flags === false) return 0;
      spin_unlock_irqrestore(lock, flags);
      return 1;
    }),
    dec_and_mutex_lock: none(() => {
      if (!refcount_dec_and_mutex_lock(r, mutex)) return 0;
      mutex_unlock(mutex);
      return 1;
    }),
  },
};
export default target;
