import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { ParseError, parseProgram } from "../../src/prog/parse.ts";
import { printProgram } from "../../src/prog/print.ts";
import { cpu } from "../../src/prog/target.ts";
import {
  BOOT,
  KERNEL_LIMITS,
  LIMITS,
  type Program,
  type TargetSpec,
} from "../../src/prog/types.ts";
import { RUNS } from "./arbitrary.ts";
import { event, header, MALFORMED, op, step } from "./malformed.ts";
import { EXAMPLE, SPEC, TARGETS } from "./spec.ts";

function parse(text: string): Program {
  const { program, errors } = parseProgram(text, "x.txt", TARGETS);
  assertEquals(errors.map(String), []);
  assert(program !== null);
  return program;
}

function errorsOf(text: string, targets: readonly TargetSpec[] = TARGETS): string[] {
  const { program, errors } = parseProgram(text, "x.txt", targets);
  assertEquals(program === null, errors.length > 0);
  return errors.map(String);
}

for (const [what, text, ...messages] of MALFORMED) {
  Deno.test(`parseProgram() explains ${what}`, () => {
    assertEquals(errorsOf(text), messages.map((message) => `x.txt:${message}`));
  });
}

Deno.test("parseProgram() writes messages in sentence case, without a final period", () => {
  for (const [what, , ...messages] of MALFORMED) {
    assert(messages.length > 0, what);
    for (const message of messages) assertMatch(message, /^\d+:\d+: [A-Z].*[^.]$/);
  }
});

Deno.test("parseProgram() reads the example", () => {
  const program = parse(EXAMPLE);
  assertEquals(program.title, "css_get() revives a memcg whose offlining has completed");
  assertEquals(program.links, ["https://lore.kernel.org/r/20200203193158.GH1697@cmpxchg.org"]);
  assertEquals([program.target, program.cpus, program.preempt], ["objcg", 2, "full"]);
  assertEquals(program.expects.map(({ kernel, title }) => [kernel, title]), [
    ["posted", "refcount: 0 -> 1 in obj_cgroup_charge"],
    ["v5.11", null],
  ]);
  assertEquals(program.ops.map((o) => [o.cpu, o.result, o.name, o.args.length]), [
    [BOOT, "a", "mkdir", 1],
    [BOOT, undefined, "attach", 2],
    [BOOT, "o", "obj_cgroup_get_current", 1],
    [BOOT, undefined, "attach", 2],
    [0, undefined, "obj_cgroup_charge", 2],
    [1, undefined, "rmdir", 1],
  ]);
  assertEquals(program.ops[0].comments, ["The task on CPU0 holds an objcg of A but has left A."]);
  assertEquals(program.ops[4].args[1], { kind: "int", value: 64, at: { line: 13, column: 28 } });
  const schedule = program.schedule;
  assert(schedule?.kind === "symbolic");
  assertEquals(schedule.steps.map((s) => s.kind === "until" ? s.until : `${s.cpu} ${s.kind}`), [
    { fn: "css_killed_work_fn", nth: 1 },
    { fn: "obj_cgroup_charge", what: "css_get", nth: 1 },
    "1 end",
    "0 end",
  ]);
});

Deno.test("parseProgram() reads every part of an operation", () => {
  const text = op("cpu1  hardirq  x=kmalloc( 0x40 ) { fail 1 } = -ENOMEM").replace(
    "cpus: 2",
    "cpus: 32",
  );
  const last = parse(text).ops[2];
  assertEquals({ ...last, at: undefined, args: [] }, {
    cpu: 1,
    context: "hardirq",
    name: "kmalloc",
    args: [],
    result: "x",
    fail: [1],
    returns: "-ENOMEM",
    comments: [],
    at: undefined,
  });
  assertEquals(last.args, [{ kind: "int", value: 64, at: { line: 7, column: 27 } }]);
  assertEquals(parse(op("cpu0  mkdir(a) {fail 3, 1} = 0x10")).ops[2].fail, [1, 3]);
  assertEquals(parse(op("cpu0  mkdir(a) = 0x10")).ops[2].returns, "16");
  assertEquals(parse(op("cpu0  mkdir(a) = -0")).ops[2].returns, "0");
  assertEquals(parse(op("cpu0  task rmdir(a)")).ops[2].context, "task");
});

Deno.test("parseProgram() reads every form of step", () => {
  const lines = [
    "cpu0 until fn",
    "cpu0 until fn #2",
    "cpu0 until fn: xchg",
    "cpu1 until fn: xchg stock->cached.objcg #3",
    "cpu0 until after rmdir",
    "cpu1 until after mkdir #2",
    "cpu1 interrupt",
    "cpu0 softirq",
    "cpu1 until end",
  ];
  assertEquals(
    printProgram(parse(step(lines.join("\n")))),
    step(lines.join("\n")).replace("schedule", "\nschedule"),
  );
});

Deno.test("parseProgram() reads every form of event", () => {
  const { schedule } = parse(
    event("+0 switch cpu1\n+12 demote\n+1 interrupt\n+2147483647 softirq"),
  );
  assertEquals(schedule, {
    kind: "numeric",
    order: [1, 0],
    events: [
      { gap: 0, action: "switch", cpu: 1 },
      { gap: 12, action: "demote" },
      { gap: 1, action: "interrupt" },
      { gap: 2147483647, action: "softirq" },
    ],
  });
});

Deno.test("parseProgram() reads CRLF, a byte order mark and a missing final newline alike", () => {
  const expected = parse(EXAMPLE);
  assertEquals(parse(EXAMPLE.replaceAll("\n", "\r\n")), expected);
  assertEquals(parse(EXAMPLE.trimEnd()), expected);
  assertEquals(parse("\ufeff" + EXAMPLE), expected);
});

Deno.test("parseProgram() keeps headers it does not know, with a warning", () => {
  const { program, errors, warnings } = parseProgram(
    header("found-by: a campaign\norigin:"),
    "x.txt",
    TARGETS,
  );
  assertEquals(errors, []);
  assertEquals(program?.extra, [
    { key: "found-by", value: "a campaign" },
    { key: "origin", value: "" },
  ]);
  assertEquals(warnings.map(String), [
    'x.txt:4:1: Unknown header "found-by": it is kept as it is',
    'x.txt:5:1: Unknown header "origin": it is kept as it is',
  ]);
});

Deno.test("parseProgram() checks against the target that the file names", () => {
  const text = header("target: percpu_ref") + "cpu0  get(p1)\n";
  assertEquals(parse(text).target, "percpu_ref");
  assertEquals(errorsOf(header("target: percpu_ref") + "cpu0  rmdir(root)\n"), [
    'x.txt:5:7: Unknown operation "rmdir": expected "get"',
  ]);
  assertEquals(errorsOf(EXAMPLE, []), [
    'x.txt:1:1: Unknown target "objcg": none is known here',
  ]);
});

Deno.test("parseProgram() lets a program whose CPUs start each other have more of them", () => {
  const start = { name: "start", doc: "Start a CPU", args: [cpu("cpu")], starts: "cpu" };
  const user: TargetSpec = { name: "user", doc: "User space", predefined: [], ops: [start] };
  const errors = (cpus: number | string, ops: number) => {
    const header = `objcg-fuzz 1\ntitle: t\ntarget: user\ncpus: ${cpus}\n`;
    const text = header + "cpu0 start(cpu100)\n".repeat(ops);
    return parseProgram(text, "x.txt", [user]).errors.map(String);
  };
  assertEquals(errors(LIMITS.cpus, LIMITS.ops), []);
  const wrong = (found: number | string) => [
    `x.txt:4:7: Cannot read header "cpus": "${found}" is not a number from 1 to 128`,
  ];
  assertEquals(errors(129, 1), wrong(129));
  assertEquals(errors("many", 1), wrong("many"));
  assertEquals(errors(101, LIMITS.ops + 1), [
    "x.txt:261:1: A program may have at most 256 operations: this is the 257th",
  ]);
});

Deno.test("parseProgram() names the limit that a program exceeds", () => {
  const many = (n: number, line: (i: number) => string) =>
    Array.from({ length: n }, (_, i) => line(i)).join("\n");
  const atMost = {
    ops: op(many(KERNEL_LIMITS.ops - 2, () => "cpu0  rmdir(a)")),
    slots: op(many(LIMITS.slots - 3, (i) => `cpu0  b${i} = mkdir(a)`)),
    steps: step(many(LIMITS.steps, () => "cpu0 until end")),
    events: event(many(KERNEL_LIMITS.events, () => "+1 demote")),
  };
  for (const text of Object.values(atMost)) assertEquals(errorsOf(text), []);
  assertEquals(errorsOf(atMost.ops + "cpu0  rmdir(a)\ncpu0  rmdir(a)\n"), [
    "x.txt:69:1: A program may have at most 64 operations: this is the 65th",
  ]);
  assertEquals(errorsOf(atMost.slots + "cpu0  c = mkdir(a)\ncpu0  d = mkdir(a)\n"), [
    "x.txt:52:7: A program may have at most 48 results, predefined ones included: this is the 49th",
  ]);
  assertEquals(errorsOf(atMost.steps + "cpu0 until end\n"), [
    "x.txt:263:1: A schedule may have at most 256 steps: this is the 257th",
  ]);
  assertEquals(errorsOf(atMost.events + "+1 demote\n"), [
    "x.txt:263:1: A schedule may have at most 256 events: this is the 257th",
  ]);
});

Deno.test("parseProgram() returns errors for any text, and never throws", () => {
  const piece = fc.constantFrom(
    ..."objcg-fuzz 1|title: t|cpus: 2|boot  |cpu0  |cpu1 |a = |mkdir(|root|a|)|, |64|{fail 1}| = -ENOMEM|schedule:"
      .split("|"),
    ...[
      "schedule: numeric",
      " until ",
      "end",
      "order cpu0 cpu1",
      "+1 ",
      "switch cpu1",
      "#",
      "# x",
      "\n",
      "\0",
    ],
    ...["expect ", ": ", "\r\n", "softirq ", "constructor", "__proto__", "toString: 1"],
  );
  const text = fc.array(fc.oneof(piece, fc.constant("\n"), fc.string()), { maxLength: 30 })
    .map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(fc.constantFrom("", "objcg-fuzz 1\n", EXAMPLE), text, (start, rest) => {
      const { program, errors } = parseProgram(start + rest, "x", [SPEC]);
      assertEquals(program === null, errors.length > 0);
      for (const error of errors) {
        assert(error instanceof ParseError);
        assert(error.line >= 1 && error.column >= 1, String(error));
      }
      if (program === null) return;
      const printed = printProgram(program);
      assertEquals(printProgram(parse(printed)), printed);
    }),
    { ...RUNS, numRuns: 2000 },
  );
});
