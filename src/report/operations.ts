/**
 * Operations as reports show them: without the CPU, because the column tells it.
 *
 * @module
 */

import type { TraceInput } from "./types.ts";

export interface ShownOperation {
  /** `o = obj_cgroup_get_current(cpu0)`, with its context if that is not task. */
  readonly text: string;
  /** `obj_cgroup_get_current` */
  readonly name: string;
  /** Whether it ran before the schedule began. */
  readonly isBoot: boolean;
}

/** Whether boot operations belong into the diagram: the finding lies in them, or there are no others. */
export function showsBoot({ finding, ops }: Pick<TraceInput, "finding" | "ops">): boolean {
  return finding?.when === "boot" || ops.every((_, i) => operationOf(ops, i)!.isBoot);
}

/** The operation with that index; null for code that runs between operations. */
export function operationOf(ops: readonly string[], index: number): ShownOperation | null {
  const line = ops[index];
  if (line === undefined) return null;
  const text = line.trim().replace(/^cpu\d+\s+/, "").replace(/\s+/g, " ");
  const name = /([A-Za-z_]\w*)\(/.exec(text)?.[1] ?? text;
  return { text, name, isBoot: text.startsWith("boot ") };
}
