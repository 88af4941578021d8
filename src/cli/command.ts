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
import { Output, type Streams } from "./parent/output.ts";
import { isDiff } from "./parent/paths.ts";
import { checkNamed } from "./parent/type_check.ts";
import { parseFlags, type Request, splitVerb } from "./flags/parse_flags.ts";
import { UsageError } from "./flags/usage.ts";

/** The function of each verb. A command loads its own verb only: all of them take 50 ms. */
const FUNCTIONS: Readonly<Record<Verb, () => Promise<VerbFunction>>> = {
  fuzz: async () => (await import("./verbs/fuzz_hub.ts")).fuzz,
  watch: async () => (await import("./verbs/watch.ts")).watch,
  report: async () => (await import("./verbs/report.ts")).report,
  replay: async () => (await import("./verbs/replay.ts")).replay,
  minimize: async () => (await import("./verbs/minimize.ts")).minimize,
  "seed new": async () => (await import("./verbs/seed.ts")).seedNew,
  "seed fmt": async () => (await import("./verbs/seed.ts")).seedFmt,
  "seed check": async () => (await import("./verbs/seed.ts")).seedCheck,
  "kernel list": async () => (await import("./verbs/kernel.ts")).kernelList,
  "kernel show": async () => (await import("./verbs/kernel.ts")).kernelShow,
  "kernel diff": async () => (await import("./verbs/kernel.ts")).kernelDiff,
  "kernel functions": async () => (await import("./verbs/kernel_functions.ts")).kernelFunctions,
  "c show": async () => (await import("./verbs/c_show.ts")).cShow,
  "c list": async () => (await import("./verbs/c_list.ts")).cList,
  compare: async () => (await import("./verbs/compare.ts")).compare,
  matrix: async () => (await import("./verbs/matrix.ts")).matrix,
  bisect: async () => (await import("./verbs/bisect.ts")).bisect,
  review: async () => (await import("./verbs/review.ts")).review,
  bench: async () => (await import("./verbs/bench.ts")).bench,
  "hub plan": async () => (await import("./verbs/hub.ts")).hubPlan,
  "hub status": async () => (await import("./verbs/hub.ts")).hubStatus,
  "hub export": async () => (await import("./verbs/hub.ts")).hubExport,
  "hub drain": async () => (await import("./verbs/hub.ts")).hubDrain,
  test: async () => (await import("./verbs/run_tests.ts")).runTests,
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
    const run = await FUNCTIONS[verb]();
    return await run(await withTree(request, output), context);
  } catch (e) {
    return failed(e, streams);
  }
}

/** The request with what it names of C replaced. What reads C is loaded only if there is some. */
async function withTree(request: Request, output: Output): Promise<Request> {
  const { linux, patch = [] } = request.values;
  if (linux === undefined && !patch.some(isDiff)) return request;
  const { withLinux } = await import("./parent/linux_patch.ts");
  return await withLinux(request, output);
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
