/**
 * The fixes of known bugs: for each bug, the patches that mend it in the kernels that have it.
 *
 * A name is that of a file in patches/. It begins with the upstream commit; a name that begins with a
 * bug is a fix that no commit of the kernel has. A version at the end is that of the first kernel that a
 * backport is for.
 *
 * This file imports nothing, so the process that reads the command line needs no kernel.
 *
 * @module
 */

/** The fix of one bug, or of a part of it that other kernels have. */
export interface Fix {
  /** The id of the bug in corpus/README.md, in lower case: `s02`. */
  readonly bug: string;
  /** Kernels that have the bug, and all patches of its fix there. */
  readonly patches: Readonly<Record<string, readonly string[]>>;
  /** Patches that were put in or taken out, which the fix would undo: it replaces what they do. */
  readonly except?: readonly string[];
  /** Patches without one of which, put in, a kernel does not have the code with the bug. */
  readonly only?: readonly string[];
}

const MERGED = [
  "11d6761218d1-error-of-css-alloc",
  "bf4f059954dc-obj-cgroup-api",
  "964d4bd370d5-save-obj-cgroup",
];
const ROOT_CHARGING = "c5c8b16b596e-root-mem-cgroup-charging";
const COUNTERS_BELOW_ROOT = "8de15e920dc8-counters-below-the-root";
const LOCAL_LOCK = "567511462387-local-lock";
const OBJCG_LOCK = "0764db9b49c9-objcg-lock";
const KMEM_ONLINE = "da0efe309444-online-kmem-in-css-online";
const FLUSH_REQUIRED = "3b8abb323953-null-pointer-in-flush-required";
const MEMCG_IDR = "9972605a2383-mem-cgroup-idr";
const DEAD_CPU = "9f01b4954490-drain-obj-stock-of-a-dead-cpu";
const DEAD_MARK = "b15-mark-of-a-dead-cpu";
const ISOLATED_MARK = "b15-mark-of-an-isolated-cpu";
const FAILED_CSS = "h04-id-of-a-failed-css";
const LOAD_INSIDE_RCU = "b16-load-inside-rcu";
const CONTENDED_STOCK = "dccd5ee2625d-bytes-of-a-contended-stock";
const PARKED_PAGES = "b18-pages-of-parked-bytes";
const RELEASE_IN_NMI = "b19-release-in-an-nmi";
const SLOTS_IN_TURN = "b19-slots-in-turn";
const DISABLE_FIRST = "b25-disable-before-draining";
const ROOT_NOT_CHARGED = "b28-no-charge-of-the-root";
const COUNTERS = "a91714312eb1-clean-percpu-count-on-failure";
const BULK_UNCHARGE = "d1b2cf6cb84a-uncharge-when-freed-in-bulk";
const LIST_LOOKUP = "5161b48712dc-use-after-free-of-a-list-lru-memcg";
const DEAD_CPU_STATS = "a3d4c05a4474-flush-of-the-dead-cpu";
const FAILED_WALK = "h05-failed-css-under-a-walk";
const FREED_STATS = "k04-statistics-of-offline-cpus";
const LOCAL_STATS = "b27-reparent-local-statistics";

/** Kernels with the code that the patches named `-v5.9` are for. */
const OLD = ["posted", "v5.9", "v5.10", "v5.11", "v5.13"];
/** Kernels with two stocks that leave interrupts on. */
const DECOUPLED = ["v6.16", "v6.18", "v7.0", "v7.1"];
/** Kernels in which tasks have an object stock of their own. */
const SPLIT = ["v5.14", "v5.17"];
/** Kernels that memcg_vmstats is for, and those that memcg_state_local is for. */
const BATCHED = ["posted", "v5.9", "v5.10", "v5.11"];
const RSTAT = [...SPLIT, "v5.18", "v6.1", "v6.5", "v6.7", "v6.12", "v6.14", "v6.15", ...DECOUPLED];

/** The same patches for several kernels. */
function on(kernels: readonly string[], ...patches: string[]): Fix["patches"] {
  return Object.fromEntries(kernels.map((kernel) => [kernel, patches]));
}

/** A fix that the posted kernel can only have with the patches that lead to v5.9. */
function onMerged(kernels: readonly string[], ...patches: string[]): Fix["patches"] {
  return { ...on(kernels, ...patches), posted: [...MERGED, ...patches] };
}

/** All fixes, by bug. */
export const FIXES: readonly Fix[] = [
  { bug: "b01", patches: on(["v5.11"], "9f38f03ae8d5-reference-to-a-freeing-memcg") },
  {
    bug: "b04",
    patches: {
      ...on(["posted", "v5.9", "v5.10", "v5.11"], `${ROOT_CHARGING}-v5.9`),
      ...on(["v5.13"], ROOT_CHARGING),
    },
  },
  { bug: "b05", patches: on(["posted", "v5.9"], COUNTERS_BELOW_ROOT) },
  { bug: "b07", patches: on(["v5.11", "v5.13"], `${LOCAL_LOCK}-v5.11`) },
  {
    bug: "b08",
    patches: {
      ...on(["posted", "v5.9", "v5.10"], `${LOCAL_LOCK}-v5.9`),
      ...on(["v5.11", "v5.13"], `${LOCAL_LOCK}-v5.11`),
      ...on(SPLIT, `${LOCAL_LOCK}-v5.14`),
    },
    except: ["7fa0dacbaf12"],
  },
  { bug: "b10", patches: on(BATCHED, DEAD_CPU_STATS), only: ["memcg_vmstats"] },
  {
    bug: "b12",
    patches: on(["v6.7", "v6.12"], LIST_LOOKUP),
    only: ["0a97c01cd20b", "5161b48712dc"],
  },
  { bug: "b13", patches: on(["v5.9"], BULK_UNCHARGE), only: ["free_bulk"] },
  {
    bug: "b15",
    patches: {
      ...on(OLD, `${DEAD_CPU}-v5.9`, DEAD_MARK),
      ...on(SPLIT, `${DEAD_CPU}-v5.14`, DEAD_MARK),
      ...on(["v5.18", "v6.1"], DEAD_CPU, DEAD_MARK),
      ...on(["v6.5", "v6.7", "v6.12"], DEAD_CPU, DEAD_MARK, ISOLATED_MARK),
      ...on(["v6.14", "v6.15"], DEAD_MARK, ISOLATED_MARK),
      ...on(DECOUPLED, `${DEAD_MARK}-v6.16`, `${ISOLATED_MARK}-v6.16`),
    },
  },
  { bug: "b16", patches: on(DECOUPLED, LOAD_INSIDE_RCU), except: ["objcg_slots"] },
  { bug: "b17", patches: on(["v6.16", "v6.18"], CONTENDED_STOCK) },
  {
    bug: "b18",
    patches: {
      ...on(["v6.16", "v6.18"], CONTENDED_STOCK, PARKED_PAGES),
      ...on(["v7.0"], PARKED_PAGES),
      ...on(["v7.1"], `${PARKED_PAGES}-v7.1`),
    },
    except: ["b24a"], // which needs parked bytes that pile up
  },
  { bug: "b19", patches: on(["v6.15", ...DECOUPLED], RELEASE_IN_NMI) },
  { bug: "b19", patches: on(["v6.16", "v6.18", "v7.0"], SLOTS_IN_TURN), except: ["b23a", "b23b"] },
  { bug: "b25", patches: on(["v7.1"], DISABLE_FIRST), only: ["b25b"] },
  {
    bug: "b27",
    patches: { ...on(BATCHED, `${LOCAL_STATS}-v5.9`), ...on(RSTAT, LOCAL_STATS) },
    only: ["memcg_vmstats", "memcg_state_local"],
  },
  { bug: "b28", patches: on(DECOUPLED, ROOT_NOT_CHARGED) },
  { bug: "b36", patches: on([...OLD, ...SPLIT, "v5.18", "v6.1", "v6.5", "v6.7"], MEMCG_IDR) },
  {
    bug: "h01",
    patches: {
      ...onMerged([...OLD, "v5.14"], `${KMEM_ONLINE}-v5.9`),
      ...on(["v5.17"], KMEM_ONLINE),
    },
  },
  { bug: "h02", patches: onMerged([...OLD, "v5.14"], `${KMEM_ONLINE}-v5.9`) },
  {
    bug: "h04",
    patches: {
      ...onMerged([...OLD, "v5.14"], FAILED_CSS),
      ...on(["v5.17"], `${FAILED_CSS}-v5.17`),
      ...on(["v5.18", "v6.1", "v6.5"], `${FAILED_CSS}-v5.18`),
      ...on(["v6.7", "v6.12", "v6.14", "v6.15", "v6.16", "v6.18", "v7.0"], `${FAILED_CSS}-v6.7`),
      ...on(["v7.1"], `${FAILED_CSS}-v7.1`),
    },
  },
  { bug: "h05", patches: on(BATCHED, FAILED_WALK), only: ["memcg_vmstats"] },
  { bug: "k01", patches: on(["v5.10", "v5.11"], "1685bde6b9af-get-active-memcg-return-value") },
  {
    bug: "k02",
    patches: on(["v5.10", "v5.11", "v5.13", ...SPLIT, "v5.18"], COUNTERS),
  },
  { bug: "k03", patches: on(["v5.9"], COUNTERS_BELOW_ROOT) },
  { bug: "k04", patches: on(BATCHED, FREED_STATS), only: ["memcg_vmstats"] },
  { bug: "s01", patches: { posted: MERGED } },
  {
    bug: "s02",
    patches: on(["posted", "v5.9", "v5.10"], "eefbfa7fd678-use-after-free-in-charge"),
  },
  {
    bug: "s03",
    patches: {
      ...on(OLD, `${FLUSH_REQUIRED}-v5.9`),
      ...on(SPLIT, `${FLUSH_REQUIRED}-v5.14`),
      ...on(["v5.18", "v6.1"], FLUSH_REQUIRED),
    },
  },
  {
    bug: "s04",
    patches: {
      ...on(["posted", "v5.9", "v5.10"], `${LOCAL_LOCK}-v5.9`),
      ...on(["v5.11", "v5.13"], `${LOCAL_LOCK}-v5.11`),
      ...on(SPLIT, `${LOCAL_LOCK}-v5.14`),
    },
    except: ["7fa0dacbaf12"],
  },
  { bug: "s07", patches: { posted: MERGED } },
  {
    bug: "s09",
    patches: { ...onMerged(OLD, `${OBJCG_LOCK}-v5.9`), ...on(["v5.14"], OBJCG_LOCK) },
  },
  {
    bug: "s10",
    patches: {
      ...on(OLD, `${DEAD_CPU}-v5.9`),
      ...on(SPLIT, `${DEAD_CPU}-v5.14`),
      ...on(["v5.18", "v6.1", "v6.5", "v6.7", "v6.12"], DEAD_CPU),
    },
  },
];

/**
 * The order in which patches of fixes are applied, oldest commit first. Where two of them replace one
 * function, the later one has what the earlier one changed.
 */
const ORDER: readonly string[] = [
  ...MERGED,
  COUNTERS_BELOW_ROOT,
  "eefbfa7fd678-use-after-free-in-charge",
  "1685bde6b9af-get-active-memcg-return-value",
  "9f38f03ae8d5-reference-to-a-freeing-memcg",
  `${ROOT_CHARGING}-v5.9`,
  ROOT_CHARGING,
  `${OBJCG_LOCK}-v5.9`,
  OBJCG_LOCK,
  `${LOCAL_LOCK}-v5.9`,
  `${LOCAL_LOCK}-v5.11`,
  `${LOCAL_LOCK}-v5.14`,
  `${KMEM_ONLINE}-v5.9`,
  KMEM_ONLINE,
  COUNTERS,
  `${FLUSH_REQUIRED}-v5.9`,
  `${FLUSH_REQUIRED}-v5.14`,
  FLUSH_REQUIRED,
  MEMCG_IDR,
  `${DEAD_CPU}-v5.9`,
  `${DEAD_CPU}-v5.14`,
  DEAD_CPU,
  DEAD_MARK,
  `${DEAD_MARK}-v5.14`,
  `${DEAD_MARK}-v5.18`,
  `${DEAD_MARK}-v6.16`,
  ISOLATED_MARK,
  `${ISOLATED_MARK}-v6.16`,
  LOAD_INSIDE_RCU,
  CONTENDED_STOCK,
  PARKED_PAGES,
  `${PARKED_PAGES}-v7.1`,
  RELEASE_IN_NMI,
  SLOTS_IN_TURN,
  DISABLE_FIRST,
  ROOT_NOT_CHARGED,
  FAILED_CSS,
  `${FAILED_CSS}-v5.17`,
  `${FAILED_CSS}-v5.18`,
  `${FAILED_CSS}-v6.7`,
  `${FAILED_CSS}-v7.1`,
  FAILED_WALK,
  DEAD_CPU_STATS,
  BULK_UNCHARGE,
  LIST_LOOKUP,
  FREED_STATS,
  `${LOCAL_STATS}-v5.9`,
  LOCAL_STATS,
];

/** The version that a kernel begins with, and the names of the patches that were put in or taken out. */
function partsOf(kernel: string): [string, string[]] {
  const [version, ...changes] = kernel.split(/[+-]/);
  return [version, changes];
}

/** The fixes for a kernel. Those of a version are those of a kernel made of it. */
function fixesOf(kernel: string): Fix[] {
  const [version, changes] = partsOf(kernel);
  return FIXES.filter(({ patches, except = [], only }) =>
    patches[version] !== undefined && !changes.some((name) => except.includes(name)) &&
    (only === undefined || changes.some((name) => only.includes(name)))
  );
}

/** The bugs of a kernel that have a fix. */
export function fixedBugs(kernel: string): string[] {
  return [...new Set(fixesOf(kernel).map(({ bug }) => bug))];
}

/** The names of the patches that mend the bugs in a kernel, in order; each once. */
export function patchesThatFix(bugs: readonly string[], kernel: string): string[] {
  const [version] = partsOf(kernel);
  const wanted = fixesOf(kernel).filter(({ bug }) => bugs.includes(bug))
    .flatMap(({ patches }) => patches[version]);
  return ORDER.filter((name) => wanted.includes(name));
}

/** The id as the table has it: `S2`, `s2` and `s02` are one bug. */
export function bugId(text: string): string {
  const match = /^([a-z])(\d+)$/i.exec(text);
  return match === null ? text : match[1].toLowerCase() + match[2].padStart(2, "0");
}
