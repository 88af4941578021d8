/**
 * The shard's part of `compare`: a sample of inputs, on the model and with functions of a tree.
 *
 * @module
 */
import { done, type JobContext } from "./job_context.ts";
import type { Alternatives } from "../cpu/assemble.ts";
import { EXIT, type ExitCode } from "../protocol/exit_code.ts";
import type { ComparedEvent, CompareJob } from "../protocol/jobs.ts";
import { Comparison, type Switches } from "../../engine/inputs/comparison.ts";
import { formOf } from "../../engine/inputs/input.ts";
import { runSample } from "../../engine/inputs/sample.ts";
import { NUMERIC } from "../../machine/executor.ts";
import { unpackNumeric, unpackProgram } from "../../prog/pack.ts";
import { parseProgram } from "../../prog/parse.ts";
import { printProgram } from "../../prog/print.ts";
import type { Program } from "../../prog/types.ts";

/** The functions of the tree, and the words that switch them on. */
async function switchesOf({ url, words }: Alternatives): Promise<Switches> {
  const names = Object.keys((await import(url)).default.functions);
  const on = new Int32Array(words);
  return {
    names,
    select(chosen) {
      for (const [i, name] of names.entries()) on[i] = chosen.has(name) ? 1 : 0;
    },
  };
}

/** The input that the executor holds, as a file. */
function textOf(job: CompareJob, { executor, spec }: JobContext, file: Program | null): string {
  if (file !== null) return printProgram({ ...file, preempt: job.preempt });
  const p = unpackProgram(executor.program, spec);
  return printProgram({
    ...p,
    title: "a random input",
    target: job.target,
    schedule: unpackNumeric(executor.schedule, p.cpus),
  });
}

/** Inputs after which the job says how far it is. A shard that says nothing for long is taken for hung. */
const TELLING = 2048;

/** Says what came since it was asked last. */
function newsOf(comparison: Comparison): () => Omit<ComparedEvent, "event"> {
  let inputs = 0;
  let called = new Map<string, number>();
  let noted: readonly number[] = comparison.noted.map(() => 0);
  return () => {
    const news = {
      inputs: comparison.inputs - inputs,
      called: [...comparison.called].map(([name, n]) =>
        [name, n - (called.get(name) ?? 0)] as const
      ),
      noted: comparison.noted.map((n, i) => n - noted[i]),
    };
    inputs = comparison.inputs;
    called = new Map(comparison.called);
    noted = [...comparison.noted];
    return news;
  };
}

/** Run the sample; returns the shard's exit code. */
export async function compare(
  job: CompareJob,
  context: JobContext,
  alternatives: Alternatives,
): Promise<ExitCode> {
  const { board, executor, say, spec } = context;
  const comparison = new Comparison(executor, await switchesOf(alternatives), job.notes);
  const news = newsOf(comparison);
  const options = {
    seed: BigInt(job.seed),
    preempt: job.preempt,
    cpus: job.drawnCpus,
    count: job.count,
    files: job.files.flatMap(({ path, text }) => parseProgram(text, path, [spec]).program ?? []),
  };
  runSample(executor, spec, options, {
    ran(file) {
      if (comparison.inputs > 0 && comparison.inputs % TELLING === 0) {
        say({ event: "compared", ...news() });
      }
      const blamed = comparison.look(file === null ? NUMERIC : formOf(file));
      if (blamed.length === 0) return;
      const input = textOf(job, context, file);
      for (const b of blamed) say({ event: "difference", ...b, preempt: job.preempt, input });
    },
    stop: () => board.isStopAsked(),
  });
  say({ event: "compared", ...news() });
  say(done({ execs: comparison.inputs }));
  return EXIT.ok;
}
