/**
 * A machine in the test's own thread: CPU 0 is this thread, the others are Workers.
 *
 * The arena must exist before the kernel's structures are laid out, so a test file opens one machine
 * and imports everything above it afterwards; statically it imports only types, constants and this.
 * Files that need several machines use remote.ts.
 */
import { assemble, type Assembled, type Assembly } from "../../src/cli/cpu/assemble.ts";
import { DEFAULT_CONFIG, type MachineConfig, ONCE } from "../../src/machine/executor.ts";
import { parseProgram } from "../../src/prog/parse.ts";
import { printOperation, printProgram, printStep } from "../../src/prog/print.ts";
import { render } from "../../src/report/render.ts";
import type { Preempt, Program, TargetSpec } from "../../src/prog/types.ts";
import type { TracePoint } from "../../src/report/types.ts";
import type { Executor } from "../../src/machine/executor.ts";

const root = new URL("../../", import.meta.url);

/** Absolute URL of a file of the project. */
export function file(path: string): string {
  return new URL(path, root).href;
}

export const LAB = file("test/machine/targets/lab.ts");
export const OBJCG = file("fuzz/objcg.ts");

/** What a machine is made of; plain data. */
export interface MachineOptions extends Partial<MachineConfig> {
  readonly kernel?: string;
  /** URL of the target's module. */
  readonly target?: string;
  readonly patches?: readonly string[];
  /** Sanitizers left out. */
  readonly without?: readonly string[];
  /** Remember who allocated and freed what, for the report. */
  readonly stacks?: boolean;
  /** Fibers try each execution, as in `fuzz`: it comes to the same, and sooner. */
  readonly scout?: boolean;
  /** There are no Workers: fibers run each execution. */
  readonly fibersOnly?: boolean;
}

export interface RunOptions {
  readonly preempt?: Preempt;
  /** CPUs of the program; those of the machine if absent. */
  readonly cpus?: number;
  /** False: do not record. */
  readonly trace?: boolean;
}

/** What an execution came to; plain data. */
export interface Ran {
  readonly title: string | null;
  /** Oracle and kind of the finding; "" if there is none. */
  readonly oracle: string;
  readonly kind: string;
  readonly text: string;
  readonly cpu: number;
  readonly stack: readonly string[];
  readonly hash: string;
  readonly points: number;
  readonly switches: number;
  readonly unreached: number;
  readonly unreachedFirst: number;
  readonly trace: readonly TracePoint[];
  /** What the operations returned, in program order. */
  readonly returns: readonly number[];
  /** The recorded schedule in symbolic form, printed. */
  readonly steps: readonly string[];
  /** The report of the finding, or "". */
  readonly report: string;
}

export interface Machine {
  readonly assembled: Assembled;
  readonly executor: Executor;
  readonly spec: TargetSpec;
  /** Parse a program: operations and schedule; the header is added. */
  parse(body: string, options?: RunOptions): Program;
  run(body: string | Program, options?: RunOptions): Ran;
  /** The same program with the schedule that was recorded last. */
  recorded(p: Program): Program;
  close(): void;
}

/** Complete a program's header. */
function withHeader(body: string, target: string, cpus: number, preempt: string): string {
  const lines = body.split("\n").map((l) => l.trim());
  return [
    "objcg-fuzz 1",
    "title: test",
    `target: ${target}`,
    `cpus: ${cpus}`,
    `preempt: ${preempt}`,
  ]
    .concat("", lines).join("\n");
}

function join(assembly: Assembly, cpu: number, buffer: SharedArrayBuffer): Promise<Worker> {
  const worker = new Worker(file("src/cli/cpu/worker.ts"), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if (data.failed) reject(new Error(data.failed));
      else resolve(worker);
    };
    worker.postMessage({ assembly, cpu, buffer });
  });
}

/** What the parts of a machine share: modules that exist once it is assembled, and its options. */
interface Parts {
  readonly kernel: string;
  readonly spec: TargetSpec;
  readonly executor: Executor;
  readonly input: typeof import("../../src/engine/inputs/input.ts");
  readonly readOops: typeof import("../../src/machine/findings/oops.ts").readOops;
}

/** The report of a finding of the kernel's, or "". */
function reportOf({ executor, kernel }: Parts, p: Program): string {
  if (executor.outcome().found?.fault !== "kernel") return "";
  return render({
    kernel,
    preempt: p.preempt,
    cpus: p.cpus,
    ops: p.ops.map(printOperation),
    finding: executor.recording.finding(),
    trace: executor.recording.points(),
    files: ["crash.txt"],
    command: `deno task replay --kernel ${kernel} crash.txt`,
  });
}

/** Run a program, and copy what it came to. */
function runOn(parts: Parts, p: Program, trace: boolean): Ran {
  const { executor, input, readOops, spec } = parts;
  const errors = input.load(executor, p, spec);
  if (errors.length > 0) throw new Error(errors.map((e) => e.message).join("\n"));
  if (trace) executor.record(input.formOf(p));
  else executor.execute(input.formOf(p), ONCE);
  const { found, traceHash, ...counts } = executor.outcome();
  const oops = readOops();
  const { recording } = executor;
  return {
    title: found?.title ?? null,
    oracle: found?.oracle ?? "",
    kind: oops?.kind.name ?? "",
    text: found?.text ?? "",
    cpu: oops?.cpu ?? -1,
    stack: oops?.stack ?? [],
    hash: trace ? traceHash : "",
    points: counts.points,
    switches: counts.switches,
    unreached: counts.unreached,
    unreachedFirst: counts.unreachedFirst,
    trace: trace ? recording.points() : [],
    returns: p.ops.map((_, i) => executor.returned(i)),
    steps: trace ? recording.steps().map(printStep) : [],
    report: trace ? reportOf(parts, p) : "",
  };
}

/** Assemble a machine; once per module graph. */
export async function makeMachine(options: MachineOptions = {}): Promise<Machine> {
  const { kernel = "posted", target = LAB, patches = [], without = [], ...others } = options;
  const { stacks, scout, fibersOnly, ...rest } = others;
  const config = { ...DEFAULT_CONFIG, cpus: 2, ...rest };
  const assembly: Assembly = { config, kernel, patches, target, without };
  const assembled = await assemble(assembly, 0);
  if (stacks) (await import("../../src/machine/record/stacks.ts")).captureStacks();
  const workers: Worker[] = [];
  for (let cpu = 1; cpu < config.cpus && !fibersOnly; cpu++) {
    workers.push(await join(assembly, cpu, assembled.buffer));
  }
  const { specOf } = await import("../../src/prog/target.ts");
  const input = await import("../../src/engine/inputs/input.ts");
  const { readOops } = await import("../../src/machine/findings/oops.ts");
  const { Workers } = await import("../../src/machine/workers.ts");
  const { ActiveSanitizers } = await import("../../src/sanitizers/active.ts");
  const judges = new ActiveSanitizers(assembled.sanitizers);
  const { Scout } = await import("../../src/machine/scout.ts");
  const { FibersOnly } = await import("./fibers_only.ts");
  const executor = fibersOnly
    ? new FibersOnly(judges)
    : scout
    ? new Scout(judges, "all")
    : new Workers(judges);
  const spec = specOf(assembled.target);
  const parts: Parts = { kernel, spec, executor, input, readOops };
  let open = true;

  function parse(body: string, o: RunOptions = {}): Program {
    const text = withHeader(body, spec.name, o.cpus ?? config.cpus, o.preempt ?? "full");
    const { program, errors } = parseProgram(text, "test", [spec]);
    if (program === null) throw new Error(errors.map(String).join("\n"));
    return program;
  }

  function run(body: string | Program, o: RunOptions = {}): Ran {
    const p = typeof body === "string" ? parse(body, o) : body;
    return runOn(parts, p, o.trace ?? !config.free);
  }

  function close(): void {
    if (open) {
      executor.close();
      // They have left their loops, or are about to; nothing is waited for.
      for (const worker of workers) worker.terminate();
    }
    open = false;
  }
  globalThis.addEventListener("unload", close);
  const recorded = (p: Program) => input.withRecordedSchedule(executor, p);
  return { assembled, executor, spec, parse, run, close, recorded };
}

/** The text of a program, for messages of failed properties. */
export const textOf = printProgram;

/** Functions of a trace in the order in which they were entered, on one CPU or all. */
export function entered(
  trace: readonly TracePoint[],
  names: readonly string[],
  cpu = -1,
): string[] {
  const found: string[] = [];
  let before: readonly string[] = [];
  for (const p of trace) {
    if (cpu >= 0 && p.cpu !== cpu) continue;
    p.stack.forEach((f, depth) => {
      if (names.includes(f) && before[depth] !== f) found.push(f);
    });
    before = p.stack;
  }
  return found;
}

/** Points as `cpu0 fn: what field`, for comparing orders. */
export function lines(trace: readonly TracePoint[], match: RegExp): string[] {
  return trace.map((p) =>
    `cpu${p.cpu} ${p.context === "task" ? "" : `[${p.context}] `}${
      p.stack.at(-1) ?? "-"
    }: ${p.what}` +
    `${p.field === null ? "" : ` ${p.field}`}`
  ).filter((l) => match.test(l));
}
