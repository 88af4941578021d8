/**
 * The objcgs that tasks keep since v6.7, for the ownership sanitizer.
 *
 * A task keeps the objcg of its cgroup, and a bit in the pointer says that it has been moved since. So
 * a task whose bit is not set charges the cgroup that it is in. A task that exits keeps what it had,
 * and a cgroup that is not online has no objcg of its own. A kernel thread keeps none.
 *
 * @module
 */
import { oops, oopsKind } from "../../machine/findings/oops.ts";
import {
  bitsOf,
  hasField,
  nameAt,
  offsetOf,
  peekAt,
  shiftOf,
  typeNamed,
} from "../../machine/memory/peek.ts";
import { addressOf, indexAt, nextLive } from "../../machine/memory/slab.ts";
import type { StructType } from "../../machine/memory/struct_type.ts";

const LEFT = oopsKind("left", "ownership", () => "task charges a cgroup that it is not in");

const KTHREAD = oopsKind("kthread", "ownership", () => "kernel thread charges its cgroup");

interface Layout {
  readonly task: StructType;
  readonly memcg: StructType;
  readonly objcg: number;
  readonly shift: number;
  /** The bit of `objcg` that says that it is to be looked up anew. */
  readonly update: number;
  readonly flags: number;
  readonly exiting: number;
  readonly kthread: number;
  readonly cgroups: number;
  readonly subsys: number;
  readonly owner: number;
  readonly cssFlags: number;
  readonly online: number;
}
let l: Layout | null = null;

/** Find out where the words are; there are none before v6.7. */
export function learnTasks(): void {
  const [task, memcg, set, objcg] = ["task_struct", "mem_cgroup", "css_set", "obj_cgroup"]
    .map(typeNamed);
  if (!task || !memcg || !set || !objcg || !hasField(task, "objcg")) return;
  l = {
    task,
    memcg,
    objcg: offsetOf(task, "objcg"),
    shift: shiftOf(task, "objcg"),
    update: bitsOf(task, "objcg", "CURRENT_OBJCG_UPDATE_FLAG"),
    flags: offsetOf(task, "flags"),
    exiting: bitsOf(task, "flags", "PF_EXITING"),
    kthread: bitsOf(task, "flags", "PF_KTHREAD"),
    cgroups: offsetOf(task, "cgroups"),
    subsys: offsetOf(set, "subsys"),
    owner: offsetOf(objcg, "memcg"),
    cssFlags: offsetOf(memcg, "css.flags"),
    online: bitsOf(memcg, "css.flags", "CSS_ONLINE"),
  };
}

function judgeTask(t: number, k: Layout): void {
  const word = peekAt(t, k.objcg);
  if (word === 0 || (word & k.update) !== 0) return;
  const flags = peekAt(t, k.flags);
  if (flags & k.exiting) return;
  const owner = peekAt(word >> k.shift, k.owner);
  if (flags & k.kthread) {
    oops(KTHREAD, 0, t, `${nameAt(t)} is a kernel thread and charges ${nameAt(owner)}`);
    return;
  }
  const css = peekAt(peekAt(t, k.cgroups), k.subsys);
  const i = indexAt(k.memcg, css);
  const memcg = addressOf(k.memcg, i);
  if (owner === memcg || (peekAt(memcg, k.cssFlags) & k.online) === 0) return;
  oops(LEFT, i, t, `${nameAt(t)} is in ${nameAt(memcg)} and charges ${nameAt(owner)}`);
}

/** Judge every task. Context: no CPU is in the middle of anything. */
export function judgeTasks(): void {
  if (l === null) return;
  const { task } = l;
  for (let i = nextLive(task, 0); i >= 0; i = nextLive(task, i + 1)) {
    judgeTask(addressOf(task, i), l);
  }
}
