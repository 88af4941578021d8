import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { programs, Supply } from "../../../src/engine/programs/generate.ts";
import { OPS_MAX } from "../../../src/engine/programs/append.ts";
import { mutateProgram } from "../../../src/engine/programs/mutate.ts";
import { Rng } from "../../../src/engine/programs/rng.ts";
import { PackedSpec } from "../../../src/engine/programs/packed_spec.ts";
import { provide } from "../../../src/engine/programs/provide.ts";
import { repair } from "../../../src/engine/programs/repair.ts";
import { checkProgram } from "../../../src/prog/check.ts";
import { P_CPUS, P_NOPS, P_SLOTS, PROGRAM_WORDS } from "../../../src/prog/layout.ts";
import { packProgram, unpackProgram } from "../../../src/prog/pack.ts";
import { BOOT, LIMITS, PREEMPTS, type TargetSpec } from "../../../src/prog/types.ts";
import { RUNS } from "../../properties/runs.ts";
import { SPEC } from "../../prog/spec.ts";

const WORDS = new PackedSpec(SPEC);
/** Operations that are allowed in some contexts only, and not in the order of nesting. */
const ODD: TargetSpec = {
  ...SPEC,
  ops: SPEC.ops.map((o) => {
    if (o.name === "kfree") return { ...o, contexts: ["hardirq", "task"] };
    return o.name === "kmalloc" ? { ...o, contexts: ["task", "hardirq"] } : o;
  }),
};

/** A packed program is valid if it unpacks to a program that the checks accept, and packs back. */
function assertValid(words: Int32Array, spec: TargetSpec = SPEC): void {
  const p = { ...unpackProgram(words, spec), target: spec.name };
  assertEquals(checkProgram(p, spec).map(String), []);
  const again = new Int32Array(PROGRAM_WORDS);
  packProgram(p, spec, again);
  const used = 8 + words[P_NOPS] * 8;
  assertEquals([...again.subarray(0, used)], [...words.subarray(0, used)]);
}

const CPUS = fc.integer({ min: 1, max: 32 });
const PROGRAM = CPUS.chain((cpus) => programs(SPEC, { cpus, preempt: "full" }));

Deno.test("programs() makes valid programs of as many CPUs as asked for", () => {
  fc.assert(
    fc.property(
      CPUS.chain((cpus) =>
        fc.constantFrom(...PREEMPTS).chain((preempt) =>
          programs(SPEC, { cpus, preempt }).map((words) => ({ words, cpus, preempt }))
        )
      ),
      ({ words, cpus, preempt }) => {
        assertValid(words);
        assert(words[P_CPUS] >= Math.min(2, cpus) && words[P_CPUS] <= cpus);
        assert(words[P_NOPS] <= OPS_MAX);
        assertEquals(unpackProgram(words, SPEC).preempt, preempt);
      },
    ),
    RUNS,
  );
});

Deno.test("programs() shrinks to the operations that matter", () => {
  const details = fc.check(
    fc.property(programs(SPEC, { cpus: 4, preempt: "full" }), (words) => {
      return !unpackProgram(words, SPEC).ops.some((o) => o.name === "kfree");
    }),
    { ...RUNS, numRuns: 2000 },
  );
  assert(details.failed, "kfree is generated at all");
  const ops = unpackProgram(details.counterexample![0], SPEC).ops;
  assert(ops.length <= 3, ops.map((o) => o.name).join());
  assertEquals(ops.at(-1)?.name, "kfree");
});

Deno.test("programs() reaches every operation, context and failure", () => {
  const seen = new Set<string>();
  for (
    const words of fc.sample(programs(SPEC, { cpus: 3, preempt: "full" }), {
      seed: RUNS.seed,
      numRuns: 2000,
    })
  ) {
    for (const o of unpackProgram(words, SPEC).ops) {
      seen.add(o.name).add(o.context).add(o.fail.length > 0 ? "fails" : "").add(
        o.cpu === BOOT ? "boot" : "run",
      );
    }
  }
  for (const { name } of SPEC.ops) assert(seen.has(name), name);
  for (const word of ["task", "softirq", "hardirq", "fails", "boot", "run"]) {
    assert(seen.has(word), word);
  }
});

Deno.test("mutateProgram() leaves any program valid, however often", () => {
  fc.assert(
    fc.property(PROGRAM, PROGRAM, fc.nat(), fc.integer({ min: 1, max: 8 }), (a, b, seed, times) => {
      const rng = new Rng(seed);
      const words = a.slice();
      for (let i = 0; i < times; i++) {
        mutateProgram(words, i % 2 ? b : null, WORDS, rng);
        assertValid(words);
      }
      assert(words[P_NOPS] <= Math.max(OPS_MAX, a[P_NOPS]));
    }),
    RUNS,
  );
});

Deno.test("mutateProgram() keeps operations in contexts that they allow", () => {
  const words = new PackedSpec(ODD);
  fc.assert(
    fc.property(programs(ODD, { cpus: 3, preempt: "full" }), fc.nat(), (program, seed) => {
      assertValid(program, ODD);
      const rng = new Rng(seed);
      for (let i = 0; i < 8; i++) {
        mutateProgram(program, null, words, rng);
        assertValid(program, ODD);
      }
    }),
    RUNS,
  );
});

Deno.test("mutateProgram() changes programs, and the same way for the same seed", () => {
  const [a, b] = fc.sample(programs(SPEC, { cpus: 3, preempt: "full" }), { seed: 1, numRuns: 2 });
  const mutated = (seed: number) => {
    const words = a.slice();
    mutateProgram(words, b, WORDS, new Rng(seed));
    return [...words];
  };
  assertEquals(mutated(3), mutated(3));
  const all = new Set(Array.from({ length: 50 }, (_, i) => mutated(i).join()));
  assert(all.size > 30, `${all.size} different ones of 50`);
});

Deno.test("repair() makes a valid program of any operations and references", () => {
  const word = fc.integer({ min: -1, max: 60 });
  const op = fc.record({
    id: fc.nat(SPEC.ops.length - 1),
    cpu: fc.integer({ min: -1, max: 40 }),
    slot: word,
    refs: fc.array(word, { minLength: 3, maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(op, { maxLength: 64 }), fc.nat(), (ops, seed) => {
      const words = new Int32Array(PROGRAM_WORDS);
      words[P_CPUS] = 4;
      words[P_NOPS] = ops.length;
      ops.forEach(({ id, cpu, slot, refs }, i) => {
        const spec = SPEC.ops[id];
        // Only what mutations can break: places and references; arguments are drawn within bounds.
        const on = spec.where === "boot" ? -1 : spec.where === "run" ? Math.max(0, cpu) : cpu;
        const args = refs.map((r, k) => {
          const a = spec.args[k];
          return a === undefined
            ? 0
            : a.type === "ref"
            ? r
            : a.type === "cpu"
            ? r & 3
            : a.type === "int"
            ? a.min
            : 0;
        });
        words.set([id, on, 0, 0, spec.result ? slot : -1, ...args], 8 + 8 * i);
      });
      repair(words, WORDS, new Rng(seed));
      assertValid(words);
      assert(words[P_SLOTS] <= LIMITS.slots);
      const repaired = words.slice();
      repair(words, WORDS, new Rng(seed + 1));
      assertEquals([...words], [...repaired], "there is nothing left to repair");
    }),
    RUNS,
  );
});

Deno.test("repair() puts what says how the machine boots before all else", () => {
  const spec: TargetSpec = {
    ...SPEC,
    ops: [...SPEC.ops, { name: "mount", doc: "Boot otherwise", args: [], where: "boot" }],
  };
  const words = new PackedSpec(spec);
  const id = (name: string) => spec.ops.findIndex((o) => o.name === name);
  const program = new Int32Array(PROGRAM_WORDS);
  program[P_CPUS] = 2;
  const ops = [["kmalloc", 0], ["mkdir", -1], ["set_limit", -1], ["mount", -1]] as const;
  program[P_NOPS] = ops.length;
  ops.forEach(([name, cpu], i) => program.set([id(name), cpu, 0, 0, i, 1, 0, 0], 8 + 8 * i));
  repair(program, words, new Rng(1));
  const { ops: repaired } = unpackProgram(program, spec);
  // A limit is for boot only as well, but it is that of a cgroup.
  assertEquals(repaired.map(({ name }) => name), ["mount", "mkdir", "set_limit", "kmalloc"]);
});

Deno.test("Supply gives one sequence of programs per seed", () => {
  const first = (seed: number) => {
    const supply = new Supply(new PackedSpec(SPEC), { cpus: 3, preempt: "full" }, new Rng(seed));
    return Array.from({ length: 70 }, () => [...supply.next()].join());
  };
  assertEquals(first(1), first(1));
  assertNotEquals(first(1), first(2));
  assert(new Set(first(1)).size > 60);
});

Deno.test("pick() follows the weights, and the places where an operation may run", () => {
  const rng = new Rng(4);
  const run = new Set<string>();
  const boot = new Set<string>();
  for (let i = 0; i < 2000; i++) {
    run.add(SPEC.ops[WORDS.pick(rng, false)].name);
    boot.add(SPEC.ops[WORDS.pick(rng, true)].name);
  }
  assert(!run.has("set_limit") && boot.has("set_limit"), "boot only");
  assert(run.has("rmdir") && !boot.has("rmdir"), "run only");
});

/** The operations of packed programs by name: which ones have references, and to what slots. */
function drawn(spec: TargetSpec, f: (p: ReturnType<typeof unpackProgram>) => void): void {
  const supply = new Supply(new PackedSpec(spec), { cpus: 3, preempt: "full" }, new Rng(11));
  for (let i = 0; i < 300; i++) f(unpackProgram(supply.next(), spec));
}

Deno.test("provide() makes before the schedule what operations refer to", () => {
  const lonely = { ...SPEC, ops: SPEC.ops.map((o) => ({ ...o, bootWeight: 0.01 })) };
  const words = new Int32Array(PROGRAM_WORDS);
  words[P_CPUS] = 2;
  words[P_NOPS] = 1;
  const id = SPEC.ops.findIndex(({ name }) => name === "obj_cgroup_charge");
  words.set([id, 1, 0, 0, -1, -1, 64, 0], 8);
  const bare = words.slice();
  repair(bare, WORDS, new Rng(1));
  assertEquals(bare[P_NOPS], 0, "without it the operation is dropped");
  provide(words, new PackedSpec(lonely), new Rng(1), OPS_MAX);
  repair(words, WORDS, new Rng(1));
  const { ops } = unpackProgram(words, SPEC);
  assertEquals(ops.at(-1)!.name, "obj_cgroup_charge");
  const given = ops.at(-1)!.args[0];
  assert(given.kind === "ref" && ops.some((o) => o.cpu === BOOT && o.result === given.name));
});

Deno.test("provide() does not go beyond the operations allowed", () => {
  const words = new Int32Array(PROGRAM_WORDS);
  words[P_CPUS] = 2;
  words[P_NOPS] = 1;
  words.set([SPEC.ops.findIndex(({ name }) => name === "kfree"), 1, 0, 0, -1, -1, 0, 0], 8);
  provide(words, WORDS, new Rng(1), 1);
  assertEquals(words[P_NOPS], 1);
});

Deno.test("references that must be made are never predefined, and other CPUs are others", () => {
  const spec: TargetSpec = {
    ...SPEC,
    ops: SPEC.ops.map((o) => ({
      ...o,
      args: o.args.map((a) =>
        a.type === "ref" && a.of === "memcg" && o.name !== "mkdir"
          ? { ...a, made: true }
          : a.type === "cpu"
          ? { ...a, other: true }
          : a
      ),
    })),
  };
  let refs = 0;
  let cpus = 0;
  drawn(spec, (p) => {
    for (const o of p.ops) {
      for (const a of o.args) {
        if (a.kind === "ref" && o.name !== "mkdir") {
          assert(a.name !== "root", `${o.name}(${a.name})`);
          refs++;
        }
        if (a.kind === "cpu" && o.cpu !== BOOT && p.cpus > 1) {
          assert(a.cpu !== o.cpu, `${o.name} on ${o.cpu}`);
          cpus++;
        }
      }
    }
  });
  assert(refs > 100 && cpus > 20, `${refs} references, ${cpus} CPUs`);
});

Deno.test("references that are mostly to what was made are seldom to what is predefined", () => {
  const spec: TargetSpec = {
    ...SPEC,
    ops: SPEC.ops.map((o) => ({
      ...o,
      args: o.args.map((a) =>
        a.type === "ref" && a.of === "memcg" && o.name !== "mkdir" ? { ...a, made: "mostly" } : a
      ),
    })),
  };
  let refs = 0;
  let root = 0;
  drawn(spec, (p) => {
    for (const o of p.ops) {
      for (const a of o.args) {
        if (a.kind !== "ref" || o.name === "mkdir") continue;
        refs++;
        if (a.name === "root") root++;
      }
    }
  });
  assert(root > 0 && root < refs / 5, `${root} of ${refs}`);
});
