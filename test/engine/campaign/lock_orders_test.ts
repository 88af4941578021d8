import { assert, assertEquals } from "@std/assert";
import { makeMachine, OBJCG } from "../../machine/harness.ts";

const m = await makeMachine({ cpus: 2, target: OBJCG });
const { attempt } = await import("../../../src/engine/inputs/input.ts");
const { combine, LockOrders } = await import("../../../src/engine/campaign/lock_orders.ts");
const { PackedSpec } = await import("../../../src/engine/programs/packed_spec.ts");
const { checkProgram } = await import("../../../src/prog/check.ts");
const { packProgram, unpackProgram } = await import("../../../src/prog/pack.ts");
const { PROGRAM_WORDS } = await import("../../../src/prog/layout.ts");

const words = new PackedSpec(m.spec);
/** css_set_lock, then a siglock. */
const FREEZE = "boot a = mkdir(root)\nboot freeze(a)\ncpu1 attach(cpu1, a)";
/** A siglock, then css_set_lock: the stock holds the last reference to a dead objcg (S9 in corpus/README.md). */
const SIGNAL = `
  boot a = mkdir(root)
  boot b = mkdir(root)
  boot attach(cpu0, b)
  boot o = obj_cgroup_get_remote(a)
  boot set_max(a, 1)
  boot obj_cgroup_charge(o, 1)
  boot obj_cgroup_put(o)
  boot rmdir(a)
  cpu0 s = signal(cpu0)
`;
const S9 =
  "WARNING: possible circular locking dependency: css_set_lock and sighand_struct->siglock";

function packed(body: string): Int32Array {
  const w = new Int32Array(PROGRAM_WORDS);
  packProgram(m.parse(body), m.spec, w);
  return w;
}

/** Run a program, CPU after CPU; its title, and what the orders it showed lead to. */
function show(orders: InstanceType<typeof LockOrders>, body: string) {
  const title = attempt(m.executor, m.parse(body), m.spec);
  return { title, made: orders.note(m.executor.program) };
}

Deno.test("two programs whose orders of locks make a cycle are put together, and lockdep sees it", () => {
  for (const [first, second] of [[FREEZE, SIGNAL], [SIGNAL, FREEZE]]) {
    const orders = new LockOrders(words, m.executor.lockOrders);
    assertEquals(show(orders, first), { title: null, made: [] });
    const { title, made } = show(orders, second);
    assertEquals(title, null, "neither shows it alone");
    assert(made.length > 0);
    const titles = made.map((w) => {
      const p = { ...unpackProgram(w, m.spec), target: m.spec.name };
      assertEquals(checkProgram(p, m.spec).map(String), []);
      return attempt(m.executor, p, m.spec);
    });
    assert(titles.includes(S9), String(titles));
    assertEquals(show(orders, second).made, [], "nothing new");
    const another = `boot z = mkdir(root)\n${second}`;
    assert(show(orders, another).made.length > 0, "another program closes the cycle as well");
  }
});

Deno.test("combine() keeps the names of its parts apart", () => {
  const w = combine([packed(FREEZE), packed(SIGNAL)], words)!;
  const p = unpackProgram(w, m.spec);
  assertEquals(p.ops.filter((o) => o.name === "mkdir").length, 3);
  const made = p.ops.flatMap((o) => o.result ?? []);
  assertEquals(made.length, new Set(made).size);
  const freeze = p.ops.find((o) => o.name === "freeze")!.args[0];
  assertEquals(freeze.kind === "ref" && freeze.name, p.ops[0].result);
});

Deno.test("combine() gives up on what is too large", () => {
  const large = packed(Array.from({ length: 40 }, () => "boot mkdir(root)").join("\n"));
  assertEquals(combine([large, large], words), null);
});
