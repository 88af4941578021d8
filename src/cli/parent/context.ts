/**
 * What every verb gets, and helpers that verbs share.
 *
 * @module
 */
import type { CommonJob } from "../protocol/jobs.ts";
import type { Known } from "../flags/known.ts";
import { kernelError } from "../flags/read_kernel.ts";
import type { Output } from "./output.ts";
import type { Request } from "../flags/parse_flags.ts";
import { fixUrls } from "./fixes.ts";
import { patchUrls } from "./paths.ts";
import { pinnableCores } from "./cores.ts";
import { UsageError } from "../flags/usage.ts";
import { DEFAULT_KCSAN } from "../../prog/kcsan.ts";
import type { KcsanMode, Program } from "../../prog/types.ts";

/** What a verb gets besides its flags. */
export interface Context {
  readonly output: Output;
  readonly known: Known;
  /** The program to run instead of the shard's; for tests. */
  readonly script?: URL;
}

/** Runs a verb; returns the exit code. */
export type VerbFunction = (request: Request, context: Context) => Promise<number>;

/** Names of the sanitizers that the flags leave out. */
export function sanitizersLeftOut(
  { values }: Request,
  known: Known,
  ofFile: readonly string[] = [],
): string[] {
  if (values.sanitizers === undefined && values["no-sanitizer"] === undefined) return [...ofFile];
  const only = values.sanitizers;
  const not = values["no-sanitizer"] ?? [];
  return known.sanitizers.map(({ name }) => name)
    // --kcsan decides about KCSAN.
    .filter((name) => name !== "kcsan")
    .filter((name) => not.includes(name) || (only !== undefined && !only.includes(name)));
}

/**
 * The KCSAN mode: that of `--kcsan`; the default mode if `--sanitizers` names kcsan; else the mode that the
 * file asks for. KCSAN is off by default, because in the kernel it is a build of its own.
 */
export function kcsanMode({ values }: Request, ofFile: KcsanMode | "off" = "off") {
  if (values["no-sanitizer"]?.includes("kcsan")) {
    if (values.kcsan === undefined) return "off";
    throw new UsageError("Cannot use --kcsan: --no-sanitizer kcsan leaves it out");
  }
  if (values.kcsan !== undefined) return values.kcsan;
  if (values.sanitizers === undefined) return ofFile;
  if (!values.sanitizers.includes("kcsan")) return "off";
  return ofFile === "off" ? DEFAULT_KCSAN : ofFile;
}

/** The names that a file may use. */
export function namesOf(known: Known) {
  return {
    prepare: (texts: readonly string[]) => known.series.loadFor(texts),
    kernelError: (kernel: string) => kernelError(kernel, known),
    sanitizers: known.sanitizers.map(({ name }) => name),
  };
}

/** What a file says about how it runs; a flag wins. */
export interface OfFile {
  readonly kcsan?: KcsanMode | "off";
  readonly patches?: readonly string[];
  readonly program?: Pick<Program, "without" | "stepLimit" | "everyStep">;
}

/** The part of a job on `kernel` that depends only on flags, and on what the file says. */
export function commonJob(
  request: Request,
  known: Known,
  kernel: string,
  { kcsan, patches = [], program = {} }: OfFile = {},
): Pick<CommonJob, "patches" | "without" | "kcsan" | "stepLimit" | "everyStep" | "hangMs"> {
  const { given, values } = request;
  const isLimitGiven = given.has("step-limit");
  const fixes = fixUrls(values, kernel);
  const others = values.patch === undefined ? patches : patchUrls(values.patch);
  return {
    // A fix that is named among the others has its place there: behind the tree that it mends.
    patches: [...fixes.filter((url) => !others.includes(url)), ...others],
    without: sanitizersLeftOut(request, known, program.without),
    kcsan: kcsanMode(request, kcsan),
    stepLimit: (isLimitGiven ? undefined : program.stepLimit) ?? values["step-limit"]!,
    everyStep: values["every-step"] ?? program.everyStep ?? false,
    hangMs: values["hang-timeout"]!,
  };
}

/** The cores to pin to. Warns if pinning is not possible. */
export function coresFor(output: Output): number[] | null {
  const cores = pinnableCores();
  if (cores === null) {
    output.note(
      'Cannot pin shards: "taskset" is not installed; switches between CPUs will take longer',
    );
  }
  return cores;
}

/** Refuse arguments of a verb that takes none. */
export function expectNoArguments({ verb, rest }: Request): void {
  if (rest.length === 0) return;
  throw new UsageError(
    `Unexpected argument "${rest[0]}": ${verb} takes none; ` +
      `a file is run with "deno task replay ${rest[0]}"`,
  );
}

/** The one argument of a verb. */
export function oneArgument({ verb, rest }: Request, what: string): string {
  if (rest.length === 1) return rest[0];
  const found = rest.length === 0 ? "found none" : `found ${rest.length}`;
  throw new UsageError(`Cannot ${verb}: expected one ${what}, ${found}`);
}

/** The kernel that is fuzzed when none is named. */
export const DEFAULT_KERNEL = "posted";
