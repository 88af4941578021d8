/**
 * Which functions take one lock while they hold another.
 *
 * @module
 */
import type { Access } from "./accesses.ts";

/**
 * The pairs of locks that the title names, in the order in which they are taken, as lines:
 * `siglock -> css_set_lock: send_signal, obj_cgroup_release`; each once, sorted.
 */
export function lockPairs(title: string, all: readonly Access[]): string[] {
  /** What each CPU holds; an interrupt holds what it interrupted. */
  const held = new Map<number, Access[]>();
  const lines = new Set<string>();
  const words = title.split(/[^\w.]+/);
  for (const a of all) {
    const mine = held.get(a.cpu) ?? [];
    if (a.kind === "unlock") {
      held.set(a.cpu, mine.filter((h) => h.object !== a.object || h.field !== a.field));
    } else if (a.kind === "lock" && words.includes(a.struct)) {
      for (const h of mine) lines.add(`${h.struct} -> ${a.struct}: ${h.fn}, ${a.fn}`);
      held.set(a.cpu, [...mine, a]);
    }
  }
  return [...lines].sort();
}
