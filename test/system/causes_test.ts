/** Findings that follow from one mistake are one, on mutants of v5.9 (mutants/). */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { assertCode, cli, eventsOf, PATIENT, ROOT, withDir } from "./harness.ts";

const FLAGS = ["--kernel", "v5.9", "--fixed", "all", "--seed", "1", "--shards", "1", ...PATIENT];
const mutant = (name: string) => ["--patch", `${ROOT}test/system/mutants/${name}.ts`];

/** Mutants, executions, the least number of titles, and the one cause. */
const MUTANTS: readonly [string, number, number, string][] = [
  ["missing_get", 4000, 6, "obj_cgroup has fewer references than holders"],
  ["missing_object_get", 8000, 3, "obj_cgroup has fewer references than holders"],
  ["early_release", 3000, 6, "mem_cgroup has fewer references than holders"],
  ["extra_css_put", 4000, 3, "mem_cgroup has fewer references than holders"],
];

for (const [name, execs, least, cause] of MUTANTS) {
  Deno.test(`${name}: at least ${least} titles, one cause`, () =>
    withDir(async (dir) => {
      const bound = ["--for", `${execs}x`, "--corpus", dir];
      const ran = await cli("fuzz", ...FLAGS, ...mutant(name), ...bound, "--json");
      assertCode(ran, 77);
      const [done] = eventsOf(ran, "done");
      assert(done.titles.length >= least, done.titles.join("\n"));
      assertEquals(done.causes, [cause]);
      assertEquals(new Set(eventsOf(ran, "crash").map((e) => e.cause)), new Set([cause]));
    }));
}

Deno.test("the end lists a cause with its symptoms, and its command says where it begins", () =>
  withDir(async (dir) => {
    const bound = ["--for", "1500x", "--corpus", dir];
    const ran = await cli("fuzz", ...FLAGS, ...mutant("missing_get"), ...bound);
    assertCode(ran, 77);
    const end = ran.err.slice(ran.err.indexOf("Done:"));
    assertMatch(end, /^Done: \d+ executions \(\d+\/s\), 1 cause:$/m);
    assertMatch(end, /^ {2}obj_cgroup has fewer references than holders$/m);
    assertMatch(end, /^ {4}shows as:\n( {6}\S.*\n){5,}$/m);
    const [, file] = /: deno task replay (\S+)$/m.exec(end)!;
    const replay = await cli("replay", file, "--trace");
    assertCode(replay, 0);
    assertStringIncludes(replay.out, "First broken: obj_cgroup has fewer references than holders");
    assertMatch(replay.out, / by CPU\d.* in refill_obj_stock\(\)/);
  }));
