/** S4 with PREEMPT_RT, given its program: the default strategy finds the schedule. */
import { assertEquals } from "@std/assert";
import { file, makeMachine, OBJCG } from "../machine/harness.ts";
import { patchesThatFix } from "../../src/kernel/series/fixes.ts";

/** The other known bugs end most executions before S4 can. */
const OTHERS = ["b04", "b15", "b36", "h01", "h02", "h04", "s01", "s02", "s03", "s07", "s09", "s10"];
const SEED = file("corpus/objcg/seeds/s04-put-before-clear-rt.txt");

const m = await makeMachine({
  kernel: "posted",
  target: OBJCG,
  cpus: 2,
  patches: patchesThatFix(OTHERS, "posted").map((name) => file(`src/kernel/patches/${name}.ts`)),
});
const { Campaign } = await import("../../src/engine/campaign/campaign.ts");
const { STRATEGIES } = await import("../../src/engine/strategies/all.ts");
const { packProgram } = await import("../../src/prog/pack.ts");
const { parseProgram } = await import("../../src/prog/parse.ts");
const { PROGRAM_WORDS } = await import("../../src/prog/layout.ts");

function programWithoutSchedule(): Int32Array {
  const text = Deno.readTextFileSync(new URL(SEED));
  const { errors, program } = parseProgram(text.slice(0, text.indexOf("schedule:")), "s04", [
    m.spec,
  ]);
  assertEquals(errors.map(String), []);
  const fixed = new Int32Array(PROGRAM_WORDS);
  packProgram(program!, m.spec, fixed);
  return fixed;
}

/** The first title that a campaign with this program reports, in at most 20,000 executions. */
function firstTitle(seed: number, fixed: Int32Array): string | null {
  let found: string | null = null;
  m.executor.forget();
  new Campaign(m.executor, m.spec, {
    seed: BigInt(seed),
    shard: 0,
    cpus: 2,
    preempt: "rt",
    strategy: STRATEGIES[0],
    maxExecs: 20_000,
    fixed,
  }, {
    onFinding(title) {
      // What the machine cannot do is no finding.
      if (m.executor.outcome().found?.fault === "kernel") found ??= title;
      return 0;
    },
    stop: () => found !== null,
  }).fuzz();
  return found;
}

Deno.test("with PREEMPT_RT, the default strategy finds the schedule of S4", () => {
  const fixed = programWithoutSchedule();
  for (const seed of [1, 2, 3]) {
    const title = firstTitle(seed, fixed);
    assertEquals(title, "KASAN: slab-use-after-free Read in obj_stock_flush_required", `${seed}`);
  }
});
