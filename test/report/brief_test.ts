import { assert, assertEquals } from "@std/assert";
import { brief, BRIEF_LINES } from "../../src/report/brief.ts";
import { interleaving } from "../../src/report/render.ts";
import type { Finding, TracePoint } from "../../src/report/types.ts";
import { AT_BOOT, noise, point, THREE_CPUS, touch, USE_AFTER_FREE } from "./inputs.ts";

const OPS = [
  "boot  a = mkdir(root)",
  "boot  attach(cpu0, a)",
  "cpu0  charge(64)",
  "cpu1  rmdir(a)",
];
const FINDING: Finding = {
  title: "T",
  oracle: "refcount",
  detail: ["it had reached zero", "and more"],
  at: { cpu: 0, context: "task", stack: ["outer", "g"] },
  others: [],
};
/** CPU1 puts the object between the load of the pointer and the use of it. */
const TRACE = [
  ...noise(9, 0, 2),
  touch(0, 2, "f", "READ_ONCE", "objcg#0.memcg", "memcg#1"),
  touch(1, 3, "reparent", "xchg", "objcg#0.memcg", "memcg#0", { switchReason: "schedule" }),
  ...noise(30, 1, 3),
  touch(1, 3, "put", "atomic_add_return", "memcg#1.count", "0", { context: "softirq" }),
  ...noise(5, 1, 3),
  touch(0, 2, "g", "atomic_add", "memcg#1.count", "1", { switchReason: "end" }),
];

Deno.test("brief() shows the program and the accesses that make the finding", () => {
  assertEquals(brief({ finding: FINDING, ops: OPS, trace: TRACE }), [
    "  it had reached zero",
    "  boot  a = mkdir(root); attach(cpu0, a)",
    "  cpu0  charge(64)",
    "  cpu1  rmdir(a)",
    "  CPU0  f              READ_ONCE objcg#0.memcg = memcg#1",
    "  CPU1  reparent       xchg objcg#0.memcg = memcg#0",
    "  CPU1  put [softirq]  atomic_add_return memcg#1.count = 0",
    "  CPU0  g              atomic_add memcg#1.count = 1",
  ]);
});

Deno.test("brief() stays within its lines and 100 characters, whatever it is given", () => {
  const many = Array.from({ length: 32 }, (_, cpu) => `cpu${cpu}  charge(${"9".repeat(120)})`);
  const trace: TracePoint[] = Array.from(
    { length: 40 },
    (_, i) => touch(0, 0, "a_function".repeat(9), "store", `objcg#1.field${i}`, "1"),
  );
  const finding: Finding = { ...FINDING, cells: [{ object: "objcg#1", field: null }] };
  const inputs = [
    { finding, ops: many, trace },
    { finding: { ...finding, detail: Array(40).fill("sentence") }, ops: OPS, trace: [] },
    USE_AFTER_FREE,
    THREE_CPUS,
    AT_BOOT,
  ];
  for (const input of inputs) {
    const lines = brief(input);
    assert(lines.length <= BRIEF_LINES, lines.join("\n"));
    for (const line of lines) assert(line.length <= 100, line);
  }
});

Deno.test("brief() shortens the path of a field before it cuts the value", () => {
  const at = touch(0, 2, "f".repeat(40), "atomic_add_return", "memcg#1.css.refcnt.count", "1");
  const far = { ...at, field: `${"css.".repeat(9)}count` };
  assertEquals(
    brief({ finding: FINDING, ops: OPS, trace: [far] }).at(-1),
    `  CPU0  ${"f".repeat(40)}  atomic_add_return memcg#1.…count = 1`,
  );
});

Deno.test("brief() leaves out the weakest accesses, and says how many", () => {
  const stores = Array.from(
    { length: 20 },
    (_, i) => touch(0, 2, "fill", "store", "objcg#0.n", String(i)),
  );
  const finding = { ...FINDING, cells: [{ object: "objcg#0", field: "n" }] };
  const lines = brief({ finding, ops: OPS, trace: [...stores, ...TRACE] });
  assertEquals(lines.length, BRIEF_LINES);
  for (const needed of ["READ_ONCE objcg#0.memcg", "xchg objcg#0.memcg", "atomic_add memcg#1"]) {
    assert(lines.some((line) => line.includes(needed)), lines.join("\n"));
  }
  assertEquals(lines.at(-1), "  … 16 more …");
});

Deno.test("interleaving() never leaves out an access that makes the finding", () => {
  const irq = { context: "hardirq" };
  const trace = [
    ...noise(9, 0, 2),
    touch(0, 2, "consume", "load", "stock#0.nr_bytes", "4032"),
    point({ cpu: 0, op: 2, stack: ["consume"], what: "interrupt" }),
    touch(0, 3, "consume", "store", "stock#0.nr_bytes", "4016", irq),
    ...noise(9, 0, 3).map((p) => ({ ...p, ...irq })),
    touch(0, 2, "consume", "store", "stock#0.nr_bytes", "4000"),
    ...noise(20, 0, 2),
    touch(0, 2, "charge", "store", "stock#0.nr_bytes", "3968"),
    ...noise(9, 0, 2),
  ];
  const finding: Finding = {
    ...FINDING,
    at: { cpu: 0, context: "task", stack: [] },
    when: "quiescence",
    cells: [{ object: "stock#0", field: "nr_bytes" }],
  };
  const text = interleaving({ ...USE_AFTER_FREE, ops: OPS, finding, trace });
  for (const value of [4032, 4016, 4000, 3968]) {
    assert(text.includes(`stock#0.nr_bytes = ${value}`), text);
  }
  assert(text.includes("more points"));
});

Deno.test("interleaving() shows boot operations when the finding lies in them", () => {
  const trace = [
    touch(0, 0, "css_alloc", "store", "memcg#1.flags", "2"),
    ...noise(9, 0, 0),
    touch(0, 1, "attach", "load", "task#0.css", "NULL"),
  ];
  const boot = interleaving({
    ...USE_AFTER_FREE,
    ops: OPS,
    finding: { ...FINDING, when: "boot" },
    trace,
  });
  assert(boot.includes("store memcg#1.flags = 2") && boot.includes("load task#0.css"), boot);
  const run = interleaving({ ...USE_AFTER_FREE, ops: OPS, finding: FINDING, trace });
  assert(!run.includes("memcg#1.flags"));
});
