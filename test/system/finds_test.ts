import { assert, assertEquals, assertGreaterOrEqual, assertStringIncludes } from "@std/assert";
import { BOOT } from "../../src/prog/types.ts";
import {
  assertCode,
  assertReplays,
  cli,
  deno,
  events,
  eventsOf,
  filesIn,
  parsed,
  PATIENT,
  withDir,
} from "./harness.ts";

/** S1, S2, S3, S10 and S9 (corpus/README.md). */
const NAMED = [
  "KMSAN: uninit-value in memcg_online_kmem",
  "refcount: 0 -> 1 in obj_cgroup_charge",
  "KASAN: null-ptr-deref in obj_stock_flush_required",
  "memory leak: obj_cgroup held by memcg_stock_pcp.cached_objcg",
  "WARNING: possible circular locking dependency: css_set_lock and sighand_struct->siglock",
];

Deno.test("from an empty queue, fuzz finds the bugs of the posted patch and minimises them", () =>
  withDir(async (dir) => {
    const flags = ["--kernel", "posted", "--seed", "7", "--for", "150000x", "--shards", "1"];
    const ran = await cli("fuzz", "--count-known", ...flags, ...PATIENT, "--json", "--corpus", dir);
    assertCode(ran, 77);
    const crashes = eventsOf(ran, "crash");
    const titles = crashes.map(({ title }) => title);
    assertEquals(NAMED.filter((t) => !titles.includes(t)), [], `found only ${titles.join("; ")}`);
    assertGreaterOrEqual(new Set(titles).size, 5);
    // What looks like a known bug and is made by other accesses is told as a bug of its own.
    const bugs = crashes.map(({ title, known }) => `${known}: ${title}`);
    assertEquals(bugs.length, new Set(bugs).size, "a bug is told twice");
    assertEquals(events(ran).at(-1)!.titles, [...new Set(titles)].sort());

    // Every finding is a small file that is its own proof.
    const files = crashes.map(({ file }) => file);
    assertEquals(filesIn(`${dir}/crashes`, ".txt"), [...files].sort());
    const programs = await parsed(files);
    for (const [i, { title, ops, cpus }] of crashes.entries()) {
      const p = programs[i];
      assertEquals([p.title, p.expects.map((e) => [e.kernel, e.title])], [title, [[
        "posted",
        title,
      ]]]);
      const running = p.ops.filter(({ cpu }) => cpu !== BOOT);
      assertEquals([p.cpus, running.length], [cpus, ops], title);
    }
    // One form of S3 takes five switches.
    const large = crashes.filter(({ cpus, ops, switches }) => cpus > 3 || ops > 6 || switches > 5);
    assertEquals(
      large.map((c) => `${c.title}: ${c.cpus} CPUs, ${c.ops} ops, ${c.switches} switches`),
      [],
    );
    const replays = await assertReplays(`${dir}/crashes`);
    assertEquals(replays.map(({ file }) => file), [...files].sort());

    // Every report ends with a command line that shows the same again.
    for (const { title, report, command } of crashes) {
      const text = Deno.readTextFileSync(report);
      assertStringIncludes(text, title);
      const printed = text.trimEnd().split("\n").at(-1)!.trim();
      assertEquals(printed, command);
      assert(!command.includes("--target"), "a target in fuzz/ is known by its name");
      const [program, task, ...args] = printed.split(" ");
      assertEquals([program, task], ["deno", "task"]);
      const again = await deno(task, "--quiet", ...args);
      assertCode(again, 0);
      assert(again.out.startsWith("ok "), again.out);
      assertStringIncludes(again.out, title);
    }
  }));
