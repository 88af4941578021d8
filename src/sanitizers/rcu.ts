/**
 * RCU: the checks of PROVE_RCU and DEBUG_OBJECTS_RCU_HEAD.
 *
 * - A pointer that RCU protects is dereferenced outside of a read-side section, and without the
 *   lock that the code names as an alternative.
 * - A section is left that was not entered.
 * - An rcu_head is queued twice, or is freed while it is queued.
 *
 * As in the kernel, only explicit sections count. A region with interrupts off delays grace
 * periods, but it does not justify rcu_dereference().
 *
 * @module
 */
import { queuedHead } from "../machine/context/grace.ts";
import { oops, oopsKind } from "../machine/findings/oops.ts";
import { onRcu } from "../machine/hooks/rcu_debug.ts";
import { onAllocation } from "../machine/memory/slab.ts";
import { headAt, locate, objectName } from "../machine/memory/objects.ts";
import type { Struct } from "../machine/memory/struct_type.ts";
import type { Sanitizer } from "./sanitizer.ts";

const SUSPICIOUS = oopsKind(
  "rcu-usage",
  "RCU",
  (o) => `WARNING: suspicious RCU usage in ${o.fn}`,
);
const UNBALANCED = oopsKind(
  "rcu-unbalanced",
  "RCU",
  (o) => `WARNING: bad unlock balance in ${o.fn}`,
);
const ODEBUG = oopsKind("rcu-head", "RCU", (o) => `WARNING: ODEBUG bug in ${o.fn}`);

/** The object and the field of an rcu_head, as text. */
function whose(a: number): string {
  const at = locate(a);
  if (at === null) return "?";
  // In a union with a list_head the address alone would name the other member.
  const member = at.object.type.fields.find((f) =>
    at.object.a + 2 * f.offset === a && f.type?.name === "rcu_head"
  );
  const path = member === undefined ? at.field.replace(/\.next$/, "") : member.name;
  return headAt(a) === null ? objectName(at.object) : `${objectName(at.object)}.${path}`;
}

function queued(a: number): void {
  if (queuedHead(a, a + 1) === 0) return;
  oops(ODEBUG, 0, a, `activate active object type: rcu_head, ${whose(a)} is queued already`);
}

function freed(o: Struct): void {
  const a = queuedHead(o.a, o.a + 2 * o.type.cells);
  if (a === 0) return;
  oops(ODEBUG, 0, a, `free active object type: rcu_head, ${whose(a)} is still queued`);
}

export const rcu: Sanitizer = {
  name: "rcu",
  doc: "Dereferences outside of read-side sections, unbalanced sections, heads queued twice.",
  free: true,
  attach() {
    onRcu({
      suspicious: (what) => oops(SUSPICIOUS, 0, 0, what),
      unbalanced: (what) => oops(UNBALANCED, 0, 0, `${what} is left, but was never entered`),
      queued,
    });
    onAllocation({ allocated() {}, freed });
  },
};
