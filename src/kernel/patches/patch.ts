/**
 * What a patch is: replacements for registered kernel functions.
 *
 * A patch file exports one by default. A user's own:
 *
 * ```ts
 * import { patch } from "../src/kernel/patches/patch.ts";
 *
 * export default patch("my-fix", "memcg: what it does", {
 *   obj_cgroup_charge(objcg, gfp, size) { … },
 * });
 * ```
 *
 * Those of the series are made by {@linkcode commit} and stand for one upstream commit each.
 *
 * @module
 */
import type { KernelFunctions } from "../functions.ts";
import { bodyOf, replace } from "../../machine/calls/registry.ts";

/**
 * Replaces one kernel function. It takes the same arguments and returns the same kind of result.
 */
// deno-lint-ignore no-explicit-any
export type Replacement = (...args: any[]) => unknown;

export interface Patch {
  /** The commit, or a name that the author chose. */
  readonly name: string;
  /** The subject line. */
  readonly title: string;
  readonly functions: Readonly<Record<string, Replacement>>;
  /** What is known of it, if it is of the series. */
  readonly about?: About;
}

/** What is known of an upstream commit. */
export interface About {
  /** The first release that has it. */
  readonly version: string;
  /** Where to read it. */
  readonly link: string;
  /** Bugs that it fixes, and bugs that it brings, by the numbers that the seeds have. */
  readonly fixes: readonly string[];
  readonly brings: readonly string[];
  /** Patches without which it makes no sense. */
  readonly needs: readonly string[];
  /** Functions that are new with it; its file registers them. */
  readonly adds: readonly string[];
  /** Patches of kernels that it is not for. */
  readonly conflicts?: readonly string[];
  /** The last version that it is for, if later ones have other code. */
  readonly until?: string;
}

/**
 * The type that a replacement of `F` must have. A parameter may be typed more narrowly, since later
 * kernels do so: the type of a method, not of a function, allows that.
 */
type Like<F> = F extends (...args: infer A) => infer R ? { method(...args: A): R }["method"]
  : never;

/**
 * Functions to put in place of kernel functions. Each has the type of the function that it replaces.
 * Functions that a target registers, or another patch, have types that this file does not know.
 */
export type Replacements =
  & { readonly [Name in keyof KernelFunctions]?: Like<KernelFunctions[Name]> }
  & Readonly<Record<string, Replacement>>;

/**
 * A function whose type a patch changes; the patch replaces all functions that call it, too.
 *
 *     mem_cgroup_alloc: retyped((): mem_cgroup | number => { … }),
 */
export function retyped(f: Replacement): never {
  return f as never;
}

/** Describe a patch. */
export function patch(name: string, title: string, functions: Replacements): Patch {
  return { name, title, functions };
}

/** What has to be said of an upstream commit: its first twelve digits, and what is not empty. */
interface Commit extends Partial<Omit<About, "link" | "version">> {
  readonly commit: string;
  readonly subject: string;
  readonly version: string;
}

/** Describe a patch that stands for an upstream commit. */
export function commit(c: Commit, functions: Readonly<Record<string, Replacement>>): Patch {
  const { fixes = [], brings = [], needs = [], adds = [], version } = c;
  const link = `https://git.kernel.org/torvalds/c/${c.commit}`;
  const about = { version, link, fixes, brings, needs, adds };
  return { name: c.commit, title: c.subject, functions, about };
}

/** What has to be said of a draft: the bug in it, and where it was posted. */
interface Draft extends Partial<Omit<About, "brings" | "link" | "version">> {
  /** With a letter: `b11b`. It is the name of the patch. */
  readonly bug: string;
  readonly subject: string;
  /** The mail. */
  readonly link: string;
  /** The kernel that it was posted for. */
  readonly version: string;
}

/** Describe a patch as it was posted, before review caught the bug in it. */
export function draft(d: Draft, functions: Replacements): Patch {
  const { bug, fixes = [], needs = [], adds = [], version, link } = d;
  const brings = [bug.slice(0, -1).toUpperCase()];
  const about = { version, link, fixes, brings, needs, adds };
  return { name: bug, title: d.subject, functions, about };
}

/** What has to be said of a patch that is to come: a name without dashes, and where it was posted. */
interface Coming extends Partial<Omit<About, "link" | "version">> {
  readonly name: string;
  readonly subject: string;
  /** The mail. */
  readonly link: string;
  /** The kernel that it is expected in. */
  readonly version: string;
}

/** Describe a patch that has been accepted for a version that is no kernel here yet. */
export function coming(c: Coming, functions: Replacements): Patch {
  const { name, fixes = [], brings = [], needs = [], adds = [], version, link } = c;
  return {
    name,
    title: c.subject,
    functions,
    about: { version, link, fixes, brings, needs, adds },
  };
}

/** What has to be said of a part of the kernel that the model leaves out: a name without dashes. */
interface Detail extends Partial<Omit<About, "fixes" | "brings" | "link" | "version">> {
  readonly name: string;
  /** What is put in. */
  readonly subject: string;
  /** The first kernel here that it is for, and the commit that brought it. */
  readonly version: string;
  readonly commit: string;
}

/** Describe a patch that puts in what the model leaves out. */
export function detail(d: Detail, functions: Replacements): Patch {
  const { name, subject, version, needs = [], adds = [], conflicts = [], until } = d;
  const link = `https://git.kernel.org/torvalds/c/${d.commit}`;
  const about = { version, link, fixes: [], brings: [], needs, adds, conflicts, until };
  return { name, title: subject, functions, about };
}

/** What {@linkcode around} makes of a function that is there. */
type Around = (original: Replacement) => Replacement;

const arounds = new WeakMap<Replacement, Around>();

/**
 * A function that does something before or after the one that is there, whichever that is: so one
 * patch fits all kernels that have it, and the C of a tree.
 *
 *     drain_local_stock: around((original) => (work: work_struct) => { …; original(work); }),
 */
export function around(f: Around): Replacement {
  const mark = (): never => {
    throw new Error("A patch with around() is put in place by apply()");
  };
  arounds.set(mark, f);
  return mark;
}

/** Whether a replacement leaves the function that is there in place. */
export function isAround(body: Replacement): boolean {
  return arounds.has(body);
}

/** Put a patch's functions in place. */
export function apply(p: Patch): void {
  for (const [name, body] of Object.entries(p.functions)) {
    const f = arounds.get(body);
    replace(name, f === undefined ? body : f(bodyOf(name)), p.name);
  }
}
