/**
 * What a program must satisfy beyond its syntax: the signatures of its target, and the limits.
 *
 * The parser runs these checks on a program that it read. Code that builds a program in memory runs
 * them too. A program that passes can be packed, and its printed text reads back as the same
 * program.
 *
 * @module
 */
import { OperationChecker } from "./_check_operation.ts";
import { isForeignKey, STEP_LIMIT_MIN, wrongCpus, wrongStepLimit } from "./_header.ts";
import { checkCapacity, checkCpu, isWithin, type Report } from "./_report.ts";
import { FIELD_NAME, POINT_NAME, STEP_PLACES } from "./_schedule.ts";
import { ParseError, quote, unknownWord } from "./errors.ts";
import { Positions } from "./positions.ts";
import {
  type FileRef,
  LIMITS,
  limitsOf,
  type NumericEvent,
  type Position,
  type Program,
  type Step,
  type TargetSpec,
} from "./types.ts";

/** Where a program comes from; empty for a program that was built in memory. */
export interface CheckOptions {
  readonly file?: string;
  readonly positions?: Positions;
  /** Names that unreadable lines seem to define. A use of such a name is no second error. */
  readonly unread?: readonly string[];
  /** What is wrong with the name of a kernel, if anything is. Without it, every name is taken. */
  readonly kernelError?: (kernel: string) => string | undefined;
  /** Sanitizers that the program may leave out. Without them, every name is taken. */
  readonly sanitizers?: readonly string[];
}

/**
 * All errors of a program. A program without errors can be packed, run and printed.
 *
 * @param spec The program's target; null checks only the rules that hold for every target.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cpu, PROGRAM_WORDS, specOf, unpackProgram } from "@objcg/fuzz";
 * const spec = specOf({
 *   name: "demo",
 *   doc: "A demonstration.",
 *   ops: { poke: { doc: "Do it.", args: [cpu("cpu")], run: () => 0 } },
 * });
 * const program = unpackProgram(new Int32Array(PROGRAM_WORDS), spec);
 * program.cpus = 33;
 * assertEquals(checkProgram(program, spec).map(String), [
 *   'Cannot read header "cpus": "33" is not a number from 1 to 32',
 * ]);
 * ```
 */
export function checkProgram(
  program: Program,
  spec: TargetSpec | null,
  options: CheckOptions = {},
): ParseError[] {
  const { file = "", positions = new Positions() } = options;
  const errors: ParseError[] = [];
  const limits = limitsOf(spec);
  const cpusOk = isWithin(program.cpus, 1, limits.cpus);
  const report: Report = {
    cpus: cpusOk ? program.cpus : limits.cpus,
    limits,
    positions,
    add: (at, message) => errors.push(new ParseError(file, at, message)),
  };
  if (!cpusOk) {
    report.add(
      positions.find(program, "cpus"),
      wrongCpus(String(program.cpus), limits),
    );
  }
  if (spec !== null && spec.name !== program.target) {
    report.add(
      positions.find(program, "target"),
      `Cannot check a program for "${program.target}": the target is "${spec.name}"`,
    );
  }
  checkSurroundings(program, report, options.sanitizers);
  checkExpectations(program, report, options.kernelError);
  checkOperations(program, spec, report, options.unread ?? []);
  checkSchedule(program, spec, report);
  // A text from a file is always one line. The parser reports a text that is missing.
  if (options.positions === undefined) checkTexts(program, report);
  return errors;
}

function checkSurroundings(
  program: Program,
  report: Report,
  sanitizers: readonly string[] | undefined,
): void {
  const { stepLimit, without = [] } = program;
  const at = (part: string) => report.positions.find(program, part);
  if (stepLimit !== undefined && !isWithin(stepLimit, STEP_LIMIT_MIN, LIMITS.stepLimit)) {
    report.add(at("step-limit"), wrongStepLimit(String(stepLimit)));
  }
  for (const word of without) {
    if (sanitizers === undefined || sanitizers.includes(word)) continue;
    report.add(at("without"), unknownWord("sanitizer", word, sanitizers));
  }
}

function checkExpectations(
  program: Program,
  report: Report,
  kernelError: CheckOptions["kernelError"],
): void {
  const seen = new Set<string>();
  for (const expectation of program.expects) {
    const { kernel } = expectation;
    const at = report.positions.find(expectation, "kernel");
    if (seen.has(kernel)) report.add(at, `Duplicate expectation for kernel ${quote(kernel)}`);
    seen.add(kernel);
    const error = kernelError?.(kernel);
    if (error !== undefined) report.add(at, error);
  }
}

function checkOperations(
  program: Program,
  spec: TargetSpec | null,
  report: Report,
  unread: readonly string[],
): void {
  const { ops } = program;
  const at = () => report.positions.find(ops[report.limits.ops], "at");
  checkCapacity(ops.length, "ops", at, report);
  const checker = new OperationChecker(ops, spec, report, unread);
  for (const op of ops) checker.check(op);
}

function checkSchedule(program: Program, spec: TargetSpec | null, report: Report): void {
  const { schedule } = program;
  if (schedule === null) return;
  const { positions } = report;
  if (schedule.kind === "symbolic") {
    const { steps } = schedule;
    const at = () => positions.find(steps[LIMITS.steps], "at");
    checkCapacity(steps.length, "steps", at, report);
    for (const step of steps) checkStep(step, spec, report);
    return;
  }
  const { order, events } = schedule;
  // The parser has reported an order that it could not read.
  const unread = order.length === 0 && positions.has(program, "order");
  const orderAt = positions.find(program, order.length > 0 ? "order" : "schedule");
  if (!unread) checkOrder(order, orderAt, report);
  const at = () => positions.find(events[report.limits.events], "at");
  checkCapacity(events.length, "events", at, report);
  for (const event of events) checkEvent(event, report);
}

function checkStep(step: Step, spec: TargetSpec | null, report: Report): void {
  const at = report.positions.find(step, "at");
  checkCpu(step.cpu, at, report);
  if (step.kind === "after") checkAfter(step, spec, report);
  if (step.kind !== "until") return;
  const { fn, what, field, nth } = step.until;
  const named = isWhole(fn, POINT_NAME) && !STEP_PLACES.includes(fn) &&
    (what === undefined ? field === undefined : isWhole(what, POINT_NAME)) &&
    (field === undefined || isWhole(field, FIELD_NAME));
  if (!named) report.add(at, `Cannot write step: ${quote(fn)} is not a point that can be named`);
  checkCount(nth, at, report);
}

function checkAfter(
  step: Extract<Step, { kind: "after" }>,
  spec: TargetSpec | null,
  report: Report,
): void {
  const at = report.positions.find(step, "at");
  const { nth, op } = step.after;
  checkCount(nth, at, report);
  const known = spec?.ops.map(({ name }) => name);
  if (known === undefined || known.includes(op)) return;
  report.add(step.places?.op ?? at, unknownWord("operation", op, known));
}

function checkCount(nth: number, at: Position, report: Report): void {
  if (isWithin(nth, 1, Number.MAX_SAFE_INTEGER)) return;
  report.add(at, `Cannot write step: "#${nth}" is not a count from #1`);
}

function checkOrder(order: readonly number[], at: Position, report: Report): void {
  const sorted = [...order].sort((a, b) => a - b);
  if (sorted.length === report.cpus && sorted.every((cpu, i) => cpu === i)) return;
  report.add(
    at,
    `Cannot read order: expected each of the ${report.cpus} CPUs once, as in "order ${
      Array.from({ length: Math.min(report.cpus, 3) }, (_, i) => `cpu${i}`).join(" ")
    }${report.cpus > 3 ? " …" : ""}"`,
  );
}

function checkEvent(event: NumericEvent, report: Report): void {
  const { positions } = report;
  if (!isWithin(event.gap, 0, 0x7fffffff)) {
    report.add(
      positions.find(event, "at"),
      `Cannot read gap: "${event.gap}" does not fit in 31 bits`,
    );
  }
  if (event.action === "switch") checkCpu(event.cpu ?? -1, positions.find(event, "cpu"), report);
}

/** The texts of a program must read back from a file as they were. */
function checkTexts(program: Program, report: Report): void {
  const texts: Record<string, string[]> = {
    title: [program.title],
    link: program.links,
    status: program.status === undefined ? [] : [program.status],
    target: [program.target, ...fileTexts(program.targetFile)],
    patch: (program.patches ?? []).flatMap(fileTexts),
    without: (program.without ?? []).map((word) => word.replace(/[\s,]/, "\n")),
    expect: program.expects.flatMap(({ title }) => title ?? []),
    kernel: program.expects.map(({ kernel }) => kernel.replace(/[\s:]/, "\n")),
  };
  const nowhere = report.positions.find(program, "title");
  for (const [key, values] of Object.entries(texts)) {
    for (const value of values) {
      if (isLine(value) && value !== "" && !(key === "expect" && value === "none")) continue;
      report.add(nowhere, `Cannot write header "${key}": ${quote(value)} is not one line of text`);
    }
  }
  for (const { key, value } of program.extra) {
    if (isForeignKey(key) && isLine(value)) continue;
    report.add(nowhere, `Cannot write header ${quote(key)}: it would not read back`);
  }
  const steps = program.schedule?.kind === "symbolic" ? program.schedule.steps : [];
  const owners = [...program.ops, ...steps].flatMap(({ comments }) => comments);
  for (
    const text of [...program.comments, ...owners, ...program.scheduleComments, ...program.trailing]
  ) {
    if (isLine(text.trim())) continue;
    report.add(nowhere, `Cannot write comment: ${quote(text)} is not one line of text`);
  }
}

/** The text of a path, as far as it must read back. */
function fileTexts(file: FileRef | undefined): string[] {
  return file === undefined ? [] : [file.path.replace(/\s+sha256:\S*$/, "\n")];
}

/** Whether a text reads back unchanged from one line. */
function isLine(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return text === text.trim() && !/[\x00-\x08\x0a-\x1f\x7f\ufffd]/.test(text);
}

function isWhole(text: string, pattern: RegExp): boolean {
  pattern.lastIndex = 0;
  return pattern.exec(text)?.[0] === text;
}
