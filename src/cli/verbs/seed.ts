/**
 * `seed new`, `seed fmt`, `seed check`: help with writing input files.
 *
 * @module
 */
import { slug } from "../../prog/hash.ts";
import { printProgram } from "../../prog/print.ts";
import { scaffold } from "../../prog/scaffold.ts";
import { type Context, namesOf, oneArgument } from "../parent/context.ts";
import { atomicFiles, createFile } from "../files/atomic_files.ts";
import { EXIT } from "../protocol/exit_code.ts";
import {
  findFiles,
  type Input,
  InputErrors,
  inputsOf,
  patchesOf,
  readInputs,
} from "../parent/inputs.ts";
import { patchUrls } from "../parent/paths.ts";
import { type OneKernel, unknownPoints } from "../parent/points.ts";
import type { Output } from "../parent/output.ts";
import type { Request } from "../flags/parse_flags.ts";
import { count } from "../parent/tally.ts";
import { checkInputs } from "../parent/type_check.ts";
import { loadTarget } from "../parent/targets.ts";
import { UsageError } from "../flags/usage.ts";
import { reason } from "../files/system_error.ts";

/** Where a template goes: the named file, or a file of the folder that is named for the title. */
function seedPath(out: string, title: string): string {
  return out.endsWith(".txt") ? out : `${out.replace(/(.)\/+$/, "$1")}/${slug(title)}.txt`;
}

/** Write a template. An existing file is never overwritten. */
export async function seedNew(request: Request, { output }: Context): Promise<number> {
  const { values } = request;
  const title = oneArgument(request, "title, in quotes").trim();
  if (title === "") throw new UsageError("Cannot seed new: the title is empty");
  if (values.link === undefined) {
    throw new UsageError(
      "Cannot seed new: expected --link URL, the mail or commit that the seed comes from",
    );
  }
  const target = await loadTarget(values.target ?? "objcg");
  const path = seedPath(values.out ?? `corpus/${target.name}/seeds`, title);
  try {
    createFile(path, scaffold(title, values.link, target.spec));
  } catch (e) {
    if (e instanceof Deno.errors.AlreadyExists) {
      throw new UsageError(`Cannot write "${path}": it exists already`);
    }
    throw new UsageError(`Cannot write "${path}": ${reason(e)}`);
  }
  const named = values.target?.endsWith(".ts") ? ` --target ${values.target}` : "";
  output.line(path);
  output.note("Edit the file, then run:");
  output.note(`  deno task seed check ${path}${named}`);
  output.note(`  deno task replay ${path}${named} --trace`);
  return EXIT.ok;
}

function rewrite(path: string, text: string): void {
  try {
    atomicFiles.write(path, text);
  } catch (e) {
    throw new UsageError(`Cannot write "${path}": ${reason(e)}`);
  }
}

/** Rewrite files in canonical form. A file with errors is reported and left unchanged. */
export async function seedFmt(request: Request, { known, output }: Context): Promise<number> {
  const { values } = request;
  const isCheck = values.check ?? false;
  const { reads } = await readInputs(
    findFiles(request.rest),
    values.target,
    namesOf(known),
  );
  let wrong = 0;
  let changed = 0;
  for (const { path, text, program, errors } of reads) {
    for (const error of errors) output.error(String(error));
    if (program === null || errors.length > 0) {
      wrong++;
      continue;
    }
    const canonical = printProgram(program);
    if (canonical === text) continue;
    changed++;
    if (isCheck) output.line(`Not formatted: ${path}`);
    else {
      rewrite(path, canonical);
      output.line(`Formatted ${path}`);
    }
  }
  const left = wrong > 0 ? `, ${wrong} with errors left unchanged` : "";
  output.note(
    `${count(reads.length, "file")}, ${changed} ${isCheck ? "to format" : "formatted"}${left}`,
  );
  if (isCheck && changed > 0) output.note('Format with "deno task seed fmt PATH…"');
  return wrong > 0 || (isCheck && changed > 0) ? EXIT.usage : EXIT.ok;
}

/** What is wrong with the patches and targets that files name. */
async function typeErrorsOf(
  inputs: readonly Input[],
  request: Request,
  output: Output,
): Promise<readonly string[]> {
  try {
    await checkInputs(inputs, patchesOf(inputs), request, output);
    return [];
  } catch (e) {
    if (!(e instanceof InputErrors)) throw e;
    return e.lines;
  }
}

/** The kernel that `--linux` names, in place of those of the files. */
function treeOf({ values: { kernel, patch } }: Request): OneKernel | undefined {
  return kernel === undefined ? undefined : { kernel, patches: patchUrls(patch ?? []) };
}

/** Print all errors of files. */
export async function seedCheck(request: Request, { known, output }: Context): Promise<number> {
  const { reads } = await readInputs(
    findFiles(request.rest),
    request.values.target,
    namesOf(known),
  );
  const inputs = inputsOf(reads);
  const typeErrors = await typeErrorsOf(inputs, request, output);
  for (const line of typeErrors) output.error(line);
  // The points of a file are known once what it names is loaded, and that only if it is right.
  const points = typeErrors.length > 0 ? [] : await unknownPoints(inputs, treeOf(request));
  let wrong = 0;
  for (const { errors, path, warnings } of reads) {
    const all = [...errors, ...points.filter(({ file }) => file === path)];
    for (const error of all) output.error(String(error));
    for (const warning of warnings) output.note(`warning: ${warning}`);
    if (all.length > 0) wrong++;
  }
  output.note(`${count(reads.length, "file")}, ${wrong} with errors`);
  return wrong > 0 || typeErrors.length > 0 ? EXIT.usage : EXIT.ok;
}
