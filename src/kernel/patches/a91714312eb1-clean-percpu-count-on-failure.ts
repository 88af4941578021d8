/**
 * a91714312eb1 ("percpu_ref_init(): clean ->percpu_count_ref on failure"), v5.19.
 *
 * percpu_ref_exit() of a ref whose percpu_ref_init() failed does not free the counters again.
 *
 * @module
 */
import type { Fn } from "../../machine/memory/struct_type.ts";
import type { gfp_t } from "../errno.ts";
import type { percpu_ref } from "../percpu-refcount.ts";
import { init } from "./2b0d3d3e4fcf-percpu-ref-data.ts";
import { commit } from "./patch.ts";

export default commit({
  commit: "a91714312eb1",
  subject: "percpu_ref_init(): clean ->percpu_count_ref on failure",
  version: "v5.19",
  fixes: ["k02"],
  needs: ["2b0d3d3e4fcf"],
}, {
  percpu_ref_init: (ref: percpu_ref, release: Fn, flags: number, gfp: gfp_t): number =>
    init(ref, release, flags, gfp, true),
});
