/**
 * The smoke test of `deno task ok`: a short campaign on the posted patch finds bugs, and its
 * findings replay.
 *
 * @module
 */
import { EXIT } from "./protocol/exit_code.ts";

const EXECS = "8000x";

function task(...args: string[]): number {
  const { code } = new Deno.Command("deno", {
    args: ["task", "--quiet", ...args],
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).outputSync();
  return code;
}

function smoke(dir: string): number {
  const flags = ["--for", EXECS, "--seed", "1", "--shards", "1", "--quiet", "--count-known"];
  const found = task("fuzz", ...flags, "--corpus", dir);
  if (found !== EXIT.bug) {
    console.error(`Smoke: fuzz exited ${found}, not ${EXIT.bug}`);
    return EXIT.usage;
  }
  return task("replay", `${dir}/crashes`);
}

if (import.meta.main) {
  const dir = Deno.makeTempDirSync();
  const code = smoke(dir);
  Deno.removeSync(dir, { recursive: true });
  Deno.exit(code);
}
