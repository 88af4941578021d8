/**
 * `compare`: the functions of the model against those of a kernel tree.
 *
 * @module
 */
import { NOTES } from "../../c/notes.ts";
import {
  commonJob,
  type Context,
  coresFor,
  expectNoArguments,
  namesOf,
} from "../parent/context.ts";
import { CompareReport } from "../parent/compare_report.ts";
import { findFiles, type Input, inputsOf, readInputs } from "../parent/inputs.ts";
import {
  aboutTree,
  cacheOf,
  type OfTree,
  translateNamed,
  writePatch,
} from "../parent/linux_patch.ts";
import { fileUrl, pathOf } from "../parent/paths.ts";
import { Supervisor, type Work } from "../parent/supervisor.ts";
import { loadTarget } from "../parent/targets.ts";
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import type { CompareJob } from "../protocol/jobs.ts";
import { EXIT } from "../protocol/exit_code.ts";
import { PREEMPTS } from "../../prog/types.ts";

const CORPUS = new URL("../../../corpus/", import.meta.url);
/** Random inputs of each target and preemption model. */
const DEFAULT_COUNT = 100_000;
const DEFAULT_SEED = "1";
/** CPUs of a random program, at most. */
const DRAWN_CPUS = 3;

function countOf({ values }: Request): number {
  const bound = values.for ?? { execs: DEFAULT_COUNT };
  if ("execs" in bound) return bound.execs;
  throw new UsageError(
    "Cannot compare: --for is a number of inputs for each target and preemption model, such as 10000x",
  );
}

/** The inputs of the corpus for a target. */
async function corpusOf(target: string, { known }: Context): Promise<Input[]> {
  const { reads } = await readInputs(
    findFiles([pathOf(new URL(target, CORPUS).href)]),
    target,
    namesOf(known),
  );
  return inputsOf(reads);
}

/** The jobs of a target, one for each preemption model. */
async function plan(
  name: string,
  tree: string,
  request: Request,
  of: OfTree,
  context: Context,
): Promise<Work[]> {
  const { values } = request;
  const target = await loadTarget(name);
  const inputs = await corpusOf(name, context);
  const job: Omit<CompareJob, "preempt"> = {
    verb: "compare",
    kernel: of.kernel,
    ...commonJob({ ...request, values: { ...values, patch: undefined } }, context.known, of.kernel),
    tree,
    target: target.name,
    targetUrl: target.url,
    cpus: Math.max(DRAWN_CPUS, ...inputs.map(({ program }) => program.cpus)),
    drawnCpus: DRAWN_CPUS,
    seed: values.seed ?? DEFAULT_SEED,
    count: countOf(request),
    files: inputs.map(({ path, text }) => ({ path, text })),
    notes: NOTES,
  };
  return PREEMPTS.map((preempt) => ({ job: { ...job, preempt }, writable: [] }));
}

/** Run the verb. */
export async function compare(request: Request, context: Context): Promise<number> {
  expectNoArguments(request);
  const { values } = request;
  const { output, script } = context;
  if (values.linux === undefined) {
    throw new UsageError("Cannot compare: --linux TREE names no tree");
  }
  countOf(request);
  const of = await translateNamed(request);
  for (const note of aboutTree(of, values.linux)) output.note(note);
  const tree = fileUrl(await writePatch(of, cacheOf(values)));
  const works: Work[] = [];
  for (const { name } of context.known.targets) {
    works.push(...await plan(name, tree, request, of, context));
  }
  const report = new CompareReport(of, NOTES, output);
  const supervisor = new Supervisor(works, {
    parallel: values.shards ?? navigator.hardwareConcurrency,
    cores: coresFor(output),
    output,
    script,
    onEvent(event) {
      if (event.event === "difference") report.differs(event);
      else if (event.event === "compared") report.add(event);
      else if (event.event === "hang") output.error(`error: ${event.title}`);
    },
  });
  const { failure, hung, interrupted } = await supervisor.supervise();
  const isEqual = report.finish();
  if (failure !== null) return failure;
  if (interrupted) return EXIT.interrupted;
  if (hung) return EXIT.hang;
  return isEqual ? EXIT.ok : EXIT.unmet;
}
