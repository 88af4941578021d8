/**
 * Input files: find them, parse them, collect all their errors.
 *
 * @module
 */
import { ParseError, type ParseOptions, parseProgram } from "../../prog/parse.ts";
import type { Program } from "../../prog/types.ts";
import { type LoadedTarget, loadTarget, targetsFor } from "./targets.ts";
import { resolveRef } from "./file_refs.ts";
import { fileUrl } from "./paths.ts";
import { UsageError } from "../flags/usage.ts";
import { reason } from "../files/system_error.ts";

/** An input file without errors. */
export interface Input {
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly target: LoadedTarget;
}

/** Several errors, one line each. */
export class InputErrors extends UsageError {
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.lines = lines;
  }
}

/** The folder with the inputs that a campaign goes on from. They expect nothing. */
const QUEUE = "queue";

/** All `*.txt` below a directory, but for those of a queue below it. */
function filesBelow(dir: string): string[] {
  const files: string[] = [];
  for (const entry of Deno.readDirSync(dir)) {
    const path = `${dir.replace(/\/+$/, "")}/${entry.name}`;
    if (entry.isDirectory && entry.name !== QUEUE) files.push(...filesBelow(path));
    else if (entry.name.endsWith(".txt")) files.push(path);
  }
  return files;
}

/** The files at and below the paths, each once; those below a folder are sorted, without queues. */
export function findFiles(paths: readonly string[]): string[] {
  if (paths.length === 0) throw new UsageError("Cannot begin: expected a file or directory");
  const files = new Set<string>();
  const errors: string[] = [];
  for (const path of paths) {
    try {
      const found = Deno.statSync(path).isDirectory ? filesBelow(path).sort() : [path];
      if (found.length === 0) errors.push(`Cannot read "${path}": no *.txt file is below it`);
      for (const file of found) files.add(file);
    } catch (e) {
      errors.push(`Cannot read "${path}": ${reason(e)}`);
    }
  }
  if (errors.length > 0) throw new InputErrors(errors);
  return [...files];
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (e) {
    throw new UsageError(`Cannot read "${path}": ${reason(e)}`);
  }
}

/** A file that was read: its program, or its errors. */
export interface Read {
  /** Null if it could not be found. */
  readonly target: LoadedTarget | null;
  readonly path: string;
  readonly text: string;
  readonly program: Program | null;
  readonly errors: readonly ParseError[];
  readonly warnings: readonly ParseError[];
}

/** A `target` line that names a file: all up to that file, and the rest. */
const TARGET_LINE =
  /^(target:[ \t]*\S+[ \t]+)(\S.*?\.ts)(?:[ \t]+sha256:([0-9a-f]{64}))?[ \t]*\r?$/m;

/** The target whose file an input names; undefined if it names none. The target must be known to parse. */
async function ownTarget(text: string, file: string): Promise<LoadedTarget | undefined> {
  const match = TARGET_LINE.exec(text);
  if (match === null) return undefined;
  const [, before, path, sha256] = match;
  const line = text.slice(0, match.index).split("\n").length;
  const at = { line, column: before.length + 1 };
  return await loadTarget(resolveRef({ path, sha256, at }, file, "target"));
}

/** Read one file, for these targets unless it names its own. */
async function readInput(
  path: string,
  targets: readonly LoadedTarget[],
  isGiven: boolean,
  options: ParseOptions,
): Promise<Read> {
  const text = readText(path);
  let known = targets;
  try {
    const own = isGiven ? undefined : await ownTarget(text, path);
    if (own !== undefined) known = [own];
  } catch (e) {
    if (!(e instanceof ParseError)) throw e;
    return { path, text, program: null, target: null, errors: [e], warnings: [] };
  }
  const parsed = parseProgram(text, path, known.map(({ spec }) => spec), options);
  const target = known.find(({ name }) => name === parsed.program?.target) ?? null;
  return { path, text, target, ...parsed };
}

/** What reading files needs to know. */
export interface ReadOptions extends ParseOptions {
  /** Load what the texts of the files name. */
  readonly prepare?: (texts: readonly string[]) => Promise<void>;
}

/** Read files. Their errors are part of the result. */
export async function readInputs(
  files: readonly string[],
  target: string | undefined,
  options: ReadOptions = {},
): Promise<{ reads: Read[] }> {
  const texts = files.map(readText);
  await options.prepare?.(texts);
  const targets = await targetsFor(texts, target);
  const isGiven = target !== undefined;
  const reads = files.map((path) => readInput(path, targets, isGiven, options));
  return { reads: await Promise.all(reads) };
}

/** The files that have no errors. */
export function inputsOf(reads: readonly Read[]): Input[] {
  return reads.flatMap(({ path, text, program, target }) =>
    program === null ? [] : { path, text, program, target: target! }
  );
}

/** Read files. Throws all their errors, if there are any. */
export async function loadInputs(
  paths: readonly string[],
  target: string | undefined,
  options: ReadOptions,
): Promise<Input[]> {
  const { reads } = await readInputs(findFiles(paths), target, options);
  const errors = reads.flatMap((r) => r.errors.map(String));
  if (errors.length > 0) throw new InputErrors(errors);
  return inputsOf(reads);
}

/** URLs of the patches that files name. Throws all errors, if there are any. */
export function patchesOf(inputs: readonly Input[]): Map<Input, string[]> {
  const patches = new Map<Input, string[]>();
  const errors: string[] = [];
  for (const input of inputs) {
    const urls: string[] = [];
    patches.set(input, urls);
    for (const ref of input.program.patches ?? []) {
      try {
        urls.push(fileUrl(resolveRef(ref, input.path, "patch")));
      } catch (e) {
        if (!(e instanceof ParseError)) throw e;
        errors.push(String(e));
      }
    }
  }
  if (errors.length > 0) throw new InputErrors(errors);
  return patches;
}
