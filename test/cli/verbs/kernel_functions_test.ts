import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runCommand } from "../../../src/cli/command.ts";
import { loadKnown } from "../../../src/cli/flags/known.ts";
import { kernelSources } from "../../../src/cli/parent/kernel_sources.ts";
import { loadToRead } from "../../../src/machine/load.ts";
import { ran } from "../harness.ts";

const ROOT = new URL("../../../", import.meta.url);

/** What is printed about the functions of a kernel, with its series. */
async function told(kernel: string, pattern: string): Promise<string> {
  let out = "";
  const take = (text: string) => void (out += text);
  const streams = { out: take, err: take, terminal: false, columns: 80, isBroken: false };
  const known = await loadKnown();
  await runCommand(["kernel", "functions", "--kernel", kernel, pattern], streams, { known });
  return out;
}

Deno.test("kernel functions prints file, line and signature of what matches", async () => {
  const { code, out } = await ran(["kernel", "functions", "^obj_stock_flush"]);
  assertEquals(code, 0);
  const [head, place] = out.trimEnd().split("\n");
  assertEquals(
    head,
    "obj_stock_flush_required(stock: memcg_stock_pcp, root_memcg: mem_cgroup): boolean",
  );
  const [, file, line] = /^ {4}(\S+):(\d+)$/.exec(place)!;
  const source = Deno.readTextFileSync(new URL(file, ROOT)).split("\n").slice(Number(line) - 1);
  assertMatch(source.slice(0, 2).join(" "), /kernel\(\s+"obj_stock_flush_required"/);
});

Deno.test("kernel functions says which patch of a kernel replaces a function", async () => {
  assertMatch(await told("v5.9", "^obj_cgroup_release$"), /, replaced by bf4f059954dc$/m);
  assert(!(await told("posted", "^obj_cgroup_release$")).includes("replaced"));
});

Deno.test("kernel functions says in which tree a definition was read", async () => {
  const places = (await told("v6.12", "^drain_obj_stock$")).match(/read against .*$/gm);
  assertEquals(places, [
    "read against Linux 6.1.192: mm/memcontrol.c:3241-3302",
    "read against Linux 6.5: mm/memcontrol.c:3251-3312",
    "read against Linux 6.8.1: mm/memcontrol.c:3443-3504",
    "read against Linux 6.12.117: mm/memcontrol.c:2794-2856",
    "read against Linux 6.14: mm/memcontrol.c:2787-2849",
  ]);
  const before = await told("v5.18", "^drain_obj_stock$");
  assertMatch(before, /read against Linux 5\.18\.12: /, "it was another definition");
  assert(!before.includes("6.1.192"), "it was another definition");
  assertMatch(await told("v7.0", "^cgroup_drain_dying$"), /7\.0, where it differs: it waits/);
});

Deno.test("kernel functions lists every function of the kernel once", async () => {
  const base = kernelSources().filter(({ file }) => !file.includes("/patches/"));
  const names = base.map(({ name }) => name);
  assertEquals(names.length, new Set(names).size);
  // The command line loads the kernel's files; what they register, the list must have.
  const registered = await loadToRead(async () => {
    for (const file of new Set(base.map((s) => s.file))) await import(`${ROOT}${file}`);
    return (await import("../../../src/machine/calls/registry.ts")).functionNames();
  });
  // Patches of the series may be loaded too: what they register lies in their files.
  const all = kernelSources().map(({ name }) => name);
  assertEquals(registered.filter((name) => !all.includes(name)), []);
  assertEquals(names.filter((name) => !registered.includes(name)), []);
});

Deno.test("every signature has its result, and every parameter a type", () => {
  for (const { name, signature } of kernelSources()) {
    assertMatch(signature, /^\(.*\): [^:]+$/, name);
    const [, parameters] = /^\((.*)\): [^:]+$/.exec(signature)!;
    for (const one of parameters === "" ? [] : parameters.split(/, (?=\w+\??:)/)) {
      assertMatch(one, /^\w+\??: ./, `${name}${signature}`);
    }
  }
});

Deno.test("everything that a kernel file registers or locks with is exported", () => {
  const hidden: string[] = [];
  for (const file of new Set(kernelSources().map((s) => s.file))) {
    if (file.includes("/patches/")) continue;
    const text = Deno.readTextFileSync(new URL(file, ROOT));
    for (const [, name] of text.matchAll(/^const (\w+) = (?:kernel|DEFINE_\w+)\(/gm)) {
      hidden.push(`${file}: ${name}`);
    }
  }
  assertEquals(hidden, []);
});

Deno.test("the type of all functions names every file that has some", () => {
  const types = Deno.readTextFileSync(new URL("src/kernel/functions.ts", ROOT));
  const files = new Set(kernelSources().map((s) => s.file));
  const missing = [...files].filter((f) => /^src\/kernel\/[^/]+$/.test(f))
    .filter((f) => !types.includes(`import("./${f.split("/").at(-1)}")`));
  assertEquals(missing, []);
});

Deno.test("kernel functions prints one event per function with --json", async () => {
  const { out } = await ran(["kernel", "functions", "--json", "^css_put$"]);
  const [event] = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals([event.event, event.name, event.patch], ["function", "css_put", null]);
  assertStringIncludes(event.file, "src/kernel/");
});

Deno.test("kernel functions complains about patterns", async () => {
  const err = async (...args: string[]) => (await ran(["kernel", "functions", ...args])).err;
  assertStringIncludes(await err("no_such_function"), "Cannot find a function that matches");
  assertStringIncludes(await err("("), "Cannot read pattern");
  assertStringIncludes(await err("a", "b"), "expected one pattern, found 2");
});
