/**
 * The text that `seed new` writes: a program that runs, with comments that explain the format.
 *
 * @module
 */
import { OR } from "./flags.ts";
import { printProgram } from "./print.ts";
import {
  type Arg,
  type ArgSpec,
  BOOT,
  type Limits,
  limitsOf,
  type Operation,
  type OpSpec,
  type Program,
  type TargetSpec,
} from "./types.ts";

const headersHelp = ({ cpus }: Limits) => [
  "Headers. Every line after the first is a header, an operation, a step or a comment like this one.",
  "A comment has a line of its own.",
  "",
  "  title: what goes wrong, in one line        (required)",
  "  link: https://lore.kernel.org/r/MESSAGE-ID (repeatable)",
  "  status: real, draft, latent, benign or hypothesis, and why",
  "  target: the file in fuzz/ that offers the operations; default: objcg",
  "  patch: a file that replaces kernel functions (repeatable)",
  `  cpus: 1 to ${String(cpus).padEnd(3)}                             (required)`,
  "  preempt: none, full or rt; default: full",
  "  kcsan: look for data races: value-change, strict or permissive",
  "  expect KERNEL: the title that a replay on this kernel must report, or none",
  "",
  '"deno task replay FILE" runs the program on each of these kernels and compares.',
];

const OPERATIONS_HELP = [
  "Operations, one per line. Boot operations run first, before the schedule starts. Each CPU runs its",
  "operations in their order; the schedule decides when.",
  "",
  "  boot  name = operation(arguments)",
  "  cpu0  operation(arguments)",
  "  cpu1  softirq operation(arguments)       a softirq (or hardirq, or nmi) that interrupts cpu1",
  "  cpu0  operation(arguments) {fail 1, 3}   its first and third allocation fail",
  "  cpu0  operation(arguments) = -ENOMEM     a replay must see this return value",
  "",
  "An argument is a number (64 or 0x40), a CPU (cpu1), the name of an earlier result, or flags:",
  'words joined by "|". An argument in brackets may be left out.',
];

const SCHEDULE_HELP = [
  "Schedule, one step per line. A step runs one CPU up to a point. A point is named by a function, or",
  "by a function and what it is about to do there. The replay reports points that are never reached.",
  "",
  "  cpu0 until end                            all its operations are done",
  "  cpu0 until after OPERATION                this operation of its is done, the next has not begun",
  "  cpu0 until FUNCTION                       until it is about to enter FUNCTION",
  "  cpu0 until FUNCTION #2                    ... for the second time in this step",
  "  cpu0 until FUNCTION: CALLEE               until it is about to call CALLEE from FUNCTION",
  "  cpu0 until FUNCTION: xchg cached_objcg    until it is about to do this to this field",
  "  cpu0 interrupt                            its next softirq, hardirq or nmi operation runs here",
  "  cpu0 softirq                              its RCU callbacks that are due run here",
  "  cpu0 kworker                              its kworker preempts it here, and runs its work",
  "",
  'Without a schedule the CPUs run one after the other. "schedule: numeric" is the form of the fuzzer.',
];

/** CPUs of a template. It has one boot operation, and one operation for each CPU. */
const TEMPLATE_CPUS = 2;

/**
 * A commented template for a seed of `spec`.
 *
 * @param body Operations, and a schedule if there is one. Without it, a minimal program is composed
 * from the target's operations.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { cpu, parseProgram, specOf } from "@objcg/fuzz";
 * const spec = specOf({
 *   name: "demo",
 *   doc: "A demonstration.",
 *   ops: { poke: { doc: "Do it.", args: [cpu("cpu")], run: () => 0 } },
 * });
 * const text = scaffold("it races", ["https://lore.kernel.org/r/1"], spec);
 * assert(parseProgram(text, "new.txt", [spec]).program !== null);
 * ```
 */
export function scaffold(
  title: string,
  links: readonly string[],
  spec: TargetSpec,
  body?: string,
): string {
  const program: Program = {
    title: oneLine(title) || "untitled",
    links: links.map(oneLine).filter((link) => link !== ""),
    status: "draft",
    target: spec.name,
    cpus: TEMPLATE_CPUS,
    preempt: "full",
    expects: [],
    extra: [],
    comments: headersHelp(limitsOf(spec)).map(asComment),
    ops: [],
    schedule: null,
    scheduleComments: SCHEDULE_HELP.map(asComment),
    trailing: [],
  };
  const help = [...OPERATIONS_HELP, "", ...describeTarget(spec)].map(asComment);
  if (body !== undefined) {
    const comment = [...help, "", ...program.scheduleComments].map((text) => `# ${text}`.trimEnd());
    return [printProgram(program), ...comment, "", body.trim(), ""].join("\n");
  }
  program.ops = composeOperations(spec);
  if (program.ops.length > 0) program.ops[0].comments = [...help, ""];
  else program.comments.push("", ...help);
  program.schedule = {
    kind: "symbolic",
    steps: Array.from({ length: TEMPLATE_CPUS }, (_, cpu) => ({ cpu, kind: "end", comments: [] })),
  };
  return printProgram(program);
}

/** The operations of a target, each with its signature and its sentence. */
export function describeTarget(spec: TargetSpec): string[] {
  const lines = [`The operations of ${spec.name} are`];
  for (const op of spec.ops) {
    const result = op.result === undefined ? "" : `${op.result} = `;
    const where = op.where === undefined || op.where === "any" ? "" : ` (${op.where} only)`;
    const contexts = op.contexts === undefined ? "" : ` (in ${op.contexts.join(", ")})`;
    lines.push(
      "",
      `  ${result}${op.name}(${op.args.map(describeArg).join(", ")})${where}${contexts}`,
    );
    lines.push(`    ${oneLine(op.doc)}`);
  }
  const predefined = spec.predefined.map(({ name, type }) => `${name} (${type})`);
  if (predefined.length > 0) {
    lines.push("", `and these exist from the start: ${predefined.join(", ")}.`);
  }
  return lines;
}

function describeArg(arg: ArgSpec): string {
  if (arg.type === "int") return `${arg.name}: ${arg.min}..${arg.max}`;
  if (arg.type === "cpu") return `${arg.name}: cpu`;
  if (arg.type === "flags") return `[${arg.name}: ${Object.keys(arg.words).join(OR)}]`;
  return arg.name === arg.of ? arg.name : `${arg.name}: ${arg.of}`;
}

/**
 * The smallest program that shows every part: a boot operation with a result, and an operation on
 * each CPU.
 *
 * A predefined resource is an argument only if no operation made one of its type: a first example
 * should not destroy what the target needs.
 */
function composeOperations(spec: TargetSpec): Operation[] {
  const made = new Map<string, string>(spec.predefined.map(({ name, type }) => [type, name]));
  const usable = spec.ops.filter(({ weight = 1, contexts = ["task"] }) =>
    weight > 0 && contexts.includes("task")
  );
  const ops: Operation[] = [];
  const maker = usable.find((op) =>
    op.where !== "run" && op.result !== undefined && canCall(op, made)
  );
  if (maker !== undefined) {
    const op = callOperation(maker, BOOT, made);
    op.result = "a";
    made.set(maker.result!, op.result);
    ops.push(op);
  }
  const onCpu = usable.filter((op) => op.where !== "boot" && op !== maker && canCall(op, made));
  for (let cpu = 0; cpu < TEMPLATE_CPUS && cpu < onCpu.length; cpu++) {
    ops.push(callOperation(onCpu[cpu], cpu, made));
  }
  return ops;
}

function canCall(op: OpSpec, made: ReadonlyMap<string, string>): boolean {
  return op.args.every((arg) => arg.type !== "ref" || made.has(arg.of));
}

function callOperation(op: OpSpec, cpu: number, made: ReadonlyMap<string, string>): Operation {
  const args = op.args.flatMap((arg): Arg[] => {
    switch (arg.type) {
      case "int":
        return [{ kind: "int", value: arg.interesting[0] ?? arg.min }];
      case "cpu":
        return [{ kind: "cpu", cpu: 0 }];
      case "ref":
        return [{ kind: "ref", name: made.get(arg.of)! }];
      case "flags":
        return []; // may be left out
    }
  });
  return { cpu, context: "task", name: op.name, args, fail: [], comments: [] };
}

/** Makes a blank line of an explanation a bare `#`, so that the block stays one. */
function asComment(text: string): string {
  return text === "" ? " " : text;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
