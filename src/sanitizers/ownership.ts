/**
 * Ownership: the laws about objcgs, their lists, and the cgroups that they belong to.
 *
 * - R4: an objcg that was killed and not yet released is on exactly one list. An objcg on the list
 *   of an online cgroup belongs to that cgroup. Either all live objcgs are on their own cgroup's
 *   list, as in the posted patch, or none is on a list, as in the merged one.
 * - R5: an online cgroup has a live objcg that belongs to it; an offline cgroup has no objcg; an
 *   objcg does not belong to a freed cgroup.
 * - R6: `objcg->memcg` is read only in an RCU read-side section, or under a lock that prevents its
 *   change. Otherwise it may change, and then the cgroup that was read may be freed.
 * - R7: a stock is marked as being drained only if work that drains it is queued on its CPU. When the
 *   mark is cleared, the stock is drained (ownership/marks.ts).
 * - No cgroup has two slots of a stock (ownership/slots.ts).
 * - An object is on the list of the cgroup that it belongs to (ownership/item_lists.ts).
 *
 * - R8: an objcg or a cgroup has no fewer references than holders. Judged only with `--every-step`:
 *   what follows from it is found without.
 *
 * The list of an offline cgroup is not judged, because list_splice() leaves its head as it was. The
 * laws are judged at quiescence, and with `--every-step` whenever the books are closed.
 *
 * @module
 */
import { stateAt } from "../machine/memory/shadow.ts";
import * as readerWords from "../machine/layout/readers.ts";
import * as registers from "../machine/layout/registers.ts";
import * as states from "../machine/layout/shadow_states.ts";
import { views } from "../machine/words/arena.ts";
import { oops, oopsKind } from "../machine/findings/oops.ts";
import { bitsOf, hasField, nameAt, offsetOf, peekAt, typeNamed } from "../machine/memory/peek.ts";
import { RefReader } from "../machine/memory/refs.ts";
import { addressOf, clearCounts, indexAt, nextLive } from "../machine/memory/slab.ts";
import type { Struct, StructType } from "../machine/memory/struct_type.ts";
import { holdsClass } from "../machine/locks/lock.ts";
import { lockClass } from "../machine/locks/lock_class.ts";
import { tap } from "../machine/calls/registry.ts";
import { onEveryStep } from "../machine/hooks/every_step.ts";
import { shortage } from "../machine/hooks/shortage.ts";
import { booksClosed, holdersSettled, watchBooks } from "./books.ts";
import { judgeItemLists, learnItemLists } from "./ownership/item_lists.ts";
import { judgeMarks, watchMarks } from "./ownership/marks.ts";
import { judgeSlots, learnSlots } from "./ownership/slots.ts";
import { judgeTasks, learnTasks } from "./ownership/tasks.ts";
import type { Sanitizer } from "./sanitizer.ts";

const { mem, pcpu } = views();
const { RCU_BH_NESTING, RCU_NESTING, RCU_SCHED_NESTING } = readerWords;
const { regs, BLOCK } = registers;
const { FREED } = states;

const LIST = oopsKind("list", "ownership", () => "objcg is not on the list of its cgroup");
const ACTIVE = oopsKind(
  "active",
  "ownership",
  (o) => o.arg === 0 ? "online cgroup without a live objcg" : "offline cgroup with an objcg",
);
const DANGLING = oopsKind("dangling", "ownership", () => "objcg belongs to a freed cgroup");
const UNHELD = oopsKind(
  "unheld",
  "ownership",
  (o) => `objcg->memcg is looked up without RCU or a lock in ${o.fn}`,
);

const SHORT = oopsKind(
  "short",
  "ownership",
  (o) => `${o.text.split("#")[0]} has fewer references than holders`,
);

/** Most entries of a list that are visited: a corrupt list must not hang the sanitizer. */
const LIST_MAX = 64;

interface Layout {
  readonly objcg: StructType;
  readonly memcg: StructType;
  readonly owner: number;
  readonly refs: RefReader;
  readonly list: number;
  readonly flags: number;
  /** Bits of the flags. */
  readonly online: number;
  readonly dying: number;
  /** The objcg of a cgroup, or those of its nodes, and the lists. */
  readonly active: readonly number[];
  readonly parent: number;
  readonly heads: readonly number[];
}
let l: Layout | null = null;

function learn(): Layout | null {
  const [objcg, memcg] = ["obj_cgroup", "mem_cgroup"].map(typeNamed);
  if (!objcg || !memcg) return null;
  // Since 01b9da291c49 (v7.1) each node has its own.
  const places = hasField(memcg, "objcg") ? [""] : ["node0.", "node1."];
  return {
    objcg,
    memcg,
    owner: offsetOf(objcg, "memcg"),
    refs: new RefReader(objcg, "refcnt"),
    list: offsetOf(objcg, "list"),
    flags: offsetOf(memcg, "css.flags"),
    online: bitsOf(memcg, "css.flags", "CSS_ONLINE"),
    dying: bitsOf(memcg, "css.flags", "CSS_DYING"),
    active: places.map((path) => offsetOf(memcg, `${path}objcg`)),
    parent: offsetOf(memcg, "css.parent"),
    heads: places.map((path) => offsetOf(memcg, `${path}objcg_list`)),
  };
}

/** For each objcg, by index: on how many lists of online cgroups it is. */
const lists = new Int32Array(64);
/**
 * A live objcg that is on its cgroup's list, and a live one that is on no list; 0 if there is none.
 */
const living = { listed: 0, unlisted: 0 };

/** Count the entries of a list of an online cgroup; all must belong to that cgroup. */
function walkList(m: number, at: number, k: Layout): void {
  const head = m + 2 * at;
  let left = LIST_MAX;
  for (let p = mem[head]; p !== 0 && p !== head; p = mem[p]) {
    if (left-- === 0) oops(LIST, 0, m, `the list of ${nameAt(m)} does not end`);
    const i = indexAt(k.objcg, p);
    const o = k.objcg.base + 2 + i * k.objcg.stride;
    lists[i]++;
    if (peekAt(o, k.owner) === m) continue;
    const owner = peekAt(o, k.owner);
    const whose = owner === 0 ? "nobody" : nameAt(owner);
    oops(LIST, 0, o, `${nameAt(o)} is on the list of ${nameAt(m)} and belongs to ${whose}`);
  }
}

function judgeMemcg(m: number, k: Layout): void {
  const flags = peekAt(m, k.flags);
  const online = (flags & k.online) !== 0;
  if (online) { for (let i = 0; i < k.heads.length; i++) walkList(m, k.heads[i], k); }
  if (peekAt(m, k.parent) === 0) return; // the root needs no objcg of its own
  for (let i = 0; i < k.active.length; i++) judgeActive(m, peekAt(m, k.active[i]), flags, k);
}

function judgeActive(m: number, o: number, flags: number, k: Layout): void {
  const online = (flags & k.online) !== 0;
  if (online && (flags & k.dying) === 0) {
    const good = o !== 0 && !k.refs.isKilled(o) && peekAt(o, k.owner) === m;
    if (!good) oops(ACTIVE, 0, m, `${nameAt(m)} is online, and its objcg is ${o && nameAt(o)}`);
  } else if (!online && (flags & k.dying) !== 0 && o !== 0) {
    oops(ACTIVE, 1, m, `${nameAt(m)} went offline and still has ${nameAt(o)}`);
  }
}

function judgeObjcg(o: number, i: number, k: Layout): void {
  const owner = peekAt(o, k.owner);
  if (owner === 0 || k.refs.isReleased(o)) return; // not published yet, or released
  if (stateAt(owner) === FREED) {
    oops(DANGLING, 0, o, `${nameAt(o)} belongs to ${nameAt(owner)}, which is freed`);
  }
  const flags = peekAt(owner, k.flags);
  // A css that could not come online is undone: its objcg is killed without having been on a list.
  if ((flags & (k.online | k.dying)) === 0 && lists[i] === 0) return;
  const killed = k.refs.isKilled(o);
  if (lists[i] > 1 || (killed && lists[i] === 0)) {
    oops(LIST, lists[i], o, `${nameAt(o)} is on ${lists[i]} lists of online cgroups`);
  }
  if (killed || (flags & k.online) === 0) return;
  if (lists[i] === 0) living.unlisted = o;
  else living.listed = o;
}

/** Either all live objcgs are on a list, or none is. */
function judgeLiving(): void {
  const { listed, unlisted } = living;
  if (listed === 0 || unlisted === 0) return;
  const other = `unlike ${nameAt(listed)}, which is on its own cgroup's`;
  oops(LIST, 0, unlisted, `${nameAt(unlisted)} lives and is on no list, ${other}`);
}

/**
 * Locks that prevent an objcg from changing its cgroup, or that cgroup from going any further before it is
 * freed: whoever takes it offline takes list_lru_node.lock then. Not every kernel has all of them.
 */
const LOCKS = ["css_set_lock", "objcg_lock", "cgroup_mutex", "list_lru_node.lock"];

/** R6: report calls of obj_cgroup_memcg() whose result may be freed at any moment. */
function watchLookups(): void {
  const classes = LOCKS.flatMap((name) => typeNamed(name)?.objects ?? []).map(lockClass);
  tap("obj_cgroup_memcg", (objcg) => {
    if (objcg === null) return; // the function follows it next
    const b = regs[BLOCK];
    if (pcpu[b + RCU_NESTING] + pcpu[b + RCU_SCHED_NESTING] + pcpu[b + RCU_BH_NESTING] > 0) return;
    for (let i = 0; i < classes.length; i++) if (holdsClass(classes[i])) return;
    const { a } = objcg as Struct;
    oops(UNHELD, 0, a, `nothing keeps the cgroup of ${nameAt(a)}`);
  }, () => {});
}

/** R8 */
function judgeHolders(): void {
  const short = shortage();
  if (short === null) return;
  const { a, holders, references } = short;
  const what = `${nameAt(a)} has ${references} references and ${holders.length} holders`;
  oops(SHORT, references, a, `${what}: ${holders.join(", ")}`);
}

/** Judge all laws but R6 and R7. Context: the books are closed. */
function judge(): void {
  const k = l!;
  clearCounts(lists, k.objcg);
  living.listed = 0;
  living.unlisted = 0;
  for (let i = nextLive(k.memcg, 0); i >= 0; i = nextLive(k.memcg, i + 1)) {
    judgeMemcg(addressOf(k.memcg, i), k);
  }
  for (let i = nextLive(k.objcg, 0); i >= 0; i = nextLive(k.objcg, i + 1)) {
    judgeObjcg(addressOf(k.objcg, i), i, k);
  }
  judgeLiving();
}

export const ownership: Sanitizer = {
  name: "ownership",
  doc: "Objcgs on wrong lists or of wrong cgroups, cgroups without an objcg, stocks never drained.",
  free: true,
  attach() {
    l = learn();
    if (l === null) return;
    watchBooks();
    watchLookups();
    watchMarks();
    learnSlots();
    learnItemLists();
    learnTasks();
    onEveryStep(() => {
      if (holdersSettled()) judgeHolders();
      if (booksClosed()) judge();
    });
  },
  quiesce() {
    if (l === null) return;
    judge();
    judgeMarks();
    judgeSlots();
    judgeItemLists();
    judgeTasks();
  },
  end() {
    if (l !== null) judgeMarks();
  },
};
