/**
 * Asks several kernels about several files.
 *
 * @module
 */
import { commonJob, type Context, coresFor } from "./context.ts";
import { type Input, patchesOf } from "./inputs.ts";
import { type Supervised, Supervisor } from "./supervisor.ts";
import type { Request } from "../flags/parse_flags.ts";
import type { ProbedFile, ProbeEvent, ProbeJob } from "../protocol/jobs.ts";
import { DEFAULT_KCSAN } from "../../prog/kcsan.ts";
import type { KcsanMode, Program } from "../../prog/types.ts";

/** One file on one kernel. */
export interface Cell {
  readonly input: Input;
  readonly kernel: string;
}

/** The answers, by {@linkcode cellKey}. */
export interface Answers {
  readonly cells: ReadonlyMap<string, ProbeEvent>;
  readonly result: Supervised;
}

/** What names a cell. */
export function cellKey(file: string, kernel: string): string {
  return `${kernel}\n${file}`;
}

/** The titles under which the kernels of a file report its bug. */
export function titlesOf({ expects }: Program): string[] {
  return [...new Set(expects.flatMap(({ title }) => title ?? []))];
}

/** KCSAN runs on all kernels, if a title is one of its own on any. */
function kcsanOfAll(program: Program): KcsanMode | "off" {
  if (program.kcsan !== undefined) return program.kcsan;
  return titlesOf(program).some((t) => t.startsWith("KCSAN: ")) ? DEFAULT_KCSAN : "off";
}

/** Cells that can share a machine become one job. */
function jobsFor(cells: readonly Cell[], request: Request, context: Context): ProbeJob[] {
  const patches = patchesOf([...new Set(cells.map(({ input }) => input))]);
  const jobs = new Map<string, ProbeJob & { files: ProbedFile[] }>();
  for (const { input, kernel } of cells) {
    const { path, program, target, text } = input;
    const ofFile = { kcsan: kcsanOfAll(program), patches: patches.get(input), program };
    const common = commonJob(request, context.known, kernel, ofFile);
    const key = JSON.stringify([kernel, target.url, program.cpus, common]);
    const job = jobs.get(key) ?? {
      verb: "probe",
      kernel,
      ...common,
      target: target.name,
      targetUrl: target.url,
      cpus: program.cpus,
      preempt: program.preempt,
      files: [],
      search: request.values.search!,
    };
    jobs.set(key, job);
    job.files.push({ path, text, titles: titlesOf(program) });
  }
  return [...jobs.values()];
}

/** Ask about all cells. */
export async function askAll(
  cells: readonly Cell[],
  request: Request,
  context: Context,
): Promise<Answers> {
  const { output, script } = context;
  const answers = new Map<string, ProbeEvent>();
  const works = jobsFor(cells, request, context).map((job) => ({ job, writable: [] }));
  const supervisor = new Supervisor(works, {
    parallel: request.values.shards ?? navigator.hardwareConcurrency,
    cores: coresFor(output),
    output,
    script,
    onEvent(event) {
      if (event.event !== "probe") return;
      answers.set(cellKey(event.file, event.kernel), event);
      output.live(`${answers.size} of ${cells.length}: ${event.file} on ${event.kernel}`);
    },
  });
  const result = await supervisor.supervise();
  return { cells: answers, result };
}
