/**
 * A worker that takes leases: it asks the hub for a piece of its plan, runs it, and asks again.
 *
 * @module
 */
import type { Lease, TakeResult, WorkerStats } from "../hub/messages.ts";
import { readKernel } from "../flags/read_kernel.ts";
import { readCount, readSeed } from "../flags/read_values.ts";
import type { Request } from "../flags/parse_flags.ts";
import { knownWord, UsageError } from "../flags/usage.ts";
import { EXIT } from "../protocol/exit_code.ts";
import { type Preempt, PREEMPTS } from "../../prog/types.ts";
import type { Context } from "./context.ts";
import { hostPort, type HubProcess, HubTrouble } from "./hub_process.ts";

/** Milliseconds between two questions for a lease. */
const ASK_MS = 1000;
/** Exit codes after which a worker goes on with the next lease. */
const GOES_ON: readonly number[] = [EXIT.ok, EXIT.bug, EXIT.hang];
const MS_MAX = 30 * 24 * 3_600_000;

/** Who asks. */
export interface Worker {
  readonly process: HubProcess;
  readonly name: string;
}

/** The command line of a lease. It comes from the hub, so it is read as strictly as one of a user. */
export function leaseRequest(lease: Lease, request: Request, { known }: Context): Request {
  const { cpus, kernel, ms, preempt, seed, spent, target } = lease;
  const rest = readCount("for", String(ms), 1, MS_MAX) - Math.max(0, spent);
  const values = {
    ...request.values,
    kernel: readKernel(kernel, known),
    preempt: knownWord("preemption model", preempt, PREEMPTS) as Preempt,
    // A name: a path would be a file of this machine that somebody else has named.
    target: knownWord("target", target, known.targets.map(({ name }) => name)),
    cpus: readCount("cpus", String(cpus), 1, 32),
    seed: readSeed(seed),
    for: { ms: Math.max(1, Math.round(rest)) },
  };
  return { ...request, values };
}

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, ASK_MS));

/** The answer of the hub, however long it is away. What it refuses is an error of the user. */
async function patiently<T>({ process }: Worker, { output }: Context, ask: () => Promise<T>) {
  for (let told = "";;) {
    try {
      return await ask();
    } catch (e) {
      if (!(e instanceof HubTrouble)) throw e;
      const where = `redis://${hostPort(process.setup)}/${process.setup.name}`;
      if (e.trouble === "refused") throw new UsageError(`Cannot join ${where}: ${e.message}`);
      if (told !== e.message) output.error(`Hub ${where}: ${e.message}. Trying again`);
      told = e.message;
      await pause();
    }
  }
}

const NO_STATS: WorkerStats = { execs: 0, execs_per_sec: 0, features: 0, causes: 0, spool: 0 };

/** Work until the plan is done, or no lease is given any more; returns the exit code. */
export async function workOff(
  worker: Worker,
  request: Request,
  context: Context,
  run: (request: Request, lease: Lease) => Promise<number>,
): Promise<number> {
  const { name, process } = worker;
  const { output } = context;
  await patiently(worker, context, () => process.ask({ do: "open", key: "", about: "" }));
  let code: number = EXIT.ok;
  for (let isWaiting = false;;) {
    const taken = await patiently(
      worker,
      context,
      () => process.ask<TakeResult>({ do: "take", worker: name }),
    );
    if (taken.state === "wait" && !isWaiting) {
      output.note("Waiting for a lease: other workers have all of them");
    }
    isWaiting = taken.state === "wait";
    if (isWaiting) await pause();
    else if (taken.state === "no plan") {
      throw new UsageError(
        `Hub "${process.setup.name}" has no plan: give it one with "deno task hub plan FILE", ` +
          `or name what to run, for example with --kernel`,
      );
    } else if (taken.state !== "lease") {
      output.note(taken.state === "done" ? "The plan of the hub is done" : "The hub is drained");
      return code;
    } else {
      const { lease } = taken;
      await context.known.series.loadFor([lease.kernel]);
      output.event({ event: "lease", ...leaseEvent(lease) } as { event: string });
      output.note(`Lease ${lease.id}${lease.spent > 0 ? ", which another worker began" : ""}`);
      const ended = await run(leaseRequest(lease, request, context), lease);
      if (code === EXIT.ok) code = ended;
      if (!GOES_ON.includes(ended)) return ended;
      await patiently(
        worker,
        context,
        () => process.ask({ do: "finish", worker: name, lease: lease.id, stats: NO_STATS }),
      );
    }
  }
}

function leaseEvent({ cpus, id, kernel, ms, preempt, seed, spent, target }: Lease) {
  return { id, kernel, preempt, target, cpus, seed, ms, spent };
}
