/**
 * `replay`: run files on kernels and compare the results with their expect lines.
 *
 * @module
 */
import { commonJob, type Context, coresFor, namesOf } from "../parent/context.ts";
import type { Known } from "../flags/known.ts";
import { EXIT, replayExitCode } from "../protocol/exit_code.ts";
import { type Input, loadInputs, patchesOf } from "../parent/inputs.ts";
import type { ReplayEvent, ReplayJob } from "../protocol/jobs.ts";
import type { Request } from "../flags/parse_flags.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import { isSystemError, reason } from "../files/system_error.ts";
import { UsageError } from "../flags/usage.ts";
import type { Output } from "../parent/output.ts";
import { kcsanOf } from "../../prog/kcsan.ts";
import { kernelsOf } from "../parent/points.ts";
import { checkInputs } from "../parent/type_check.ts";
import { versionOf } from "../../kernel/series/expression.ts";
import { ReplayReport } from "../parent/replay_report.ts";
import { replayFlags } from "../parent/surroundings.ts";
import { Supervisor, type Work } from "../parent/supervisor.ts";
import { count } from "../parent/tally.ts";

/** One file on one kernel. */
interface Replay {
  readonly input: Input;
  readonly kernel: string;
}

/** The kernels that a file runs on: those of its expect lines, the oldest version first. */
function kernelsInOrder({ program }: Input, { kernels }: Known): string[] {
  const versions = kernels.map(({ name }) => name);
  const age = (kernel: string) => versions.indexOf(versionOf(kernel));
  return kernelsOf(program).sort((a, b) => age(a) - age(b));
}

function planReplays(inputs: readonly Input[], { values }: Request, { known }: Context): Replay[] {
  return inputs.flatMap((input) => {
    const kernels = values.kernel === undefined ? kernelsInOrder(input, known) : [values.kernel];
    return kernels.map((kernel) => ({ input, kernel }));
  });
}

/**
 * What `--html` shows: a file on one kernel. Without `--kernel` it is the first that shows a finding.
 */
function onePage(replays: readonly Replay[], html: string): Replay {
  const files = new Set(replays.map(({ input }) => input));
  if (files.size !== 1) {
    throw new UsageError(
      `Cannot write ${html}: a page shows one file, and ${files.size} files were given`,
    );
  }
  const isFound = ({ input, kernel }: Replay) =>
    input.program.expects.some((e) => e.kernel === kernel && e.title !== null);
  return replays.find(isFound) ?? replays[0];
}

/** Write the page. */
function writePage({ kernel, page }: ReplayEvent, html: string, output: Output): void {
  if (page === undefined) return;
  try {
    atomicFiles.write(html, page);
  } catch (e) {
    if (!isSystemError(e)) throw e;
    throw new UsageError(`Cannot write ${html}: ${reason(e)}`);
  }
  output.note(`Wrote ${html}: the execution on ${kernel}`);
}

/** Group files that can share a machine: same kernel, patches, target, CPUs, and checks. */
function group(
  replays: readonly Replay[],
  patches: ReadonlyMap<Input, string[]>,
  request: Request,
  { known }: Context,
): Work[] {
  const { values } = request;
  const flags = replayFlags(request);
  const jobs = new Map<string, ReplayJob & { files: { path: string; text: string }[] }>();
  for (const { input, kernel } of replays) {
    const { program, target, path, text } = input;
    const kcsan = kcsanOf(program, kernel);
    const common = commonJob(request, known, kernel, {
      kcsan,
      patches: patches.get(input),
      program,
    });
    const key = JSON.stringify([kernel, target.url, program.cpus, common]);
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
        page: values.html !== undefined,
        flags,
      };
      jobs.set(key, job);
    }
    job.files.push({ path, text });
  }
  return [...jobs.values()].map((job) => ({ job, writable: [] }));
}

/** Say that patches of files do not count, because a flag names others. */
function tellReplaced(inputs: readonly Input[], { values }: Request, { output }: Context): void {
  const patched = inputs.filter(({ program }) => (program.patches ?? []).length > 0).length;
  if (values.patch === undefined || patched === 0) return;
  const names = patched === 1 ? "names" : "name";
  output.note(`--patch replaces the patches that ${count(patched, "file")} ${names}`);
}

/** Run the verb. */
export async function replay(request: Request, context: Context): Promise<number> {
  const { output } = context;
  const inputs = await loadInputs(request.rest, request.values.target, namesOf(context.known));
  const { html } = request.values;
  const planned = planReplays(inputs, request, context);
  const replays = html === undefined ? planned : [onePage(planned, html)];
  const patches = request.values.patch === undefined ? patchesOf(inputs) : new Map();
  await checkInputs(inputs, patches, request, output);
  const works = group(replays, patches, request, context);
  tellReplaced(inputs, request, context);
  const report = new ReplayReport(
    output,
    replays.map(({ input, kernel }) => ({ file: input.path, kernel })),
    { texts: (request.values.trace ?? false) || (request.values.verbose ?? false) },
  );
  const cores = coresFor(output);
  const pages: ReplayEvent[] = [];
  const supervisor = new Supervisor(works, {
    parallel: request.values.shards ?? navigator.hardwareConcurrency,
    cores,
    output,
    script: context.script,
    onEvent(event) {
      if (event.event === "replay") {
        report.add(event as ReplayEvent);
        if (html !== undefined) pages.push(event as ReplayEvent);
      } else if (event.event === "hang") report.hang(event);
    },
  });
  const result = await supervisor.supervise();
  report.finish();
  for (const event of pages) writePage(event, html!, output);
  if (result.failure === null && !result.interrupted && !result.hung && report.missing > 0) {
    output.error(`error: The shards did not report ${count(report.missing, "replay")}`);
    return EXIT.internal;
  }
  return replayExitCode({ ...result, ...report.counts });
}
