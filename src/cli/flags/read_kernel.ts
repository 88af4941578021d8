/**
 * Reading the name of a kernel: a version, with patches put on top or taken out.
 *
 * @module
 */
import { checkKernel } from "../../kernel/series/check.ts";
import { KernelError, parseKernel, versionOf } from "../../kernel/series/expression.ts";
import type { Known } from "./known.ts";
import { knownWord, UsageError } from "./usage.ts";

/** The full name of a kernel; the error says what is wrong with it. */
export function readKernel(text: string, known: Known): string {
  const version = versionOf(text);
  knownWord("kernel", version, known.kernels.map(({ name }) => name));
  if (version === text) return text;
  try {
    const kernel = parseKernel(text);
    checkKernel(kernel, known.series);
    return kernel.name;
  } catch (e) {
    throw e instanceof KernelError ? new UsageError(e.message) : e;
  }
}

/** Whether the version of a kernel is known here; files may name versions that are to come. */
export function isKnownKernel(name: string, known: Known): boolean {
  return known.kernels.some((k) => k.name === versionOf(name));
}
