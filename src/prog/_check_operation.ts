/**
 * Checks of operations against the signatures of their target.
 *
 * @module
 */
import { RESERVED, RESULT_NAME } from "./_operation.ts";
import { checkCapacity, checkCpu, isWithin, type Report } from "./_report.ts";
import { bitsOf, type FlagsSpec, isOptional } from "./flags.ts";
import { printArg } from "./print.ts";
import { ERRNO } from "./errno.ts";
import { oneOf, quote, unknownWord } from "./errors.ts";
import {
  type Arg,
  type ArgSpec,
  BOOT,
  LIMITS,
  type Operation,
  type OpSpec,
  type TargetSpec,
} from "./types.ts";

/** Allocations that the packed word has a bit for. */
const FAIL_MAX = 32;

/** Where a name was defined, and its type. There is no type if the operation is unknown. */
interface Definition {
  readonly type?: string;
  readonly line: number;
}

/** Checks the operations of one program, in order. */
export class OperationChecker {
  readonly #spec: TargetSpec | null;
  readonly #report: Report;
  readonly #names: Map<string, Definition>;
  /** All names that an operation defines. They tell a typo from a use before the definition. */
  readonly #later: Map<string, Operation>;
  #cpuOpSeen = false;

  constructor(
    ops: readonly Operation[],
    spec: TargetSpec | null,
    report: Report,
    unread: readonly string[],
  ) {
    this.#spec = spec;
    this.#report = report;
    this.#names = new Map(spec?.predefined.map(({ name, type }) => [name, { type, line: 0 }]));
    for (const name of unread) this.#names.set(name, { line: 0 });
    const named = ops.filter(({ result }) => result !== undefined);
    this.#later = new Map(named.map((op) => [op.result!, op]));
  }

  /** Reports every error of the next operation. */
  check(op: Operation): void {
    const spec = this.#spec?.ops.find(({ name }) => name === op.name);
    this.#checkPlace(op, spec);
    if (spec !== undefined) {
      this.#checkArity(op, spec);
      this.#checkFail(op, spec);
    } else if (this.#spec !== null) {
      const known = this.#spec.ops.map(({ name }) => name);
      this.#add(op, "name", unknownWord("operation", op.name, known));
    }
    this.#checkReturn(op);
    this.#define(op, spec);
  }

  #add(op: Operation, part: string, message: string): void {
    this.#report.add(this.#report.positions.find(op, part), message);
  }

  #checkPlace(op: Operation, spec: OpSpec | undefined): void {
    if (op.cpu !== BOOT) {
      this.#cpuOpSeen = true;
      checkCpu(op.cpu, this.#report.positions.find(op, "at"), this.#report);
    } else if (this.#cpuOpSeen) {
      this.#add(
        op,
        "at",
        "Boot operations must come before the operations of CPUs: move this line up",
      );
    }
    if (op.cpu === BOOT && op.context !== "task") {
      this.#add(op, "context", `Cannot boot in ${op.context}: boot operations run in task`);
    }
    if (spec === undefined) return;
    const { where = "any", contexts = ["task"] } = spec;
    if (where === "boot" && op.cpu !== BOOT) {
      this.#add(op, "name", `Cannot run "${op.name}" on a CPU: it may run only at boot`);
    } else if (where === "run" && op.cpu === BOOT) {
      this.#add(op, "name", `Cannot run "${op.name}" at boot: it may run only on a CPU`);
    }
    if (contexts.includes(op.context)) return;
    const part = op.context === "task" ? "name" : "context";
    if (op.cpu === BOOT && part === "context") return;
    this.#add(
      op,
      part,
      `Cannot run "${op.name}" in ${op.context}: it may run in ${oneOf(contexts)}`,
    );
  }

  #checkArity(op: Operation, spec: OpSpec): void {
    const { args } = spec;
    const least = args.filter((arg) => !isOptional(arg)).length;
    if (op.args.length < least || op.args.length > args.length) {
      const count = op.args.length === 1 ? "1 argument" : `${op.args.length} arguments`;
      const signature = `${spec.name}(${args.map(argumentName).join(", ")})`;
      this.#add(op, "name", `Cannot call "${op.name}" with ${count}: expected ${signature}`);
    }
    const checked = Math.min(op.args.length, args.length);
    for (let i = 0; i < checked; i++) this.#checkArg(op, op.args[i], i, args[i]);
  }

  #checkArg(op: Operation, arg: Arg, index: number, spec: ArgSpec): void {
    const { positions } = this.#report;
    const at = arg.at ?? positions.find(op, "at");
    const fail = (what: string) =>
      this.#report.add(at, `Cannot parse argument ${index + 1} of "${op.name}": ${what}`);
    const text = `"${printArg(arg)}"`;
    if (spec.type === "int") {
      if (arg.kind === "int" && isWithin(arg.value, spec.min, spec.max)) return;
      fail(`${text} is not ${withArticle(spec.name)} from ${spec.min} to ${spec.max}`);
    } else if (spec.type === "cpu") {
      if (arg.kind === "cpu") checkCpu(arg.cpu, at, this.#report);
      else fail(`${text} is not a CPU such as "cpu0"`);
    } else if (spec.type === "flags") {
      if (arg.kind !== "flags") return fail(`${text} is no word such as "${wordList(spec)[0]}"`);
      const wrong = bitsOf(spec, arg.words);
      if (typeof wrong === "string") fail(lower(unknownWord("word", wrong, wordList(spec))));
    } else if (arg.kind === "ref") {
      const wrong = this.#checkReference(arg.name, spec.of);
      if (wrong !== undefined) fail(wrong);
    } else {
      fail(`${text} is not the name of ${withArticle(spec.of)}`);
    }
  }

  #checkReference(name: string, of: string): string | undefined {
    const definition = this.#names.get(name);
    if (definition !== undefined) {
      if (definition.type === undefined || definition.type === of) return undefined;
      return `"${name}" is ${withArticle(definition.type)}, not ${withArticle(of)}`;
    }
    const later = this.#later.get(name);
    if (later === undefined) {
      return lower(unknownWord("name", name, [...this.#names.keys()]));
    }
    const line = later.at === undefined ? "later" : `on line ${later.at.line}`;
    return `"${name}" is defined ${line}: it can be used only after that`;
  }

  #checkFail(op: Operation, spec: OpSpec): void {
    const most = Math.min(spec.allocs ?? 0, FAIL_MAX);
    const ascending = op.fail.every((k, i) => i === 0 || k > op.fail[i - 1]);
    if (!ascending) this.#add(op, "fail", `Cannot write "fail": the allocations are not ascending`);
    const wrong = op.fail.find((k) => !isWithin(k, 1, most));
    if (wrong === undefined) return;
    const makes = most === 0
      ? "no allocation"
      : most === 1
      ? "1 allocation"
      : `${most} allocations`;
    this.#add(op, "fail", `Cannot fail allocation ${wrong} of "${op.name}": it makes ${makes}`);
  }

  #checkReturn(op: Operation): void {
    if (op.returns === undefined) return;
    if (/^-?(0|[1-9][0-9]*)$/.test(op.returns) && op.returns !== "-0") return;
    if (op.returns.startsWith("-") && Object.hasOwn(ERRNO, op.returns.slice(1))) return;
    this.#add(
      op,
      "at",
      `Cannot write return value: ${quote(op.returns)} is not a number or an error`,
    );
  }

  #define(op: Operation, spec: OpSpec | undefined): void {
    const name = op.result;
    if (name === undefined) return;
    const { positions } = this.#report;
    const at = positions.find(op, "result");
    if (spec !== undefined && spec.result === undefined) {
      this.#report.add(at, `Cannot name the result of "${op.name}": it has none`);
    }
    const wrong = this.#checkNewName(name);
    if (wrong !== undefined) return this.#report.add(at, wrong);
    this.#names.set(name, { type: spec?.result, line: op.at?.line ?? 0 });
    // Only the first result above the limit is reported.
    if (this.#names.size !== LIMITS.slots + 1) return;
    checkCapacity(this.#names.size, "slots", () => at, this.#report);
  }

  #checkNewName(name: string): string | undefined {
    if (!RESULT_NAME.test(name)) {
      return `Cannot name a result ${quote(name)}: a name is lower-case letters, digits and "_"`;
    }
    if (RESERVED.test(name)) return `Cannot name a result "${name}": the word has a meaning here`;
    const known = this.#names.get(name);
    if (known === undefined) return undefined;
    if (this.#spec?.predefined.some((resource) => resource.name === name)) {
      return `Cannot name a result "${name}": the target predefines it`;
    }
    const where = known.line > 0 ? `line ${known.line}` : "an earlier operation";
    return `Duplicate name "${name}": ${where} defines it already`;
  }
}

function wordList(spec: FlagsSpec): string[] {
  return Object.keys(spec.words);
}

function argumentName(arg: ArgSpec): string {
  return isOptional(arg) ? `[${arg.name}]` : arg.name;
}

/** A message that goes on after a colon. */
function lower(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

function withArticle(noun: string): string {
  return `${/^[aeio]/.test(noun) ? "an" : "a"} ${noun}`;
}
