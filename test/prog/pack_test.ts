import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { checkProgram } from "../../src/prog/check.ts";
import {
  OP_ARGS,
  OP_ID,
  OP_WORDS,
  P_CPUS,
  P_NOPS,
  P_OPS,
  P_PREEMPT,
  P_SLOTS,
  PROGRAM_WORDS,
  S_EVENTS,
  S_NEVENTS,
  SCHEDULE_WORDS,
} from "../../src/prog/layout.ts";
import { packNumeric, packProgram, unpackNumeric, unpackProgram } from "../../src/prog/pack.ts";
import { parseProgram } from "../../src/prog/parse.ts";
import { printOperation } from "../../src/prog/print.ts";
import type { Program } from "../../src/prog/types.ts";
import { numeric, program, RUNS } from "./arbitrary.ts";
import { EXAMPLE, OTHER, SPEC, TARGETS } from "./spec.ts";

function pack(p: Program): Int32Array {
  // Packing must overwrite the old content.
  const words = new Int32Array(PROGRAM_WORDS).fill(77);
  packProgram(p, SPEC, words);
  return words;
}

Deno.test("packProgram() lays out words as the layout says", () => {
  const words = pack(parseProgram(EXAMPLE, "x", TARGETS).program!);
  assertEquals([words[P_NOPS], words[P_CPUS], words[P_PREEMPT], words[P_SLOTS]], [6, 2, 1, 3]);
  const op = (i: number) => [...words.subarray(P_OPS + i * OP_WORDS, P_OPS + (i + 1) * OP_WORDS)];
  assertEquals(op(0), [0, -1, 0, 0, 1, 0, 0, 0]);
  assertEquals(op(1), [2, -1, 0, 0, -1, 0, 1, 0]);
  assertEquals(op(2), [3, -1, 0, 0, 2, 0, 0, 0]);
  assertEquals(op(4), [4, 0, 0, 0, -1, 2, 64, 0]);
  assertEquals(op(6), [0, 0, 0, 0, 0, 0, 0, 0]);
});

Deno.test("unpackProgram() undoes packProgram() up to names", () => {
  fc.assert(
    fc.property(program(), (p) => {
      const words = pack(p);
      const unpacked = unpackProgram(words, SPEC);
      assertEquals(checkProgram(unpacked, SPEC).map(String), []);
      assertEquals(pack(unpacked), words);
      assertEquals([unpacked.cpus, unpacked.preempt], [p.cpus, p.preempt]);
      assertEquals(shape(unpacked), shape(p));
    }),
    RUNS,
  );
});

Deno.test("unpackProgram() names results by type and count", () => {
  const text = `objcg-fuzz 1
title: t
cpus: 1
boot  one = mkdir(root)
boot  two = mkdir(one)
boot  three = obj_cgroup_get_current(cpu0)
cpu0  four = kmalloc(1) {fail 1}
cpu0  kfree(four)
cpu0  obj_cgroup_charge(three, 2)
`;
  const { ops } = unpackProgram(pack(parseProgram(text, "x", TARGETS).program!), SPEC);
  assertEquals(ops.map(printOperation), [
    "boot  m1 = mkdir(root)",
    "boot  m2 = mkdir(m1)",
    "boot  o1 = obj_cgroup_get_current(cpu0)",
    "cpu0  x1 = kmalloc(1) {fail 1}",
    "cpu0  kfree(x1)",
    "cpu0  obj_cgroup_charge(o1, 2)",
  ]);
});

Deno.test("unpackProgram() gives no name that the target predefines", () => {
  const spec = {
    ...OTHER,
    ops: [{ name: "alloc", doc: "Make one", args: [], result: "page" }],
  };
  const words = new Int32Array(PROGRAM_WORDS);
  words.set([1, 1, 1, 2], 0);
  words.set([0, 0, 0, 0, 1, 0, 0, 0], P_OPS);
  assertEquals(unpackProgram(words, spec).ops.map(printOperation), ["cpu0  p2 = alloc()"]);
});

Deno.test("unpackProgram() refuses words that are no program", () => {
  const good = pack(parseProgram(EXAMPLE, "x", TARGETS).program!);
  const refuse = (index: number, word: number, message: string) => {
    const words = good.slice();
    words[index] = word;
    assertThrows(() => unpackProgram(words, SPEC), RangeError, message);
  };
  refuse(P_NOPS, 65, "Cannot unpack number of operations: 65 is not from 0 to 64");
  refuse(P_PREEMPT, 3, "Cannot unpack preemption model: 3 is not from 0 to 2");
  refuse(P_OPS + OP_ID, 99, "Cannot unpack operation: 99 is not from 0 to 8");
  refuse(P_OPS + OP_ARGS, 2, "Cannot unpack slot 2: nothing fills it");
});

Deno.test("unpackNumeric() undoes packNumeric()", () => {
  const scheduled = fc.integer({ min: 1, max: 32 }).chain((cpus) =>
    fc.record({ cpus: fc.constant(cpus), schedule: numeric(cpus) })
  );
  fc.assert(
    fc.property(scheduled, ({ cpus, schedule }) => {
      const words = new Int32Array(SCHEDULE_WORDS).fill(77);
      packNumeric(schedule, cpus, words);
      assertEquals(words[S_NEVENTS], schedule.events.length);
      assertEquals(unpackNumeric(words, cpus), schedule);
    }),
    RUNS,
  );
});

Deno.test("packNumeric() puts action and CPU into one word", () => {
  const words = new Int32Array(SCHEDULE_WORDS);
  const events = [{ gap: 9, action: "switch" as const, cpu: 2 }, {
    gap: 0,
    action: "softirq" as const,
  }];
  packNumeric({ kind: "numeric", order: [2, 0, 1], events }, 3, words);
  assertEquals([...words.subarray(0, 6)], [2, 3, 2, 0, 1, 0]);
  assertEquals([...words.subarray(S_EVENTS, S_EVENTS + 4)], [9, 2 << 8, 0, 3]);
});

Deno.test("packNumeric() and unpackNumeric() refuse what does not fit", () => {
  const words = new Int32Array(SCHEDULE_WORDS);
  const events = Array.from({ length: 1025 }, () => ({ gap: 0, action: "demote" as const }));
  assertThrows(
    () => packNumeric({ kind: "numeric", order: [0], events }, 1, words),
    RangeError,
    "Cannot pack 1025 events: at most 1024 fit",
  );
  assertThrows(
    () => packNumeric({ kind: "numeric", order: [0], events: [] }, 2, words),
    RangeError,
    "Cannot pack an order of 1 CPUs: the program has 2",
  );
  words[S_NEVENTS] = -1;
  assertThrows(() => unpackNumeric(words, 1), RangeError, "Cannot unpack -1 events");
});

/** The operations, with the number of the slot in the place of each name. */
function shape({ ops }: Program): unknown[] {
  const slots = new Map(SPEC.predefined.map(({ name }, i) => [name, i]));
  return ops.map((op) => {
    const args = op.args.map((arg) => arg.kind === "ref" ? { slot: slots.get(arg.name) } : arg);
    // A result without a name has a slot too, and it has a name after unpacking.
    const made = SPEC.ops.find((o) => o.name === op.name)?.result !== undefined;
    if (made) slots.set(op.result ?? ` ${slots.size}`, slots.size);
    const { cpu, context, name, fail } = op;
    return { cpu, context, name, fail, args, made };
  });
}
