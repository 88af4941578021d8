/**
 * The source files in which points may lie.
 *
 * @module
 */
import type { SourceFile } from "../../page/sources.ts";
import { originsIn } from "./origins.ts";

const ROOT = new URL("../../../", import.meta.url);
/** Folders with the model, and with the operations that call it. */
const FOLDERS = ["src/kernel/", "fuzz/"];

function filesBelow(folder: URL): string[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) => {
    if (entry.isDirectory) return filesBelow(new URL(`${entry.name}/`, folder));
    return entry.name.endsWith(".ts") ? [new URL(entry.name, folder).href] : [];
  });
}

/**
 * Files as a page names them: those of this project by their path in it. Of a translation, the page
 * shows what was translated.
 */
export function sourceFiles(urls: readonly string[]): SourceFile[] {
  const all = [...FOLDERS.flatMap((folder) => filesBelow(new URL(folder, ROOT))), ...urls];
  return [...new Set(all)].map((url) => ({
    url,
    name: url.startsWith(ROOT.href) ? url.slice(ROOT.href.length) : url.replace(/^.*\//, ""),
    originOf: urls.includes(url) ? originsIn(url) : undefined,
  }));
}

/** The text of a source file, or null. */
export function readSource(url: string): string | null {
  try {
    return Deno.readTextFileSync(new URL(url));
  } catch {
    return null; // a page without this source is better than none
  }
}
