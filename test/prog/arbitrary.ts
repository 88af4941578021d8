/** Valid programs of the test target, for the properties of the language. */
import fc from "fast-check";
import { formatReturn } from "../../src/prog/errno.ts";
import { bitsOf, wordsOf } from "../../src/prog/flags.ts";
import { EVENT_ACTIONS } from "../../src/prog/layout.ts";
import {
  type Arg,
  BOOT,
  type FileRef,
  KCSAN_MODES,
  type Operation,
  type OpSpec,
  PREEMPTS,
  type Program,
  type Schedule,
  type Step,
} from "../../src/prog/types.ts";
import { SPEC } from "./spec.ts";

const SEED = { name: "env", variable: "FUZZ_TEST_SEED" } as const;
const seed = Deno.permissions.querySync(SEED).state === "granted"
  ? Deno.env.get(SEED.variable)
  : undefined;

/** One seed for all properties, so that a property fails on all machines or on none. */
export const RUNS = { seed: Number(seed ?? 20200203), numRuns: 300 };

/** Random choices for one operation. They become an operation when the existing names are known. */
const CHOICE = fc.record({
  op: fc.nat(),
  cpu: fc.nat(),
  context: fc.nat(),
  args: fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
  named: fc.boolean(),
  fail: fc.boolean(),
  returns: fc.option(fc.integer({ min: -200, max: 200 }), { nil: undefined }),
  comments: fc.array(
    fc.constantFrom("", " ", "a comment", "  indented", "# twice", "trailing  ", "é → ü"),
    { maxLength: 4 },
  ),
});
type Choice = typeof CHOICE extends fc.Arbitrary<infer T> ? T : never;

const TEXT = fc.string({ unit: fc.constantFrom(...'ab:#"é0 ->'), minLength: 1, maxLength: 20 })
  .map((text) => text.trim()).filter((text) => text !== "" && text !== "none");

const IDENTIFIER = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/).filter((name) => name !== "end");

/** Any valid program of the test target. */
export function program(): fc.Arbitrary<Program> {
  return fc.integer({ min: 1, max: 32 }).chain((cpus) =>
    fc.record({
      title: TEXT,
      links: fc.array(TEXT, { maxLength: 2 }),
      status: fc.option(TEXT, { nil: undefined }),
      target: fc.constant(SPEC.name),
      cpus: fc.constant(cpus),
      preempt: fc.constantFrom(...PREEMPTS),
      kcsan: fc.option(fc.constantFrom(...KCSAN_MODES), { nil: undefined }),
      targetFile: fc.option(fileRef("my target.ts"), { nil: undefined }),
      patches: fc.option(fc.array(fileRef("/a/my fix.ts"), { minLength: 1, maxLength: 2 }), {
        nil: undefined,
      }),
      without: fc.option(fc.constantFrom(["kasan"], ["kasan", "rcu"]), { nil: undefined }),
      stepLimit: fc.option(fc.integer({ min: 100, max: 10_000_000 }), { nil: undefined }),
      everyStep: fc.option(fc.constant(true), { nil: undefined }),
      expects: fc.uniqueArray(
        fc.record({ kernel: IDENTIFIER, title: fc.option(TEXT) }),
        { maxLength: 3, selector: ({ kernel }) => kernel },
      ),
      extra: fc.constantFrom([], [{ key: "found-by", value: "a campaign" }, {
        key: "origin",
        value: "",
      }]),
      comments: CHOICE.map(({ comments }) => comments),
      ops: fc.tuple(fc.array(CHOICE, { maxLength: 6 }), fc.array(CHOICE, { maxLength: 12 }))
        .map(([boot, run]) => compose(boot, run, cpus)),
      schedule: fc.option(schedule(cpus)),
      scheduleComments: CHOICE.map(({ comments }) => comments),
      trailing: CHOICE.map(({ comments }) => comments),
    })
  );
}

/** A file, with or without its checksum. */
function fileRef(path: string): fc.Arbitrary<FileRef> {
  return fc.constantFrom({ path }, { path, sha256: "0123456789abcdef".repeat(4) });
}

function schedule(cpus: number): fc.Arbitrary<Schedule> {
  const cpu = fc.nat(cpus - 1);
  const until = fc.record({
    fn: IDENTIFIER,
    what: fc.constant("xchg"),
    field: fc.constant("stock->cached[1]"),
    nth: fc.integer({ min: 1, max: 5 }),
  }).chain((full) =>
    fc.constantFrom(
      full,
      { fn: full.fn, what: full.what, nth: full.nth },
      { fn: full.fn, nth: full.nth },
    )
  );
  const after = fc.record({
    op: fc.constantFrom(...SPEC.ops.map(({ name }) => name)),
    nth: fc.integer({ min: 1, max: 5 }),
  });
  const comments = CHOICE.map((choice) => choice.comments);
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ cpu, comments, kind: fc.constantFrom("end", "interrupt", "softirq") }),
    fc.record({ cpu, comments, kind: fc.constant("until" as const), until }),
    fc.record({ cpu, comments, kind: fc.constant("after" as const), after }),
  );
  return fc.oneof(
    fc.array(step, { maxLength: 6 }).map((steps): Schedule => ({ kind: "symbolic", steps })),
    numeric(cpus),
  );
}

/** A numeric schedule. */
export function numeric(cpus: number): fc.Arbitrary<Extract<Schedule, { kind: "numeric" }>> {
  const event = fc.record({
    gap: fc.nat(0x7fffffff),
    action: fc.constantFrom(...EVENT_ACTIONS),
    cpu: fc.nat(cpus - 1),
  }).map(({ gap, action, cpu }) => action === "switch" ? { gap, action, cpu } : { gap, action });
  const all = Array.from({ length: cpus }, (_, cpu) => cpu);
  return fc.record({
    kind: fc.constant("numeric" as const),
    order: fc.shuffledSubarray(all, { minLength: cpus }),
    events: fc.array(event, { maxLength: 8 }),
  });
}

/** Turns choices into operations that use only existing names. */
function compose(boot: Choice[], run: Choice[], cpus: number): Operation[] {
  const names = new Map(SPEC.predefined.map(({ name, type }) => [name, type]));
  const ops: Operation[] = [];
  const add = (choice: Choice, cpu: number) => {
    const callable = SPEC.ops.filter((spec) => isCallable(spec, cpu, names));
    const spec = callable[choice.op % callable.length];
    const contexts = cpu === BOOT ? ["task" as const] : spec.contexts ?? ["task" as const];
    const op: Operation = {
      cpu,
      context: contexts[choice.context % contexts.length],
      name: spec.name,
      args: spec.args.flatMap((_, i) => choose(spec, i, choice.args[i], cpus, names)),
      fail: choice.fail && spec.allocs !== undefined ? [1, 3].filter((k) => k <= spec.allocs!) : [],
      comments: choice.comments,
    };
    if (choice.returns !== undefined) op.returns = formatReturn(choice.returns);
    if (choice.named && spec.result !== undefined) {
      op.result = `r_${ops.length}`;
      names.set(op.result, spec.result);
    }
    ops.push(op);
  };
  for (const choice of boot) add(choice, BOOT);
  for (const choice of run) add(choice, choice.cpu % cpus);
  return ops;
}

function isCallable(spec: OpSpec, cpu: number, names: ReadonlyMap<string, string>): boolean {
  if (spec.where === (cpu === BOOT ? "run" : "boot")) return false;
  const types = [...names.values()];
  return spec.args.every((arg) => arg.type !== "ref" || types.includes(arg.of));
}

function choose(
  spec: OpSpec,
  index: number,
  choice: number,
  cpus: number,
  names: ReadonlyMap<string, string>,
): Arg[] {
  const arg = spec.args[index];
  if (arg.type === "int") {
    return [{ kind: "int", value: arg.min + choice % (arg.max - arg.min + 1) }];
  }
  if (arg.type === "cpu") return [{ kind: "cpu", cpu: choice % cpus }];
  if (arg.type === "flags") {
    const chosen = Object.keys(arg.words).filter((_, i) => (choice >> i) % 2 === 1);
    const words = wordsOf(arg, bitsOf(arg, chosen) as number)!; // none twice
    return words.length === 0 ? [] : [{ kind: "flags", words }];
  }
  const fitting = [...names].filter(([, type]) => type === arg.of);
  return [{ kind: "ref", name: fitting[choice % fitting.length][0] }];
}
