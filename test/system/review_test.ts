/** `review`: what a diff brings, and what it mends. The C is written here. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { writeTree } from "../cli/tree_of_c.ts";
import { assertCode, cli, eventsOf, parsed, PATIENT, withDir, writePatch } from "./harness.ts";

const HEAD = `struct mem_cgroup {
	struct cgroup_subsys_state css;
};

static struct mem_cgroup *get_mem_cgroup_from_objcg(struct obj_cgroup *objcg)
{
	struct mem_cgroup *owner;

`;

/** It takes a reference as long as there is one. */
const SAFE = `${HEAD}	rcu_read_lock();
	do {
		owner = obj_cgroup_memcg(objcg);
	} while (!css_tryget(&owner->css));
	rcu_read_unlock();
	return owner;
}
`;

/** It takes one in any case: S2. */
const UNSAFE = `${HEAD}	rcu_read_lock();
	owner = obj_cgroup_memcg(objcg);
	css_get(&owner->css);
	rcu_read_unlock();
	return owner;
}
`;

interface Cause {
  readonly state: string;
  readonly titles: readonly string[];
  readonly preempts: readonly string[];
  readonly file: string;
}

function ofState(causes: readonly Cause[], state: string): Cause[] {
  return causes.filter((c) => c.state === state);
}

/** The line of the tree's mm/memcontrol.c at which the functions differ. */
const AT = 17;

/** The diff from one text of the function to the other. */
function diffOf(from: string, to: string): string {
  const [old, fresh] = [from, to].map((text) => text.trimEnd().split("\n").slice(8));
  return [
    "--- a/mm/memcontrol.c",
    "+++ b/mm/memcontrol.c",
    `@@ -${AT},${old.length} +${AT},${fresh.length} @@`,
    ...old.map((line) => `-${line}`),
    ...fresh.map((line) => `+${line}`),
    "",
  ].join("\n");
}

/** Enough for the inputs of the corpus, each under a few schedules. */
const BOUND = ["--for", "3000x", "--seed", "1", ...PATIENT];

/** Review the diff from one function to another in a tree of their own. */
function reviewed(dir: string, from: string, to: string, ...flags: string[]) {
  writeTree(dir, from);
  Deno.writeTextFileSync(`${dir}/fix.diff`, diffOf(from, to));
  const places = ["--linux", dir, "--cache", `${dir}/cache`, "--artifacts", `${dir}/found`];
  return cli("review", `${dir}/fix.diff`, ...places, ...BOUND, ...flags);
}

Deno.test("review names what a diff brings, with a file that replays, and exits with 77", () =>
  withDir(async (dir) => {
    const ran = await reviewed(dir, SAFE, UNSAFE, "--json", "--mail", `${dir}/mail.txt`);
    assertCode(ran, 77);
    const [{ causes, changed, kernel, lines }] = eventsOf(ran, "review");
    const texts = lines.map(({ text }: { text: string }) => text);
    assertEquals(texts, ["owner = obj_cgroup_memcg(objcg);", "css_get(&owner->css);"]);
    for (const { executions, offlining } of lines) assert(executions > offlining && offlining > 0);
    assertEquals([kernel, changed], ["v6.12", ["get_mem_cgroup_from_objcg"]]);
    const fresh = ofState(causes, "new");
    for (const { titles } of fresh) assertStringIncludes(titles[0], "refcount: 0 -> 1 in ");
    const again = await cli("replay", ...fresh.map((c) => c.file), "--json", ...PATIENT);
    assertEquals(eventsOf(again, "replay").map((r) => r.ok), fresh.map(() => true));
    assert(fresh.length > 0);

    const mail = Deno.readTextFileSync(`${dir}/mail.txt`);
    assertStringIncludes(mail, `Review of ${dir}/fix.diff on ${dir} (v6.12)`);
    assertMatch(mail, /^NEW: \d cause/m);
    assertStringIncludes(mail, "CPU0");
    assertStringIncludes(mail, "Call Trace:");
  }));

Deno.test("review names what a diff mends, and how hard it looked, and exits with 0", () =>
  withDir(async (dir) => {
    const ran = await reviewed(dir, UNSAFE, SAFE);
    assertCode(ran, 0);
    const [, text] = /\nNEW: nothing\nGONE: \d causes?\n([^]*)BOTH: /.exec(ran.out)!;
    assertStringIncludes(text, "refcount: 0 -> 1 in ");
    assertStringIncludes(text, "Its schedule was followed to the end, and shows nothing");
    assertStringIncludes(text, "5000 other schedules of its program do not show it");
    const through = [...text.matchAll(/both places of its conflict in (\d+) of (\d+) of them/g)];
    assert(through.length > 0, text);
    for (const [, came, of] of through) assert(Number(came) <= Number(of), text);
    assertMatch(ran.out, /^LOOKED AT: 2 of 2 changed lines/m);
    assertStringIncludes(ran.out, "Bound: ");
    assertStringIncludes(ran.out, "preempt full, seed 1. Left out: preempt none and rt");
  }));

/** It takes a reference in any case where a long has 64 bits. */
const UNSAFE_ON_64 = UNSAFE.replace(
  "\trcu_read_lock();\n",
  `\trcu_read_lock();
#ifndef CONFIG_64BIT
	do {
		owner = obj_cgroup_memcg(objcg);
	} while (!css_tryget(&owner->css));
	rcu_read_unlock();
	return owner;
#endif
`,
);

Deno.test("review --bits 64 reads the C of a kernel with 64 bits", () =>
  withDir(async (dir) => {
    assertCode(await reviewed(dir, SAFE, UNSAFE_ON_64), 0);
    const wide = await reviewed(dir, SAFE, UNSAFE_ON_64, "--bits", "64", "--json");
    assertCode(wide, 77);
    const [{ causes }] = eventsOf(wide, "review");
    for (const { titles } of ofState(causes, "new")) assertStringIncludes(titles[0], "0 -> 1");
  }));

Deno.test("review with several preemption models says which of them show a cause", () =>
  withDir(async (dir) => {
    const flags = ["--preempts", "rt,none", "--json", "--mail", `${dir}/mail.txt`];
    const ran = await reviewed(dir, SAFE, UNSAFE, ...flags);
    assertCode(ran, 77);
    const [{ causes, execs, lines, preempts }] = eventsOf(ran, "review");
    assertEquals(preempts, ["rt", "none"]);
    assertEquals(execs, { base: 6000, patched: 6000 });
    for (const { executions } of lines) assert(executions > 3000, "the sum of both models");
    const fresh = ofState(causes, "new");
    assert(fresh.length > 0);
    const programs = await parsed(fresh.map(({ file }) => file));
    for (const [i, cause] of fresh.entries()) {
      assertEquals(cause.preempts[0], programs[i].preempt);
      assertStringIncludes(cause.file, `/found/${cause.preempts[0]}/patched/`);
    }
    const mail = Deno.readTextFileSync(`${dir}/mail.txt`);
    assertStringIncludes(mail, "preempt rt and none, seed 1. Left out: preempt full");
  }));

Deno.test("review takes its preemption models from one flag", async () => {
  const of = ["review", "fix.ts", "--kernel", "v6.12"] as const;
  const both = await cli(...of, "--preempt", "rt", "--preempts", "all", "--no-check");
  assertCode(both, 1);
  assertStringIncludes(both.err, "Cannot use --preempt with --preempts");
  const unknown = await cli(...of, "--preempts", "full,ful");
  assertCode(unknown, 1);
  assertStringIncludes(unknown.err, 'Unknown preemption model "ful": did you mean "full"?');
});

Deno.test("review of a patch of the model compares it with the kernel that it is a patch of", () =>
  withDir(async (dir) => {
    const patch = writePatch(dir, "obj_cgroup_put(_objcg: unknown) {},");
    const flags = ["--kernel", "v6.12", "--artifacts", `${dir}/found`, "--no-check", "--json"];
    const ran = await cli("review", patch, ...flags, ...BOUND);
    assertCode(ran, 77);
    const [{ causes, changed }] = eventsOf(ran, "review");
    assertEquals(changed, ["obj_cgroup_put"]);
    const fresh = ofState(causes, "new");
    assert(fresh.length > 0, JSON.stringify(causes));
  }));

/** A claim: the charge of an object may take a reference to a memcg that is gone. */
const CLAIM = `objcg-fuzz 1
title: charging revives a dead memcg
cpus: 2

boot  a = mkdir(root)
boot  o = obj_cgroup_get_remote(a)
cpu0  obj_cgroup_charge(o, 64)
cpu1  rmdir(a)

schedule:
cpu1 until css_killed_work_fn
cpu0 until end
`;

/** Judge a claim about a kernel. */
async function judged(dir: string, claim: string, kernel: string, ...flags: string[]) {
  Deno.writeTextFileSync(`${dir}/claim.txt`, claim);
  const where = ["--kernel", kernel, "--artifacts", `${dir}/found`, "--for", "3000x", ...PATIENT];
  return await cli("review", "--claim", `${dir}/claim.txt`, ...where, ...flags);
}

Deno.test("review --claim says that a claim happens, with the diagram and the file that shows it", () =>
  withDir(async (dir) => {
    const title = "refcount: 0 -> 1 in obj_cgroup_charge";
    const expecting = CLAIM.replace("cpus: 2\n", `cpus: 2\nexpect posted: ${title}\n`);
    const ran = await judged(dir, expecting, "posted");
    assertCode(ran, 77);
    const place = `${dir}/claim.txt`;
    assertStringIncludes(ran.out, `Claim: charging revives a dead memcg (${place}) on posted\n`);
    assertStringIncludes(ran.out, `\nHAPPENS: ${title}`);
    assertMatch(ran.out, /^CPU0 +\| CPU1$/m);
    const [, file] = /deno task replay (\S+)$/m.exec(ran.out)!;
    assertCode(await cli("replay", file, ...PATIENT), 0);
  }));

Deno.test("review --claim says that nothing was found, within which bound, and exits with 0", () =>
  withDir(async (dir) => {
    const ran = await judged(dir, CLAIM, "v6.12");
    assertCode(ran, 0);
    assertStringIncludes(
      ran.out,
      "DOES NOT happen within this bound: 3000 schedules of its program",
    );
    assertStringIncludes(ran.out, "Its schedule was followed to the end.");
    const elsewhere = CLAIM.replace("css_killed_work_fn", "memcg_hotplug_cpu_dead");
    const [event] = eventsOf(await judged(dir, elsewhere, "v6.12", "--json"), "claim");
    assertEquals([event.answer, event.missing], ["not found", "cpu1 until memcg_hotplug_cpu_dead"]);
    // Another title than the expected one is no answer.
    const other = CLAIM.replace("cpus: 2\n", "cpus: 2\nexpect posted: WARNING in rmdir\n");
    const no = await judged(dir, other, "posted");
    assertCode(no, 0);
    assertStringIncludes(no.out, "Its program also shows: refcount: 0 -> 1 in obj_cgroup_charge");
  }));

Deno.test("review --claim says what the model does not have, and exits with 78", () =>
  withDir(async (dir) => {
    const operation = await judged(dir, CLAIM.replace("rmdir(a)", "swapoff(a)"), "v6.12");
    assertCode(operation, 78);
    assertStringIncludes(operation.out, "CANNOT BE SAID: it needs what the model does not have.");
    assertStringIncludes(operation.out, 'claim.txt:8:7: Unknown operation "swapoff"');
    const point = await judged(dir, CLAIM.replace("css_killed_work_fn", "shrink_node"), "v6.12");
    assertCode(point, 78);
    assertStringIncludes(point.out, 'Unknown kernel function "shrink_node"');
  }));

/** It keeps what is left of a page. */
const KEEPS = `static struct obj_cgroup *drain_obj_stock(struct memcg_stock_pcp *stock)
{
	stock->nr_bytes = stock->nr_bytes % 4096;
	return NULL;
}
`;

Deno.test("review runs the functions that use a structure whose field gets another type", () =>
  withDir(async (dir) => {
    writeTree(dir, KEEPS);
    const diff = [
      "--- a/mm/memcontrol.c",
      "+++ b/mm/memcontrol.c",
      "@@ -7 +7 @@",
      "-\tunsigned int nr_bytes;",
      "+\tu16 nr_bytes;",
      "",
    ];
    Deno.writeTextFileSync(`${dir}/fix.diff`, diff.join("\n"));
    const places = ["--linux", dir, "--cache", `${dir}/cache`, "--artifacts", `${dir}/found`];
    const ran = await cli(
      "review",
      `${dir}/fix.diff`,
      ...places,
      "--for",
      "100x",
      "--json",
      ...PATIENT,
    );
    const [{ changed, execs }] = eventsOf(ran, "review");
    assertEquals(changed, ["drain_obj_stock"]);
    assert(execs.patched > 0);
  }));

Deno.test("review does not look at what the model has by hand, and says so instead of nothing changed", () =>
  withDir(async (dir) => {
    writeTree(dir, KEEPS);
    const diff = [
      "--- a/mm/memcontrol.c",
      "+++ b/mm/memcontrol.c",
      "@@ -4 +4 @@",
      "-\tstruct mem_cgroup *cached;",
      "+\tstruct mem_cgroup *holder;",
      "",
    ];
    Deno.writeTextFileSync(`${dir}/fix.diff`, diff.join("\n"));
    const ran = await cli("review", `${dir}/fix.diff`, "--linux", dir, "--cache", `${dir}/cache`);
    assertCode(ran, 1);
    assertStringIncludes(ran.err, "nothing of what it changes runs in the model");
    assertStringIncludes(ran.err, "mm/memcontrol.c:4: struct mem_cgroup *holder;");
  }));
