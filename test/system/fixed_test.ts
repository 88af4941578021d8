/** `--fixed`: the fixes of known bugs, as patches. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fixedBugs, FIXES, patchesThatFix } from "../../src/kernel/series/fixes.ts";
import { VERSIONS } from "../../src/kernel/series/kernels.ts";
import { assertCode, cli, eventsOf, filesIn, parsed, PATIENT, ROOT, withDir } from "./harness.ts";

const SEEDS = `${ROOT}corpus/objcg/seeds`;

/** Seeds of bugs that have a fix in a kernel and are expected to show it there, except data races. */
async function seedsOfFixed(kernel: string): Promise<string[]> {
  const files = filesIn(SEEDS, ".txt")
    .filter((file) => fixedBugs(kernel).some((bug) => file.includes(`/${bug}-`)));
  const programs = await parsed(files);
  return files.filter((_, i) =>
    programs[i].expects.some((e) =>
      e.kernel === kernel && e.title !== null && !e.title.startsWith("KCSAN")
    )
  );
}

Deno.test("every fix for v5.9 has a seed that shows its bug there", async () => {
  const bugs = new Set((await seedsOfFixed("v5.9")).map((file) => /\/([a-z]\d+)-/.exec(file)![1]));
  // b08 is the RT side of s04; h02 is a data race.
  assertEquals([...bugs].sort(), fixedBugs("v5.9").filter((b) => !["b08", "h02"].includes(b)));
});

/** Kernels with what only some campaigns need, and with bugs that only they show. */
const DETAILED = [
  "v5.9+free_bulk",
  "v6.7+list_lru+0a97c01cd20b",
  "v6.12+list_lru-5161b48712dc",
  "v5.10+memcg_vmstats",
  "v5.11+memcg_vmstats",
  "v6.1+memcg_state_local",
  "v7.1+memcg_state_local",
  "v7.1+page_counter_stock+b25b",
];
const KERNELS = [...VERSIONS.map(({ name }) => name), ...DETAILED];
for (const kernel of KERNELS.filter((name) => fixedBugs(name).length > 0)) {
  Deno.test(`with --fixed all, no seed of a bug with a fix shows anything on ${kernel}`, async () => {
    const seeds = await seedsOfFixed(kernel);
    assert(seeds.length > 0);
    const flags = ["--kernel", kernel, "--fixed", "all", "--json", ...PATIENT];
    const replays = eventsOf(await cli("replay", ...seeds, ...flags), "replay");
    assertEquals(replays.map(({ file, title }) => [file, title]), seeds.map((f) => [f, null]));
  });
}

Deno.test("the bugs of statistics have fixes in kernels with statistics, and in no other", () => {
  const bugs = ["b10", "b27", "h05", "k04"];
  const has = (kernel: string) => fixedBugs(kernel).filter((bug) => bugs.includes(bug));
  assertEquals(has("v5.10+memcg_vmstats"), bugs);
  assertEquals(has("v6.1+memcg_state_local"), ["b27"]);
  assertEquals([...has("v5.10"), ...has("v6.1"), ...has("v5.14+68ac5b3c8db2")], []);
});

Deno.test("a fix mends its bug and no other", async () => {
  const seeds = ["s02-css-get-dead-memcg", "s03-flush-required-null"];
  const files = seeds.map((name) => `${SEEDS}/${name}.txt`);
  for (const [i, bug] of ["S2", "s3"].entries()) {
    const ran = await cli("replay", ...files, "--kernel", "v5.9", "--fixed", bug, "--json");
    assertEquals(eventsOf(ran, "replay").map(({ title }) => title === null), [i === 0, i === 1]);
  }
});

Deno.test("a file found with --fixed names the patches, and replays by itself", () =>
  withDir(async (dir) => {
    const flags = ["--kernel", "v5.9", "--fixed", "s03,s02", "--seed", "1", "--shards", "1"];
    const bound = ["--for", "2000x", "--exit-on-crash", "--count-known", "--corpus", dir];
    const found = await cli("fuzz", ...flags, ...bound, "--json", ...PATIENT);
    assertCode(found, 77);
    assertEquals(eventsOf(found, "start")[0].flags.fixed, ["s03", "s02"]);
    const [{ file, title }] = eventsOf(found, "crash");
    const [program] = await parsed([file]);
    assertEquals(
      program.patches!.map(({ path }) => path.slice(path.indexOf("src/kernel"))),
      patchesThatFix(["s02", "s03"], "v5.9").map((name) => `src/kernel/patches/${name}.ts`),
    );
    const again = await cli("replay", file, "--json");
    assertCode(again, 0);
    assertEquals(eventsOf(again, "replay")[0].title, title);
  }));

Deno.test("--fixed names the nearest bug, and bugs that the kernel has no fix for", async () => {
  const unknown = await cli("fuzz", "--fixed", "s02,s99");
  assertCode(unknown, 1);
  assertStringIncludes(unknown.err, 'Unknown bug "s99": did you mean "s0');
  const absent = await cli("fuzz", "--kernel", "v5.9", "--fixed", "s01");
  assertCode(absent, 1);
  assertStringIncludes(absent.err, "Cannot fix s01 in v5.9: there is no patch for it; there are");
});

Deno.test("every fix is a file, and is applied", () => {
  const files = [...Deno.readDirSync(`${ROOT}src/kernel/patches`)].map(({ name }) => name);
  for (const { bug, patches, only = [""] } of FIXES) {
    for (const [version, names] of Object.entries(patches)) {
      assertEquals(names.filter((name) => !files.includes(`${name}.ts`)), [], bug);
      const kernels = only.map((name) => name === "" ? version : `${version}+${name}`);
      const applied = kernels.flatMap((kernel) => patchesThatFix([bug], kernel));
      assertEquals(names.filter((name) => !applied.includes(name)), [], `${bug} on ${version}`);
    }
  }
});
