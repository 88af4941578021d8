/**
 * Type-checks the patches and targets that are given by path, before they run.
 *
 * Without types, `READ_ONCE(stock.cached_objcg)` reads from where the pointer leads instead of from
 * the field, and a field that no structure has is a property of a JavaScript object. The types say
 * so. `deno check` keeps what it found correct in Deno's own cache, by content, so an unchanged file
 * is checked once.
 *
 * @module
 */
import type { Request } from "../flags/parse_flags.ts";
import { UsageError } from "../flags/usage.ts";
import { pinnableCores } from "./cores.ts";
import { type Input, InputErrors } from "./inputs.ts";
import { reason } from "../files/system_error.ts";
import type { Output } from "./output.ts";
import { fileUrl, pathOf } from "./paths.ts";

const ROOT = new URL("../../../", import.meta.url);

/** The files of the user that a command line names: patches, and a target given by path. */
function namedFiles({ values }: Request): string[] {
  const target = values.target?.endsWith(".ts") ? [values.target] : [];
  const patches = (values.patch ?? []).filter((path) => path.endsWith(".ts"));
  return [...patches, ...target].filter(isFile);
}

/** Whoever loads a file says more about one that is not there. */
function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/**
 * Run `deno check`; what it prints about errors, or null if there are none. The `deno` is the one on
 * the PATH; without one, `taskset` runs this Deno on the cores that it has, as it does for a shard.
 */
async function denoCheck(urls: readonly string[]): Promise<string | null> {
  const config = fromFileUrl(new URL("deno.json", ROOT).href);
  const args = ["check", "--quiet", "--no-lock", "--config", config, ...urls];
  const how = { stdin: "null", stdout: "null", stderr: "piped", env: { NO_COLOR: "1" } } as const;
  let command = new Deno.Command("deno", { ...how, args });
  const cores = pinnableCores();
  if (cores !== null) {
    const taskset = ["-c", cores.join(","), Deno.execPath(), ...args];
    command = new Deno.Command("taskset", { ...how, args: taskset });
  }
  const { success, stderr } = await command.output().catch((e: Error) => {
    throw new UsageError(
      `Cannot type-check ${urls.map(pathOf).join(", ")}: ${
        reason(e)
      }; --no-check runs without that`,
    );
  });
  return success ? null : new TextDecoder().decode(stderr);
}

/** The path of a file URL. */
function fromFileUrl(url: string): string {
  return decodeURIComponent(new URL(url).pathname);
}

/** What would be right where the address of a field is missing. */
function hint(block: string): string {
  if (!/parameter of type 'Lvalue</.test(block)) return "";
  const [, before, marks] = /\n( *)(~+)/.exec(block) ?? [];
  if (marks === undefined) return "";
  const source = block.split("\n").find((_, i, all) => /^ *~+/.test(all[i + 1] ?? ""))!;
  const [, object, field] = /^(.*[.])([A-Za-z_]\w*)$/.exec(
    source.slice(before.length, before.length + marks.length),
  ) ?? [];
  return field === undefined ? "" : ` The address of the field is ${object}$${field}.`;
}

/** The errors that `deno check` printed, as `file:line:column: what, and what would be right`. */
export function typeErrors(printed: string, nameOf: (url: string) => string): string[] {
  return printed.split(/\n\s*\n/).flatMap((block) => {
    const [, url, place] = /^\s*at (file:\S+?):(\d+:\d+)/m.exec(block) ?? [];
    if (place === undefined) return [];
    const [first] = block.trim().split("\n");
    const what = first.replace(/^error: /, "").replace(/^TS\d+ \[ERROR\]: /, "");
    return [`${nameOf(url)}:${place}: ${what}${hint(block)}`];
  });
}

/** Check files, each given by its path; throws what is wrong with them. */
export async function checkFiles(paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const given = new Map(paths.map((path) => [fileUrl(path), path]));
  const printed = await denoCheck([...given.keys()]);
  if (printed === null) return;
  const errors = typeErrors(printed, (url) => given.get(url) ?? fromFileUrl(url));
  if (errors.length > 0) throw new InputErrors(errors);
  const [first] = printed.trim().split("\n");
  throw new UsageError(
    `Cannot type-check ${paths.join(", ")}: ${first}; --no-check runs without that`,
  );
}

async function checkUnless(
  files: readonly string[],
  { values }: Request,
  output: Output,
): Promise<void> {
  if (values["no-check"] !== true) return await checkFiles(files);
  if (files.length > 0) output.note(`Not type-checked, as --no-check says: ${files.join(", ")}`);
}

/** Check the files that a command line names, unless it says `--no-check`. */
export async function checkNamed(request: Request, output: Output): Promise<void> {
  await checkUnless(namedFiles(request), request, output);
}

/**
 * Check the patches and targets that inputs name in their `patch:` and `target:` lines, unless the
 * command line names others or says `--no-check`.
 */
export async function checkInputs(
  inputs: readonly Input[],
  patches: ReadonlyMap<Input, readonly string[]>,
  request: Request,
  output: Output,
): Promise<void> {
  const files = new Set<string>();
  for (const input of inputs) {
    for (const url of patches.get(input) ?? []) files.add(pathOf(url));
    const isOwn = request.values.target === undefined && input.program.targetFile !== undefined;
    if (isOwn) files.add(pathOf(input.target.url));
  }
  await checkUnless([...files], request, output);
}
