/**
 * `bench`: how fast the machine is, next to a loop that only hands the baton over.
 *
 * @module
 */
import {
  commonJob,
  type Context,
  coresFor,
  DEFAULT_KERNEL,
  expectNoArguments,
} from "../context.ts";
import { EXIT } from "../exit_code.ts";
import type { BenchEvent, BenchJob } from "../jobs.ts";
import type { Request } from "../parse_flags.ts";
import { Supervisor } from "../supervisor.ts";
import { short } from "../tally.ts";
import { loadTarget } from "../targets.ts";
import { UsageError } from "../usage.ts";

const DEFAULT_CPUS = [2, 3, 4];
const DEFAULT_MS = 5000;

const HEADER = "name              cpus   exec/s  points/s  ns/point  us/switch  ratio";

function row(e: BenchEvent): string {
  return e.name.padEnd(18) + String(e.cpus).padStart(4) + short(e.execs_per_sec).padStart(9) +
    short(e.points_per_sec).padStart(10) + e.ns_per_point.toFixed(1).padStart(10) +
    e.us_per_switch.toFixed(2).padStart(11) + e.ratio.toFixed(2).padStart(7);
}

/** Run the verb. */
export async function bench(request: Request, context: Context): Promise<number> {
  expectNoArguments(request);
  const { output, known } = context;
  const { values } = request;
  if (values.for !== undefined && "execs" in values.for) {
    throw new UsageError("Cannot bench for a number of executions: expected a time such as 5s");
  }
  const target = await loadTarget(values.target ?? "objcg");
  const benchCpus = values.cpus === undefined ? DEFAULT_CPUS : [values.cpus];
  const job: BenchJob = {
    verb: "bench",
    kernel: values.kernel ?? DEFAULT_KERNEL,
    ...commonJob(request, known),
    target: target.name,
    targetUrl: target.url,
    cpus: Math.max(...benchCpus),
    preempt: values.preempt!,
    seconds: (values.for?.ms ?? DEFAULT_MS) / 1000,
    benchCpus,
  };
  output.line(HEADER);
  const supervisor = new Supervisor([{ job, writable: [] }], {
    parallel: 1,
    cores: coresFor(output),
    output,
    script: context.script,
    onEvent(event) {
      if (event.event !== "bench") return;
      output.event(event);
      output.line(row(event));
    },
  });
  const result = await supervisor.run();
  if (result.failure !== null) return result.failure;
  if (result.interrupted) return EXIT.interrupted;
  return result.hung ? EXIT.hang : EXIT.ok;
}
