/**
 * One shard: a process of its own, pinned to a core, with the permissions its job needs.
 *
 * @module
 */
import { type Job, type ShardEvent, STOP_LINE } from "../protocol/jobs.ts";
import { expectPassable } from "./paths.ts";

/** The program that shards run. */
export const SHARD_SCRIPT = new URL("../shard/shard.ts", import.meta.url);

/** What to start. */
export interface ShardOptions {
  readonly job: Job;
  /** The core to pin it to, or null. */
  readonly core: number | null;
  /** Files and directories it may write. */
  readonly writable: readonly string[];
  readonly script?: URL;
}

/** How a shard ended. */
export interface Ending {
  readonly code: number;
  readonly signal: string | null;
}

/** What a shard sends to the supervisor. */
export interface ShardListener {
  event(event: ShardEvent): void;
  /** A line on its standard output that is no event: a patch prints. */
  stray(line: string): void;
}

function isEvent(value: unknown): value is ShardEvent {
  return typeof value === "object" && value !== null &&
    typeof (value as { event?: unknown }).event === "string";
}

function parseEvent(line: string): ShardEvent | null {
  if (!line.startsWith("{")) return null;
  try {
    const value = JSON.parse(line);
    return isEvent(value) ? value : null;
  } catch {
    return null;
  }
}

function permissions(job: Job, writable: readonly string[]): string[] {
  writable.forEach(expectPassable);
  const write = writable.length > 0 ? [`--allow-write=${writable.join(",")}`] : [];
  // It makes itself slow, so that the campaign is not.
  const priority = job.verb === "cover" && job.live ? ["--allow-sys=setPriority"] : [];
  return ["--no-prompt", "--quiet", "--allow-read", ...write, ...priority];
}

/** A running shard. */
export class ShardProcess {
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;

  constructor({ job, core, writable, script = SHARD_SCRIPT }: ShardOptions, to: ShardListener) {
    const run = ["run", ...permissions(job, writable), script.href];
    // The task may run `taskset`, and the `deno` on the PATH. `taskset` may run any program, so it gets
    // the path of this Deno, which works even if no `deno` is on the PATH.
    const [command, args] = core === null
      ? ["deno", run]
      : ["taskset", ["-c", String(core), Deno.execPath(), ...run]];
    this.#child = new Deno.Command(command, {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#stdin = this.#child.stdin.getWriter();
    this.#reading = this.#read(to);
    this.#send(JSON.stringify(job));
  }

  /** Move all threads of the shard to another core. */
  move(core: number): void {
    const args = ["-a", "-cp", String(core), String(this.#child.pid)];
    new Deno.Command("taskset", { args, stdout: "null", stderr: "null" }).spawn();
  }

  /** Ask the shard to save and finish. */
  stop(): void {
    this.#send(STOP_LINE);
  }

  /** Kill the shard. Nothing else ends a hang. */
  kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // The process has ended already.
    }
  }

  /** Wait until the process has ended and all its events were read. */
  async ended(): Promise<Ending> {
    const { code, signal } = await this.#child.status;
    await this.#reading;
    await this.#stdin.close().catch(() => {});
    return { code, signal };
  }

  #send(line: string): void {
    // The exit status tells whether the shard has died.
    this.#stdin.write(new TextEncoder().encode(line + "\n")).catch(() => {});
  }

  async #read(to: ShardListener): Promise<void> {
    let rest = "";
    const hear = (line: string) => {
      const event = parseEvent(line);
      if (event) to.event(event);
      else if (line !== "") to.stray(line);
    };
    for await (const chunk of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) hear(line);
    }
    hear(rest);
  }
}
