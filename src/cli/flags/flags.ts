/**
 * The table of flags: parsing, `--help` and messages are made from it.
 *
 * @module
 */
import { DEFAULT_CONFIG } from "../../machine/words/config.ts";
import { KCSAN_MODES, type KcsanMode, type Preempt, PREEMPTS } from "../../prog/types.ts";
import type { Machine } from "../protocol/jobs.ts";
import type { Known, Word } from "./known.ts";
import { readBound, readCount, readDuration, readSeed } from "./read_values.ts";
import { knownWord, UsageError } from "./usage.ts";

/** What can be done; a space separates a verb from its second word. */
export const VERBS = [
  "fuzz",
  "replay",
  "minimize",
  "seed new",
  "seed fmt",
  "seed check",
  "bench",
  "test",
] as const;
export type Verb = typeof VERBS[number];

/** One flag; `V` is what the program gets. */
export interface Flag<V> {
  readonly doc: string;
  /** What stands for the value in help, or null for a flag without one. */
  readonly metavar: string | null;
  readonly repeat: boolean;
  readonly verbs: readonly Verb[];
  /** Written as on the command line; null: there is none, or `fallbackDoc` says where it is from. */
  readonly fallback: string | null;
  readonly fallbackDoc?: string;
  /** All values given, in order; one at least, unless the flag has no value. */
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
  // A path is looked at when the target is loaded, where all can be said that is wrong with it.
  return text.endsWith(".ts") ? text : knownWord("target", text, names(known.targets));
}

const RUNNING = ["fuzz", "replay", "minimize", "bench"] as const;
const SAVING = ["fuzz", "replay", "minimize"] as const;
const MACHINES: readonly Machine[] = ["lockstep", "free"];

/** All flags, in the order of the help. */
export const FLAGS = {
  kernel: one("NAME", (text, known) => knownWord("kernel", text, names(known.kernels)), {
    doc: "The kernel: a base and a list of patches",
    fallbackDoc: "posted; for files, the kernels they have expectations for",
    verbs: RUNNING,
  }),
  patch: many("FILE", path, {
    doc: "A patch of your own, a TypeScript file, on top of the kernel (repeatable)",
    verbs: RUNNING,
  }),
  target: one("NAME", readTarget, {
    doc: "What is fuzzed: a name in fuzz/, or the path of a .ts file",
    fallbackDoc: "objcg; for files, the target they name",
    verbs: [...RUNNING, "seed new", "seed fmt", "seed check"],
  }),
  cpus: one("N", (text) => readCount("cpus", text, 1, 32), {
    doc: "CPUs of the machine",
    fallbackDoc: "3; bench: 2, 3 and 4",
    verbs: ["fuzz", "bench"],
  }),
  preempt: one("MODEL", choice<Preempt>("preemption model", PREEMPTS), {
    doc: "Preemption model: none, full or rt",
    fallback: "full",
    verbs: ["fuzz", "bench"],
  }),
  seed: one("N", readSeed, {
    doc: "Seed of all randomness, decimal or 0x",
    fallbackDoc: "a random one, which is printed",
    verbs: ["fuzz"],
  }),
  for: one("BOUND", readBound, {
    doc: "How long: 60s, 5m, or a number of executions, 10000x; bench: a time per measurement",
    fallbackDoc: "60s; bench: 5s",
    verbs: ["fuzz", "bench"],
  }),
  strategy: one(
    "NAME",
    (text, known) => knownWord("strategy", text, names(known.strategies)),
    { doc: "How schedules are chosen", fallback: "directed", verbs: ["fuzz"] },
  ),
  shards: one("N", (text) => readCount("shards", text, 1, 256), {
    doc: "Processes, each pinned to a core",
    fallbackDoc: "one per core",
    verbs: ["fuzz", "replay"],
  }),
  corpus: one("DIR", path, {
    doc: "Seeds and queue are read from it, the queue is written to it",
    fallbackDoc: "corpus/TARGET",
    verbs: ["fuzz"],
  }),
  artifacts: one("DIR", path, {
    doc: "Crashes are written to it",
    fallbackDoc: "CORPUS/crashes",
    verbs: ["fuzz"],
  }),
  "exit-on-crash": toggle({ doc: "Stop at the first crash", verbs: ["fuzz"] }),
  machine: one("KIND", choice<Machine>("machine", MACHINES), {
    doc: "lockstep: one CPU at a time, replayable; free: all CPUs really run in parallel",
    fallback: "lockstep",
    verbs: ["fuzz"],
  }),
  sanitizers: one("A,B", (text, known) => text.split(",").map((s) => sanitizer(s, known)), {
    doc: "Only these sanitizers",
    fallbackDoc: "all",
    verbs: RUNNING,
  }),
  "no-sanitizer": many("NAME", sanitizer, {
    doc: "All but this sanitizer (repeatable)",
    verbs: RUNNING,
  }),
  kcsan: one("MODE", choice<KcsanMode>("KCSAN mode", KCSAN_MODES), {
    doc: "Look for data races, and which count: value-change, strict or permissive",
    fallbackDoc: "off; for files, on if they are about a race",
    verbs: RUNNING,
  }),
  repeat: one("N", (text) => readCount("repeat", text, 1, 1_000_000), {
    doc: "Replay each file N times and compare the traces",
    fallback: "1",
    verbs: ["replay"],
  }),
  trace: toggle({ doc: "Print every point of the execution", verbs: ["replay"] }),
  "step-limit": one("N", (text) => readCount("step-limit", text, 100, 10_000_000), {
    doc: "Points that an execution may pass before it counts as a hang",
    fallback: String(DEFAULT_CONFIG.stepLimit),
    verbs: RUNNING,
  }),
  "every-step": toggle({
    doc: "Judge the laws of accounting at every point, not only when all is quiet",
    verbs: RUNNING,
  }),
  "hang-timeout": one("TIME", (text) => readDuration("hang-timeout", text), {
    doc: "Time without progress after which a shard counts as hung",
    fallback: "10s",
    verbs: RUNNING,
  }),
  out: one("PATH", path, {
    doc: "Where the result goes: a file (minimize), a directory (seed new)",
    fallbackDoc: "FILE.min.txt; corpus/TARGET/seeds",
    verbs: ["minimize", "seed new"],
  }),
  link: many("URL", readLink, {
    doc: "The mail or commit that the seed comes from (repeatable)",
    verbs: ["seed new"],
  }),
  check: toggle({ doc: "Change nothing, list the files that would change", verbs: ["seed fmt"] }),
  json: toggle({ doc: "JSON lines on standard output", verbs: RUNNING }),
  quiet: toggle({ doc: "Print only findings and errors", verbs: [...SAVING, "bench"] }),
  help: toggle({ doc: "Print this text", verbs: VERBS }),
} satisfies Record<string, Flag<unknown>>;

export type FlagName = keyof typeof FLAGS;
type ValueOf<F> = F extends Flag<infer V> ? V : never;
/** Flags by name; one that is absent was not given and has no default. */
export type Values = { [K in FlagName]?: ValueOf<typeof FLAGS[K]> };

export const FLAG_NAMES = Object.keys(FLAGS) as FlagName[];

/** The flag of that name, without its type. */
export function flagNamed(name: FlagName): Flag<unknown> {
  return FLAGS[name];
}

/** The flags that a verb accepts. */
export function flagsOf(verb: Verb): FlagName[] {
  return FLAG_NAMES.filter((name) => flagNamed(name).verbs.includes(verb));
}

function readLink(text: string): string {
  if (!URL.canParse(text)) {
    throw new UsageError(
      `Cannot read --link: "${text}" is not a URL such as https://lore.kernel.org/r/MESSAGE-ID`,
    );
  }
  return text;
}
