/**
 * Whether a kernel that was named makes sense: every patch has what it needs, and what was put in or
 * taken out makes a difference.
 *
 * @module
 */
import { isAround, type Patch } from "../patches/patch.ts";
import { type Kernel, KernelError, versionOf } from "./expression.ts";
import { patchName, VERSIONS } from "./kernels.ts";

/** All patches of the series, by their files. */
export type Series = ReadonlyMap<string, Patch>;

/** Complain about a part of the kernel that later versions have otherwise. */
function checkAge(kernel: string, { name, about }: Patch): void {
  const age = (version: string) => VERSIONS.findIndex((v) => v.name === version);
  const until = about?.until;
  if (until === undefined || age(versionOf(kernel)) <= age(until)) return;
  throw new KernelError(
    `Cannot put ${kernel} together: ${name} is not for kernels after ${until}`,
  );
}

/** Complain about patches without what they need, or with what they are not for. */
export function checkNeeds(kernel: string, patches: readonly Patch[]): void {
  const names = new Set(patches.map(({ name }) => name));
  for (const p of patches) {
    const { name, about } = p;
    checkAge(kernel, p);
    const wrong = (about?.conflicts ?? []).find((other) => names.has(other));
    if (wrong !== undefined) {
      throw new KernelError(
        `Cannot put ${kernel} together: ${name} is not for kernels with ${wrong}`,
      );
    }
    const missing = (about?.needs ?? []).find((need) => !names.has(need));
    if (missing === undefined) continue;
    throw new KernelError(
      `Cannot put ${kernel} together: ${name} needs ${missing}, which is not in it`,
    );
  }
}

/**
 * A later patch of the kernel that replaces a function of `p` too, so that `p` decides nothing. One that
 * needs `p` builds on it, and around() leaves in place what is there.
 */
function override(p: Patch, later: readonly Patch[]): { by: string; fn: string } | undefined {
  for (const q of later) {
    if (q.about?.needs.includes(p.name)) continue;
    const fn = Object.keys(p.functions).find((f) => f in q.functions && !isAround(q.functions[f]));
    if (fn !== undefined) return { by: q.name, fn };
  }
  return undefined;
}

/** Complain about a kernel that cannot be what its name says. */
export function checkKernel({ name, patches, changes }: Kernel, series: Series): void {
  checkNeeds(name, patches.map((file) => series.get(file)!));
  const order = [...series.keys()];
  for (const file of changes) {
    const later = patches.filter((f) => order.indexOf(f) > order.indexOf(file));
    const by = override(series.get(file)!, later.map((f) => series.get(f)!));
    if (by === undefined) continue;
    throw new KernelError(
      `Cannot put ${name} together: ${patchName(file)} would make no difference, since ${by.by} ` +
        `replaces ${by.fn} after it`,
    );
  }
}
