/**
 * 1813e51eece0 ("memcg: increase MEMCG_CHARGE_BATCH to 64"), v6.1.
 *
 * memcontrol-types.ts has the constant.
 *
 * @module
 */
import { commit } from "./patch.ts";

export default commit({
  commit: "1813e51eece0",
  subject: "memcg: increase MEMCG_CHARGE_BATCH to 64",
  version: "v6.1",
}, {});
