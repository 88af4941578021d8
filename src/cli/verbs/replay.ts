/**
 * `replay`: run files on kernels and compare the results with their expect lines.
 *
 * @module
 */
import { commonJob, type Context, coresFor, DEFAULT_KERNEL } from "../parent/context.ts";
import { EXIT, replayExitCode } from "../protocol/exit_code.ts";
import { type Input, InputErrors, loadInputs } from "../parent/inputs.ts";
import type { ReplayEvent, ReplayJob } from "../protocol/jobs.ts";
import type { Request } from "../flags/parse_flags.ts";
import { kcsanOf } from "../../prog/kcsan.ts";
import { misspelling, unknownWord } from "../../prog/errors.ts";
import { ReplayReport } from "../parent/replay_report.ts";
import { Supervisor, type Work } from "../parent/supervisor.ts";
import { count } from "../parent/tally.ts";

/** One file on one kernel. */
interface Replay {
  readonly input: Input;
  readonly kernel: string;
}

/** The kernels that a file runs on: the known ones among its expect lines. */
export function kernelsOf(
  input: Input,
  known: readonly string[],
): { kernels: string[]; errors: string[]; skipped: string[] } {
  const errors: string[] = [];
  const skipped: string[] = [];
  const kernels = new Set<string>();
  for (const { kernel, at } of input.program.expects) {
    if (known.includes(kernel)) kernels.add(kernel);
    else if (!/^v\d/.test(kernel) || misspelling(kernel, known.filter((k) => !/^v\d/.test(k)))) {
      const place = at === undefined ? "" : `:${at.line}:${at.column}`;
      errors.push(`${input.path}${place}: ${unknownWord("kernel", kernel, known)}`);
    } else skipped.push(kernel);
  }
  if (kernels.size === 0) kernels.add(DEFAULT_KERNEL);
  return { kernels: known.filter((k) => kernels.has(k)), errors, skipped };
}

function planReplays(inputs: readonly Input[], request: Request, context: Context): Replay[] {
  const known = context.known.kernels.map(({ name }) => name);
  const explicit = request.values.kernel;
  const errors: string[] = [];
  const skipped = new Map<string, number>();
  const replays = inputs.flatMap((input) => {
    const plan = kernelsOf(input, known);
    errors.push(...plan.errors);
    for (const k of plan.skipped) skipped.set(k, (skipped.get(k) ?? 0) + 1);
    return (explicit === undefined ? plan.kernels : [explicit]).map((kernel) => ({
      input,
      kernel,
    }));
  });
  if (errors.length > 0) throw new InputErrors(errors);
  if (explicit === undefined) {
    for (const [kernel, files] of skipped) {
      context.output.note(
        `Skipped the expect lines of kernel "${kernel}" in ${count(files, "file")}: unknown kernel`,
      );
    }
  }
  return replays;
}

/** Group files that can share a machine: same kernel, target, number of CPUs and KCSAN mode. */
function group(replays: readonly Replay[], request: Request, { known }: Context): Work[] {
  const { values } = request;
  const jobs = new Map<string, ReplayJob & { files: { path: string; text: string }[] }>();
  for (const { input: { program, target, path, text }, kernel } of replays) {
    const common = commonJob(request, known, kcsanOf(program, kernel));
    const key = JSON.stringify([kernel, target.url, program.cpus, common.kcsan]);
    let job = jobs.get(key);
    if (job === undefined) {
      job = {
        verb: "replay",
        kernel,
        ...common,
        target: target.name,
        targetUrl: target.url,
        cpus: program.cpus,
        preempt: program.preempt,
        files: [],
        repeat: values.repeat!,
        trace: values.trace ?? false,
        explicitKernel: values.kernel !== undefined,
      };
      jobs.set(key, job);
    }
    job.files.push({ path, text });
  }
  return [...jobs.values()].map((job) => ({ job, writable: [] }));
}

/** Run the verb. */
export async function replay(request: Request, context: Context): Promise<number> {
  const { output } = context;
  const inputs = await loadInputs(request.rest, request.values.target);
  const replays = planReplays(inputs, request, context);
  const works = group(replays, request, context);
  const report = new ReplayReport(
    output,
    replays.map(({ input, kernel }) => ({ file: input.path, kernel })),
    { trace: request.values.trace ?? false },
  );
  const cores = coresFor(output);
  const supervisor = new Supervisor(works, {
    parallel: request.values.shards ?? navigator.hardwareConcurrency,
    cores,
    output,
    script: context.script,
    onEvent(event) {
      if (event.event === "replay") report.add(event as ReplayEvent);
      else if (event.event === "hang") report.hang(event);
    },
  });
  const result = await supervisor.supervise();
  report.finish();
  if (result.failure === null && !result.interrupted && !result.hung && report.missing > 0) {
    output.error(`error: The shards did not report ${count(report.missing, "replay")}`);
    return EXIT.internal;
  }
  return replayExitCode({ ...result, ...report.counts });
}
