/** Pages that `replay --html` and campaigns write. */
import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { notInTrace, pointText } from "../page/text_trace.ts";
import { readPage } from "../page/read_page.ts";
import { cli, eventsOf, PATIENT, ROOT, withDir } from "./harness.ts";

const S2 = "corpus/objcg/seeds/s02-css-get-dead-memcg.txt";

Deno.test("replay --html writes a page whose points are those of the text trace", () =>
  withDir(async (dir) => {
    const html = `${dir}/s02.html`;
    const args = [S2, "--kernel", "posted", "--trace", ...PATIENT];
    const { code, out, err } = await cli("replay", ...args, "--html", html);
    assertEquals(code, 0, err);
    assertStringIncludes(err, `Wrote ${html}: the execution on posted`);
    const text = Deno.readTextFileSync(html);
    assertLess(text.length, 1_000_000);
    const page = readPage(text);
    assertEquals(page.title, "refcount: 0 -> 1 in obj_cgroup_charge");
    const steps = page.points.slice(...page.run)
      .map((p) => ({ cpu: p.cpu, text: pointText(p) }));
    assertEquals(notInTrace(steps, out), []);
    assert(notInTrace([...steps, steps[0]], out).length > 0, "the comparison compares");
    assertStringIncludes(out, page.command);
    assertStringIncludes(page.story[0], "memcg_reparent_objcgs()");
    assertStringIncludes(page.story[0], "between CPU0's read of obj_cgroup#0.memcg");
  }));

Deno.test("a page shows the line of every point in a function of the model", () =>
  withDir(async (dir) => {
    const html = `${dir}/s02.html`;
    await cli("replay", S2, "--html", html, ...PATIENT);
    const { excerpts, points } = readPage(Deno.readTextFileSync(html));
    const without = points.filter(({ excerpt, stack }) => excerpt < 0 && stack.length > 0);
    assertEquals(without.map(({ stack, what }) => `${stack.at(-1)}: ${what}`), []);
    for (const { file, from, lines } of excerpts) {
      const all = Deno.readTextFileSync(ROOT + file).split("\n");
      assertEquals(lines, all.slice(from - 1, from - 1 + lines.length), file);
    }
    const read = points.find((p) =>
      p.what === "READ_ONCE" && p.stack.at(-1) === "obj_cgroup_memcg"
    )!;
    const { from, lines } = excerpts[read.excerpt];
    assertStringIncludes(lines[read.line - from], "READ_ONCE(objcg.$memcg)");
    assert(read.inRcu, "obj_cgroup_charge() reads it in an RCU section");
  }));

Deno.test("replay --html shows one file, and says so", async () => {
  const { code, err } = await cli("replay", "corpus/objcg/seeds", "--html", "/dev/null/x.html");
  assertEquals(code, 1);
  assertStringIncludes(err, "a page shows one file");
});

Deno.test("replay --html says when the page cannot be written", async () => {
  const { code, err } = await cli("replay", S2, "--html", "/dev/null/x.html", ...PATIENT);
  assertEquals(code, 1);
  assertStringIncludes(err, "Cannot write /dev/null/x.html: ");
});

Deno.test("a campaign writes a page beside the report of a finding", () =>
  withDir(async (dir) => {
    const ran = await cli(
      "fuzz",
      ...["--target", "objcg", "--kernel", "posted", "--seed", "1", "--for", "20000x"],
      ...["--shards", "1", "--corpus", dir, "--exit-on-crash", "--count-known", "--json"],
      ...PATIENT,
    );
    const [crash] = eventsOf(ran, "crash");
    assertEquals(crash.page, crash.file.replace(/txt$/, "html"));
    const page = readPage(Deno.readTextFileSync(crash.page));
    assertEquals([page.title, page.file, page.command], [crash.title, crash.file, crash.command]);
    // The report has the same text.
    assertEquals(page.text, Deno.readTextFileSync(crash.report));
  }));
