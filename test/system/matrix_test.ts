/** Every file on every kernel, and which patch changed what it shows. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { assertGenerated } from "../documentation.ts";
import { assertCode, cli, events, eventsOf, filesIn, PATIENT, ROOT, withDir } from "./harness.ts";

const SEEDS = "corpus/objcg/seeds";
const S2 = `${SEEDS}/s02-css-get-dead-memcg.txt`;
const S10 = `${SEEDS}/s10-cpu-dead-keeps-obj-stock.txt`;

Deno.test("matrix runs files on kernels that they do not name, and compares where they say more", async () => {
  const ran = await cli("matrix", S2, S10, "--kernels", "v5.10,v5.11", "--json", "--search", "50");
  assertCode(ran, 0);
  const cells = eventsOf(ran, "cell").map((e) => [e.file, e.kernel, e.result, e.ok]);
  assertEquals(cells, [
    [S2, "v5.10", "bug", true],
    [S2, "v5.11", "unreached", true],
    [S10, "v5.10", "bug", true],
    [S10, "v5.11", "bug", true],
  ]);
  assertEquals(events(ran).length, cells.length);
});

Deno.test("matrix prints a table, what disagrees with a file, and exits 78 then", () =>
  withDir(async (dir) => {
    const file = `${dir}/s02.txt`;
    const text = Deno.readTextFileSync(S2).replace(/^expect v5\.10: .*$/m, "expect v5.10: none");
    Deno.writeTextFileSync(file, text);
    const ran = await cli("matrix", file, "--kernels", "posted,v5.10", "--search", "50");
    assertCode(ran, 78);
    const lines = ran.out.split("\n");
    assertEquals(lines.slice(0, 2), ["     posted  v5.10", "s02  B       B!"]);
    assertStringIncludes(
      ran.out,
      "s02 on v5.10: refcount: 0 -> 1 in obj_cgroup_charge; expected: none\n",
    );
    const { out } = await cli("matrix", S10, "--kernels", "v5.10", "--markdown");
    assertEquals(out.split("\n").slice(0, 3), [
      "| File                         | v5.10 |",
      "| ---------------------------- | ----- |",
      "| s10-cpu-dead-keeps-obj-stock | B     |",
    ]);
  }));

Deno.test("bisect names the commit that mends a bug, and the one that brings it", async () => {
  const args = ["--from", "v5.10", "--to", "v5.11", "--search", "50"];
  const mended = await cli("bisect", S2, ...args);
  assertCode(mended, 0);
  assertStringIncludes(mended.out, "\nthere already in v5.10\nmended by eefbfa7fd678 (v5.11): ");
  const b1 = `${SEEDS}/b01-uncharge-resurrects-a-memcg.txt`;
  const brought = await cli("bisect", b1, ...args, "--json");
  assertCode(brought, 0);
  const changes = eventsOf(brought, "bisect").map(({ kind, commit }) => [kind, commit]);
  assertEquals(changes, [["brought", "3de7d4f25a74"]]);
});

Deno.test("bisect refuses what it cannot walk, and says when there is nothing", async () => {
  const refused = async (message: string, ...args: string[]) => {
    const ran = await cli("bisect", ...args);
    assertEquals([ran.code, ran.out], [1, ""], ran.err);
    assertStringIncludes(ran.err, message);
  };
  await refused("Cannot bisect from v5.11 to v5.10", S2, "--from", "v5.11", "--to", "v5.10");
  await refused('Unknown kernel "v5.10x"', S2, "--from", "v5.10x");
  await refused("it is a directory", SEEDS);
  const s13 = `${SEEDS}/s13-kill-before-reparent.txt`;
  await refused("it has no expect line with a title", s13);
  const none = await cli("bisect", S10, "--from", "v6.14", "--to", "v6.14");
  assert(none.code === 1 && none.err.includes("--from must be older than --to"));
});

Deno.test("corpus/README.md has the table that matrix prints", async () => {
  const ran = await cli("matrix", SEEDS, "--markdown", ...PATIENT);
  assertCode(ran, 0);
  assertGenerated("corpus/README.md", "matrix", ran.out.trimEnd());
});

Deno.test("what a cell says does not depend on the files before it", async () => {
  const seed = `${ROOT}${SEEDS}/s04-put-before-clear-displaced.txt`;
  const others = filesIn(`${ROOT}${SEEDS}`, ".txt").filter((f) => /\/b(06|2\d)-/.test(f));
  const cellOf = async (...files: string[]) => {
    const ran = await cli("matrix", ...files, "--kernels", "v6.18", "--json", ...PATIENT);
    const { result, searched } = eventsOf(ran, "cell").find(({ file }) => file === seed)!;
    return { result, searched };
  };
  const alone = await cellOf(seed);
  assert(alone.searched > 0);
  assertEquals(await cellOf(...others, seed), alone);
});
