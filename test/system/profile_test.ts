/** Where the time of a campaign goes, as a user asks it. */
import { assert } from "@std/assert";
import { cli, eventsOf, PATIENT, withDir } from "./harness.ts";

for (const machine of ["scout", "lockstep"]) {
  Deno.test(`--profile says what share of its time a campaign on ${machine} did what`, () =>
    withDir(async (dir) => {
      const flags = ["--seed", "1", "--for", "3000x", "--shards", "1", "--machine", machine];
      const ran = await cli("fuzz", "--profile", "--json", ...flags, ...PATIENT, "--corpus", dir);
      const [{ samples, shares }] = eventsOf(ran, "profile");
      const all = Object.values(shares as Record<string, number>);
      assert((samples as number) > 0);
      assert(Math.abs(all.reduce((sum, share) => sum + share, 0) - 1) < 1e-9, String(all));
      for (const phase of ["choosing", "schedule", "minimizing"]) {
        assert((shares as Record<string, number>)[phase] > 0, phase);
      }
    }));
}
