/**
 * Help texts, made from the table of flags.
 *
 * @module
 */
import { EXIT_DOCS } from "../protocol/exit_code.ts";
import { type FlagName, flagNamed, flagsOf, type Verb, VERBS } from "./flags.ts";
import type { Known, Word } from "./known.ts";

/** How a verb is called, and what it does. */
export interface VerbDoc {
  readonly usage: string;
  readonly doc: string;
}

export const VERB_DOCS: Readonly<Record<Verb, VerbDoc>> = {
  fuzz: { usage: "fuzz [FLAGS]", doc: "Look for bugs; minimise and save every new one." },
  watch: {
    usage: "watch [FLAGS]",
    doc: "The same as fuzz, with a page on 127.0.0.1 that shows the campaign while it runs.",
  },
  report: {
    usage: "report DIR [FLAGS]",
    doc: "Write one page of the campaigns whose findings are in a folder.",
  },
  replay: {
    usage: "replay PATH… [FLAGS]",
    doc: "Run input files, or all *.txt files below folders, and compare with their expect lines.",
  },
  minimize: {
    usage: "minimize FILE [FLAGS]",
    doc: "Make an input smaller that reports the same title; write FILE.min.txt.",
  },
  "seed new": {
    usage: 'seed new "TITLE" --link URL [FLAGS]',
    doc: "Write a commented input file to start from.",
  },
  "seed fmt": { usage: "seed fmt PATH… [FLAGS]", doc: "Rewrite input files in canonical form." },
  "seed check": {
    usage: "seed check PATH… [FLAGS]",
    doc: "Print all errors of input files, with line and column.",
  },
  "kernel list": { usage: "kernel list", doc: "Print the kernels and their patches." },
  "kernel show": { usage: "kernel show KERNEL", doc: "Print all patches of a kernel." },
  "kernel diff": {
    usage: "kernel diff KERNEL KERNEL",
    doc: "Print the patches and the functions in which two kernels differ.",
  },
  "kernel functions": {
    usage: "kernel functions [PATTERN] [FLAGS]",
    doc: "Print the functions that a patch can replace, with file and signature.",
  },
  "c show": {
    usage: "c show FUNCTION… --linux TREE [FLAGS]",
    doc: "Print functions of a kernel tree beside what they become in the model.",
  },
  "c list": {
    usage: "c list --linux TREE [FLAGS]",
    doc: "Print which functions of the model are translated from a tree, and why others are not.",
  },
  compare: {
    usage: "compare --linux TREE [FLAGS]",
    doc:
      "Run the model and the functions of a tree, translated, on the same inputs; tell where they part.",
  },
  matrix: {
    usage: "matrix [PATH…] [FLAGS]",
    doc: "Run every file, by default the corpus, on every kernel; compare with what files expect.",
  },
  bisect: {
    usage: "bisect FILE [FLAGS]",
    doc: "Name the patches of the series that bring the bug of a file, and that mend it.",
  },
  review: {
    usage: "review FIX… [FLAGS]",
    doc:
      "Say which bugs a diff on --linux TREE, or a patch on --kernel K, brings, and which it mends.",
  },
  bench: {
    usage: "bench [PROGRAM…] [FLAGS]",
    doc: "Measure the speed of the machine and the cost of the sanitizers; or run a suite.",
  },
  "hub plan": {
    usage: "hub plan FILE --hub URL [FLAGS]",
    doc: "Give a hub a plan: what its workers search, and for how long.",
  },
  "hub status": {
    usage: "hub status --hub URL [FLAGS]",
    doc: "Print the workers of a hub, its leases, what was found, and rates.",
  },
  "hub export": {
    usage: "hub export DIR --hub URL [FLAGS]",
    doc: "Write the corpus, the findings and the state of a hub into a folder.",
  },
  "hub drain": {
    usage: "hub drain --hub URL [FLAGS]",
    doc: "Give no more leases: workers end after the one that they have.",
  },
  test: { usage: "test [PATH…]", doc: "Run the project's tests." },
};

const USAGE_WIDTH = 36;
const FLAG_WIDTH = 24;

/** `  --kernel NAME          The kernel … [posted]`. */
function flagLine(name: FlagName): string {
  const flag = flagNamed(name);
  const left = flag.metavar === null ? `--${name}` : `--${name} ${flag.metavar}`;
  const fallback = flag.fallback ?? flag.fallbackDoc;
  return `  ${left.padEnd(FLAG_WIDTH)}${flag.doc}${fallback === undefined ? "" : ` [${fallback}]`}`;
}

function wordLines(kind: string, words: readonly Word[]): string[] {
  return [`${kind}:`, ...words.map((w) => `  ${w.name.padEnd(FLAG_WIDTH)}${w.doc}`), ""];
}

/** The text that `VERB --help` prints. */
export function verbHelp(verb: Verb, known: Known): string {
  const { usage, doc } = VERB_DOCS[verb];
  const flags = flagsOf(verb);
  const lines = [`Usage: deno task ${usage}`, "", doc, "", "Flags:", ...flags.map(flagLine), ""];
  const ofKernels = ["kernel show", "kernel diff", "matrix", "bisect"].includes(verb);
  if (ofKernels || flags.includes("kernel")) lines.push(...wordLines("Kernels", known.kernels));
  if (flags.includes("target")) lines.push(...wordLines("Targets", known.targets));
  if (flags.includes("strategy")) lines.push(...wordLines("Strategies", known.strategies));
  if (flags.includes("sanitizers")) lines.push(...wordLines("Sanitizers", known.sanitizers));
  return lines.join("\n");
}

/** The text that `--help` without a verb prints. */
export function help(): string {
  return [
    "Finds races in memory-cgroup code: runs it on several CPUs and controls who runs when.",
    "",
    "Usage: deno task VERB …",
    "",
    ...VERBS.map((v) => `  ${VERB_DOCS[v].usage.padEnd(USAGE_WIDTH)}${VERB_DOCS[v].doc}`),
    "",
    'For the flags of a verb: "deno task VERB --help".',
    "",
    "Exit codes:",
    ...Object.entries(EXIT_DOCS).map(([code, doc]) => `  ${code.padEnd(5)}${doc}`),
    "",
  ].join("\n");
}
