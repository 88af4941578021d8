/**
 * Entry of the Worker that is CPU 0: assembles the machine, then does the shard's job.
 *
 * @module
 */
import { assemble, type Assembled, type Assembly, PatchError } from "./assemble.ts";
import type { Candidate } from "./job_free.ts";
import type { Job, ShardEvent } from "../protocol/jobs.ts";

const self = globalThis as unknown as DedicatedWorkerGlobalScope;

let job: Job;
/** What the free-running machine found, to be searched for in lockstep; null if that is not the job. */
let candidates: Candidate[] | null = null;
let machine: Assembled;

interface Order {
  readonly job?: Job;
  readonly assembly?: Assembly;
  readonly candidates?: Candidate[];
  readonly go?: boolean;
}

function say(event: ShardEvent): void {
  self.postMessage({ event });
}

async function doJob(): Promise<number> {
  switch (job.verb) {
    case "fuzz": {
      if (candidates !== null) {
        const { searchFor } = await import("./job_search.ts");
        return searchFor(job, candidates, machine, say);
      }
      if (job.machine === "free") {
        const { fuzzFree } = await import("./job_free.ts");
        return fuzzFree(job, machine, say, (c) => self.postMessage({ candidate: c }));
      }
      const { fuzz } = await import("./job_fuzz.ts");
      return fuzz(job, machine, say);
    }
    case "replay": {
      const { replay } = await import("./job_replay.ts");
      return replay(job, machine, say);
    }
    case "minimize": {
      const { minimizeFile } = await import("./job_minimize.ts");
      return minimizeFile(job, machine, say);
    }
    default: {
      const { benchmark } = await import("./job_bench.ts");
      return benchmark(job, machine, say);
    }
  }
}

self.onmessage = async (e: MessageEvent<Order>) => {
  try {
    if (e.data.job) {
      job = e.data.job;
      candidates = e.data.candidates ?? null;
      machine = await assemble(e.data.assembly!, 0);
      self.postMessage({ buffer: machine.buffer });
      return;
    }
    self.postMessage({ exit: await doJob() });
  } catch (error) {
    const user = error instanceof PatchError;
    self.postMessage({
      failed: user ? error.message : (error as Error).stack ?? String(error),
      code: user ? 1 : 79,
    });
  }
};
