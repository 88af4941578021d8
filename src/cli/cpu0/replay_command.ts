/**
 * The command line that reproduces a finding.
 *
 * @module
 */
import type { CommonJob } from "../protocol/jobs.ts";
import { DEFAULT_CONFIG } from "../../machine/executor.ts";

/** The path of a file URL. */
function pathOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname);
}

/** Quote a word for a shell, if necessary. */
function shellWord(s: string): string {
  return /^[\w/.:@%+=-]+$/.test(s) ? s : `'${s.replaceAll("'", `'\\''`)}'`;
}

/** The complete command that replays a file. */
export function replayCommand(job: CommonJob, file: string): string {
  const patches = job.patches.map((p) => ` --patch ${shellWord(pathOf(p))}`).join("");
  const without = job.without.map((s) => ` --no-sanitizer ${s}`).join("");
  // A target outside the project is known only by its path.
  const local = new URL(`../../../fuzz/${job.target}.ts`, import.meta.url).href === job.targetUrl;
  const target = local ? "" : ` --target ${shellWord(pathOf(job.targetUrl))}`;
  const limit = job.stepLimit === DEFAULT_CONFIG.stepLimit ? "" : ` --step-limit ${job.stepLimit}`;
  const kcsan = job.kcsan === "off" ? "" : ` --kcsan ${job.kcsan}`;
  const every = job.everyStep ? " --every-step" : "";
  const flags = `${target}${patches}${without}${kcsan}${limit}${every}`;
  return `deno task replay --kernel ${job.kernel}${flags} ${shellWord(file)}`;
}
