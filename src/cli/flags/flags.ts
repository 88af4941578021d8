/**
 * The table of flags. Parsing, `--help`, error messages and the table in `src/cli/README.md` are
 * made from it.
 *
 * @module
 */
import { DEFAULT_CONFIG } from "../../machine/executor.ts";
import { KCSAN_MODES, type KcsanMode, type Preempt, PREEMPTS } from "../../prog/types.ts";
import { bugId, FIXES } from "../../kernel/series/fixes.ts";
import type { Machine } from "../protocol/jobs.ts";
import type { Known, Word } from "./known.ts";
import { readHub } from "./read_hub.ts";
import { readKernel } from "./read_kernel.ts";
import { readBound, readCount, readDuration, readSeed } from "./read_values.ts";
import { knownWord, UsageError } from "./usage.ts";

/** The commands. Some have a second word after a space. */
export const VERBS = [
  "fuzz",
  "watch",
  "report",
  "replay",
  "minimize",
  "seed new",
  "seed fmt",
  "seed check",
  "kernel list",
  "kernel show",
  "kernel diff",
  "kernel functions",
  "c show",
  "c list",
  "compare",
  "matrix",
  "bisect",
  "review",
  "bench",
  "hub plan",
  "hub status",
  "hub export",
  "hub drain",
  "test",
] as const;
export type Verb = typeof VERBS[number];

/** One flag. `V` is the type of its value. */
export interface Flag<V> {
  readonly doc: string;
  /** The name of the value in the help, or null for a flag that takes no value. */
  readonly metavar: string | null;
  readonly repeat: boolean;
  readonly verbs: readonly Verb[];
  /** The default, written as on the command line; null if there is none or it is computed. */
  readonly fallback: string | null;
  /** Describes a default that is computed. */
  readonly fallbackDoc?: string;
  /** Reads all values that were given, in order. At least one is given if the flag takes a value. */
  readonly take: (texts: readonly string[], known: Known) => V;
}

type Common = { doc: string; verbs: readonly Verb[]; fallback?: string; fallbackDoc?: string };

function one<V>(
  metavar: string,
  read: (text: string, known: Known) => V,
  { fallback = null, ...rest }: Omit<Common, "fallback"> & { fallback?: string | null },
): Flag<V> {
  return { metavar, repeat: false, fallback, take: ([text], known) => read(text, known), ...rest };
}

function many<V>(
  metavar: string,
  read: (text: string, known: Known) => V,
  common: Common,
): Flag<V[]> {
  const take = (texts: readonly string[], known: Known) => texts.map((t) => read(t, known));
  return { metavar, repeat: true, fallback: null, take, ...common };
}

function toggle(common: Common): Flag<boolean> {
  return { metavar: null, repeat: false, fallback: null, take: () => true, ...common };
}

const names = (words: readonly Word[]) => words.map(({ name }) => name);
const choice = <T extends string>(kind: string, words: readonly T[]) => (text: string) =>
  knownWord(kind, text, words) as T;
const path = (text: string) => text;
const sanitizer = (text: string, known: Known) =>
  knownWord("sanitizer", text, names(known.sanitizers));

function readTarget(text: string, known: Known): string {
  // A path is checked when the target is loaded: only then are all its errors known.
  return text.endsWith(".ts") ? text : knownWord("target", text, names(known.targets));
}

const ALL = "all";

/** Ids of bugs, separated by commas; all of them for `all`. */
function readBugs(text: string): readonly string[] | "all" {
  const bugs = FIXES.map(({ bug }) => bug);
  const words = text.split(",").map(bugId);
  for (const word of words) knownWord("bug", word, [...bugs, ALL]);
  return words.includes(ALL) ? ALL : words;
}

/** The name of a folder that is not hidden, and in no other folder. */
function readFolderName(text: string): string {
  if (/^[\w+-][\w.+-]*$/.test(text)) return text;
  throw new UsageError(
    `Cannot read --name: "${text}" is no name of letters, digits, "-", "_", "+" and "." that ` +
      `does not begin with "."`,
  );
}

/** Preemption models, each once. */
function readPreempts(text: string): readonly Preempt[] {
  const words = text.split(",");
  for (const word of words) knownWord("preemption model", word, [...PREEMPTS, ALL]);
  return words.includes(ALL) ? PREEMPTS : [...new Set(words as Preempt[])];
}

function readVersion(text: string, known: Known): string {
  return knownWord("kernel", text, names(known.kernels));
}

const RUNNING = ["fuzz", "replay", "minimize", "review", "bench"] as const;
const SAVING = ["fuzz", "replay", "minimize", "review"] as const;
const ASKING = ["matrix", "bisect"] as const;
const HUB = ["hub plan", "hub status", "hub export", "hub drain"] as const;
/** Suites of programs; each is a task of its own, with the same name. */
const SUITES = ["sctbench"] as const;
const WIDTHS = ["32", "64"] as const;
const MACHINES: readonly Machine[] = ["scout", "lockstep", "fibers", "free"];

/** All flags, in the order of the help. */
export const FLAGS = {
  kernel: one("NAME", readKernel, {
    doc: "The kernel to run: a version, with +COMMIT or -COMMIT for a patch put in or taken out",
    fallbackDoc: "posted; for a file, the kernels in its expect lines",
    verbs: [...RUNNING, "kernel functions", "c show", "c list", "compare"],
  }),
  linux: one("TREE", path, {
    doc: "A kernel tree: run its C, translated, on the kernel nearest to its version",
    verbs: [...SAVING, "seed check", "matrix", "c show", "c list", "compare"],
  }),
  bits: one("N", (text) => Number(choice("width of a long", WIDTHS)(text)) as 32 | 64, {
    doc: "Bits of a long in the C of --linux: 32 or 64",
    fallback: "32",
    verbs: [...SAVING, "seed check", "matrix", "c show", "c list", "compare"],
  }),
  cache: one("DIR", path, {
    doc: "Folder that translations of --linux are written to",
    fallbackDoc: "TREE/.objcg-fuzz",
    verbs: [...SAVING, "seed check", "matrix", "compare"],
  }),
  kernels: one("A,B", (text, known) => text.split(",").map((k) => readKernel(k, known)), {
    doc: "Only these kernels, separated by commas",
    fallbackDoc: "all versions",
    verbs: ["matrix"],
  }),
  from: one("NAME", readVersion, {
    doc: "The kernel to begin with: a version",
    fallbackDoc: "the first",
    verbs: ["bisect"],
  }),
  to: one("NAME", readVersion, {
    doc: "The kernel to end with: a version",
    fallbackDoc: "the last",
    verbs: ["bisect"],
  }),
  search: one("N", (text) => readCount("search", text, 0, 10_000_000), {
    doc: "Number of other schedules to try where that of a file does not fit a kernel",
    fallback: "5000",
    verbs: [...ASKING, "review"],
  }),
  patch: many("FILE", path, {
    doc:
      "Apply this patch, a TypeScript file, on top of the kernel; with --linux, also a diff (repeatable)",
    verbs: [...RUNNING, "c show", "c list"],
  }),
  fixed: one("ID,…", readBugs, {
    doc: "Put the fixes of these known bugs in place, as patches; all: of all that the kernel has",
    verbs: RUNNING,
  }),
  target: one("NAME", readTarget, {
    doc: "The fuzz target: a name in fuzz/ or the path of a .ts file",
    fallbackDoc: "objcg; for a file, the target that it names",
    verbs: [...RUNNING, "seed new", "seed fmt", "seed check"],
  }),
  "no-check": toggle({
    doc: "Do not type-check patches and targets that are given by path",
    verbs: [...RUNNING, "seed new", "seed fmt", "seed check"],
  }),
  cpus: one("N", (text) => readCount("cpus", text, 1, 32), {
    doc: "Number of CPUs of the machine, 1 to 32",
    fallbackDoc: "3; bench: 2, 3 and 4",
    verbs: ["fuzz", "review", "bench"],
  }),
  preempt: one("MODEL", choice<Preempt>("preemption model", PREEMPTS), {
    doc: "Preemption model: none, full or rt",
    fallback: "full",
    verbs: ["fuzz", "review", "bench", "c show", "c list"],
  }),
  preempts: one("A,B", readPreempts, {
    doc: "Review with each of these preemption models, separated by commas; all: with all three",
    fallbackDoc: "that of --preempt",
    verbs: ["review"],
  }),
  seed: one("N", readSeed, {
    doc: "Seed of the random numbers: 64 bits, decimal or 0x",
    fallbackDoc: "a random seed, which is printed; review, compare: 1",
    verbs: ["fuzz", "review", "compare"],
  }),
  for: one("BOUND", readBound, {
    doc: "When to stop: a time (60s, 5m) or executions (10000x); bench: time per measurement",
    fallbackDoc: "60s; bench: 5s; compare: 100000x; review --claim: 20s",
    verbs: ["fuzz", "review", "bench", "compare"],
  }),
  strategy: one(
    "NAME",
    (text, known) => knownWord("strategy", text, names(known.strategies)),
    {
      doc: "The strategy that chooses the schedules",
      fallback: "portfolio",
      verbs: ["fuzz", "review", "bench"],
    },
  ),
  suite: one("NAME", choice("suite", SUITES), {
    doc: "Find the bugs of these programs instead: sctbench",
    verbs: ["bench"],
  }),
  trials: one("N", (text) => readCount("trials", text, 1, 1000), {
    doc: "Number of times that each program of a suite is tried, with seeds 1, 2, …",
    fallbackDoc: "20",
    verbs: ["bench"],
  }),
  shards: one("N", (text) => readCount("shards", text, 1, 256), {
    doc: "Number of processes, each pinned to one core",
    fallbackDoc: "one per core; with --machine free, 1",
    verbs: ["fuzz", "replay", ...ASKING, "compare"],
  }),
  corpus: one("DIR", path, {
    doc: "Folder of the corpus: seeds and queue are read from it, the queue is written to it",
    fallbackDoc: "corpus/TARGET, which is not read",
    verbs: ["fuzz"],
  }),
  artifacts: one("DIR", path, {
    doc: "Folder that crashes are written to",
    fallbackDoc: "CORPUS/crashes; review: corpus/TARGET/crashes/review-NAME",
    verbs: ["fuzz", "review"],
  }),
  sync: one("DIR", path, {
    doc:
      "Exchange inputs with the campaigns that use the same directory; with --hub: a local folder",
    fallbackDoc: "no exchange; with --hub, corpus/hub",
    verbs: ["fuzz"],
  }),
  name: one("NAME", readFolderName, {
    doc: "With --sync: the folder of this campaign in the directory; with --hub: of this worker",
    fallbackDoc: "made of target, kernel and seed; with --hub, a random name",
    verbs: ["fuzz"],
  }),
  hub: one("URL", readHub, {
    doc:
      "Exchange inputs and findings through this hub, and take its leases: redis://HOST:PORT/NAME",
    fallbackDoc: "no hub",
    verbs: ["fuzz", ...HUB],
  }),
  "hub-login": one("FILE", path, {
    doc: "File with the login of the hub: lines user:, password:, tls:, ca:; -: standard input",
    fallbackDoc: "no login",
    verbs: ["fuzz", ...HUB],
  }),
  "exit-on-crash": toggle({
    doc: "Stop at the first crash of a bug that the corpus does not know",
    verbs: ["fuzz"],
  }),
  "count-known": toggle({
    doc: "Let findings of bugs that the corpus knows count like new ones",
    verbs: ["fuzz"],
  }),
  machine: one("KIND", choice<Machine>("machine", MACHINES), {
    doc: "scout: fibers try, Workers judge; lockstep: Workers; fibers; free: CPUs in parallel",
    fallback: "scout",
    verbs: ["fuzz"],
  }),
  sanitizers: one("A,B", (text, known) => text.split(",").map((s) => sanitizer(s, known)), {
    doc: "Run only these sanitizers, separated by commas",
    fallbackDoc: "all but kcsan",
    verbs: RUNNING,
  }),
  "no-sanitizer": many("NAME", sanitizer, {
    doc: "Leave this sanitizer out (repeatable)",
    verbs: RUNNING,
  }),
  kcsan: one("MODE", choice<KcsanMode>("KCSAN mode", KCSAN_MODES), {
    doc: "Look for data races; which ones count: value-change, strict or permissive",
    fallbackDoc: "off; for a file about a data race, the mode that it names or value-change",
    verbs: RUNNING,
  }),
  repeat: one("N", (text) => readCount("repeat", text, 1, 1_000_000), {
    doc: "Replay each file N times; exit with 79 if the traces differ",
    fallback: "1",
    verbs: ["replay"],
  }),
  trace: toggle({ doc: "Print every point of the execution", verbs: ["replay"] }),
  html: one("FILE", path, {
    doc: "Write the page to this file, which a browser opens from the disk",
    fallbackDoc: "report: DIR/index.html",
    verbs: ["replay", "report"],
  }),
  port: one("N", (text) => readCount("port", text, 0, 65_535), {
    doc: "Port of the page on 127.0.0.1; 0: any that is free",
    fallback: "8080",
    verbs: ["watch"],
  }),
  "step-limit": one("N", (text) => readCount("step-limit", text, 100, 10_000_000), {
    doc: "Number of points after which an execution counts as a hang",
    fallback: String(DEFAULT_CONFIG.stepLimit),
    verbs: [...RUNNING, ...ASKING, "compare"],
  }),
  "every-step": toggle({
    doc: "Check the laws of accounting at every point, not only at the end of an execution; slow",
    verbs: RUNNING,
  }),
  "hang-timeout": one("TIME", (text) => readDuration("hang-timeout", text), {
    doc: "Time without progress after which a shard is killed",
    fallback: "10s",
    verbs: [...RUNNING, ...ASKING, "compare"],
  }),
  out: one("PATH", path, {
    doc: "Where to write the result: a file; seed new: a file (*.txt) or a folder",
    fallbackDoc: "FILE.min.txt; corpus/TARGET/seeds",
    verbs: ["minimize", "seed new"],
  }),
  link: many("URL", readLink, {
    doc: "URL of the mail or commit that the seed comes from (repeatable)",
    verbs: ["seed new"],
  }),
  check: toggle({
    doc: "Change no file; list those that are not in canonical form",
    verbs: ["seed fmt"],
  }),
  json: toggle({
    doc: "Print JSON lines on standard output, and nothing else there",
    verbs: [
      ...RUNNING,
      "kernel list",
      "kernel show",
      "kernel diff",
      "kernel functions",
      "c show",
      "c list",
      "compare",
      ...ASKING,
      ...HUB,
    ],
  }),
  markdown: toggle({ doc: "Print the table as Markdown", verbs: ["matrix"] }),
  claim: one("FILE", path, {
    doc: "Say instead whether what this file claims happens: a seed without a known outcome",
    verbs: ["review"],
  }),
  mail: one("FILE", path, {
    doc: "Write the review to this file as well, as text for a mail, with the whole diagrams",
    verbs: ["review"],
  }),
  quiet: toggle({
    doc: "Print only findings and errors",
    verbs: [...SAVING, "bench", ...ASKING, "compare"],
  }),
  verbose: toggle({
    doc: "Print the whole report of every finding, not only what makes it",
    verbs: ["fuzz", "replay"],
  }),
  profile: toggle({
    doc: "Print at the end what share of the time went where",
    verbs: ["fuzz"],
  }),
  help: toggle({ doc: "Print this text", verbs: VERBS }),
} satisfies Record<string, Flag<unknown>>;

export type FlagName = keyof typeof FLAGS;
type ValueOf<F> = F extends Flag<infer V> ? V : never;
/** Values of flags by name. A flag is absent if it was not given and has no default. */
export type Values = { [K in FlagName]?: ValueOf<typeof FLAGS[K]> };

export const FLAG_NAMES = Object.keys(FLAGS) as FlagName[];

/** The flag of that name, without its type. */
export function flagNamed(name: FlagName): Flag<unknown> {
  return FLAGS[name];
}

/** The flags that a verb accepts: a campaign that is watched is one like any other. */
export function flagsOf(verb: Verb): FlagName[] {
  const verbs: readonly Verb[] = verb === "watch" ? ["watch", "fuzz"] : [verb];
  return FLAG_NAMES.filter((name) => flagNamed(name).verbs.some((v) => verbs.includes(v)));
}

function readLink(text: string): string {
  if (!URL.canParse(text)) {
    throw new UsageError(
      `Cannot read --link: "${text}" is not a URL such as https://lore.kernel.org/r/MESSAGE-ID`,
    );
  }
  return text;
}
