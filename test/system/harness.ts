/** Running the command line as a user does: a process of its own, with the permissions of the task. */
import { assert, assertEquals } from "@std/assert";
import { readInputs } from "../../src/cli/parent/inputs.ts";
import type { Program } from "../../src/prog/types.ts";
import { undocumented } from "../events.ts";

export { tree, withDir } from "../cli/harness.ts";

/** Where tasks run. */
export const ROOT = new URL("../../", import.meta.url).pathname;

const { tasks } = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`)) as {
  tasks: Record<string, string>;
};

/** Verbs of the command line that have a task of their own. */
export type Task =
  | "fuzz"
  | "watch"
  | "report"
  | "replay"
  | "minimize"
  | "seed"
  | "kernel"
  | "matrix"
  | "compare"
  | "bisect"
  | "review"
  | "bench"
  | "hub";

/** What comes on standard output with --json: `event` says what it is. */
// deno-lint-ignore no-explicit-any
export type Event = { readonly event: string } & Record<string, any>;

/**
 * For runs that share their core with others: a shard that gets no CPU time for long has not hung.
 * What one pinned process leaves another is up to the system, and can be nothing for half a minute.
 */
export const PATIENT = ["--hang-timeout", "60s"] as const;

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const decoder = new TextDecoder();

function denoCommand(args: readonly string[]): Deno.Command {
  return new Deno.Command("deno", {
    args: [...args],
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** The arguments of `deno` that a task stands for, and those of the user. */
function taskArgs(task: Task, args: readonly string[]): string[] {
  const [deno, run, ...rest] = tasks[task].split(" ");
  assertEquals([deno, run], ["deno", "run"]);
  return ["run", "--quiet", ...rest, ...args];
}

/** Start what a task stands for. */
export function start(task: Task, ...args: string[]): Deno.ChildProcess {
  return denoCommand(taskArgs(task, args)).spawn();
}

/** Run `deno` itself: `deno task …`, `deno run …`. */
export async function deno(...args: string[]): Promise<Ran> {
  const { code, stdout, stderr } = await denoCommand(args).output();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** Run what a task stands for, to its end. */
export function cli(task: Task, ...args: string[]): Promise<Ran> {
  return deno(...taskArgs(task, args));
}

/** The events on standard output, where there is nothing else; each is as its page says. */
export function events({ out }: Pick<Ran, "out">): Event[] {
  const all = out.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  for (const e of all) assertEquals(undocumented(e), undefined);
  return all;
}

/** The events of one kind. */
export function eventsOf(ran: Pick<Ran, "out">, kind: string): Event[] {
  return events(ran).filter(({ event }) => event === kind);
}

/** What to print when an exit code is not the expected one. */
export function assertCode(ran: Ran, code: number): void {
  assertEquals(ran.code, code, `exit ${ran.code} instead of ${code}\n${ran.out}\n${ran.err}`);
}

/** The programs in files, all of which must be in order. */
export async function parsed(files: readonly string[]): Promise<Program[]> {
  const { reads } = await readInputs(files, undefined);
  return reads.map(({ path, program, errors, warnings }) => {
    assertEquals([...errors, ...warnings].map(String), [], path);
    return program!;
  });
}

/** Paths of the files in a directory whose names end so; none if it is not there. */
export function filesIn(dir: string, end: string): string[] {
  try {
    return [...Deno.readDirSync(dir)].filter(({ name }) => name.endsWith(end))
      .filter(({ name }) => !/^campaign-\d+\.json$/.test(name)) // what a campaign was, no finding
      .map(({ name }) => `${dir}/${name}`).sort();
  } catch {
    return [];
  }
}

/** Write a patch file whose functions are `functions`, as text; returns its path. */
export function writePatch(dir: string, functions: string, imports = ""): string {
  const path = `${dir}/my-patch.ts`;
  const from = `file://${ROOT}src/kernel/patches/patch.ts`;
  Deno.writeTextFileSync(
    path,
    `import { patch } from "${from}";\n${imports}\n` +
      `export default patch("my-patch", "memcg: a test", {\n${functions}\n});\n`,
  );
  return path;
}

/** Replay everything in a directory, each file against its own expectation. */
export async function assertReplays(path: string): Promise<Event[]> {
  const ran = await cli("replay", path, "--json", ...PATIENT);
  assertCode(ran, 0);
  const replays = eventsOf(ran, "replay");
  for (const r of replays) {
    assert(r.ok && r.expected !== null, `${r.file}: ${r.title}, expected: ${r.expected}`);
  }
  return replays;
}
