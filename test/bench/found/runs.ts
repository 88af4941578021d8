/**
 * Runs of the command line: a replay, and a campaign that ends with the first finding of a title.
 *
 * @module
 */
import type { Row } from "./bugs.ts";

const MAIN = new URL("../../../src/cli/main.ts", import.meta.url).pathname;
const RUN = ["run", "--quiet", "--no-prompt", "--allow-read", "--allow-write"];

function command(args: readonly string[]): Deno.Command {
  return new Deno.Command("deno", {
    args: [...RUN, "--allow-run=taskset,deno", MAIN, ...args, "--json", "--quiet"],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  });
}

/** The fields of events that are read here. */
interface Event {
  readonly event: string;
  readonly title: string | null;
  readonly execs_to_find: number;
}

/** The events of a process, as they come. */
async function* events(child: Deno.ChildProcess): AsyncGenerator<Event> {
  let rest = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line);
  }
}

/** `--fixed`, if there is something to mend. */
function fixes(fixed: readonly string[]): string[] {
  return fixed.length === 0 ? [] : ["--fixed", fixed.join(",")];
}

/** The title that an input has on a kernel with these fixes. */
export async function replayed(
  file: string,
  kernel: string,
  fixed: readonly string[],
): Promise<string | null> {
  const child = command(["replay", file, "--kernel", kernel, ...fixes(fixed)]).spawn();
  let title: string | null | undefined;
  for await (const e of events(child)) if (e.event === "replay") title = e.title;
  await child.status;
  if (title === undefined) throw new Error(`Cannot replay ${file} on ${kernel}`);
  return title;
}

/** The flags of a campaign for the bug of a row. */
export function campaignFlags(row: Row, fixed: readonly string[], execs: number): string[] {
  return [
    "--kernel",
    row.kernel,
    ...(row.preempt === undefined ? [] : ["--preempt", row.preempt]),
    ...fixes(fixed),
    ...(row.flags ?? []),
    "--count-known",
    "--shards",
    "1",
    "--for",
    `${execs}x`,
  ];
}

/**
 * The executions after which a campaign finds one of the titles, or null. Findings of other titles
 * do not end it.
 */
export async function campaign(
  row: Row,
  titles: readonly string[],
  fixed: readonly string[],
  seed: number,
  execs: number,
  flags: readonly string[] = [],
): Promise<number | null> {
  const artifacts = await Deno.makeTempDir();
  const args = [...campaignFlags(row, fixed, execs), "--seed", String(seed), ...flags];
  const child = command(["fuzz", ...args, "--artifacts", artifacts]).spawn();
  let found: number | null = null;
  let ended = false;
  for await (const e of events(child)) {
    ended ||= e.event === "done";
    if (found === null && e.event === "crash" && titles.includes(e.title!)) {
      found = e.execs_to_find;
      child.kill("SIGTERM");
    }
  }
  await child.status;
  await Deno.remove(artifacts, { recursive: true });
  if (!ended) throw new Error(`A campaign did not come to its end: fuzz ${args.join(" ")}`);
  return found;
}
