/** `compare`: functions of a tree against those of the model. The C is written here. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { writeTree } from "../cli/tree_of_c.ts";
import { assertCode, cli, eventsOf, PATIENT, withDir } from "./harness.ts";

const FLAGS = ["--for", "64x", "--kernel", "v6.12", ...PATIENT];

/** As v6.12 has it. */
const FLUSH = `static bool obj_stock_flush_required(struct memcg_stock_pcp *stock,
		struct mem_cgroup *root)
{
	struct obj_cgroup *bucket;

	bucket = READ_ONCE(stock->cached_objcg);
	if (bucket) {
		struct mem_cgroup *group = obj_cgroup_memcg(bucket);

		if (group && mem_cgroup_is_descendant(group, root))
			return true;
	}
	return false;
}
`;

Deno.test("a function that passes the same points as the model's is the same", () =>
  withDir(async (dir) => {
    writeTree(dir, FLUSH);
    const ran = await cli("compare", "--linux", dir, "--cache", `${dir}/cache`, ...FLAGS);
    assertCode(ran, 0);
    const row = /^obj_stock_flush_required +(\d+) {2}same$/m.exec(ran.out);
    assert(Number(row?.[1]) > 0, ran.out);
    assertStringIncludes(
      ran.out,
      "1 of 1 functions of v6.12 pass the same points as the kernel's own source, 0 of them but for " +
        "a note; 0 differ, 0 were not reached, 0 are not translated; ",
    );
  }));

Deno.test("one that does not is shown with its first point, its input and both sources", () =>
  withDir(async (dir) => {
    const at = writeTree(
      dir,
      FLUSH.replace("READ_ONCE(stock->cached_objcg)", "stock->cached_objcg"),
    );
    const flags = ["--linux", dir, "--cache", `${dir}/cache`, ...FLAGS];
    const ran = await cli("compare", ...flags);
    assertCode(ran, 78);
    const [shown] = /\nobj_stock_flush_required\(\) differs[^]*/.exec(ran.out) ?? [""];
    assertStringIncludes(shown, "  model: CPU");
    assertStringIncludes(shown, " READ_ONCE memcg_stock_pcp#");
    assertStringIncludes(shown, " load memcg_stock_pcp#");
    assertStringIncludes(shown, "    objcg-fuzz 1\n");
    assertStringIncludes(
      shown,
      `  mm/memcontrol.c:${at}:\n    static bool obj_stock_flush_required(`,
    );
    assertStringIncludes(shown, "  src/kernel/patches/");
    assertStringIncludes(shown, "0 of 1 functions of v6.12 pass the same points");

    const json = await cli("compare", ...flags, "--json");
    assertCode(json, 78);
    const [{ name, verdict }] = eventsOf(json, "compared");
    assertEquals([name, verdict], ["obj_stock_flush_required", "differs"]);
    const [{ model, tree, together }] = eventsOf(json, "difference");
    assertEquals([model.what, tree.what, together], ["READ_ONCE", "load", false]);
    const [{ same, differs }] = eventsOf(json, "summary");
    assertEquals([same, differs], [0, 1]);
  }));

/** Subtracts by adding an unsigned int that has changed its sign: right with 32 bits only. */
const CANCEL = `struct page_counter { atomic_long_t usage; unsigned long max; };

void page_counter_cancel(struct page_counter *counter, unsigned long nr_pages)
{
	unsigned int nr = nr_pages;

	atomic_long_add(-nr, &counter->usage);
}
`;

Deno.test("--bits 64: what does not fit into a word of the model is found", () =>
  withDir(async (dir) => {
    writeTree(dir, CANCEL);
    const flags = ["--linux", dir, "--cache", `${dir}/cache`, "--target", "page_counter"];
    const said = async (bits: string) => {
      const bound = ["--for", "64x", "--seed", "1", "--shards", "1", "--exit-on-crash"];
      const kept = ["--artifacts", `${dir}/${bits}`, "--corpus", `${dir}/corpus-${bits}`];
      return await cli("fuzz", ...flags, "--bits", bits, ...bound, ...kept, ...PATIENT);
    };
    const title = "model: a number of 64 bits does not fit in page_counter_cancel";
    const wide = await said("64");
    assertCode(wide, 77);
    assertStringIncludes(wide.out, title);
    const narrow = await said("32");
    assert(!narrow.out.includes(title), narrow.out);
  }));

Deno.test("compare needs a tree, and a number of inputs", async () => {
  const none = await cli("compare");
  assertCode(none, 1);
  assertStringIncludes(none.err, "error: Cannot compare: --linux TREE names no tree");
  const time = await cli("compare", "--linux", "/nowhere", "--for", "10s");
  assertCode(time, 1);
  assertStringIncludes(
    time.err,
    "--for is a number of inputs for each target and preemption model",
  );
});
