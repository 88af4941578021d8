import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { makeDir, removeDir } from "../with_dir.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { assertCode, cli, eventsOf, PATIENT } from "./harness.ts";

/** A remote look at a stock, while its owner uses it: B9. */
const RACE = "KCSAN: data-race in drain_all_stock / refill_stock";
const PROGRAM = `objcg-fuzz 1
title: a race
cpus: 2
expect posted: ${RACE}

boot  m = mkdir(root)
boot  attach(cpu0, m)
cpu0  kmalloc(64)
cpu1  drain_all_stock(m)
`;

describe("deno task fuzz --kcsan", () => {
  let dir = "";
  beforeEach(() => void (dir = makeDir()));
  afterEach(() => removeDir(dir));

  it("fuzz --kcsan saves races that replay, by themselves and by the printed command", async () => {
    const args = ["--kcsan", "strict", "--for", "3000x", "--shards", "1", "--seed", "3"];
    const ran = await cli("fuzz", "--count-known", ...args, "--corpus", dir, "--json", ...PATIENT);
    assertCode(ran, 77);
    const crashes = eventsOf(ran, "crash").filter(({ title }) => title.startsWith("KCSAN: "));
    assert(crashes.length > 1, "several races, one not hidden by another");
    for (const { title, file, command, report } of crashes.slice(0, 3)) {
      assertEquals(command, `deno task replay ${file}`, "the file says that it is about a race");
      assertMatch(Deno.readTextFileSync(file), /^kcsan: strict$/m);
      assertStringIncludes(Deno.readTextFileSync(report), `BUG: ${title}\n`);
    }
    const files = crashes.map(({ file }) => file);
    const again = await cli("replay", "--repeat", "3", ...PATIENT, "--quiet", ...files);
    assertCode(again, 0);
  });

  it("a file about a race is replayed with KCSAN, any other without", async () => {
    const file = `${dir}/race.txt`;
    const titles = async (text: string, ...flags: string[]) => {
      Deno.writeTextFileSync(file, text);
      return eventsOf(await cli("replay", file, "--json", ...flags, ...PATIENT), "replay")
        .map(({ title }) => title);
    };
    assertEquals(await titles(PROGRAM), [RACE]);
    assertEquals(await titles(PROGRAM, "--no-sanitizer", "kcsan"), [null]);
    assertEquals(await titles(PROGRAM, "--sanitizers", "kasan"), [null]);
    const silent = PROGRAM.replace(/^expect.*\n/m, "");
    assertEquals(await titles(silent), [null]);
    assertEquals((await titles(silent, "--kcsan", "value-change"))[0]?.slice(0, 5), "KCSAN");
    assertEquals((await titles(silent, "--sanitizers", "kcsan"))[0]?.slice(0, 5), "KCSAN");
    assertEquals(
      (await titles(`${silent.replace("\n\n", "\nkcsan: strict\n\n")}`))[0]?.slice(0, 5),
      "KCSAN",
    );
  });

  it("minimize keeps a race what it is", async () => {
    const file = `${dir}/race.txt`;
    Deno.writeTextFileSync(
      file,
      PROGRAM.replace("cpu1  drain", "cpu0  kmalloc(4000)\ncpu1  drain"),
    );
    const ran = await cli("minimize", file, "--out", `${dir}/small.txt`, ...PATIENT);
    assertCode(ran, 0);
    const text = Deno.readTextFileSync(`${dir}/small.txt`);
    assertMatch(text, /^title: KCSAN: data-race in /m);
    assertCode(await cli("replay", `${dir}/small.txt`, ...PATIENT), 0);
  });

  it("--kcsan and --no-sanitizer kcsan contradict each other", async () => {
    const ran = await cli("fuzz", "--kcsan", "strict", "--no-sanitizer", "kcsan");
    assertCode(ran, 1);
    assertEquals(ran.err, "error: Cannot use --kcsan: --no-sanitizer kcsan leaves it out\n");
  });
});
