import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { checkProgram } from "../../src/prog/check.ts";
import { parseProgram } from "../../src/prog/parse.ts";
import { printOperation, printProgram, printStep } from "../../src/prog/print.ts";
import { BOOT } from "../../src/prog/types.ts";
import { program, RUNS } from "./arbitrary.ts";
import { EXAMPLE, SPEC, TARGETS } from "./spec.ts";

function canonical(text: string): string {
  const { program, errors } = parseProgram(text, "x.txt", TARGETS);
  assertEquals(errors.map(String), []);
  return printProgram(program!);
}

Deno.test("printProgram() prints the example as it is", () => {
  assertEquals(canonical(EXAMPLE), EXAMPLE);
});

Deno.test("parseProgram() undoes printProgram()", () => {
  fc.assert(
    fc.property(program(), (p) => {
      assertEquals(checkProgram(p, SPEC).map(String), []);
      const printed = printProgram(p);
      assertEquals(canonical(printed), printed);
      const again = parseProgram(printed, "x.txt", TARGETS).program;
      assert(again !== null);
      assertEquals(bare(again), bare(p));
    }),
    RUNS,
  );
});

Deno.test("printProgram() puts headers in order and leaves out defaults", () => {
  const text = `objcg-fuzz 1
preempt: full
origin: a campaign
expect v5.9: none
cpus:   0x2
target: objcg
status: real
link: b
title: t
link: a
`;
  assertEquals(
    canonical(text),
    `objcg-fuzz 1
title: t
link: b
link: a
status: real
cpus: 2
expect v5.9: none
origin: a campaign
`,
  );
  assertEquals(
    canonical("objcg-fuzz 1\ncpus: 1\ntitle: t\npreempt: rt\ntarget: percpu_ref\n"),
    "objcg-fuzz 1\ntitle: t\ntarget: percpu_ref\ncpus: 1\npreempt: rt\n",
  );
});

Deno.test("printProgram() keeps comments, their paragraphs and groups of lines", () => {
  const text = `objcg-fuzz 1

#About the program.
title: t
# About the CPUs.
cpus: 2
# First.


#
# Second.

cpu0 rmdir(root)
cpu1 rmdir(root)


cpu1 rmdir(root)
# About the schedule.
schedule:

# About the step.
cpu0 until end

cpu1 until end
# The end.

`;
  const expected = `objcg-fuzz 1
# About the program.
# About the CPUs.
title: t
cpus: 2

# First.

#
# Second.

cpu0  rmdir(root)
cpu1  rmdir(root)

cpu1  rmdir(root)

# About the schedule.
schedule:
# About the step.
cpu0 until end

cpu1 until end

# The end.
`;
  assertEquals(canonical(text), expected);
  assertEquals(canonical(expected), expected);
});

Deno.test("printProgram() keeps the comments of a numeric schedule above it", () => {
  const text = `objcg-fuzz 1
title: t
cpus: 2
# Found by a campaign.
schedule: numeric
order cpu1 cpu0
# Here it goes wrong.
+3 switch cpu0
`;
  assertEquals(
    canonical(text),
    `objcg-fuzz 1
title: t
cpus: 2

# Found by a campaign.
# Here it goes wrong.
schedule: numeric
order cpu1 cpu0
+3 switch cpu0
`,
  );
});

Deno.test("printOperation() and printStep() print one line without its comments", () => {
  const comments = ["not this"];
  const base = { name: "mkdir", args: [], comments };
  assertEquals(printOperation({ ...base, cpu: BOOT, context: "task", fail: [] }), "boot  mkdir()");
  assertEquals(
    printOperation({
      ...base,
      cpu: 12,
      context: "nmi",
      result: "a",
      args: [
        { kind: "int", value: -5 },
        { kind: "ref", name: "b" },
        { kind: "cpu", cpu: 3 },
      ],
      fail: [1, 3],
      returns: "-ENOMEM",
    }),
    "cpu12  nmi a = mkdir(-5, b, cpu3) {fail 1, 3} = -ENOMEM",
  );
  assertEquals(printStep({ cpu: 1, kind: "softirq", comments }), "cpu1 softirq");
  const until = { fn: "f", what: "load", field: "x", nth: 2 };
  assertEquals(printStep({ cpu: 1, kind: "until", until, comments }), "cpu1 until f: load x #2");
  const after = { op: "rmdir", nth: 2 };
  assertEquals(printStep({ cpu: 1, kind: "after", after, comments }), "cpu1 until after rmdir #2");
});

/** A program without comments, which printing may move, and positions, which the parser adds. */
function bare(value: object): unknown {
  const skipped = ["at", "places", "comments", "scheduleComments", "trailing"];
  return JSON.parse(
    JSON.stringify(value, (key, inner) => skipped.includes(key) ? undefined : inner),
  );
}
