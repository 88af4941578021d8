import { assert, assertEquals } from "@std/assert";
import { planted, replayApart, titleOf } from "./replay.ts";
import { huntApart, names } from "./suite.ts";

const all = planted();

/** No race with interrupts: a program that is hard to generate, for the ablation. */
const OTHER = "release-frees";

Deno.test("every race with interrupts has an input that shows it", async () => {
  assertEquals(all, (await names([])).filter((name) => name !== OTHER).sort());
});

for (const plant of all) {
  Deno.test(`planted ${plant} is shown by its input`, async () => {
    assertEquals(await replayApart(plant, [plant]), [titleOf(plant)]);
  });
}

for (const [bed, isIts] of [["none", false], ["nmi-none", true]] as const) {
  Deno.test(`correct code is silent under the inputs of the plants: ${bed}`, async () => {
    const inputs = all.filter((name) => name.startsWith("nmi-") === isIts);
    assert(inputs.length > 1);
    assertEquals(await replayApart(bed, inputs), inputs.map(() => null));
  });
}

// Several times the executions that they need.
for (const [plant, execs] of [["refill-on", 10_000], ["refill-early", 10_000]] as const) {
  Deno.test(`planted ${plant} is found by a campaign`, async () => {
    const [hunted] = await huntApart(plant, 1, execs);
    assert(hunted.title !== null);
  });
}
