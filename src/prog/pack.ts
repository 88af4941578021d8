/**
 * Programs as words, for the fuzz loop and the CPUs, and back.
 *
 * Words know slots instead of names. A reference is the number of a slot: the predefined resources
 * come first, then one slot for each result, in the order of the operations. Titles, comments and
 * expectations are not packed.
 *
 * @module
 */
import { bitsOf, isOptional, wordsOf } from "./flags.ts";
import {
  failBit,
  OP_ARGS,
  OP_CONTEXT,
  OP_CPU,
  OP_FAIL,
  OP_ID,
  OP_RESULT,
  operationAt,
  P_CPUS,
  P_NOPS,
  P_PREEMPT,
  P_SLOTS,
  PROGRAM_WORDS,
} from "./layout.ts";
import {
  type Arg,
  type ArgSpec,
  BOOT,
  CONTEXTS,
  LIMITS,
  limitsOf,
  type Operation,
  type OpSpec,
  PREEMPTS,
  type Program,
  type TargetSpec,
} from "./types.ts";

export { packNumeric, unpackNumeric } from "./pack_schedule.ts";

/** The usual letters for these types in kernel code. Other types get their initial. */
const LETTERS: Readonly<Record<string, string>> = {
  memcg: "m",
  objcg: "o",
  object: "x",
  page: "p",
};

/**
 * Writes a program as words. CPUs read this form, and the fuzz loop mutates it.
 *
 * Titles, comments, expectations, names and the schedule are not packed.
 *
 * @param program A program without errors; see `checkProgram`.
 * @param out At least {@linkcode PROGRAM_WORDS} long. All these words are written.
 * @throws {RangeError} A limit of the target is exceeded, or a name is not defined.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cpu, parseProgram, PROGRAM_WORDS, specOf } from "@objcg/fuzz";
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
 * const words = new Int32Array(PROGRAM_WORDS);
 * packProgram(program!, spec, words);
 * assertEquals(unpackProgram(words, spec).ops.map(({ name }) => name), ["poke"]);
 * ```
 */
export function packProgram(program: Program, spec: TargetSpec, out: Int32Array): void {
  const { ops } = program;
  const limits = limitsOf(spec);
  if (ops.length > limits.ops) {
    throw new RangeError(`Cannot pack ${ops.length} operations: at most ${limits.ops} fit`);
  }
  out.fill(0, 0, PROGRAM_WORDS);
  const slots = new Map(spec.predefined.map(({ name }, slot) => [name, slot]));
  ops.forEach((op, i) => packOperation(op, spec, slots, out, operationAt(i)));
  if (slots.size > LIMITS.slots) {
    throw new RangeError(`Cannot pack ${slots.size} slots: at most ${LIMITS.slots} fit`);
  }
  out[P_NOPS] = ops.length;
  out[P_CPUS] = program.cpus;
  out[P_PREEMPT] = PREEMPTS.indexOf(program.preempt);
  out[P_SLOTS] = slots.size;
}

function packOperation(
  op: Operation,
  spec: TargetSpec,
  slots: Map<string, number>,
  out: Int32Array,
  base: number,
): void {
  const id = spec.ops.findIndex(({ name }) => name === op.name);
  if (id < 0) throw new RangeError(`Cannot pack operation "${op.name}": "${spec.name}" has none`);
  if (op.args.length > LIMITS.args) {
    throw new RangeError(`Cannot pack ${op.args.length} arguments: at most ${LIMITS.args} fit`);
  }
  out[base + OP_ID] = id;
  out[base + OP_CPU] = op.cpu;
  out[base + OP_CONTEXT] = CONTEXTS.indexOf(op.context);
  out[base + OP_FAIL] = op.fail.reduce((bits, k) => bits | failBit(k), 0);
  op.args.forEach((arg, i) => {
    out[base + OP_ARGS + i] = packArg(arg, spec.ops[id].args[i], slots);
  });
  // The slot is taken after the arguments, because an operation cannot use its own result. A result
  // without a name has a slot too, so that the target finds the object and drops it at the end.
  const made = op.result !== undefined || resultType(op.name, spec) !== undefined;
  out[base + OP_RESULT] = made ? slots.size : -1;
  if (made) slots.set(op.result ?? ` ${slots.size}`, slots.size);
}

function resultType(name: string, spec: TargetSpec): string | undefined {
  return spec.ops.find((o) => o.name === name)?.result;
}

function packArg(arg: Arg, spec: ArgSpec | undefined, slots: ReadonlyMap<string, number>): number {
  if (arg.kind === "int") return arg.value;
  if (arg.kind === "cpu") return arg.cpu;
  if (arg.kind === "flags") {
    const bits = spec?.type === "flags" ? bitsOf(spec, arg.words) : arg.words[0];
    if (typeof bits === "number") return bits;
    throw new RangeError(`Cannot pack word "${bits}": it is none of the argument's`);
  }
  const slot = slots.get(arg.name);
  if (slot === undefined) throw new RangeError(`Cannot pack name "${arg.name}": it is not defined`);
  return slot;
}

/**
 * Reads a program from words and gives names: `m1` to the first memcg, `o1` to the first objcg.
 *
 * @throws {RangeError} A word selects something that does not exist.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cpu, parseProgram, PROGRAM_WORDS, specOf } from "@objcg/fuzz";
 * const spec = specOf({
 *   name: "demo",
 *   doc: "A demonstration.",
 *   ops: { poke: { doc: "Do it.", args: [cpu("cpu")], run: () => 0 } },
 * });
 * const text = "objcg-fuzz 1\ntitle: a demonstration\ntarget: demo\ncpus: 2\npreempt: rt\n";
 * const words = new Int32Array(PROGRAM_WORDS);
 * packProgram(parseProgram(text, "demo.txt", [spec]).program!, spec, words);
 * const program = unpackProgram(words, spec);
 * assertEquals([program.cpus, program.preempt, program.ops], [2, "rt", []]);
 * ```
 */
export function unpackProgram(words: Int32Array, spec: TargetSpec): Program {
  const names = new SlotNames(spec);
  const ops: Operation[] = [];
  const count = checked(words[P_NOPS], limitsOf(spec).ops + 1, "number of operations");
  for (let i = 0; i < count; i++) {
    ops.push(unpackOperation(words, operationAt(i), spec, names));
  }
  return {
    title: "untitled",
    links: [],
    target: spec.name,
    cpus: words[P_CPUS],
    preempt: PREEMPTS[checked(words[P_PREEMPT], PREEMPTS.length, "preemption model")],
    expects: [],
    extra: [],
    comments: [],
    ops,
    schedule: null,
    scheduleComments: [],
    trailing: [],
  };
}

function unpackOperation(
  words: Int32Array,
  base: number,
  spec: TargetSpec,
  names: SlotNames,
): Operation {
  const opSpec = spec.ops[checked(words[base + OP_ID], spec.ops.length, "operation")];
  const fail: number[] = [];
  for (let k = 1; k <= 32; k++) if (words[base + OP_FAIL] & failBit(k)) fail.push(k);
  const op: Operation = {
    cpu: words[base + OP_CPU] === BOOT
      ? BOOT
      : checked(words[base + OP_CPU], limitsOf(spec).cpus, "CPU"),
    context: CONTEXTS[checked(words[base + OP_CONTEXT], CONTEXTS.length, "context")],
    name: opSpec.name,
    args: opSpec.args.filter((arg, i) => !isOptional(arg) || words[base + OP_ARGS + i] !== 0)
      .map((arg, i) => unpackArg(words[base + OP_ARGS + i], arg, names)),
    fail,
    comments: [],
  };
  const slot = words[base + OP_RESULT];
  if (slot >= 0) op.result = names.define(slot, opSpec);
  return op;
}

function unpackArg(word: number, spec: ArgSpec, names: SlotNames): Arg {
  if (spec.type === "int") return { kind: "int", value: word };
  if (spec.type === "cpu") return { kind: "cpu", cpu: word };
  if (spec.type === "flags") {
    const flags = wordsOf(spec, word);
    if (flags !== undefined) return { kind: "flags", words: flags };
    throw new RangeError(`Cannot unpack ${spec.name}: no words make up ${word}`);
  }
  return { kind: "ref", name: names.get(word) };
}

/** Names for slots, given in the order in which the slots are filled. */
class SlotNames {
  readonly #names: string[];
  /** Names given so far, by letter. Two types can share a letter. */
  readonly #counts = new Map<string, number>();

  constructor(spec: TargetSpec) {
    this.#names = spec.predefined.map(({ name }) => name);
  }

  get(slot: number): string {
    const name = this.#names[slot];
    if (name === undefined) throw new RangeError(`Cannot unpack slot ${slot}: nothing fills it`);
    return name;
  }

  define(slot: number, { name, result }: OpSpec): string {
    if (result === undefined) {
      throw new RangeError(`Cannot unpack the result of "${name}": it has none`);
    }
    checked(slot, LIMITS.slots, "slot");
    const letter = LETTERS[result] ?? (/[a-z]/.exec(result.toLowerCase())?.[0] ?? "r");
    do this.#counts.set(letter, (this.#counts.get(letter) ?? 0) + 1); while (
      this.#names.includes(`${letter}${this.#counts.get(letter)}`)
    );
    return this.#names[slot] = `${letter}${this.#counts.get(letter)}`;
  }
}

/** Returns a word that selects one of `limit` things, or throws. */
function checked(word: number, limit: number, what: string): number {
  if (word >= 0 && word < limit) return word;
  throw new RangeError(`Cannot unpack ${what}: ${word} is not from 0 to ${limit - 1}`);
}
