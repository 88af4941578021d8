import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { interleaving, render } from "../../src/report/render.ts";
import { assertGolden } from "./golden.ts";
import { AT_BOOT, BAD_FREE, THREE_CPUS, UNINIT, USE_AFTER_FREE } from "./inputs.ts";

Deno.test("render() prints a use after free as the kernel does, with the interleaving", () => {
  assertGolden("use_after_free", render(USE_AFTER_FREE));
});

Deno.test("render() shows where an uninitialised value was stored and created", () => {
  assertGolden("uninit", render(UNINIT));
});

Deno.test("render() tells an invalid free from an access", () => {
  const lines = render(BAD_FREE).split("\n");
  assertEquals(
    lines[2],
    "Free of addr 00000140 (obj_cgroup#1.memcg) by task obj_cgroup_charge/cpu0",
  );
});

Deno.test("render() breaks lines so that three CPUs fit into a mail", () => {
  assertGolden("three_cpus", render(THREE_CPUS));
});

Deno.test("render() prints a finding at boot", () => {
  assertGolden("at_boot", render(AT_BOOT));
});

Deno.test("interleaving() shows every point with full", () => {
  assertGolden("full", interleaving(USE_AFTER_FREE, { full: true }) + "\n");
});

Deno.test("interleaving() shows an execution without a finding", () => {
  const text = interleaving({ ...USE_AFTER_FREE, finding: null }, { full: true });
  assert(!text.includes("***"));
  assertStringIncludes(text, "drain_obj_stock:");
});

Deno.test("render() stays within 100 characters and has no trailing spaces", () => {
  for (const input of [USE_AFTER_FREE, THREE_CPUS, AT_BOOT, UNINIT, BAD_FREE]) {
    for (const line of render(input, { full: true }).split("\n")) {
      assert(line.length <= 100, line);
      assertEquals(line, line.trimEnd());
    }
  }
});

Deno.test("interleaving() never leaves out an access to the cell of the finding", () => {
  const text = interleaving(USE_AFTER_FREE);
  const { trace } = USE_AFTER_FREE;
  const touching = trace.filter(({ object }) => object === "obj_cgroup#1");
  assertEquals(text.split("obj_cgroup#1").length - 1, touching.length);
});

Deno.test("interleaving() counts the points that it leaves out", () => {
  const trace = USE_AFTER_FREE.trace.filter(({ op }) => op < 0 || op > 1);
  const full = interleaving({ ...USE_AFTER_FREE, trace }, { full: true });
  const primitives = (text: string) =>
    text.split("\n").filter((l) => /(^|\| ) {4}\S/.test(l) && !/[-+]{4}/.test(l)).length;
  const text = interleaving(USE_AFTER_FREE);
  const elided = [...text.matchAll(/… (\d+) more/g)].reduce((n, m) => n + Number(m[1]), 0);
  assertEquals(primitives(text) + elided, primitives(full));
});
