/**
 * Translations that were made before: what `--linux` comes to is kept in the folder of the
 * translations, under the hash of all that it is a function of. These are the files of the tree, diffs,
 * the translator, the model, and the flags.
 *
 * @module
 */
import { FILES } from "../../c/front/files.ts";
import { atomicFiles } from "../files/atomic_files.ts";
import type { Values } from "../flags/flags.ts";
import { absolutePath } from "./paths.ts";

const SRC = new URL("../../", import.meta.url);
/** What is read of the model and of the translator. */
const SOURCES = ["c", "cli/parent", "kernel", "machine"];

/** What a command line with `--linux` comes to. */
export interface Translated {
  readonly kernel: string;
  /** The path of the patch. */
  readonly path: string;
  /** What is said about the tree. */
  readonly notes: readonly string[];
  /** Functions that are the tree's, and those that diffs change. */
  readonly functions: readonly string[];
  readonly changed: readonly string[];
}

/** Sixteen digits that name a text. */
export async function hashOf(text: string): Promise<string> {
  const bytes = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)),
  );
  return [...bytes.slice(0, 8)].map((b) => b.toString(16).padStart(2, "0")).join("");
}

function sourcesBelow(folder: URL): string[] {
  const entries = [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1);
  return entries.flatMap(({ name, isDirectory }) => {
    if (isDirectory) return sourcesBelow(new URL(`${name}/`, folder));
    return name.endsWith(".ts") ? [Deno.readTextFileSync(new URL(name, folder))] : [];
  });
}

/** The name of what a command line comes to; diffs are those that it names. */
export async function keyOf(values: Values, diffs: readonly string[]): Promise<string> {
  const { linux, kernel, preempt, bits } = values;
  const files = ["Makefile", ...FILES.map(({ path }) => path)];
  return await hashOf(JSON.stringify([
    [linux, kernel, preempt, bits, SRC.href],
    files.map((path) => atomicFiles.read(`${linux}/${path}`)),
    diffs.map((path) => [path, atomicFiles.read(path)]),
    SOURCES.flatMap((folder) => sourcesBelow(new URL(`${folder}/`, SRC))),
  ]));
}

function pathOf(dir: string, key: string): string {
  return `${absolutePath(dir)}/${key}.json`;
}

/** What was made before, if its patch and the C beside it are still there. */
export function cached(dir: string, key: string): Translated | null {
  const text = atomicFiles.read(pathOf(dir, key));
  if (text === null) return null;
  let known: Translated;
  try {
    known = JSON.parse(text);
  } catch {
    return null; // a copy that was cut off
  }
  const files = [known.path, known.path.replace(/\.ts$/, ".c.json")];
  return files.some((path) => atomicFiles.read(path) === null) ? null : known;
}

/** Keep what was made. */
export function keepCached(dir: string, key: string, made: Translated): void {
  atomicFiles.write(pathOf(dir, key), JSON.stringify(made) + "\n");
}
