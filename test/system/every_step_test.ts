/** `--every-step`: laws that are judged at every point at which they must hold. */
import { assertEquals } from "@std/assert";
import { fixedBugs } from "../../src/kernel/series/fixes.ts";
import { VERSIONS } from "../../src/kernel/series/kernels.ts";
import { cli, eventsOf, PATIENT, withDir } from "./harness.ts";

for (const { name: kernel } of VERSIONS) {
  Deno.test(`on ${kernel} with its known bugs mended, no law is broken for a moment`, () =>
    withDir(async (dir) => {
      const mended = fixedBugs(kernel).length > 0 ? ["--fixed", "all"] : [];
      const bound = ["--for", "4000x", "--seed", "3", "--shards", "1", "--cpus", "3"];
      const flags = ["--kernel", kernel, ...mended, "--every-step", ...bound];
      const ran = await cli("fuzz", ...flags, "--corpus", dir, "--json", ...PATIENT);
      assertEquals(eventsOf(ran, "crash").map(({ title }) => title), []);
      assertEquals(eventsOf(ran, "done").length, 1, ran.err);
    }));
}
