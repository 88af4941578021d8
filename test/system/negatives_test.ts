import { assert, assertEquals } from "@std/assert";
import { findFiles } from "../../src/cli/parent/inputs.ts";
import {
  assertCode,
  assertReplays,
  cli,
  events,
  filesIn,
  parsed,
  PATIENT,
  ROOT,
  withDir,
} from "./harness.ts";

/** What the corpus lists for v5.9: real bugs that the merged code still has. */
const programs = await parsed(
  findFiles([`${ROOT}corpus/objcg`]).filter((f) => /\/(seeds|regressions)\/[^/]+\.txt$/.test(f)),
);
const LISTED = new Set(
  programs.flatMap(({ expects }) => expects).filter((e) => e.kernel === "v5.9" && e.title !== null)
    .map(({ title }) => title!),
);

for (const preempt of ["none", "full", "rt"]) {
  Deno.test(`v5.9 with preempt ${preempt} shows nothing but what the corpus lists`, () =>
    withDir(async (dir) => {
      const flags = ["--seed", "3", "--for", "60000x", "--shards", "1", "--json", "--corpus", dir];
      const ran = await cli(
        "fuzz",
        "--count-known",
        "--kernel",
        "v5.9",
        "--preempt",
        preempt,
        ...PATIENT,
        ...flags,
      );
      const { titles, execs } = events(ran).at(-1)!;
      assert(execs >= 60000, ran.err);
      assertEquals((titles as string[]).filter((t) => !LISTED.has(t)), []);
      assertCode(ran, titles.length > 0 ? 77 : 0);
    }));
}

/** Patches that mend the bugs which percpu_ref is there to find: see percpu_ref_test.ts. */
const MENDED: Record<string, readonly string[]> = {
  percpu_ref: [
    "src/kernel/patches/7996a8b5511a-freeze-and-unfreeze.ts",
    "test/fuzz/patches/put_before_wake.ts",
  ],
  page_counter: [],
  cgroup_root: ["src/kernel/patches/79f919a89c9d-three-queues-of-cgroup-destruction.ts"],
};

for (const [target, patches] of Object.entries(MENDED)) {
  Deno.test(`target ${target} shows nothing`, () =>
    withDir(async (dir) => {
      const flags = ["--seed", "3", "--for", "30000x", "--shards", "1", "--json", "--corpus", dir];
      const mended = patches.flatMap((path) => ["--patch", `${ROOT}${path}`]);
      const ran = await cli(
        "fuzz",
        "--count-known",
        "--target",
        target,
        ...mended,
        ...PATIENT,
        ...flags,
      );
      assertCode(ran, 0);
      assertEquals(events(ran).at(-1)!.titles, []);
      assertEquals(filesIn(`${dir}/crashes`, ""), []);
      assert(filesIn(`${dir}/queue`, ".txt").length > 0, "nothing new was ever met");
    }));
}

for (const kernel of ["v5.10", "v5.14", "v6.1", "v6.14"]) {
  Deno.test(`a campaign on ${kernel} ends by its bound, and what it finds replays`, () =>
    withDir(async (dir) => {
      const flags = ["--kernel", kernel, "--seed", "1", "--for", "3000x", "--shards", "1"];
      const ran = await cli("fuzz", "--count-known", ...flags, ...PATIENT, "--corpus", dir);
      assertCode(ran, 77);
      await assertReplays(`${dir}/crashes`);
    }));
}
