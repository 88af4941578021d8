/**
 * The ids of memory cgroups: each is given out once, finds its owner, and comes back.
 *
 * Ids are few (65535 in the kernel), and what was swapped out knows its cgroup by nothing else. Judged
 * when all is quiet, when no id is just being given out or back.
 *
 * @module
 */
import { views } from "../machine/words/arena.ts";
import { nameJudgedCells } from "../machine/findings/judged_cells.ts";
import { oops, oopsKind } from "../machine/findings/oops.ts";
import { nameAt, offsetOf, peekAt, typeNamed } from "../machine/memory/peek.ts";
import { addressOf, nextLive } from "../machine/memory/slab.ts";
import type { StructType } from "../machine/memory/struct_type.ts";
import { FREED } from "../machine/layout/shadow_states.ts";
import { stateAt } from "../machine/memory/shadow.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { mem } = views();

const TWICE = oopsKind("id-twice", "memcg_id", () => "memcg id is given out twice");
const OWNER = oopsKind("id-owner", "memcg_id", () => "memcg id does not find its owner");
const FREE = oopsKind("id-free", "memcg_id", () => "memcg id is in use, and marked as free");
const STALE = oopsKind("id-stale", "memcg_id", () => "freed memcg keeps its id");
const LOST = oopsKind("id-lost", "memcg_id", () => "memcg id is lost");

interface Layout {
  readonly memcg: StructType;
  readonly slot: StructType;
  readonly id: number;
  /** Address of the word that has a bit for each id that is free. */
  readonly tags: number;
}
let l: Layout | null = null;

function learn(): Layout | null {
  const memcg = typeNamed("mem_cgroup");
  const node = typeNamed("mem_cgroup_idr");
  const slot = typeNamed("mem_cgroup_idr_slot");
  if (!memcg || !node || !slot) return null;
  const tags = addressOf(node, 0) + 2 * offsetOf(node, "tags");
  return { memcg, slot, id: offsetOf(memcg, "id.id"), tags };
}

/** The id of the memcg at `m`; 0 if it has none any more. */
function idOf(m: number): number {
  return peekAt(m, l!.id);
}

/** The memcg that an id finds, or 0. */
function found(id: number): number {
  return peekAt(addressOf(l!.slot, id), 0);
}

function isFree(id: number): boolean {
  return ((mem[l!.tags] >>> id) & 1) !== 0;
}

/** A cgroup that has an id must be who it finds. */
function judgeMemcg(m: number): void {
  const id = idOf(m);
  if (id <= 0) return;
  const other = found(id);
  if (other !== m && other !== 0 && stateAt(other) !== FREED && idOf(other) === id) {
    oops(TWICE, id, m, `${nameAt(m)} and ${nameAt(other)} both have id ${id}`);
  }
  if (other !== m) {
    const whom = other === 0 ? "nobody" : nameAt(other);
    oops(OWNER, id, m, `id ${id} of ${nameAt(m)} finds ${whom}`);
  }
  if (isFree(id)) oops(FREE, id, m, `id ${id} of ${nameAt(m)} would be given out again`);
}

/** An id that is given out must have an owner. */
function judgeId(id: number): void {
  if (isFree(id)) return;
  const m = found(id);
  if (m === 0) oops(LOST, id, l!.tags, `id ${id} is given out, and nobody has it`);
  if (stateAt(m) === FREED) {
    oops(STALE, id, m, `id ${id} finds ${nameAt(m)}, which is freed`);
  }
}

/**
 * The cells that a law is about: which ids are free; and for a live cgroup at `m`, whom ids find. What
 * else is known of the cgroup does not matter.
 */
function cellsOf(kind: number, m: number): number[] {
  if (kind === FREE || kind === LOST) return [l!.tags];
  if (kind !== TWICE && kind !== OWNER) return [];
  const entries = l!.slot.objects.map(({ a }) => a);
  const id = idOf(m);
  return [l!.tags, ...entries.filter((a, i) => i === id || mem[a] === m)];
}

export const memcgId: Sanitizer = {
  name: "memcg_id",
  doc: "Ids of cgroups that are given out twice, do not find their owner, or never come back.",
  free: true,
  attach() {
    l = learn();
    if (l !== null) nameJudgedCells(cellsOf);
  },
  quiesce() {
    if (l === null || nextLive(l.memcg, 0) < 0) return; // another target, without cgroups
    for (let i = nextLive(l.memcg, 0); i >= 0; i = nextLive(l.memcg, i + 1)) {
      judgeMemcg(addressOf(l.memcg, i));
    }
    for (let id = 1; id < l.slot.objects.length; id++) judgeId(id);
  },
};
