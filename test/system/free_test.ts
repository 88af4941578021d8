import {
  assert,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertStringIncludes,
} from "@std/assert";
import { findFiles } from "../../src/cli/parent/inputs.ts";
import { assertReplays, cli, eventsOf, parsed, PATIENT, ROOT, withDir } from "./harness.ts";

const programs = await parsed(
  findFiles([`${ROOT}corpus/objcg`]).filter((f) => /\/(seeds|regressions)\/[^/]+\.txt$/.test(f)),
);
const POSTED = new Set(
  programs.flatMap(({ expects }) => expects).filter((e) => e.kernel === "posted").map((e) =>
    e.title
  ),
);

Deno.test("CPUs that really run in parallel find a bug, which is saved as a lockstep entry", () =>
  withDir(async (dir) => {
    const flags = ["--seed", "1", "--for", "3000x", "--shards", "1", "--json", "--corpus", dir];
    const ran = await cli(
      "fuzz",
      "--count-known",
      "--machine",
      "free",
      "--cpus",
      "2",
      ...PATIENT,
      ...flags,
    );
    assertEquals(ran.code, 77, ran.out + ran.err);
    assertStringIncludes(
      ran.err,
      "Off with --machine free: kcsan\n",
    );
    const [{ ratio }] = eventsOf(ran, "busy");
    // How much the CPUs overlap is for a quiet machine to say.
    assert(Number.isFinite(ratio), ran.out);
    assertGreater(ratio, 0);
    const crashes = eventsOf(ran, "crash");
    assertGreaterOrEqual(crashes.filter(({ title }) => POSTED.has(title)).length, 1, ran.out);
    const replays = await assertReplays(`${dir}/crashes`);
    assertEquals(replays.map(({ title }) => title).sort(), crashes.map((c) => c.title).sort());
  }));
