/**
 * What an input runs on: flags say so, or else the file does, or else there is a default.
 *
 * @module
 */
import { DEFAULT_CONFIG } from "../../machine/executor.ts";
import type { Surroundings } from "../../prog/types.ts";
import type { Request } from "../flags/parse_flags.ts";
import { shellWord } from "../protocol/shell_word.ts";
import type { CommonJob } from "../protocol/jobs.ts";
import { pathOf } from "./paths.ts";
import { refTo } from "./file_refs.ts";

/** The lines that an input which is saved as `file` needs, to run again as in this job. */
export function surroundingsOf(
  job: Pick<CommonJob, "patches" | "without" | "stepLimit" | "everyStep">,
  target: { readonly isFile: boolean; readonly url: string },
  { values }: Request,
  file: string,
): Surroundings {
  // As the user wrote them, if it was the user. Those of --fixed come first.
  const own = values.patch ?? [];
  const others = job.patches.slice(0, job.patches.length - own.length).map(shortPath);
  const given = [...others, ...own];
  const targetPath = values.target?.endsWith(".ts") ? values.target : pathOf(target.url);
  return {
    targetFile: target.isFile ? refTo(targetPath, file) : undefined,
    patches: given.map((path) => refTo(path, file)),
    without: [...job.without],
    stepLimit: job.stepLimit === DEFAULT_CONFIG.stepLimit ? undefined : job.stepLimit,
    everyStep: job.everyStep,
  };
}

/** The path of a file, from the working directory if it is below. */
function shortPath(url: string): string {
  const path = pathOf(url);
  const here = `${Deno.cwd()}/`;
  return path.startsWith(here) ? path.slice(here.length) : path;
}

/** Flags with values that change what a replay comes to. */
export const REPLAYED = [
  "target",
  "patch",
  "fixed",
  "sanitizers",
  "no-sanitizer",
  "kcsan",
  "step-limit",
] as const;

/** The flags that change what a replay comes to, as they were given. */
export function replayFlags({ given, values }: Request): string {
  const words = REPLAYED.filter((name) => given.has(name)).flatMap((name) => {
    const value = values[name]!;
    const texts = ["sanitizers", "fixed"].includes(name)
      ? [String(value)]
      : [value].flat().map(String);
    return texts.map((text) => ` --${name} ${shellWord(text)}`);
  });
  return words.join("") + (values["every-step"] ? " --every-step" : "");
}
