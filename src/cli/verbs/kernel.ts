/**
 * `kernel list`, `kernel show`, `kernel diff`: what kernels are made of.
 *
 * @module
 */
import type { About, Patch } from "../../kernel/patches/patch.ts";
import { parseKernel } from "../../kernel/series/expression.ts";
import { COMING, DETAILS, DRAFTS, VERSIONS } from "../../kernel/series/kernels.ts";
import { readKernel } from "../flags/read_kernel.ts";
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import { type Context, expectNoArguments, oneArgument } from "../parent/context.ts";
import { EXIT } from "../protocol/exit_code.ts";

const NAME_WIDTH = 14;
/** The widths of a column of functions at most. */
const FUNCTION_WIDTH = 30;
/** Who defines a function that no patch touches, and one that is not there. */
const BASE = "base";
const ABSENT = "-";

/** A kernel with the patches themselves. */
interface Loaded {
  readonly name: string;
  readonly patches: readonly Patch[];
}

function kernelNamed(text: string, { known }: Context): Loaded {
  const { name, patches } = parseKernel(readKernel(text, known));
  return { name, patches: patches.map((file) => known.series.get(file)) };
}

/** The functions that a patch changes or adds. */
function touched({ functions, about }: Patch): string[] {
  return [...about?.adds ?? [], ...Object.keys(functions)];
}

/** For each function that a patch of the kernel touches, the last patch that does. */
function definitions({ patches }: Loaded): Map<string, string> {
  return new Map(patches.flatMap((p) => touched(p).map((f) => [f, p.name] as const)));
}

function patchEvent({ name, title, functions, about }: Patch) {
  const { version, link, fixes, brings, needs, adds } = about as About;
  const replaces = Object.keys(functions);
  return { event: "patch", name, title, version, link, fixes, brings, needs, adds, replaces };
}

/** `3de7d4f25a74  v5.11  mm: memcg/slab: optimize objcg stock draining`. */
function patchLine({ name, title, about }: Patch): string {
  return `${name.padEnd(NAME_WIDTH - 1)} ${about!.version.padEnd(7)}${title}`;
}

/** What is to be said of a patch below its line. */
function patchLines(p: Patch): string[] {
  const { link, fixes, brings, needs, adds } = p.about!;
  const lists = { fixes, brings, needs, adds, replaces: Object.keys(p.functions) };
  const lines = Object.entries(lists).filter(([_, names]) => names.length > 0)
    .map(([what, names]) => `${what} ${names.join(", ")}`);
  return [patchLine(p), ...[link, ...lines].map((line) => `    ${line}`)];
}

/** `kernel list`: all versions, and the patches that each adds to the one before. */
export function kernelList(request: Request, { output, known }: Context): Promise<number> {
  expectNoArguments(request);
  for (const { name, doc, adds } of VERSIONS) {
    const patches = adds.map((file) => known.series.get(file));
    output.event({ event: "kernel", name, doc, patches: patches.map((p) => p.name) } as {
      event: string;
    });
    output.line(`${name.padEnd(NAME_WIDTH + 2)}${doc}`);
    for (const p of patches) output.line(`  ${patchLine(p)}`);
  }
  output.line(
    `${"details".padEnd(NAME_WIDTH + 2)}left out otherwise; VERSION+NAME puts one in`,
  );
  for (const p of DETAILS.map((file) => known.series.get(file))) {
    output.event({ ...patchEvent(p), event: "detail" });
    output.line(`  ${patchLine(p)}`);
  }
  output.line(`${"coming".padEnd(NAME_WIDTH + 2)}accepted for a version that is no kernel here`);
  for (const p of COMING.map((file) => known.series.get(file))) {
    output.event({ ...patchEvent(p), event: "coming" });
    output.line(`  ${patchLine(p)}`);
  }
  output.line(
    `${"drafts".padEnd(NAME_WIDTH + 2)}with bugs that review caught; VERSION+NAME puts one in`,
  );
  for (const p of DRAFTS.map((file) => known.series.get(file))) {
    output.event({ ...patchEvent(p), event: "draft" });
    output.line(`  ${patchLine(p)}`);
  }
  return Promise.resolve(EXIT.ok);
}

/** `kernel show`: all patches of one kernel. */
export function kernelShow(request: Request, context: Context): Promise<number> {
  const { output } = context;
  const { name, patches } = kernelNamed(oneArgument(request, "kernel"), context);
  output.line(`${name}: posted and ${patches.length} patches`);
  for (const p of patches) {
    output.event(patchEvent(p));
    output.line("");
    for (const line of patchLines(p)) output.line(line);
  }
  return Promise.resolve(EXIT.ok);
}

function twoArguments({ verb, rest }: Request): readonly string[] {
  if (rest.length === 2) return rest;
  throw new UsageError(`Cannot ${verb}: expected two kernels, found ${rest.length || "none"}`);
}

/** `kernel diff`: the patches and the functions in which two kernels differ. */
export function kernelDiff(request: Request, context: Context): Promise<number> {
  const { output } = context;
  const [a, b] = twoArguments(request).map((text) => kernelNamed(text, context));
  const has = (k: Loaded, p: Patch) => k.patches.includes(p);
  for (const [in_, notIn] of [[a, b], [b, a]]) {
    const only = in_.patches.filter((p) => !has(notIn, p));
    if (only.length === 0) continue;
    output.line(`Only in ${in_.name}:`);
    for (const p of only) {
      output.event({ ...patchEvent(p), only_in: in_.name } as { event: string });
      output.line(`  ${patchLine(p)}`);
    }
    output.line("");
  }
  tellFunctions(a, b, context);
  return Promise.resolve(EXIT.ok);
}

/** Functions that are new with some patch, of either kernel: without it they are not there. */
function added(a: Loaded, b: Loaded): Set<string> {
  return new Set([...a.patches, ...b.patches].flatMap((p) => p.about!.adds));
}

function tellFunctions(a: Loaded, b: Loaded, { output }: Context): void {
  const [inA, inB] = [a, b].map(definitions);
  const isNew = added(a, b);
  const by = (defs: Map<string, string>, f: string) =>
    defs.get(f) ?? (isNew.has(f) ? ABSENT : BASE);
  const names = [...new Set([...inA.keys(), ...inB.keys()])].filter((f) =>
    by(inA, f) !== by(inB, f)
  )
    .sort();
  output.line(`Functions that differ: ${names.length}`);
  for (const name of names) {
    const [from, to] = [by(inA, name), by(inB, name)];
    output.event({ event: "function", name, from, to } as { event: string });
    output.line(`  ${name.padEnd(FUNCTION_WIDTH)}${from.padEnd(NAME_WIDTH)}${to}`);
  }
}
