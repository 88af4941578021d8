/**
 * Starts a process that finds out what the inputs of a campaign cover.
 *
 * @module
 */
import type { CoverageData } from "../../page/campaign_data.ts";
import { causeOfDeath } from "../protocol/exit_code.ts";
import type { CommonJob, CoverJob, FuzzJob } from "../protocol/jobs.ts";
import { pinnableCores } from "./cores.ts";
import type { Context } from "./context.ts";
import { ShardProcess } from "./shard_process.ts";

/** What is common to a campaign and to the look at its inputs. */
type Campaign = Pick<FuzzJob, keyof CommonJob>;

/** The job that looks at inputs in folders on the machine of a campaign. */
export function coverJob(
  { kernel, patches, target, targetUrl, cpus, preempt, without, kcsan, ...limits }: Campaign,
  folders: readonly string[],
  since: number | null,
  live: boolean,
): CoverJob {
  const { everyStep, hangMs, stepLimit } = limits;
  const machine = { kernel, patches, target, targetUrl, cpus, preempt, without, kcsan };
  return { verb: "cover", ...machine, everyStep, hangMs, stepLimit, folders, since, live };
}

/** A process that looks at inputs. */
export class Cover {
  readonly #process: ShardProcess;
  readonly #ended: Promise<void>;
  #isKilled = false;

  /** @param tell is told what is covered so far. */
  constructor(
    job: CoverJob,
    { output, script }: Pick<Context, "output" | "script">,
    tell: (coverage: CoverageData) => void,
  ) {
    let isDone = false;
    // The last core: the first ones have shards if there are less shards than cores.
    const core = pinnableCores()?.at(-1) ?? null;
    this.#process = new ShardProcess({ job, core, writable: [], script }, {
      event(e) {
        if (e.event === "coverage") {
          const { event: _, ...coverage } = e;
          tell(coverage);
        } else if (e.event === "error") {
          isDone = true;
          output.note(`Cannot find out what inputs cover: ${e.message}`);
        } else if (e.event === "done" || e.event === "hang") isDone = true;
      },
      stray: (line) => output.pass(line + "\n"),
    });
    this.#ended = this.#process.ended().then(({ code, signal }) => {
      if (isDone || this.#isKilled) return;
      const { cause } = causeOfDeath(code, signal, 0);
      output.note(`What finds out what inputs cover died of ${cause}; the campaign goes on`);
    });
  }

  /** Wait until it has looked at all inputs; there come no more. */
  async finish(): Promise<void> {
    this.#process.stop();
    await this.#ended;
  }

  /** End it at once. */
  async kill(): Promise<void> {
    this.#isKilled = true;
    this.#process.kill();
    await this.#ended;
  }
}
