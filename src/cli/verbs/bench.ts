/**
 * `bench`: the speed of the machine beside a bare loop that only passes the baton, and the cost of
 * the sanitizers.
 *
 * @module
 */
import {
  commonJob,
  type Context,
  coresFor,
  DEFAULT_KERNEL,
  expectNoArguments,
} from "../parent/context.ts";
import { EXIT } from "../protocol/exit_code.ts";
import type { BenchEvent, BenchJob, CostEvent } from "../protocol/jobs.ts";
import type { Known } from "../flags/known.ts";
import type { Request } from "../flags/parse_flags.ts";
import { Supervisor } from "../parent/supervisor.ts";
import { short } from "../parent/tally.ts";
import { runSuite } from "./suite.ts";
import { loadTarget } from "../parent/targets.ts";
import { DEFAULT_KCSAN } from "../../prog/kcsan.ts";
import { UsageError } from "../flags/usage.ts";

const DEFAULT_CPUS = [2, 3, 4];
const DEFAULT_MS = 5000;

const HEADER = "name              cpus   exec/s  points/s  ns/point  us/switch  ratio";

function row(e: BenchEvent): string {
  return e.name.padEnd(18) + String(e.cpus).padStart(4) + short(e.execs_per_sec).padStart(9) +
    short(e.points_per_sec).padStart(10) + e.ns_per_point.toFixed(1).padStart(10) +
    e.us_per_switch.toFixed(2).padStart(11) + e.ratio.toFixed(2).padStart(7);
}

/** Number of CPUs with which the cost of sanitizers is measured. */
const COST_CPUS = 2;
const COST_HEADER = "sanitizers        cpus   exec/s   of none  campaign   of none";

function costRow(e: CostEvent, none: CostEvent): string {
  const share = (a: number, b: number) => (a / b).toFixed(2).padStart(10);
  return e.sanitizers.padEnd(18) + String(e.cpus).padStart(4) + short(e.execs_per_sec).padStart(9) +
    share(e.execs_per_sec, none.execs_per_sec) + short(e.campaign_execs_per_sec).padStart(10) +
    share(e.campaign_execs_per_sec, none.campaign_execs_per_sec);
}

/** A job without sanitizers, one job for each sanitizer alone, and two for all. */
function costJobs(job: BenchJob, known: Known): BenchJob[] {
  const names = known.sanitizers.map(({ name }) => name).filter((name) => name !== "kcsan");
  const cost = (label: string, on: readonly string[], kcsan: BenchJob["kcsan"]): BenchJob => ({
    ...job,
    cpus: COST_CPUS,
    benchCpus: [COST_CPUS],
    seconds: job.seconds / 2,
    without: names.filter((name) => !on.includes(name)),
    kcsan,
    cost: label,
  });
  return [
    cost("none", [], "off"),
    ...names.map((name) => cost(name, [name], "off")),
    cost("kcsan", [], DEFAULT_KCSAN),
    cost("all but kcsan", names, "off"),
    cost("all", names, DEFAULT_KCSAN),
  ];
}

/** Whether flags ask for one special measurement; then there is no table of costs. */
function isSpecial({ values }: Request): boolean {
  return values.cpus !== undefined || values.sanitizers !== undefined ||
    values.kcsan !== undefined || (values["no-sanitizer"] ?? []).length > 0;
}

/** Run the verb. */
export async function bench(request: Request, context: Context): Promise<number> {
  if (request.values.suite !== undefined) return await runSuite(request);
  for (const name of ["trials", "strategy"] as const) {
    if (request.given.has(name)) throw new UsageError(`Cannot use --${name} without --suite`);
  }
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
    ...commonJob(request, known, values.kernel ?? DEFAULT_KERNEL),
    target: target.name,
    targetUrl: target.url,
    cpus: Math.max(...benchCpus),
    preempt: values.preempt!,
    seconds: (values.for?.ms ?? DEFAULT_MS) / 1000,
    benchCpus,
  };
  output.line(HEADER);
  const jobs = isSpecial(request) ? [job] : [job, ...costJobs(job, known)];
  let none: CostEvent | null = null;
  const supervisor = new Supervisor(jobs.map((j) => ({ job: j, writable: [] })), {
    parallel: 1,
    cores: coresFor(output),
    output,
    script: context.script,
    onEvent(event) {
      if (event.event === "bench") {
        output.event(event);
        output.line(row(event));
      } else if (event.event === "cost") {
        output.event(event);
        if (none === null) output.line(`\n${COST_HEADER}`);
        none ??= event;
        output.line(costRow(event, none));
      }
    },
  });
  const result = await supervisor.supervise();
  if (result.failure !== null) return result.failure;
  if (result.interrupted) return EXIT.interrupted;
  return result.hung ? EXIT.hang : EXIT.ok;
}
