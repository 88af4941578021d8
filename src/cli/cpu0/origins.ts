/**
 * The lines of C from which the lines of a translated tree come; parent/linux_patch.ts writes them
 * beside the translation.
 *
 * @module
 */
import type { FunctionOrigin } from "../../c/translate/origins.ts";
import type { Origin } from "../../page/sources.ts";
import type { LeftOutCall } from "../../report/types.ts";

/** What the translations among these patches leave out. */
export function leftOutIn(urls: readonly string[]): LeftOutCall[] {
  return urls.flatMap(read).flatMap(({ name, file, leftOut }) =>
    leftOut.map(({ line, what }) => ({ fn: name, file, line, what }))
  );
}

function read(url: string): readonly FunctionOrigin[] {
  try {
    return JSON.parse(Deno.readTextFileSync(new URL(url.replace(/\.ts$/, ".c.json"))));
  } catch {
    return []; // a patch that was written by hand has none
  }
}

/** Gives the origin of a line of a patch; undefined if the patch is no translation. */
export function originsIn(url: string): ((line: number) => Origin | null) | undefined {
  const functions = read(url);
  if (functions.length === 0) return undefined;
  return (line) => {
    const found = functions.find(({ at, lines }) => line >= at && line < at + lines.length);
    if (found === undefined) return null;
    const { at, file, from, lines, source } = found;
    return { excerpt: { file, from, lines: source }, line: lines[line - at] };
  };
}
