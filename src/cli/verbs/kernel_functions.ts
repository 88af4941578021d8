/**
 * `kernel functions`: what a patch can replace.
 *
 * @module
 */
import { parseKernel } from "../../kernel/series/expression.ts";
import { readAt } from "../../kernel/series/provenance.ts";
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import { type Context, DEFAULT_KERNEL } from "../parent/context.ts";
import { type KernelSource, kernelSources } from "../parent/kernel_sources.ts";
import { count } from "../parent/tally.ts";
import { EXIT } from "../protocol/exit_code.ts";

/** A function, and the last patch of the kernel that replaces it. */
interface Replaceable extends KernelSource {
  readonly patch: string | null;
  /** Trees of the kernel in which it was read with the model beside it, with file and lines. */
  readonly read: readonly string[];
}

/** The functions of a kernel: those of the base, and those that its patches add. */
function functionsOf(kernel: string, { known }: Context): Replaceable[] {
  const { patches } = parseKernel(kernel);
  const replaced = new Map<string, string>();
  for (const file of patches) {
    const { functions, name } = known.series.get(file);
    for (const f of Object.keys(functions)) replaced.set(f, name);
  }
  const addedBy = (file: string) => /\/patches\/(.*)\.ts$/.exec(file)?.[1] ?? null;
  const isThere = (file: string) => {
    const patch = addedBy(file);
    return patch === null || patches.includes(patch);
  };
  return kernelSources().filter(({ file }) => isThere(file)).map((source) => ({
    ...source,
    patch: replaced.get(source.name) ?? null,
    read: readAt({ name: source.name, addedBy: addedBy(source.file) }, kernel, known.series),
  }));
}

function readPattern({ rest }: Request): RegExp {
  if (rest.length > 1) {
    throw new UsageError(`Cannot kernel functions: expected one pattern, found ${rest.length}`);
  }
  try {
    return new RegExp(rest[0] ?? "");
  } catch (e) {
    throw new UsageError(`Cannot read pattern: ${(e as Error).message}`);
  }
}

/** Print the functions whose names match a pattern, with file and signature. */
export function kernelFunctions(request: Request, context: Context): Promise<number> {
  const { output } = context;
  const pattern = readPattern(request);
  const all = functionsOf(request.values.kernel ?? DEFAULT_KERNEL, context);
  const found = all.filter(({ name }) => pattern.test(name));
  for (const { name, file, line, signature, patch, read } of found) {
    const event = { event: "function", name, file, line, signature, patch, read };
    output.event(event);
    const by = patch === null ? "" : `, replaced by ${patch}`;
    output.line(`${name}${signature}`);
    output.line(`    ${file}:${line}${by}`);
    for (const place of read) output.line(`    read against ${place}`);
  }
  output.note(count(found.length, "function"));
  if (found.length > 0) return Promise.resolve(EXIT.ok);
  throw new UsageError(`Cannot find a function that matches "${request.rest[0]}"`);
}
