import { assertEquals, assertRejects, fail } from "@std/assert";
import { InputErrors } from "../../../src/cli/parent/inputs.ts";
import { SeedCheck } from "../../../src/cli/parent/seed_check.ts";
import { loadKnown } from "../../../src/cli/flags/known.ts";
import { withDir } from "../harness.ts";

const KNOWN = await loadKnown();
const WRONG = "objcg-fuzz 1\ntitle: t\ncpus: 99x\n";

/** A check of a corpus with one seed of that text; none without. */
async function checkOf(dir: string, seed?: string): Promise<SeedCheck> {
  if (seed !== undefined) {
    await Deno.mkdir(`${dir}/seeds`);
    await Deno.writeTextFile(`${dir}/seeds/x.txt`, seed);
  }
  return new SeedCheck({ corpusDir: dir, target: undefined }, KNOWN);
}

Deno.test("SeedCheck throws what is wrong with a seed", () =>
  withDir(async (dir) => {
    const check = await checkOf(dir, WRONG);
    const { lines } = await assertRejects(() => check.end(), InputErrors);
    assertEquals(lines.length, 1);
  }));

Deno.test("SeedCheck stops a campaign that goes on, after some reports of each shard", () =>
  withDir(async (dir) => {
    const check = await checkOf(dir, WRONG);
    for (let i = 0; i < 7; i++) check.reported(2, () => fail("it has begun"));
    const stopped = Promise.withResolvers<void>();
    check.reported(2, stopped.resolve);
    await stopped.promise;
    await assertRejects(() => check.end(), InputErrors);
  }));

Deno.test("a corpus without seeds is right", () =>
  withDir(async (dir) => await (await checkOf(dir)).end()));
