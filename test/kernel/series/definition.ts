/** The text of the definition of a kernel function. */
import type { KernelSource } from "../../../src/cli/parent/kernel_sources.ts";
import { ROOT } from "../../system/harness.ts";

/** The text from the start of a line to where every bracket is closed again. */
function whole(text: string, at: number): string {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if ("([{".includes(text[i])) depth++;
    else if (")]}".includes(text[i])) depth--;
    else if (text[i] === "\n" && depth === 0 && /[,;]$/.test(text.slice(at, i))) {
      return text.slice(at, i);
    }
  }
  throw new Error(`no end: ${text.slice(at, at + 80)}`);
}

/** The definition that a patch file has, or the one that registers the function. */
export function definitionText(source: KernelSource, patch: string | null): string {
  const file = patch === null ? source.file : `src/kernel/patches/${patch}.ts`;
  const text = Deno.readTextFileSync(`${ROOT}${file}`);
  const replaced = file === source.file
    ? null
    : new RegExp(`^  ${source.name}[(:,]`, "m").exec(text);
  if (replaced !== null) return whole(text, replaced.index);
  const at = text.search(new RegExp(`kernel\\(\\s*"${source.name}"`));
  return whole(text, text.lastIndexOf("\n", at) + 1);
}

/** Eight hexadecimal digits of a text whose white space does not count. */
export async function digest(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text.replace(/\s+/g, " "));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash.slice(0, 4)].map((b) => b.toString(16).padStart(2, "0")).join("");
}
