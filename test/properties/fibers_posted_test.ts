import { assert, assertEquals } from "@std/assert";
import { makeMachine, OBJCG } from "../machine/harness.ts";
import { campaignOn, testFibers } from "./fibers.ts";

const m = await makeMachine({ cpus: 4, target: OBJCG });

await testFibers(m, 4, "objcg on posted", 0.95);

for (const strategy of ["directed", "random"]) {
  for (const preempt of ["none", "full", "rt"]) {
    Deno.test(`a campaign is the same on every machine: ${strategy}, preempt ${preempt}`, async () => {
      const options = { cpus: 3, preempt, strategy, execs: 1500 };
      const lockstep = await campaignOn(m, "lockstep", options);
      const scout = await campaignOn(m, "scout", options);
      const fibers = await campaignOn(m, "fibers", options);
      assertEquals(scout.result, lockstep.result);
      assertEquals(fibers.result, lockstep.result);
      assert(fibers.ran.fibers > 0.95 * options.execs, JSON.stringify(fibers.ran));
      assert(scout.ran.fibers > 0.5 * options.execs, JSON.stringify(scout.ran));
      assert(scout.ran.workers > 0);
    });
  }
}
