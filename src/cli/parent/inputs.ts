/**
 * Input files: finding them, parsing them, saying everything that is wrong with them.
 *
 * @module
 */
import { ParseError, parseProgram } from "../../prog/parse.ts";
import type { Program, TargetSpec } from "../../prog/types.ts";
import { type LoadedTarget, targetsFor } from "./targets.ts";
import { reason, UsageError } from "../flags/usage.ts";

/** An input file that is in order. */
export interface Input {
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly target: LoadedTarget;
}

/** Several things are wrong; each has a line of its own. */
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

/** The files that paths stand for, sorted, each once. */
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

/** What a file holds, or what is wrong with it. */
export interface Read {
  readonly path: string;
  readonly text: string;
  readonly program: Program | null;
  readonly errors: readonly ParseError[];
  readonly warnings: readonly ParseError[];
}

/** Read files without judging them. */
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

/** Read files that must all be in order. */
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
