/** Findings of bugs that the corpus knows. */
import { assert, assertEquals } from "@std/assert";
import {
  assertCode,
  cli,
  eventsOf,
  filesIn,
  PATIENT,
  ROOT,
  withDir,
  writePatch,
} from "./harness.ts";

const FLAGS = ["--kernel", "v5.9", "--shards", "1", "--json", ...PATIENT];

Deno.test("fuzz names known bugs, and only --count-known lets them count", () =>
  withDir(async (dir) => {
    const flags = [...FLAGS, "--seed", "5", "--for", "1500x", "--exit-on-crash"];
    const ran = await cli("fuzz", ...flags, "--corpus", `${dir}/a`);
    assertCode(ran, 0);
    const crashes = eventsOf(ran, "crash");
    assert(crashes.length > 0);
    for (const { file, known, title } of crashes) {
      const paths = ["seeds", "regressions"].flatMap((dir) =>
        filesIn(`${ROOT}corpus/objcg/${dir}`, ".txt")
      ).filter((path) => path.endsWith(`/${known}.txt`));
      assertEquals(paths.length, 1, `${known} is the name of one input`);
      const text = Deno.readTextFileSync(paths[0]);
      assert(text.includes(`: ${title}\n`), `${title} is not that of ${known}`);
      assert(Deno.statSync(file).isFile);
    }
    const [{ execs, titles }] = eventsOf(ran, "done");
    assertEquals(titles, crashes.map(({ title }) => title).sort());
    assert(execs >= 1500, "it went on to its end");

    const counted = await cli("fuzz", ...flags, "--count-known", "--corpus", `${dir}/b`);
    assertCode(counted, 77);
    assertEquals(eventsOf(counted, "crash"), [{
      ...crashes[0],
      file: crashes[0].file.replace(`${dir}/a`, `${dir}/b`),
      report: crashes[0].report.replace(`${dir}/a`, `${dir}/b`),
      page: crashes[0].page.replace(`${dir}/a`, `${dir}/b`),
      command: crashes[0].command.replace(`${dir}/a`, `${dir}/b`),
    }]);
  }));

Deno.test("a bug with the title of a known one is new if other accesses make it", () =>
  withDir(async (dir) => {
    // A kernel page is uncharged twice. B4 and B5, which uncharge a root that was not charged, are there too.
    const src = `file://${ROOT}src`;
    const imports = `import { css_put } from "${src}/kernel/cgroup.ts";
import { __memcg_kmem_uncharge } from "${src}/kernel/memcontrol.ts";`;
    const body = `  __memcg_kmem_uncharge_page(page: any, order: number): void {
    const memcg = page.mem_cgroup;
    if (!memcg) return;
    for (let i = 0; i < 2; i++) __memcg_kmem_uncharge(memcg, 1 << order);
    page.mem_cgroup = null;
    css_put(memcg.css);
  },`;
    const patch = writePatch(dir, body, imports);
    const flags = [...FLAGS, "--seed", "3", "--for", "8000x", "--patch", patch, "--no-check"];
    const ran = await cli("fuzz", ...flags, "--corpus", dir);
    assertCode(ran, 77);
    const found = eventsOf(ran, "crash").filter(({ title }) =>
      title === "WARNING in page_counter_cancel"
    );
    assert(found.some(({ known }) => known === null), JSON.stringify(found));
  }));

Deno.test("a mark that stays is known by who set it, whatever the stock holds", () =>
  withDir(async (dir) => {
    // The seeds of B15 charge bytes; here the stock holds an object.
    const input = `objcg-fuzz 1
title: an isolated CPU with an object
cpus: 2

boot  a = mkdir(root)
boot  attach(cpu0, a)
boot  isolate_cpu(cpu0)
boot  kmalloc(64)
cpu1  drain_all_stock(a)

schedule:
`;
    Deno.mkdirSync(`${dir}/queue`);
    Deno.writeTextFileSync(`${dir}/queue/isolated.txt`, input);
    for (const kernel of ["v6.7", "v6.12", "v7.1"]) {
      const flags = ["--seed", "1", "--for", "20x", "--shards", "1", "--json", ...PATIENT];
      const ran = await cli("fuzz", "--kernel", kernel, ...flags, "--corpus", dir);
      assertCode(ran, 0);
      const [{ known, title }] = eventsOf(ran, "crash");
      assertEquals([title, known], ["stock is never drained again", "b15-isolated-cpu"], kernel);
    }
  }));

/** Inputs that a campaign on posted came to, and the bug that each shows. */
const OTHER_FORMS = {
  // The seed of S1 has one mkdir. The seed of k02 shows S1 on posted, too.
  "s01-online-kmem-uninit": `cpus: 1

boot  a = mkdir(root)
boot  mkdir(a) {fail 5}

schedule:
`,
  // The seeds of S3 have another CPU in place of an interrupt.
  "s03-flush-required-null-displaced": `cpus: 2

boot  a = mkdir(root)
boot  attach(cpu1, a)
boot  o = obj_cgroup_get_current(cpu1)
boot  set_max(a, 0)
cpu1  drain_all_stock(a)
cpu1  signal(cpu1)
cpu1  obj_cgroup_charge(o, 4097)
cpu1  softirq obj_cgroup_charge(o, 4097)

schedule:
cpu1 until obj_stock_flush_required: load cached_objcg #5
cpu1 interrupt
`,
};

for (const [bug, input] of Object.entries(OTHER_FORMS)) {
  Deno.test(`another form of ${bug} has its name`, () =>
    withDir(async (dir) => {
      Deno.mkdirSync(`${dir}/queue`);
      Deno.writeTextFileSync(`${dir}/queue/other.txt`, `objcg-fuzz 1\ntitle: a form\n${input}`);
      const flags = ["--kernel", "posted", "--seed", "1", "--for", "2x", "--shards", "1"];
      const ran = await cli("fuzz", ...flags, "--corpus", dir, "--json", ...PATIENT);
      assertEquals(eventsOf(ran, "crash")[0].known, bug);
      assertCode(ran, 0);
    }));
}
