/**
 * Runs one command, from its arguments to its exit code.
 *
 * @module
 */
import type { Context, VerbFunction } from "./parent/context.ts";
import { EXIT } from "./protocol/exit_code.ts";
import type { Verb } from "./flags/flags.ts";
import { help, verbHelp } from "./flags/help.ts";
import { InputErrors } from "./parent/inputs.ts";
import { type Known, loadKnown } from "./flags/known.ts";
import { withLinux } from "./parent/linux_patch.ts";
import { Output, type Streams } from "./parent/output.ts";
import { checkNamed } from "./parent/type_check.ts";
import { parseFlags, splitVerb } from "./flags/parse_flags.ts";
import { UsageError } from "./flags/usage.ts";
import { bisect } from "./verbs/bisect.ts";
import { bench } from "./verbs/bench.ts";
import { compare } from "./verbs/compare.ts";
import { cList } from "./verbs/c_list.ts";
import { cShow } from "./verbs/c_show.ts";
import { fuzz } from "./verbs/fuzz_hub.ts";
import { hubDrain, hubExport, hubPlan, hubStatus } from "./verbs/hub.ts";
import { report } from "./verbs/report.ts";
import { watch } from "./verbs/watch.ts";
import { kernelDiff, kernelList, kernelShow } from "./verbs/kernel.ts";
import { kernelFunctions } from "./verbs/kernel_functions.ts";
import { matrix } from "./verbs/matrix.ts";
import { minimize } from "./verbs/minimize.ts";
import { replay } from "./verbs/replay.ts";
import { review } from "./verbs/review.ts";
import { runTests } from "./verbs/run_tests.ts";
import { seedCheck, seedFmt, seedNew } from "./verbs/seed.ts";

const FUNCTIONS: Readonly<Record<Verb, VerbFunction>> = {
  fuzz,
  watch,
  report,
  replay,
  minimize,
  "seed new": seedNew,
  "seed fmt": seedFmt,
  "seed check": seedCheck,
  "kernel list": kernelList,
  "kernel show": kernelShow,
  "kernel diff": kernelDiff,
  "kernel functions": kernelFunctions,
  "c show": cShow,
  "c list": cList,
  compare,
  matrix,
  bisect,
  review,
  bench,
  "hub plan": hubPlan,
  "hub status": hubStatus,
  "hub export": hubExport,
  "hub drain": hubDrain,
  test: runTests,
};

/** The verbs that read patches, whatever their arguments are. */
const OF_SERIES: readonly Verb[] = [
  "kernel list",
  "kernel show",
  "kernel diff",
  "kernel functions",
  "bisect",
];

/** Replacements for tests. */
export interface CommandOptions {
  readonly script?: URL;
  readonly known?: Known;
}

/** Run a command line. */
export async function runCommand(
  args: readonly string[],
  streams: Streams,
  options: CommandOptions = {},
): Promise<number> {
  try {
    if (["--help", "-h", "help"].includes(args[0])) {
      streams.out(help());
      return EXIT.ok;
    }
    const { verb, args: rest } = splitVerb(args);
    const known = options.known ?? await loadKnown();
    if (rest.includes("--help") || rest.includes("-h")) {
      // --help wins over everything else on the command line, even over errors.
      streams.out(verbHelp(verb, known));
      return EXIT.ok;
    }
    if (OF_SERIES.includes(verb)) await known.series.load();
    await known.series.loadFor(rest);
    const request = parseFlags(verb, rest, known);
    const output = new Output(streams, request.values);
    await checkNamed(request, output);
    const context: Context = { output, known, script: options.script };
    return await FUNCTIONS[verb](await withLinux(request, output), context);
  } catch (e) {
    return failed(e, streams);
  }
}

/** Print an error of the user or of the tool; returns the exit code. */
function failed(e: unknown, streams: Streams): number {
  if (e instanceof InputErrors) {
    for (const line of e.lines) streams.err(line + "\n");
    return EXIT.usage;
  }
  if (e instanceof UsageError) {
    streams.err(`error: ${e.message}\n`);
    return EXIT.usage;
  }
  streams.err(`internal error: ${(e as Error).stack ?? e}\n`);
  return EXIT.internal;
}
