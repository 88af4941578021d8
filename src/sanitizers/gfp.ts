/**
 * Charges that do what their flags rule out.
 *
 * Who asks with __GFP_NOFAIL has no way to go on without what was asked for: the charge must be forced
 * where a limit is in its way. A callee that fails all the same is named, not whoever hands on the
 * failure.
 *
 * @module
 */
import { oops, oopsKind } from "../machine/findings/oops.ts";
import { tap } from "../machine/calls/registry.ts";
import type { Sanitizer } from "./sanitizer.ts";

const NOFAIL = oopsKind("nofail", "gfp", (o) => `__GFP_NOFAIL charge failed in ${o.fn}`);

/** The flag. */
const __GFP_NOFAIL = 2;
/** Functions that charge, as far as the kernel has them: the second argument is the flags. */
const CHARGES = ["try_charge", "__memcg_kmem_charge", "obj_cgroup_charge"];

function judge(result: unknown, _a0: unknown, gfp: unknown, n: unknown): void {
  if (result === 0 || ((gfp as number) & __GFP_NOFAIL) === 0) return;
  oops(NOFAIL, result as number, 0, `a charge of ${n} returned ${result}`);
}

export const gfp: Sanitizer = {
  name: "gfp",
  doc: "Charges that fail although they were made with __GFP_NOFAIL.",
  free: true,
  attach() {
    for (const name of CHARGES) tap(name, () => {}, judge);
  },
};
