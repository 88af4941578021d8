/** Workers of a hub as processes, with what they print. */
import { assert, assertEquals } from "@std/assert";
import { type Event, PATIENT, start } from "../system/harness.ts";
import { undocumented } from "../events.ts";

/** A running worker. */
export class WorkerProcess {
  readonly events: Event[] = [];
  err = "";
  readonly #child: Deno.ChildProcess;
  readonly #read: Promise<unknown>;

  constructor(args: readonly string[]) {
    this.#child = start("fuzz", ...args, "--shards", "1", "--json", ...PATIENT);
    this.#read = Promise.all([
      this.#lines(this.#child.stdout, (line) => this.events.push(JSON.parse(line))),
      this.#lines(this.#child.stderr, (line) => this.err += line + "\n"),
    ]);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** What it reported as saved in the hub: `KEY HASH` and `KEY FILE`. */
  get saved(): string[] {
    return this.events.filter(({ event }) => event === "told")
      .flatMap(({ findings, inputs, key }) => [...inputs, ...findings].map((n) => `${key} ${n}`));
  }

  /** Wait for the first event with these properties. */
  async event(wanted: Partial<Event>): Promise<Event> {
    const isWanted = (e: Event) => Object.entries(wanted).every(([k, v]) => e[k] === v);
    let isOver = false;
    this.#child.status.then(() => isOver = true);
    for (;;) {
      const found = this.events.find(isWanted);
      if (found !== undefined) return found;
      if (isOver) {
        await this.#read;
        const last = this.events.find(isWanted);
        if (last !== undefined) return last;
        throw new Error(`no ${JSON.stringify(wanted)} from a worker that has ended:\n${this.err}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Wait for its end; the exit code, and null if a signal ended it. */
  async ended(): Promise<number | null> {
    const { code, signal } = await this.#child.status;
    await this.#read;
    for (const e of this.events) assertEquals(undocumented(e), undefined);
    return signal === null ? code : null;
  }

  async kill(signal: Deno.Signal = "SIGKILL"): Promise<void> {
    this.#child.kill(signal);
    await this.#child.status;
    await this.#read;
  }

  /** The process that talks to Redis; two if the `deno` on the PATH starts another one. */
  async hubPids(): Promise<number[]> {
    const all = await processesBelow(this.pid);
    return all.filter(({ command }) => command.endsWith("/hub/hub.ts")).map(({ pid }) => pid);
  }

  async #lines(stream: ReadableStream<Uint8Array>, take: (line: string) => void): Promise<void> {
    let rest = "";
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      // The last line of a worker that is killed may be cut.
      lines.filter((line) => line !== "").forEach(take);
    }
  }
}

/** Kill processes that this one did not start itself. */
export async function kill(pids: readonly number[]): Promise<void> {
  assert(pids.length > 0);
  const args = ["-KILL", ...pids.map(String)];
  const { success } = await new Deno.Command("kill", { args }).output();
  assert(success);
}

/** A process. */
export interface Process {
  readonly pid: number;
  readonly command: string;
}

/** All processes below one, itself included. */
export async function processesBelow(pid: number): Promise<Process[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "pid=,ppid=,args="] }).output();
  const rows = new TextDecoder().decode(stdout).split("\n")
    .map((line) => /^ *(\d+) +(\d+) (.*)$/.exec(line)).filter((row) => row !== null);
  const parents = new Map(rows.map(([_, p, parent]) => [Number(p), Number(parent)]));
  const isBelow = (p: number): boolean => p === pid || (p > 1 && isBelow(parents.get(p) ?? 0));
  return rows.map(([_, p, __, command]) => ({ pid: Number(p), command }))
    .filter((process) => isBelow(process.pid));
}
