/**
 * The canonical text of a program: `print(parse(print(p))) === print(p)`.
 *
 * @module
 */
import { commentLine, tidyComments } from "./comments.ts";
import { OR } from "./flags.ts";
import { DEFAULT_TARGET, MAGIC, VERSION } from "./format.ts";
import {
  type Arg,
  BOOT,
  type FileRef,
  type NumericEvent,
  type Operation,
  type Program,
  type Step,
} from "./types.ts";

/**
 * The canonical text of a whole file, with a newline at its end.
 *
 * Parsing the text gives the program back. `seed fmt` writes this text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cpu, parseProgram, specOf } from "@objcg/fuzz";
 * const spec = specOf({
 *   name: "demo",
 *   doc: "A demonstration.",
 *   ops: { poke: { doc: "Do it.", args: [cpu("cpu")], run: () => 0 } },
 * });
 * const text = `objcg-fuzz 1
 * title: a demonstration
 * target: demo
 * cpus: 2
 *
 * cpu0  poke(cpu1)
 *
 * schedule:
 * cpu0 until end
 * `;
 * const { program } = parseProgram(text, "demo.txt", [spec]);
 * assertEquals(printProgram(program!), text);
 * ```
 */
export function printProgram(program: Program): string {
  const lines = [`${MAGIC} ${VERSION}`, ...printComments(program.comments, true, true)];
  lines.push(...printHeaders(program));
  if (program.ops.length > 0) lines.push("", ...printOperations(program.ops));
  if (program.schedule !== null) lines.push("", ...printSchedule(program));
  const orphans = program.schedule === null ? program.scheduleComments : [];
  const trailing = printComments([...orphans, ...program.trailing], true, true);
  if (trailing.length > 0) lines.push("", ...trailing);
  return lines.join("\n") + "\n";
}

/**
 * One operation as a file holds it, without its comments.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const text = printOperation({
 *   cpu: 0,
 *   context: "softirq",
 *   name: "kmalloc",
 *   args: [{ kind: "int", value: 64 }],
 *   result: "x",
 *   fail: [1],
 *   returns: "-ENOMEM",
 *   comments: [],
 * });
 * assertEquals(text, "cpu0  softirq x = kmalloc(64) {fail 1} = -ENOMEM");
 * ```
 */
export function printOperation(op: Operation): string {
  let text = op.cpu === BOOT ? "boot  " : `cpu${op.cpu}  `;
  if (op.context !== "task") text += `${op.context} `;
  if (op.result !== undefined) text += `${op.result} = `;
  text += `${op.name}(${op.args.map(printArg).join(", ")})`;
  if (op.fail.length > 0) text += ` {fail ${op.fail.join(", ")}}`;
  if (op.returns !== undefined) text += ` = ${op.returns}`;
  return text;
}

/**
 * One step of a symbolic schedule, without its comments.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const until = { fn: "refill_obj_stock", what: "xchg", field: "nr_charged_bytes", nth: 2 };
 * const text = printStep({ cpu: 1, kind: "until", until, comments: [] });
 * assertEquals(text, "cpu1 until refill_obj_stock: xchg nr_charged_bytes #2");
 * ```
 */
export function printStep(step: Step): string {
  const cpu = `cpu${step.cpu}`;
  if (step.kind === "end") return `${cpu} until end`;
  if (step.kind === "after") {
    const { nth, op } = step.after;
    return `${cpu} until after ${op}${nth > 1 ? ` #${nth}` : ""}`;
  }
  if (step.kind !== "until") return `${cpu} ${step.kind}`;
  const { fn, what, field, nth } = step.until;
  let text = `${cpu} until ${fn}`;
  if (what !== undefined) text += `: ${what}`;
  if (field !== undefined) text += ` ${field}`;
  if (nth > 1) text += ` #${nth}`;
  return text;
}

/**
 * One event of a numeric schedule: points to let pass, then what happens.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(printEvent({ gap: 12, action: "switch", cpu: 1 }), "+12 switch cpu1");
 * ```
 */
export function printEvent(event: NumericEvent): string {
  const cpu = event.cpu === undefined ? "" : ` cpu${event.cpu}`;
  return `+${event.gap} ${event.action}${cpu}`;
}

function printHeaders(program: Program): string[] {
  const lines = [`title: ${program.title}`];
  for (const link of program.links) lines.push(`link: ${link}`);
  if (program.status !== undefined) lines.push(`status: ${program.status}`);
  if (program.target !== DEFAULT_TARGET || program.targetFile !== undefined) {
    const file = program.targetFile === undefined ? "" : ` ${printFileRef(program.targetFile)}`;
    lines.push(`target: ${program.target}${file}`);
  }
  for (const patch of program.patches ?? []) lines.push(`patch: ${printFileRef(patch)}`);
  lines.push(`cpus: ${program.cpus}`);
  if (program.preempt !== "full") lines.push(`preempt: ${program.preempt}`);
  if (program.kcsan !== undefined) lines.push(`kcsan: ${program.kcsan}`);
  const { everyStep = false, stepLimit, without = [] } = program;
  if (without.length > 0) lines.push(`without: ${without.join(", ")}`);
  if (stepLimit !== undefined) lines.push(`step-limit: ${stepLimit}`);
  if (everyStep) lines.push("every-step: yes");
  for (const { kernel, title } of program.expects) {
    lines.push(`expect ${kernel}: ${title ?? "none"}`);
  }
  for (const { key, value } of program.extra) lines.push(`${key}: ${value}`.trimEnd());
  return lines;
}

function printFileRef({ path, sha256 }: FileRef): string {
  return sha256 === undefined ? path : `${path} sha256:${sha256}`;
}

function printOperations(ops: readonly Operation[]): string[] {
  return ops.flatMap((op, i) => [...printComments(op.comments, i === 0), printOperation(op)]);
}

function printSchedule(program: Program): string[] {
  const lines = printComments(program.scheduleComments, true);
  const schedule = program.schedule!;
  if (schedule.kind === "symbolic") {
    lines.push("schedule:");
    schedule.steps.forEach((step, i) => {
      lines.push(...printComments(step.comments, i === 0), printStep(step));
    });
  } else {
    lines.push("schedule: numeric");
    lines.push(`order ${schedule.order.map((cpu) => `cpu${cpu}`).join(" ")}`);
    lines.push(...schedule.events.map(printEvent));
  }
  return lines;
}

function printComments(comments: readonly string[], first: boolean, last = false): string[] {
  return tidyComments(comments, first, last).map(commentLine);
}

/** An argument as a file holds it. */
export function printArg(arg: Arg): string {
  if (arg.kind === "int") return String(arg.value);
  if (arg.kind === "flags") return arg.words.join(OR);
  return arg.kind === "ref" ? arg.name : `cpu${arg.cpu}`;
}
