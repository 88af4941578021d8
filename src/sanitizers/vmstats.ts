/**
 * The statistics of cgroups, of kernels that have them (memcg_vmstats, memcg_state_local).
 *
 * They are judged as the laws of conservation are, for cgroups that are online:
 *
 * - The hierarchical counter of a cgroup, together with what CPUs keep of it and of its descendants, equals
 *   the bytes of all objects that belong to its subtree; and so for its part of each node. (Of kernels since
 *   v5.14 `conservation` judges that.)
 * - The counters of a cgroup without its descendants, together with what CPUs keep, are not below zero.
 *
 * @module
 */
import { onEveryStep } from "../machine/hooks/every_step.ts";
import { nameJudgedCells } from "../machine/findings/judged_cells.ts";
import { CELL_WORDS } from "../machine/layout/meta.ts";
import { typeNamed } from "../machine/memory/peek.ts";
import { booksClosed, watchBooks } from "./books.ts";
import { undisturbed } from "./accounts/obj_stocks.ts";
import type { Sanitizer } from "./sanitizer.ts";
import { Batched } from "./vmstats/batched.ts";
import { type Laws, LOCAL, SUM } from "./vmstats/cgroups.ts";
import { Rstat } from "./vmstats/rstat.ts";

/** The laws of the kernel; null if it has no statistics of cgroups. */
let laws: Laws | null = null;

function learn(): Laws | null {
  const [memcg, object, objcg] = ["mem_cgroup", "kmem_object", "obj_cgroup"].map(typeNamed);
  if (!memcg || !object || !objcg) return null;
  return Batched.of(memcg, object, objcg) ?? Rstat.of(memcg, objcg);
}

/** The cells that are added up for a finding about the cgroup at `a`. */
function cellsOf(kind: number, a: number): number[] {
  if (laws === null || (kind !== SUM && kind !== LOCAL)) return [];
  return laws.countersOf(kind).map((offset) => a + CELL_WORDS * offset);
}

export const vmstats: Sanitizer = {
  name: "vmstats",
  doc: "Statistics of cgroups that do not add up, or are below zero.",
  free: true,
  attach() {
    laws = learn();
    if (laws === null) return;
    watchBooks();
    nameJudgedCells(cellsOf);
    onEveryStep(() => {
      if (booksClosed()) laws?.judge();
    });
  },
  quiesce() {
    if (undisturbed()) laws?.judge();
  },
};
