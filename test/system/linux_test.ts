/** A tree's C runs: `--linux`, and a diff on it. The C is written here. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readPage } from "../page/read_page.ts";
import { writeTree } from "../cli/tree_of_c.ts";
import { assertCode, cli, eventsOf, PATIENT, ROOT, withDir } from "./harness.ts";

const SEED = "corpus/objcg/seeds/s03-flush-required-null-displaced.txt";

/** The seed for a kernel that clears the pointer with WRITE_ONCE(): since v6.5. */
function seedIn(dir: string): string {
  const text = Deno.readTextFileSync(`${ROOT}${SEED}`);
  const path = `${dir}/s03.txt`;
  Deno.writeTextFileSync(path, text.replace("store cached_objcg", "WRITE_ONCE cached_objcg"));
  return path;
}

/** It loads the pointer once, and asks whether there is something to flush. */
const SAFE = `static bool obj_stock_flush_required(struct memcg_stock_pcp *stock,
		struct mem_cgroup *root)
{
	struct obj_cgroup *bucket;

	bucket = READ_ONCE(stock->cached_objcg);
	if (!bucket)
		return false;
	return mem_cgroup_is_descendant(obj_cgroup_memcg(bucket), root);
}
`;

/** A diff to code that loads it twice. */
const TWICE = `--- a/mm/memcontrol.c
+++ b/mm/memcontrol.c
@@ -12,6 +12,5 @@
 	struct obj_cgroup *bucket;
${" "}
-	bucket = READ_ONCE(stock->cached_objcg);
-	if (!bucket)
+	if (!stock->cached_objcg)
 		return false;
-	return mem_cgroup_is_descendant(obj_cgroup_memcg(bucket), root);
+	return mem_cgroup_is_descendant(obj_cgroup_memcg(stock->cached_objcg), root);
`;

Deno.test("replay --linux runs the functions of a tree, and a diff brings a bug back", () =>
  withDir(async (dir) => {
    writeTree(dir, SAFE);
    const flags = [seedIn(dir), "--linux", dir, "--cache", `${dir}/cache`, ...PATIENT];
    const safe = await cli("replay", ...flags);
    assertStringIncludes(safe.err, `${dir} is v6.12: v6.12 with 1 function translated, 0 by hand`);
    assert(!safe.out.includes("KASAN"), safe.out);
    // The patch, its C, and what is said about it: the second run takes all from there.
    const names = () => [...Deno.readDirSync(`${dir}/cache`)].map(({ name }) => name).sort();
    assertEquals(names().map((name) => name.replace(/[0-9a-f]{16}/, "HASH")).sort(), [
      "HASH.json",
      "linux-v6.12-HASH.c.json",
      "linux-v6.12-HASH.ts",
    ]);
    const before = names();
    const warm = await cli("replay", ...flags);
    assertEquals([warm.out, warm.err], [safe.out, safe.err]);
    assertEquals(names(), before);

    Deno.writeTextFileSync(`${dir}/twice.diff`, TWICE);
    const json = await cli("replay", ...flags, "--patch", `${dir}/twice.diff`, "--json");
    assertStringIncludes(json.err, "The diff changes obj_stock_flush_required");
    const [{ kernel, title }] = eventsOf(json, "replay");
    assertEquals([kernel, title], ["v6.12", "KASAN: null-ptr-deref in obj_stock_flush_required"]);
  }));

/** With PREEMPT_RT it loads the pointer twice. */
const TWICE_ON_RT = SAFE.replace(
  "\tbucket = READ_ONCE(stock->cached_objcg);\n",
  `#ifdef CONFIG_PREEMPT_RT
	if (!stock->cached_objcg)
		return false;
	bucket = stock->cached_objcg;
	return mem_cgroup_is_descendant(obj_cgroup_memcg(bucket), root);
#endif
	bucket = READ_ONCE(stock->cached_objcg);
`,
);

Deno.test("replay --linux translates for the preemption model of the files", () =>
  withDir(async (dir) => {
    writeTree(dir, TWICE_ON_RT);
    const full = seedIn(dir);
    const rt = `${dir}/rt.txt`;
    const text = Deno.readTextFileSync(full);
    Deno.writeTextFileSync(rt, text.replace(/^cpus:/m, "preempt: rt\ncpus:"));
    const flags = ["--linux", dir, "--cache", `${dir}/cache`, ...PATIENT];
    const titles = [];
    for (const file of [full, rt]) {
      titles.push(eventsOf(await cli("replay", file, ...flags, "--json"), "replay")[0].title);
    }
    assertEquals(titles, [null, "KASAN: null-ptr-deref in obj_stock_flush_required"]);
    const both = await cli("replay", full, rt, ...flags);
    assertCode(both, 1);
    assertStringIncludes(both.err, "files of several preemption models (full, rt)");
    // If the C does not depend on the model, one run takes all of them.
    writeTree(dir, SAFE);
    assertEquals(eventsOf(await cli("replay", full, rt, ...flags, "--json"), "replay").length, 2);
  }));

/** The same with a call that the model does not have. */
const TRACED = SAFE.replace("\tbucket = READ", "\ttrace_printk(root);\n\tbucket = READ").replace(
  "\tif (!bucket)\n\t\treturn false;\n",
  "",
);

Deno.test("the report of a finding lists what the translation leaves out on its path", () =>
  withDir(async (dir) => {
    const line = writeTree(dir, TRACED) + TRACED.split("\n").findIndex((l) => l.includes("printk"));
    const flags = ["--linux", dir, "--cache", `${dir}/cache`, ...PATIENT];
    const ran = await cli("replay", seedIn(dir), ...flags, "--kernel", "v6.12");
    assertStringIncludes(
      ran.out,
      "Left out of the C on this path:\n" +
        `  obj_stock_flush_required: mm/memcontrol.c:${line}: trace_printk(): `,
    );
  }));

Deno.test("the page of a tree shows the lines of its C at every translated point", () =>
  withDir(async (dir) => {
    writeTree(dir, SAFE);
    Deno.writeTextFileSync(`${dir}/twice.diff`, TWICE);
    const html = `${dir}/page.html`;
    const flags = ["--linux", dir, "--patch", `${dir}/twice.diff`, "--cache", `${dir}/cache`];
    const ran = await cli("replay", seedIn(dir), ...flags, "--html", html, ...PATIENT);
    assertStringIncludes(ran.err, `Wrote ${html}`);
    const { excerpts, points } = readPage(Deno.readTextFileSync(html));
    const own = points.filter(({ stack }) => stack.at(-1) === "obj_stock_flush_required");
    const shown = own.map(({ excerpt, field, line, what }) => {
      const { file, from, lines } = excerpts[excerpt];
      return `${what} ${field} ${file}: ${lines[line - from].trim()}`;
    });
    // The C with the diff, which is on no disk: the pointer is loaded twice.
    assertEquals([...new Set(shown)], [
      "load cached_objcg mm/memcontrol.c: if (!stock->cached_objcg)",
      "load cached_objcg mm/memcontrol.c: return mem_cgroup_is_descendant(" +
      "obj_cgroup_memcg(stock->cached_objcg), root);",
    ]);
    assertEquals(excerpts[own[0].excerpt].lines[0], SAFE.split("\n")[0]);
    // A function that is not the tree's is still the model's.
    assert(excerpts.some(({ file }) => file.startsWith("src/kernel/")));
  }));

Deno.test("a diff that does not apply, or that changes nothing, is told", () =>
  withDir(async (dir) => {
    writeTree(dir, SAFE);
    const diff = `${dir}/fix.diff`;
    const flags = ["--linux", dir, "--cache", `${dir}/cache`, "--patch", diff, ...PATIENT];
    Deno.writeTextFileSync(diff, TWICE.replace("if (!bucket)", "if (bucket)"));
    const reject = await cli("replay", SEED, ...flags);
    assertCode(reject, 1);
    assertStringIncludes(
      reject.err,
      "fix.diff:3: the hunk @@ -12,6 @@ does not apply to mm/memcontrol.c",
    );

    Deno.writeTextFileSync(
      diff,
      "--- a/mm/memcontrol.c\n+++ b/mm/memcontrol.c\n@@ -12,2 +12,3 @@\n \tstruct obj_cgroup *bucket;\n+\n \n",
    );
    const blank = await cli("replay", SEED, ...flags);
    assertStringIncludes(blank.err, "The diff changes no function: what runs is the same");
  }));

Deno.test("matrix --linux has one column, and seed check --linux looks up names in its kernel", () =>
  withDir(async (dir) => {
    writeTree(dir, SAFE);
    const tree = ["--linux", dir, "--cache", `${dir}/cache`];
    const matrix = await cli("matrix", SEED, ...tree, ...PATIENT, "--search", "0", "--json");
    assertEquals(eventsOf(matrix, "cell").map(({ kernel }) => kernel), ["v6.12"]);
    const both = await cli("matrix", SEED, ...tree, "--kernels", "v6.12");
    assertCode(both, 1);
    assertStringIncludes(both.err, "Cannot use --kernels with --linux: a tree is one kernel");

    const path = seedIn(dir);
    assertCode(await cli("seed", "check", path, ...tree), 0);
    const wrong = Deno.readTextFileSync(path).replace("WRITE_ONCE cached_objcg", "load cached_pot");
    Deno.writeTextFileSync(path, wrong);
    const check = await cli("seed", "check", path, ...tree);
    assertCode(check, 1);
    assertStringIncludes(check.err, "cached_pot");
    assertStringIncludes(check.err, "(on v6.12)");
  }));

Deno.test("a diff needs a tree", async () => {
  const ran = await cli("replay", SEED, "--patch", "fix.diff");
  assertCode(ran, 1);
  assertEquals(
    ran.err.trim().split("\n").at(-1),
    "error: Cannot use --patch fix.diff: a diff needs --linux TREE; a patch of the model is a .ts file",
  );
});
