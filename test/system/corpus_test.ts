import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { makeDir, removeDir } from "../with_dir.ts";
import { assert, assertEquals } from "@std/assert";
import { assertCode, cli, eventsOf, filesIn, PATIENT } from "./harness.ts";

const SEEDS = new URL("../../corpus/objcg/seeds/", import.meta.url);

/** Copy the seeds into a corpus of its own. */
function copySeeds(dir: string): number {
  Deno.mkdirSync(`${dir}/seeds`, { recursive: true });
  let n = 0;
  for (const { name } of Deno.readDirSync(SEEDS)) {
    Deno.copyFileSync(new URL(name, SEEDS), `${dir}/seeds/${name}`);
    n++;
  }
  return n;
}

describe("deno task fuzz --corpus", () => {
  let dir = "";
  beforeEach(() => void (dir = makeDir()));
  afterEach(() => removeDir(dir));

  it("fuzz --corpus runs the seeds first, and follows up what they show like any finding", async () => {
    const seeds = copySeeds(dir);
    const flags = ["--kernel", "posted", "--seed", "1", "--for", "60000x", "--shards", "1"];
    const ran = await cli("fuzz", "--count-known", ...flags, ...PATIENT, "--json", "--corpus", dir);
    assertCode(ran, 77);
    assertEquals(eventsOf(ran, "error"), []);
    assertEquals(filesIn(`${dir}/crashes`, ".txt").filter((f) => f.includes("diverged")), []);
    // S9 needs a program that nobody comes upon in so few executions: the seed has it.
    const titles = eventsOf(ran, "crash").map(({ title }) => title);
    const S9 =
      "WARNING: possible circular locking dependency: css_set_lock and sighand_struct->siglock";
    assert(titles.includes(S9), titles.join("; "));
    assertEquals(filesIn(`${dir}/seeds`, ".txt").length, seeds, "seeds are left alone");
    // The queue that it wrote is read the next time.
    const again = await cli(
      "fuzz",
      "--count-known",
      ...flags,
      ...PATIENT,
      "--json",
      "--corpus",
      dir,
    );
    assertCode(again, 77);
    assertEquals(eventsOf(again, "error"), []);
  });
});
