/** The kernels on the command line: looking at them, and running one that has no name of its own. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { DETAILS, patchName, SERIES, VERSIONS } from "../../src/kernel/series/kernels.ts";
import { assertCode, cli, eventsOf, type Ran, type Task, withDir } from "./harness.ts";

const S2 = "corpus/objcg/seeds/s02-css-get-dead-memcg.txt";
const B1 = "corpus/objcg/seeds/b01-uncharge-resurrects-a-memcg.txt";

async function kernel(...args: string[]): Promise<Ran> {
  const ran = await cli("kernel", ...args);
  assertCode(ran, 0);
  assertEquals(ran.err, "");
  return ran;
}

/** Refused, in these words, and without a stack trace. */
async function refused(message: string, task: Task, ...args: string[]): Promise<void> {
  const { code, out, err } = await cli(task, ...args);
  assertEquals([code, out], [1, ""], err);
  assertStringIncludes(err, message);
  assert(!/internal error|^\s+at /m.test(err), err);
}

Deno.test("kernel list prints every version with what it adds", async () => {
  const { out } = await kernel("list");
  const lines = out.split("\n").map((line) => line.replace(/ +/g, " "));
  for (const { name, doc } of VERSIONS) assert(lines.includes(`${name} ${doc}`), name);
  const patches = out.slice(0, out.indexOf("\ndetails"));
  const listed = [...patches.matchAll(/^ {2}([0-9a-f]{12}) {2}v\d\.\d+ +\S/gm)]
    .map(([, name]) => name);
  assertEquals(listed, SERIES.map((file) => file.slice(0, 12)));
  const versions = eventsOf(await kernel("list", "--json"), "kernel");
  assertEquals(versions.map(({ name }) => name), VERSIONS.map(({ name }) => name));
  assertEquals(versions.flatMap(({ patches }) => patches), listed);
  const details = eventsOf(await kernel("list", "--json"), "detail").map(({ name }) => name);
  assertEquals(details, DETAILS.map(patchName));
  for (const name of details) assertMatch(out, new RegExp(`^ {2}${name} +v\\d`, "m"));
});

Deno.test("kernel show prints every patch of a kernel, with what is known of it", async () => {
  const { out } = await kernel("show", "v5.10+3de7d4f");
  assertMatch(out, /^v5\.10\+3de7d4f25a74: posted and 12 patches$/m);
  assertStringIncludes(
    out,
    "3de7d4f25a74  v5.11  mm: memcg/slab: optimize objcg stock draining\n" +
      "    https://git.kernel.org/torvalds/c/3de7d4f25a74\n" +
      "    brings B1, B7, B8\n",
  );
  const [last] = eventsOf(await kernel("show", "v5.10+3de7d4f", "--json"), "patch").slice(-1);
  assertEquals([last.name, last.version, last.brings], ["3de7d4f25a74", "v5.11", [
    "B1",
    "B7",
    "B8",
  ]]);
});

Deno.test("kernel show of the base says that it is the base", async () => {
  assertEquals((await kernel("show", "posted")).out, "posted: posted and 0 patches\n");
});

Deno.test("kernel diff prints patches and functions in which two kernels differ", async () => {
  const { out } = await kernel("diff", "v5.10", "v5.11");
  assert(!out.includes("Only in v5.10:"));
  assertMatch(out, /^Only in v5\.11:\n {2}eefbfa7fd678 /m);
  assertMatch(out, /^ {2}obj_cgroup_charge +base +eefbfa7fd678$/m);
  const back = await kernel("diff", "v5.11", "v5.10", "--json");
  assert(eventsOf(back, "patch").every(({ only_in }) => only_in === "v5.11"));
  const charge = eventsOf(back, "function").find(({ name }) => name === "obj_cgroup_charge");
  assertEquals([charge?.from, charge?.to], ["eefbfa7fd678", "base"]);
  const added = eventsOf(await kernel("diff", "v5.17", "v5.18", "--json"), "function")
    .find(({ name }) => name === "__refill_stock");
  assertEquals([added?.from, added?.to], ["-", "af9a3b69e84b"]);
});

Deno.test("two names of one kernel do not differ", async () => {
  const { out } = await kernel("diff", "v5.10+3de7d4f-3de7d4f", "v5.10");
  assertEquals(out, "Functions that differ: 0\n");
});

Deno.test("what is no kernel is an error that says why", async () => {
  await refused('Unknown kernel "v5.99": did you mean "v5.9"?', "kernel", "show", "v5.99");
  await refused('there is no patch "abcdef1"', "kernel", "show", "v5.10+abcdef1");
  await refused("5387c90490f7 needs 68ac5b3c8db2", "kernel", "show", "v5.14-68ac5b3c8db2");
  await refused("eefbfa7fd678 would make no difference", "kernel", "show", "v5.13-eefbfa7fd678");
  await refused("it is there already", "replay", "--kernel", "v5.10+2b0d3d3e4fcf", S2);
  await refused("it is not there", "fuzz", "--kernel", "v5.10-3de7d4f25a74");
  await refused("expected two kernels, found 1", "kernel", "diff", "v5.10");
  await refused("expected one kernel, found none", "kernel", "show");
  await refused("kernel list takes none", "kernel", "list", "v5.10");
});

Deno.test("replay runs a kernel with a fix put in, and one with it taken out", async () => {
  const title = async (expression: string, file: string) => {
    const ran = await cli("replay", "--json", "--kernel", expression, file);
    const [{ kernel, title }] = eventsOf(ran, "replay");
    return [ran.code, kernel, title];
  };
  assertEquals(await title("v5.10+eefbfa7", S2), [0, "v5.10+eefbfa7fd678", null]);
  // The file expects nothing of the others.
  assertEquals(await title("v5.11-eefbfa7", S2), [
    78,
    "v5.11-eefbfa7fd678",
    "refcount: 0 -> 1 in obj_cgroup_charge",
  ]);
  assertEquals(await title("v5.11+9f38f03", B1), [0, "v5.11+9f38f03ae8d5", null]);
});

Deno.test("a campaign on such a kernel saves inputs that name it, and they replay", () =>
  withDir(async (dir) => {
    const flags = ["--seed", "1", "--for", "3000x", "--shards", "1", "--json", "--corpus", dir];
    const ran = await cli("fuzz", "--kernel", "v5.9+eefbfa7", ...flags);
    const crashes = eventsOf(ran, "crash");
    assert(crashes.length > 0);
    assertEquals(eventsOf(ran, "start").map(({ kernel }) => kernel), ["v5.9+eefbfa7fd678"]);
    for (const { file, title } of crashes) {
      assertStringIncludes(Deno.readTextFileSync(file), `expect v5.9+eefbfa7fd678: ${title}\n`);
      assertCode(await cli("replay", file), 0);
    }
  }));

Deno.test("an expectation of a kernel that cannot be is an error with its line", () =>
  withDir(async (dir) => {
    const file = `${dir}/x.txt`;
    const head = "objcg-fuzz 1\ntitle: t\ncpus: 1\n";
    const body = "\ncpu0  rmdir(root)\n";
    for (
      const [expression, message] of [
        ["v5.14-68ac5b3c8db2", "5387c90490f7 needs 68ac5b3c8db2"],
        ["v5.10+3de7d4f", "v5.10+3de7d4f25a74"],
      ]
    ) {
      Deno.writeTextFileSync(file, `${head}expect ${expression}: none\n${body}`);
      const ran = await cli("replay", file);
      assertEquals([ran.code, ran.out], [1, ""]);
      assertStringIncludes(ran.err, `${file}:4:`);
      assertStringIncludes(ran.err, message);
    }
  }));
