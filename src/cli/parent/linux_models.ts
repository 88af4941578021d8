/**
 * The preemption models for which `--linux` translates a tree: C may depend on CONFIG_PREEMPT_RT.
 *
 * @module
 */
import { type Preempt, PREEMPTS } from "../../prog/types.ts";
import type { Request } from "../flags/parse_flags.ts";
import { findFiles } from "./inputs.ts";

/** What a file without such a line means. */
const DEFAULT: Preempt = "full";

/** The model that the text of an input names. */
function modelIn(text: string): Preempt {
  const word = /^preempt: *(\w+)/m.exec(text)?.[1];
  return PREEMPTS.find((model) => model === word) ?? DEFAULT;
}

function textOf(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return ""; // whoever reads the inputs says what is wrong with them
  }
}

/** The models that a command line runs: the one that it names, or those of its files. */
export function modelsOf({ rest, values }: Request): readonly Preempt[] {
  if (values.preempt !== undefined) return [values.preempt];
  if (rest.length === 0) return PREEMPTS; // the whole corpus
  return [...new Set(findFiles(rest).map((path) => modelIn(textOf(path))))];
}
