/**
 * Accesses in words.
 *
 * @module
 */
import type { Access } from "../report/accesses.ts";
import type { TracePoint } from "../report/types.ts";

/** An access, whoever made it. */
export type Place = Omit<Access, "thread">;

/** `obj_cgroup#0.memcg` */
export const cellOf = ({ field, object }: Place) => field === "" ? object : `${object}.${field}`;

/** Tells accesses in words. */
export class Teller {
  constructor(readonly trace: readonly TracePoint[]) {}

  /** `CPU0`, `CPU0's softirq` */
  who({ context, cpu }: Place): string {
    return context === "task" ? `CPU${cpu}` : `CPU${cpu} (${context})`;
  }

  /** The function that a title would name. */
  fn({ fn, index }: Place): string {
    const name = this.trace[index].owner ?? fn;
    return name === "" ? "" : ` in ${name}()`;
  }

  /** `set obj_cgroup#0.memcg to NULL in memcg_reparent_objcgs()` */
  did(a: Place): string {
    const cell = cellOf(a);
    const to = a.value === null ? "" : ` to ${a.value}`;
    const is = a.value === null ? "" : `, which was ${a.value},`;
    switch (a.kind) {
      case "free":
        return `freed ${a.object}${this.fn(a)}`;
      case "write":
        return `set ${cell}${to}${this.fn(a)}`;
      case "update":
        if (a.value === "0") return `dropped ${cell} to 0${this.fn(a)}`;
        return `changed ${cell}${to}${this.fn(a)}`;
      case "read":
        return `read ${cell}${is}${this.fn(a)}`;
      default:
        return `${this.trace[a.index].what} ${cell}${this.fn(a)}`;
    }
  }

  /** `read of obj_cgroup#0.memcg in obj_cgroup_charge()` */
  deed(a: Place): string {
    const noun = { read: "read", write: "write", update: "update", free: "free" } as const;
    const word = a.kind in noun ? noun[a.kind as keyof typeof noun] : this.trace[a.index].what;
    const value = a.kind === "read" && a.value !== null ? ` (${a.value})` : "";
    return `${word} of ${cellOf(a)}${value}${this.fn(a)}`;
  }
}
