/**
 * The fixes of known bugs: for each bug, the patches that mend it in the kernels that have it.
 *
 * A name is that of a file in patches/. It begins with the upstream commit; a name that begins with a
 * bug is a fix that no commit of the kernel has. `-v5.9` at the end is a backport.
 *
 * This file imports nothing, so the process that reads the command line needs no kernel.
 *
 * @module
 */

/** The fix of one bug. */
export interface Fix {
  /** The id of the bug in corpus/README.md, in lower case: `s02`. */
  readonly bug: string;
  /** Kernels that have the bug, and all patches of its fix there. */
  readonly patches: Readonly<Record<string, readonly string[]>>;
}

const MERGED = [
  "11d6761218d1-error-of-css-alloc",
  "bf4f059954dc-obj-cgroup-api",
  "964d4bd370d5-save-obj-cgroup",
];
const MEMCG_IDR = "9972605a2383-mem-cgroup-idr";
const DEAD_CPU = "9f01b4954490-drain-obj-stock-of-a-dead-cpu-v5.9";
const KMEM_ONLINE = "da0efe309444-online-kmem-in-css-online-v5.9";
const LOCAL_LOCK = "567511462387-local-lock-v5.9";

/** The same patches for both kernels. */
function inBoth(...patches: string[]): Fix["patches"] {
  return { posted: patches, "v5.9": patches };
}

/** The patches for v5.9; the posted kernel needs those that lead to v5.9 as well. */
function onMerged(...patches: string[]): Fix["patches"] {
  return { posted: [...MERGED, ...patches], "v5.9": patches };
}

/** All fixes, by bug. */
export const FIXES: readonly Fix[] = [
  { bug: "b04", patches: inBoth("c5c8b16b596e-root-mem-cgroup-charging-v5.9") },
  { bug: "b08", patches: inBoth(LOCAL_LOCK) },
  { bug: "b15", patches: inBoth(DEAD_CPU, "b15-mark-of-a-dead-cpu") },
  { bug: "b36", patches: inBoth(MEMCG_IDR) },
  { bug: "h01", patches: onMerged(KMEM_ONLINE) },
  { bug: "h02", patches: onMerged(KMEM_ONLINE) },
  { bug: "h04", patches: onMerged("h04-id-of-a-failed-css") },
  { bug: "s01", patches: { posted: MERGED } },
  { bug: "s02", patches: inBoth("eefbfa7fd678-use-after-free-in-charge") },
  { bug: "s03", patches: inBoth("3b8abb323953-null-pointer-in-flush-required-v5.9") },
  { bug: "s04", patches: inBoth(LOCAL_LOCK) },
  { bug: "s07", patches: { posted: MERGED } },
  { bug: "s09", patches: onMerged("0764db9b49c9-objcg-lock-v5.9") },
  { bug: "s10", patches: inBoth(DEAD_CPU) },
];

/**
 * The order in which patches of fixes are applied, oldest commit first. Where two of them replace one
 * function, the later one has what the earlier one changed.
 */
const ORDER: readonly string[] = [
  ...MERGED,
  "eefbfa7fd678-use-after-free-in-charge",
  "c5c8b16b596e-root-mem-cgroup-charging-v5.9",
  "0764db9b49c9-objcg-lock-v5.9",
  LOCAL_LOCK,
  KMEM_ONLINE,
  "3b8abb323953-null-pointer-in-flush-required-v5.9",
  MEMCG_IDR,
  DEAD_CPU,
  "b15-mark-of-a-dead-cpu",
  "h04-id-of-a-failed-css",
];

/** The bugs of a kernel that have a fix. */
export function fixedBugs(kernel: string): string[] {
  return FIXES.filter(({ patches }) => patches[kernel] !== undefined).map(({ bug }) => bug);
}

/** The names of the patches that mend the bugs in a kernel, in order; each once. */
export function patchesThatFix(bugs: readonly string[], kernel: string): string[] {
  const wanted = FIXES.filter(({ bug }) => bugs.includes(bug))
    .flatMap(({ patches }) => patches[kernel] ?? []);
  return ORDER.filter((name) => wanted.includes(name));
}

/** The id as the table has it: `S2`, `s2` and `s02` are one bug. */
export function bugId(text: string): string {
  const match = /^([a-z])(\d+)$/i.exec(text);
  return match === null ? text : match[1].toLowerCase() + match[2].padStart(2, "0");
}
