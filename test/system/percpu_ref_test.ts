/** The target percpu_ref finds the public bugs of its kernel, from nothing. */
import { assertEquals } from "@std/assert";
import { assertCode, cli, eventsOf, PATIENT, ROOT, withDir } from "./harness.ts";

/** 7996a8b5511a: a freeze is counted and the count killed in two steps. */
const FREEZE = "WARNING in blk_freeze_queue_start";
/** 20220407103335.36885-1: a switch wakes its waiter before it puts its own reference. */
const WAKE = "WARNING in counted_exact";
/** 966d2b04e070, by a patch: a tryget takes a reference and reports failure. */
const NARROW = ["WARNING in counted_sum", "WARNING in queue_verify"];
const patch = (path: string) => ["--patch", `${ROOT}${path}`];
const FIXES = [
  ...patch("src/kernel/patches/7996a8b5511a-freeze-and-unfreeze.ts"),
  ...patch("test/fuzz/patches/put_before_wake.ts"),
];

async function titles(dir: string, ...flags: string[]): Promise<string[]> {
  const ran = await cli(
    "fuzz",
    "--count-known",
    ...["--target", "percpu_ref", "--seed", "2", "--for", "20000x", "--shards", "1"],
    ...[...PATIENT, "--json", "--corpus", dir, ...flags],
  );
  const found = eventsOf(ran, "crash").map(({ title }) => title as string);
  assertCode(ran, found.length === 0 ? 0 : 77);
  return found.sort();
}

Deno.test("from an empty queue, fuzz finds both bugs of percpu_ref's users in 20,000 executions", () =>
  withDir(async (dir) => assertEquals([...new Set(await titles(dir))], [FREEZE, WAKE])));

Deno.test("it finds the leak of a narrow tryget as well", () =>
  withDir(async (dir) => {
    const found = await titles(dir, ...FIXES, ...patch("test/fuzz/patches/narrow_tryget.ts"));
    assertEquals(found.filter((t) => !NARROW.includes(t)), []);
    assertEquals(found.length > 0, true);
  }));

for (const preempt of ["none", "full", "rt"]) {
  Deno.test(`with both bugs mended it shows nothing, with preempt ${preempt}`, () =>
    withDir(async (dir) => {
      assertEquals(await titles(dir, ...FIXES, "--preempt", preempt), []);
    }));
}
