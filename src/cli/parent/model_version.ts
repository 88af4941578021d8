/**
 * The version of everything that decides what an input does. Two workers exchange inputs only if it is
 * the same: then an input has the same trace and the same features at both.
 *
 * @module
 */
import { sha256 } from "../files/sha256.ts";

const ROOT = new URL("../../../", import.meta.url);

/** What an execution goes through, and how entries travel. */
const FOLDERS = [
  "src/prog",
  "src/machine",
  "src/kernel",
  "src/sanitizers",
  "src/engine",
  "src/cli/cpu",
  "src/cli/cpu0",
  "src/cli/hub",
  "fuzz",
];

/** Digits of a checksum that name something. */
export const DIGITS = 12;

function sourcesBelow(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return sourcesBelow(`${folder}/${name}`);
    return name.endsWith(".ts") ? [`${folder}/${name}`] : [];
  });
}

/** The version of the project, and a checksum of its sources: `0.1.0-4f3a9c21b7de`. */
export function modelVersion(): string {
  const { version } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));
  const parts = FOLDERS.flatMap(sourcesBelow).sort().flatMap((path) => [
    `${path}\n`,
    Deno.readFileSync(new URL(path, ROOT)),
  ]);
  return `${version}-${sha256(...parts).slice(0, DIGITS)}`;
}
