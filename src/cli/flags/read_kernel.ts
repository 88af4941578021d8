/**
 * Reading the name of a kernel: a version, with patches put on top or taken out.
 *
 * @module
 */
import { checkKernel } from "../../kernel/series/check.ts";
import { KernelError, parseKernel, versionOf } from "../../kernel/series/expression.ts";
import { unknownWord } from "../../prog/errors.ts";
import type { Known } from "./known.ts";
import { knownWord, UsageError } from "./usage.ts";

/** The full name of a kernel; the error says what is wrong with it. */
export function readKernel(text: string, known: Known): string {
  const version = versionOf(text);
  knownWord("kernel", version, known.kernels.map(({ name }) => name));
  if (version === text) return text;
  try {
    const kernel = parseKernel(text);
    checkKernel(kernel, known.series.all);
    return kernel.name;
  } catch (e) {
    throw e instanceof KernelError ? new UsageError(e.message) : e;
  }
}

/** What is wrong with the name of a kernel in a file, where it must be the full one. */
export function kernelError(kernel: string, known: Known): string | undefined {
  const versions = known.kernels.map(({ name }) => name);
  const version = versionOf(kernel);
  if (!versions.includes(version)) return unknownWord("kernel", version, versions);
  try {
    const name = readKernel(kernel, known);
    return name === kernel ? undefined : `Cannot read kernel "${kernel}": write it as "${name}"`;
  } catch (e) {
    if (e instanceof UsageError) return e.message;
    throw e;
  }
}
