/**
 * Naming a kernel: a version, and patches put on top of it or taken out of it.
 *
 *     v5.10+3de7d4f25a74     a backport
 *     v5.14-7fa0dacbaf12     a release candidate: the fix had not come yet
 *     v6.7+b11b              a draft that review caught
 *     v5.10+free_bulk        a part that the model leaves out otherwise, as v5.10 has it
 *
 * Commits may be shortened to seven digits. Wherever a patch is put, it takes the place that it has in
 * the series.
 *
 * @module
 */
import { COMES_WITH, PATCHES, patchName, VERSIONS } from "./kernels.ts";

/** A kernel that was named. */
export interface Kernel {
  /** The name in full. */
  readonly name: string;
  /** The files of its patches, in order. */
  readonly patches: readonly string[];
  /** The files of the patches that were put in or taken out. */
  readonly changes: readonly string[];
}

/** The name is not that of a kernel; the message says why. */
export class KernelError extends Error {
  override name = "KernelError";
}

/** Digits that a commit may be shortened to. */
const SHORTEST = 7;

/** The version that an expression begins with. */
export function versionOf(expression: string): string {
  const at = expression.search(/[+-]/);
  return at < 0 ? expression : expression.slice(0, at);
}

/** The patch file that a word names. */
function fileNamed(word: string, expression: string): string {
  const exact = PATCHES.find((f) => patchName(f) === word || f === word);
  if (exact !== undefined) return exact;
  const short = /^[0-9a-f]+$/.test(word) && word.length >= SHORTEST
    ? PATCHES.filter((f) => patchName(f).startsWith(word) || word.startsWith(patchName(f)))
    : [];
  if (short.length === 1) return short[0];
  throw new KernelError(
    `Cannot read kernel "${expression}": there is no patch "${word}"; ` +
      `"deno task kernel list" prints those there are`,
  );
}

/** The patches of a version: those of all before it, and its own. */
function patchesOf(version: string): string[] {
  const last = VERSIONS.findIndex(({ name }) => name === version);
  return VERSIONS.slice(0, last + 1).flatMap((v) => v.adds);
}

/** The commits that come with a detail, since the version has them. */
function companions(file: string, version: string): string[] {
  const age = (name: string) => VERSIONS.findIndex((v) => v.name === name);
  return Object.entries(COMES_WITH[file] ?? {})
    .filter(([_, since]) => age(since) <= age(version)).map(([name]) => name);
}

/** The kernel that an expression names. */
export function parseKernel(expression: string): Kernel {
  const version = versionOf(expression);
  if (!VERSIONS.some(({ name }) => name === version)) {
    const names = VERSIONS.map(({ name }) => name).join(", ");
    throw new KernelError(`Cannot find kernel "${version}": there are ${names}`);
  }
  const patches = new Set(patchesOf(version));
  const changes: string[] = [];
  let name = version;
  for (const [change] of expression.slice(version.length).matchAll(/[+-][^+-]*/g)) {
    const file = fileNamed(change.slice(1), expression);
    const word = patchName(file);
    if (change[0] === "+" && patches.has(file)) {
      throw new KernelError(`Cannot add ${word} to ${name}: it is there already`);
    }
    if (change[0] === "-" && !patches.delete(file)) {
      throw new KernelError(`Cannot take ${word} out of ${name}: it is not there`);
    }
    if (change[0] === "+") { for (const f of [file, ...companions(file, version)]) patches.add(f); }
    changes.push(file);
    name += change[0] + word;
  }
  return { name, patches: PATCHES.filter((f) => patches.has(f)), changes };
}
