import { assertStringIncludes } from "@std/assert";
import { textOf } from "../../../src/cli/shard/hang.ts";
import { NUMERIC } from "../../../src/machine/executor.ts";
import { PROGRAM_WORDS, SCHEDULE_WORDS } from "../../../src/prog/layout.ts";
import { packProgram } from "../../../src/prog/pack.ts";
import { parseProgram } from "../../../src/prog/parse.ts";
import { specOf, type Target } from "../../../src/prog/target.ts";

const noted = { doc: "Do it.", run: () => 0 };
const TARGET: Target = {
  name: "demo",
  doc: "A demonstration.",
  ops: { later: noted, poke: noted, prod: noted },
};
/** A kernel that lacks the first operation: the others have other numbers there. */
const SPEC = { ...specOf(TARGET), ops: specOf(TARGET).ops.slice(1) };

Deno.test("the text of a hang has the operations of its kernel, which may lack some of the target's", () => {
  const text = "objcg-fuzz 1\ntitle: t\ntarget: demo\ncpus: 2\n\ncpu0 prod()\ncpu1 poke()\n";
  const program = new Int32Array(PROGRAM_WORDS);
  packProgram(parseProgram(text, "t", [SPEC]).program!, SPEC, program);
  const schedule = new Int32Array(SCHEDULE_WORDS);
  schedule.set([0, 2, 0, 1]);
  const job = { kernel: "v5.9", target: "demo", kcsan: "off" } as const;
  const saved = textOf(job, SPEC, { program, schedule, form: NUMERIC }, "hang");
  assertStringIncludes(saved, "cpu0  prod()\ncpu1  poke()\n");
  assertStringIncludes(saved, "expect v5.9: hang\n");
});
