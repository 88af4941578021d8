/**
 * Whether the kernels of a file have the points that its schedule names.
 *
 * A process can load one kernel, so a Worker loads each of them, for all files that it concerns.
 *
 * @module
 */
import { DEFAULT_CONFIG } from "../../machine/executor.ts";
import { ParseError } from "../../prog/errors.ts";
import type { Program } from "../../prog/types.ts";
import type { PointError, PointsAnswer, PointsOrder } from "../cpu0/points_worker.ts";
import type { InputFile } from "../protocol/jobs.ts";
import { UsageError } from "../flags/usage.ts";
import { DEFAULT_KERNEL } from "./context.ts";
import { type Input, patchesOf } from "./inputs.ts";

const WORKER = new URL("../cpu0/points_worker.ts", import.meta.url);

/** The kernels that a file is about. */
export function kernelsOf({ expects }: Program): string[] {
  return expects.length > 0 ? expects.map(({ kernel }) => kernel) : [DEFAULT_KERNEL];
}

function ask(order: PointsOrder): Promise<readonly PointError[]> {
  const worker = new Worker(WORKER, { type: "module" });
  const answer = Promise.withResolvers<readonly PointError[]>();
  const fail = (message: string) => answer.reject(new UsageError(message));
  worker.onerror = (e) => fail(e.message);
  worker.onmessage = ({ data: { errors, failed } }: MessageEvent<PointsAnswer>) => {
    if (errors === undefined) fail(failed!);
    else answer.resolve(errors);
  };
  worker.postMessage(order);
  return answer.promise;
}

/** A kernel that is asked about all files, with patches in place of theirs. */
export interface OneKernel {
  readonly kernel: string;
  readonly patches: readonly string[];
}

/** The files by the machine that they need. */
function ordersFor(inputs: readonly Input[], only?: OneKernel): PointsOrder[] {
  const patches = patchesOf(inputs);
  const orders = new Map<string, PointsOrder & { files: InputFile[] }>();
  for (const input of inputs) {
    const { path, program, target, text } = input;
    if (program.schedule?.kind !== "symbolic") continue;
    for (const kernel of only === undefined ? kernelsOf(program) : [only.kernel]) {
      const assembly = {
        config: { ...DEFAULT_CONFIG, cpus: 1 },
        kernel,
        patches: only?.patches ?? patches.get(input)!,
        target: target.url,
        without: [],
      };
      const key = JSON.stringify(assembly);
      const order: PointsOrder & { files: InputFile[] } = orders.get(key) ??
        { assembly, files: [] };
      orders.set(key, order);
      order.files.push({ path, text });
    }
  }
  return [...orders.values()];
}

/** Names in schedules that a kernel of the file does not have; each error says on which kernels. */
export async function unknownPoints(
  inputs: readonly Input[],
  only?: OneKernel,
): Promise<ParseError[]> {
  const errors = new Map<string, { error: PointError; kernels: string[] }>();
  for (const order of ordersFor(inputs, only)) {
    for (const error of await ask(order)) {
      const key = JSON.stringify(error);
      const known = errors.get(key) ?? { error, kernels: [] };
      errors.set(key, known);
      known.kernels.push(order.assembly.kernel);
    }
  }
  return [...errors.values()].map(({ error: { column, file, line, message }, kernels }) =>
    new ParseError(file, { line, column }, `${message} (on ${kernels.join(", ")})`)
  );
}
