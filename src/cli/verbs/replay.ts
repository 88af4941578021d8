/**
 * `replay`: run files on kernels and compare the results with their expect lines.
 *
 * @module
 */
import { commonJob, type Context, coresFor, kernelNames } from "../parent/context.ts";
import { EXIT, replayExitCode } from "../protocol/exit_code.ts";
import { type Input, loadInputs } from "../parent/inputs.ts";
import type { ReplayEvent, ReplayJob } from "../protocol/jobs.ts";
import type { Request } from "../flags/parse_flags.ts";
import { kcsanOf } from "../../prog/kcsan.ts";
import { kernelsOf } from "../parent/points.ts";
import { ReplayReport } from "../parent/replay_report.ts";
import { Supervisor, type Work } from "../parent/supervisor.ts";
import { count } from "../parent/tally.ts";

/** One file on one kernel. */
interface Replay {
  readonly input: Input;
  readonly kernel: string;
}

function planReplays(inputs: readonly Input[], { values }: Request, { known }: Context): Replay[] {
  const names = kernelNames(known);
  return inputs.flatMap((input) => {
    // Those of its expect lines, in the order of the series.
    const named = kernelsOf(input.program);
    const kernels = values.kernel === undefined
      ? names.filter((name) => named.includes(name))
      : [values.kernel];
    return kernels.map((kernel) => ({ input, kernel }));
  });
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
  const inputs = await loadInputs(request.rest, request.values.target, kernelNames(context.known));
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
