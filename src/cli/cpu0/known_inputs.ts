/**
 * The inputs of known bugs: seeds and regressions that expect a title.
 *
 * @module
 */
import { atomicFiles } from "../files/atomic_files.ts";
import type { FuzzJob } from "../protocol/jobs.ts";
import type { KnownInput } from "../../engine/triage/known.ts";
import { parseProgram } from "../../prog/parse.ts";
import type { TargetSpec } from "../../prog/types.ts";

/** `corpus/objcg/seeds/s02-css-get-dead-memcg.txt` is `s02-css-get-dead-memcg`. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.txt$/, "");
}

/** Returns a function that reads the inputs which expect a title, on whatever kernel. */
export function knownInputs(
  { cpus, known }: FuzzJob,
  spec: TargetSpec,
): (title: string) => KnownInput[] {
  const texts = new Map<string, string>();
  const byTitle = new Map<string, KnownInput[]>();
  const find = (title: string): KnownInput[] =>
    [...texts].flatMap(([path, text]) => {
      if (!text.includes(`: ${title}\n`)) return [];
      const { program } = parseProgram(text, path, [spec]);
      // A patched kernel is another one.
      if (program === null || program.cpus > cpus || (program.patches ?? []).length > 0) return [];
      const isExpected = program.expects.some((e) => e.title === title);
      return isExpected ? [{ name: nameOf(path), program }] : [];
    });
  return (title) => {
    if (texts.size === 0) {
      for (const path of known.flatMap((dir) => atomicFiles.list(dir))) {
        texts.set(path, atomicFiles.read(path) ?? "");
      }
    }
    const inputs = byTitle.get(title) ?? find(title);
    byTitle.set(title, inputs);
    return inputs;
  };
}
