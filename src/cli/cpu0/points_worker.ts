/**
 * Entry of a Worker that becomes CPU 0 of a kernel only to say which names in the schedules of files
 * this kernel does not have.
 *
 * @module
 */
import { assemble, type Assembly } from "../cpu/assemble.ts";
import type { InputFile } from "../protocol/jobs.ts";
import type { ParseError } from "../../prog/errors.ts";
import { parseProgram } from "../../prog/parse.ts";
import { specOf } from "../../prog/target.ts";

/** Files without errors, and the machine on which they would run. */
export interface PointsOrder {
  readonly assembly: Assembly;
  readonly files: readonly InputFile[];
}

/** What is wrong with one name, as a {@linkcode ParseError} says it. */
export type PointError = Pick<ParseError, "file" | "line" | "column" | "message">;

/** The answer: all errors, or why there is none. */
export interface PointsAnswer {
  readonly errors?: readonly PointError[];
  readonly failed?: string;
}

const self = globalThis as unknown as DedicatedWorkerGlobalScope;

async function check({ assembly, files }: PointsOrder): Promise<PointError[]> {
  const { sanitizers, target } = await assemble(assembly, 0);
  const { Workers } = await import("../../machine/workers.ts");
  const { ActiveSanitizers } = await import("../../sanitizers/active.ts");
  const executor = new Workers(new ActiveSanitizers(sanitizers));
  const spec = specOf(target);
  return files.flatMap(({ path, text }) => {
    const { schedule } = parseProgram(text, path, [spec]).program!;
    const errors = schedule?.kind === "symbolic" ? executor.writeSteps(schedule.steps, path) : [];
    return errors.map(({ file, line, column, message }) => ({ file, line, column, message }));
  });
}

self.onmessage = async ({ data }: MessageEvent<PointsOrder>) => {
  let answer: PointsAnswer;
  try {
    answer = { errors: await check(data) };
  } catch (e) {
    answer = { failed: (e as Error).message };
  }
  self.postMessage(answer);
  self.close();
};
