/** src/sanitizers/README.md: its table is complete, and its example works. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { block, copyFolder, denoIn, read, ROOT, root, withDir } from "../documentation.ts";
import { loadKnown } from "../../src/cli/flags/known.ts";

const PAGE = "src/sanitizers/README.md";
const TITLE = "page stock holds more than a batch";

/** refill_stock() without its last line but one. */
const PLANT = `
import { local_lock_irqsave, local_unlock_irqrestore } from "./src/kernel/local_lock.ts";
import { css_get } from "./src/kernel/cgroup.ts";
import { drain_stock } from "./src/kernel/memcontrol.ts";
import {
  type mem_cgroup,
  memcg_stock,
  memcg_stock_lock,
  this_cpu_ptr,
} from "./src/kernel/memcontrol-types.ts";
import { patch } from "./src/kernel/patches/patch.ts";

export default patch("hoard", "mm: planted: a stock is never drained for being full", {
  refill_stock(memcg: mem_cgroup, nr_pages: number): void {
    const flags = local_lock_irqsave(memcg_stock_lock);
    const stock = this_cpu_ptr(memcg_stock);
    if (stock.cached !== memcg) {
      drain_stock(stock);
      css_get(memcg.css);
      stock.cached = memcg;
    }
    stock.nr_pages += nr_pages;
    local_unlock_irqrestore(memcg_stock_lock, flags);
  },
});
`;

/**
 * A handler fills the stock while the task is about to do so; together they add more than a batch.
 */
const PROGRAM = (title: string) =>
  `objcg-fuzz 1
title: two batches in one stock
cpus: 1
expect v5.9: ${title}

boot  m = mkdir(root)
boot  attach(cpu0, m)
boot  o = obj_cgroup_get_current(cpu0)
cpu0  kmalloc(64)
cpu0  softirq obj_cgroup_charge(o, 4096)

schedule:
cpu0 until refill_stock
cpu0 interrupt
cpu0 until end
`;

Deno.test("src/sanitizers/README.md lists every sanitizer, in the order in which they judge", async () => {
  const { sanitizers } = await loadKnown();
  const rows = [...read(PAGE).matchAll(/^\| \[([\w-]+)\]\(/gm)].map(([_, name]) => name);
  assertEquals(rows, sanitizers.map(({ name }) => name));
});

Deno.test("src/sanitizers/README.md says which sanitizers free-running mode leaves out", async () => {
  await loadKnown();
  const { SANITIZERS } = await import("../../src/sanitizers/all.ts");
  for (const { name, free } of SANITIZERS) {
    const [row] = new RegExp(`^\\| \\[${name}\\].*$`, "m").exec(read(PAGE))!;
    assertEquals(row.includes("not in free-running mode"), !free, name);
  }
});

Deno.test("src/sanitizers/README.md's example works as one file and one line", () =>
  withDir(async (dir) => {
    for (const part of ["src", "fuzz"]) copyFolder(`${ROOT}${part}`, `${dir}/${part}`);
    for (const name of ["deno.json", "deno.lock"]) Deno.copyFileSync(ROOT + name, `${dir}/${name}`);
    const replay = (...args: string[]) =>
      denoIn(dir, "task", "--quiet", "replay", "--kernel", "v5.9", ...args);
    Deno.writeTextFileSync(`${dir}/hoard.ts`, PLANT);
    Deno.writeTextFileSync(`${dir}/none.txt`, PROGRAM("none"));
    Deno.writeTextFileSync(`${dir}/found.txt`, PROGRAM(TITLE));
    assertMatch((await replay("--patch", "hoard.ts", "none.txt")).text, /^ok /m);

    const file = `${dir}/src/sanitizers/page_stock.ts`;
    Deno.writeTextFileSync(file, block(PAGE, "// src/sanitizers/page_stock.ts"));
    const all = `${dir}/src/sanitizers/all.ts`;
    const line = block(PAGE, "(await import(");
    const text = Deno.readTextFileSync(all);
    Deno.writeTextFileSync(all, text.replace(/^];$/m, `  ${line}];`));
    const checked = await denoIn(dir, "check", all, "hoard.ts");
    assertEquals(checked.code, 0, checked.text);

    const caught = await replay("--patch", "hoard.ts", "--trace", "found.txt");
    assertEquals(caught.code, 0, caught.text);
    assertStringIncludes(caught.text, TITLE);
    assertStringIncludes(caught.text, "memcg_stock_pcp#0 holds 62 pages");
    const off = await replay("--patch", "hoard.ts", "--no-sanitizer", "page_stock", "none.txt");
    assertEquals(off.code, 0, off.text);
    const silent = await replay("none.txt");
    assertEquals(silent.code, 0, silent.text);
    // None of the bugs in the corpus is this one.
    const seeds = new URL("corpus/objcg/seeds/", root);
    const files = [...Deno.readDirSync(seeds)].map(({ name }) => `${seeds.pathname}${name}`)
      .filter((path) => Deno.readTextFileSync(path).includes("\nexpect v5.9: "));
    const corpus = await replay(...files);
    assertEquals(corpus.code, 0, corpus.text);
  }));
