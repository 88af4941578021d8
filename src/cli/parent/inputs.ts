/**
 * Input files: find them, parse them, collect all their errors.
 *
 * @module
 */
import { ParseError, parseProgram } from "../../prog/parse.ts";
import type { Program, TargetSpec } from "../../prog/types.ts";
import { type LoadedTarget, targetsFor } from "./targets.ts";
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

/** All `*.txt` below a directory. */
function filesBelow(dir: string): string[] {
  const files: string[] = [];
  for (const entry of Deno.readDirSync(dir)) {
    const path = `${dir.replace(/\/+$/, "")}/${entry.name}`;
    if (entry.isDirectory) files.push(...filesBelow(path));
    else if (entry.name.endsWith(".txt")) files.push(path);
  }
  return files;
}

/** The files at and below the paths, each once; those below a folder are sorted. */
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
  readonly path: string;
  readonly text: string;
  readonly program: Program | null;
  readonly errors: readonly ParseError[];
  readonly warnings: readonly ParseError[];
}

/** Read files. Their errors are part of the result. */
export async function readInputs(
  files: readonly string[],
  target: string | undefined,
): Promise<{ reads: Read[]; targets: readonly LoadedTarget[] }> {
  const texts = files.map((path) => ({ path, text: readText(path) }));
  const targets = await targetsFor(texts.map(({ text }) => text), target);
  const specs: TargetSpec[] = targets.map(({ spec }) => spec);
  const reads = texts.map(({ path, text }) => ({
    path,
    text,
    ...parseProgram(text, path, specs),
  }));
  return { reads, targets };
}

/** Read files. Throws all their errors, if there are any. */
export async function loadInputs(
  paths: readonly string[],
  target: string | undefined,
): Promise<Input[]> {
  const { reads, targets } = await readInputs(findFiles(paths), target);
  const errors = reads.flatMap((r) => r.errors.map(String));
  if (errors.length > 0) throw new InputErrors(errors);
  return reads.map(({ path, text, program }) => ({
    path,
    text,
    program: program!,
    target: targets.find(({ name }) => name === program!.target)!,
  }));
}
