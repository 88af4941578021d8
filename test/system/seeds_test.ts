import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { findFiles, readInputs } from "../../src/cli/parent/inputs.ts";
import { printProgram } from "../../src/prog/print.ts";
import type { Program } from "../../src/prog/types.ts";

const CORPUS = new URL("../../corpus/", import.meta.url).pathname;

/** What is committed of the corpus; crashes and queue are what campaigns leave. */
const files = findFiles([CORPUS]).filter((f) => /\/(seeds|regressions)\/[^/]+\.txt$/.test(f));
const seeds = files.filter((f) => f.includes("/seeds/"));
const { reads } = await readInputs(files, undefined);
const program = (file: string): Program => reads.find((r) => r.path === file)!.program!;
const short = (file: string) => file.slice(CORPUS.length);

/**
 * The known bugs (corpus/README.md) that have seeds, by the beginning of the file name, with what the
 * two oldest kernels report.
 */
const BUGS: Record<string, { preempt?: string; titles: Record<string, string> }[]> = {
  "s01-": [{
    titles: { posted: "KMSAN: uninit-value in memcg_online_kmem", "v5.9": "none" },
  }],
  "s02-": [
    { titles: both("refcount: 0 -> 1 in obj_cgroup_charge") },
    { titles: both("none") },
  ],
  "s03-": ["displaced", "null"].map(() => ({
    titles: both("KASAN: null-ptr-deref in obj_stock_flush_required"),
  })),
  "s04-": ["full", "full", "rt"].map((preempt) => ({
    preempt,
    titles: both("KASAN: slab-use-after-free Read in obj_stock_flush_required"),
  })),
  "s05-": [{ titles: both("none") }, { titles: both("none") }],
  "s06-": [{ titles: both("none") }],
  "s07-": [
    { titles: both("none") },
    ...["percpu_ref: use after exit", "KASAN: null-ptr-deref"].map((what) => ({
      titles: {
        posted: `${what} in memcg_reparent_objcgs`,
        "v5.9": "freed memcg keeps its id", // h04, which is left
      },
    })),
  ],
  "s08-": [{ titles: both("none") }],
  "s09-": [{
    titles: both(
      "WARNING: possible circular locking dependency: css_set_lock and sighand_struct->siglock",
    ),
  }],
  "s10-": [{ titles: both("memory leak: obj_cgroup held by memcg_stock_pcp.cached_objcg") }],
  "s12-": [{ titles: both("none") }],
  "s13-": [{ titles: both("none") }],
  "b01-": [{ titles: both("none") }, { titles: both("none") }],
  "b02-": [{ titles: both("none") }],
  "b03-": [{ titles: both("none") }],
  "b04-": [{ titles: both("WARNING in page_counter_cancel") }],
  "b07-": [{ preempt: "rt", titles: both("none") }],
  "b08-": [{ preempt: "rt", titles: both("none") }],
  "b11-": [{ titles: {} }, { titles: {} }, { titles: {} }, { titles: {} }],
  "b15-": [{ titles: both("stock is never drained again") }, { titles: {} }, { titles: {} }],
  "b16-": [{ titles: {} }],
  "b17-": [{ titles: {} }],
  "b18-": [{ titles: {} }],
  "b19-": [{ titles: {} }, { titles: {} }],
  "b28-": [{ titles: {} }],
  "b36-": [
    "memcg id is in use, and marked as free",
    "memcg id is lost",
    "memcg id does not find its owner",
    "memcg id is given out twice",
  ].map((title) => ({ titles: both(title) })),
  "b05-": [
    { titles: both("WARNING in page_counter_cancel") },
    { titles: both("WARNING in page_counter_cancel") },
  ],
  "k03-": [{
    titles: { posted: "none", "v5.9": "KASAN: null-ptr-deref in get_obj_cgroup_from_current" },
  }],
  "b09-": [{ titles: both("KCSAN: data-race in drain_all_stock / refill_stock") }],
};

function both(title: string): Record<string, string> {
  return { posted: title, "v5.9": title };
}

function titles(p: Program): Record<string, string> {
  return Object.fromEntries(p.expects.map(({ kernel, title }) => [kernel, title ?? "none"]));
}

/** All comment lines of a program. */
function comments(p: Program): string[] {
  const steps = p.schedule?.kind === "symbolic" ? p.schedule.steps : [];
  return [
    ...p.comments,
    ...[...p.ops, ...steps].flatMap((o) => o.comments),
    ...p.scheduleComments,
    ...p.trailing,
  ];
}

Deno.test("every corpus file parses without errors or warnings", () => {
  assertGreaterOrEqual(files.length, 26);
  for (const r of reads) {
    assertEquals([...r.errors, ...r.warnings].map(String), []);
  }
});

Deno.test("every corpus file is in canonical form", () => {
  for (const r of reads) assertEquals(printProgram(r.program!), r.text, short(r.path));
});

Deno.test("every corpus file lies in the folder of its target", () => {
  for (const f of files) assertEquals(short(f).split("/")[0], program(f).target, short(f));
});

/** Seeds with operations, numbers of allocations, or statistics that the two oldest kernels do not have. */
const LATER = [
  /\/b10-/,
  /\/b06-/,
  /\/b11-/,
  /\/b2[02345]-/,
  /\/b15-(isolated|marked)-/,
  /\/b1[236789]-/,
  /\/b2[178]-/,
  /\/h05-/,
  /\/k0[14]-/,
  /-v5\.10\.txt$/,
  /\/h04-.*-v5\.18\.txt$/,
  /\/freed-memcg-keeps-its-id/,
  /\/memory-leak-mem-cgroup-held-by-/,
  /\/stock-is-never-drained-again/,
  /\/warning-possible-recursive-locking-/,
  /\/local-slab-statistics-below-zero/,
  /\/charge-refused-and-taken-from-the-stock/,
  /\/forced-charge-while-the-limit-stays/,
  /\/bytes-that-a-dead-cpu-parks/,
  /\/bytes-that-are-left-at-the-root/,
  /\/page-counter-lost-a-charge-without-hierarchy/,
  /\/page-counter-leaked-a-charge-put-in-while-drained/,
];

Deno.test("every corpus file says what posted and v5.9 report, or what two later kernels do", () => {
  for (const f of files) {
    const known = titles(program(f));
    const reported = ["posted", "v5.9"].map((kernel) => kernel in known);
    const later = LATER.some((pattern) => pattern.test(f));
    assertEquals(reported, [!later, !later], short(f));
    assertGreaterOrEqual(Object.keys(known).length, 2, short(f));
  }
});

Deno.test("every bug that a kernel after v5.9 has or lacks shows it in a seed of two kernels or more", () => {
  for (const f of seeds.filter((f) => /\/objcg\/seeds\/[bk]/.test(f))) {
    const found = Object.values(titles(program(f)));
    const status = program(f).status!;
    if (/^(real|draft)/.test(status) && !/no fix is merged|marked/.test(status)) {
      assert(found.includes("none") && found.some((t) => t !== "none"), short(f));
    }
  }
});

Deno.test("every corpus file has a symbolic schedule with points that a kernel has", async () => {
  const { loadSeries } = await import("../../src/kernel/series/load.ts");
  await loadSeries(); // functions that later kernels add
  const { writeSteps } = await import("../../src/machine/translate/steps.ts");
  const { setOperations } = await import("../../src/machine/context/operation.ts");
  for (const f of files) {
    const { schedule, target } = program(f);
    const { ops } = (await import(`../../fuzz/${target}.ts`)).default;
    setOperations(Object.keys(ops), [], []); // what "until after" may name
    assert(schedule?.kind === "symbolic", `${short(f)} has no symbolic schedule`);
    assertEquals(writeSteps(schedule.steps, short(f)).map(String), []);
  }
});

for (const [prefix, wanted] of Object.entries(BUGS)) {
  Deno.test(`${prefix.slice(0, 3)} has its seeds`, () => {
    const found = seeds.filter((f) => f.includes(`/objcg/seeds/${prefix}`)).map(program);
    const key = (preempt: string, t: Record<string, string>) =>
      `${preempt}: ${t.posted} | ${t["v5.9"]}`;
    assertEquals(
      found.map((p) => key(p.preempt, titles(p))).sort(),
      wanted.map((w) => key(w.preempt ?? "full", w.titles)).sort(),
    );
  });
}

Deno.test("every seed tells which known bug it shows", () => {
  for (const f of seeds.filter((f) => f.includes("/objcg/"))) {
    const [, letter, digits] = /\/([a-z])(\d+)-[^/]+$/.exec(f)!;
    const found = "hk".includes(letter); // found here
    if (letter === "h") {
      assert(program(f).status?.startsWith("hypothesis"), `${short(f)} is no hypothesis`);
      continue;
    }
    const id = found ? `${letter}${digits}` : `${letter.toUpperCase()}${Number(digits)}`;
    const item = `${id} (corpus/README.md)`;
    assert(program(f).ops[0].comments.some((c) => c.startsWith(item)), `${short(f)}: no "${item}"`);
  }
});

Deno.test("every seed tells its story, CPU by CPU, and has a status", () => {
  for (const f of seeds) {
    const p = program(f);
    const told = comments(p);
    assertGreaterOrEqual(told.length, 5, short(f));
    const cpus = new Set(p.ops.filter((o) => o.cpu >= 0).map((o) => o.cpu));
    for (const cpu of cpus) {
      assert(told.some((c) => c.includes(`CPU${cpu}`)), `${short(f)} tells nothing of CPU${cpu}`);
    }
    assert(p.status !== undefined, `${short(f)} has no status`);
  }
});

Deno.test("every seed has a link, or says why there is none", () => {
  for (const f of seeds) {
    const p = program(f);
    assert(
      p.links.length > 0 || comments(p).some((c) => /^No link: \S/.test(c)),
      `${short(f)} has neither a link nor a line "No link: …"`,
    );
    for (const link of p.links) {
      assert(/^https:\/\/(lore|git)\.kernel\.org\/\S+$/.test(link), `${short(f)}: ${link}`);
    }
  }
});

Deno.test("every regression says how it was found, and expects a title, or is a negative control", () => {
  for (const f of files.filter((f) => f.includes("/regressions/"))) {
    const p = program(f);
    const isControl = p.comments.some((c) => /^A negative control, found by fuzzing \S+/.test(c));
    assert(isControl || p.comments.some((c) => /^Found by fuzzing \S+/.test(c)), short(f));
    assert(titles(p).posted !== "none", short(f));
    const found = Object.values(titles(p));
    if (isControl) assert(found.every((title) => title === "none"), short(f));
    else assert(found.includes(p.title), `${short(f)}: ${p.title}`);
    const ops = p.ops.filter((o) => o.cpu >= 0);
    assert(p.cpus <= 3 && ops.length <= 6, `${short(f)} is not minimal`);
  }
});
