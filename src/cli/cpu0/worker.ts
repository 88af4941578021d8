/**
 * The entry of the Worker of CPU 0: assembles the machine, then does the job of the shard.
 *
 * @module
 */
import { assemble, type Assembly, PatchError } from "../cpu/assemble.ts";
import type { JobContext } from "./job_context.ts";
import type { Candidate } from "./job_free.ts";
import { Board } from "../protocol/board.ts";
import { EXIT, type ExitCode } from "../protocol/exit_code.ts";
import { isSystemError, reason } from "../files/system_error.ts";
import type { Job, ShardEvent } from "../protocol/jobs.ts";
import type { Judges, Workers } from "../../machine/workers.ts";
import { specOf } from "../../prog/target.ts";
import type { TargetSpec } from "../../prog/types.ts";

const self = globalThis as unknown as DedicatedWorkerGlobalScope;

/** The first message of the main thread. */
export interface Order {
  readonly job: Job;
  readonly assembly: Assembly;
  /** The memory of the {@linkcode Board}. */
  readonly board: SharedArrayBuffer;
  /**
   * Findings of a free-running machine, to be searched for in lockstep; null if that is not the
   * job.
   */
  readonly candidates: readonly Candidate[] | null;
}

/** A message to the main thread; one property is set. */
export interface Word {
  /** CPU 0 is ready; the other CPUs may join. */
  readonly machine?: Made;
  readonly event?: ShardEvent;
  readonly candidate?: Candidate;
  /** The job is done. */
  readonly exit?: ExitCode;
  readonly failed?: { readonly message: string; readonly code: ExitCode };
}

/** A machine: its memory, and what its kernel has of the target. */
export interface Made {
  readonly buffer: SharedArrayBuffer;
  readonly spec: TargetSpec;
}

function send(word: Word): void {
  self.postMessage(word);
}

async function doJob({ job, assembly, candidates }: Order, context: JobContext): Promise<ExitCode> {
  switch (job.verb) {
    case "fuzz": {
      if (candidates !== null) {
        const { searchFor } = await import("./job_search.ts");
        return searchFor(job, candidates, context);
      }
      if (job.machine === "free") {
        const { fuzzFree } = await import("./job_free.ts");
        return fuzzFree(job, context, (candidate) => send({ candidate }));
      }
      const { fuzz } = await import("./job_fuzz.ts");
      return fuzz(job, context);
    }
    case "replay": {
      const { replay } = await import("./job_replay.ts");
      return replay(job, context);
    }
    case "probe": {
      const { probeFiles } = await import("./job_probe.ts");
      return probeFiles(job, context);
    }
    case "compare": {
      const { compare } = await import("./job_compare.ts");
      return await compare(job, context, assembly.alternatives!);
    }
    case "cover": {
      const { cover } = await import("./job_cover.ts");
      return cover(job, context);
    }
    case "minimize": {
      const { minimizeFile } = await import("./job_minimize.ts");
      return minimizeFile(job, context);
    }
    default: {
      const { benchmark } = await import("./job_bench.ts");
      return benchmark(job, context);
    }
  }
}

/**
 * How often each free-running CPU repeats its operations: often enough to outweigh waking the CPUs
 * and the work of CPU 0 between two executions.
 */
const FREE_ROUNDS = 100;

/** What runs the executions of the job: only a campaign has fibers. */
async function makeExecutor({ job }: Order, judges: Judges): Promise<Workers> {
  const { Workers } = await import("../../machine/workers.ts");
  if (job.verb !== "fuzz" || job.machine === "lockstep" || job.machine === "free") {
    return new Workers(judges);
  }
  const { Scout } = await import("../../machine/scout.ts");
  return new Scout(judges, job.machine === "scout" ? "all" : "findings");
}

/** Become CPU 0; returns the job, which runs when the other CPUs have joined. */
async function prepare(order: Order): Promise<() => Promise<ExitCode>> {
  const { buffer, sanitizers, target } = await assemble(order.assembly, 0);
  const { ActiveSanitizers } = await import("../../sanitizers/active.ts");
  const executor = await makeExecutor(order, new ActiveSanitizers(sanitizers));
  if (order.assembly.config.free) executor.repeat(FREE_ROUNDS);
  const spec = specOf(target);
  send({ machine: { buffer, spec } });
  const context: JobContext = {
    executor,
    target,
    spec,
    board: new Board(order.board),
    say: (event) => send({ event }),
  };
  return () => doJob(order, context);
}

/** What a user can make use of: no stack. */
function messageOf(error: Error): string {
  return error instanceof PatchError ? error.message : `Cannot go on: ${reason(error)}`;
}

let prepared: (() => Promise<ExitCode>) | null = null;

/** The first message is an {@linkcode Order}. The second says that all CPUs have joined. */
self.onmessage = async (e: MessageEvent<Order>) => {
  try {
    if (prepared === null) prepared = await prepare(e.data);
    else send({ exit: await prepared() });
  } catch (error) {
    const isUsers = error instanceof PatchError || isSystemError(error);
    const failed = isUsers
      ? { message: messageOf(error), code: EXIT.usage }
      : { message: (error as Error).stack ?? String(error), code: EXIT.internal };
    send({ failed });
  }
};
