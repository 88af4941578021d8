import { assert, assertEquals } from "@std/assert";
import type { Merged } from "../../../src/engine/campaign/lock_orders.ts";
import { NUMERIC, ONCE } from "../../../src/machine/executor.ts";
import { makeMachine, OBJCG } from "../../machine/harness.ts";

const m = await makeMachine({ cpus: 2, target: OBJCG });
const { attempt, titleOf } = await import("../../../src/engine/inputs/input.ts");
const { LockOrders } = await import("../../../src/engine/campaign/lock_orders.ts");
const { PackedSpec } = await import("../../../src/engine/programs/packed_spec.ts");
const { checkProgram } = await import("../../../src/prog/check.ts");
const { unpackProgram } = await import("../../../src/prog/pack.ts");
const { P_NOPS } = await import("../../../src/prog/layout.ts");

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
/** The same, but the cgroup is removed by another CPU, which must do so first. */
const RACING = SIGNAL.replace("boot rmdir(a)", "cpu1 rmdir(a)") +
  "schedule: numeric\norder cpu1 cpu0\n";
const S9 =
  "WARNING: possible circular locking dependency: css_set_lock and sighand_struct->siglock";

/** Run a program under its schedule; its title, and what the orders it showed lead to. */
function show(orders: InstanceType<typeof LockOrders>, body: string) {
  const title = attempt(m.executor, m.parse(body), m.spec);
  return { title, made: orders.note(m.executor.program, m.executor.schedule) };
}

/** What merged inputs show, each under its own schedule or CPU after CPU. */
function titlesOf(made: readonly Merged[]): (string | null)[] {
  return made.map(({ program, schedule }) => {
    const p = { ...unpackProgram(program, m.spec), target: m.spec.name };
    assertEquals(checkProgram(p, m.spec).map(String), []);
    if (schedule === null) return attempt(m.executor, p, m.spec);
    m.executor.program.set(program);
    m.executor.schedule.set(schedule);
    m.executor.execute(NUMERIC, ONCE);
    return titleOf(m.executor);
  });
}

Deno.test("two programs whose orders of locks make a cycle are put together, and lockdep sees it", () => {
  for (const [first, second] of [[FREEZE, SIGNAL], [SIGNAL, FREEZE]]) {
    const orders = new LockOrders(words, m.executor.lockOrders);
    assertEquals(show(orders, first), { title: null, made: [] });
    const { title, made } = show(orders, second);
    assertEquals(title, null, "neither shows it alone");
    const titles = titlesOf(made);
    assert(titles.includes(S9), String(titles));
    assertEquals(show(orders, second).made, [], "nothing new");
    const another = `boot z = mkdir(root)\n${second}`;
    assert(show(orders, another).made.length > 0, "another program closes the cycle as well");
  }
});

Deno.test("an order that needs a schedule is merged with it", () => {
  for (const [first, second] of [[FREEZE, RACING], [RACING, FREEZE]]) {
    const orders = new LockOrders(words, m.executor.lockOrders);
    show(orders, first);
    const { made } = show(orders, second);
    const own = made.filter(({ schedule }) => schedule !== null);
    assertEquals(titlesOf(made.filter(({ schedule }) => schedule === null)).includes(S9), false);
    assert(titlesOf(own).includes(S9), "with the schedule of its part");
  }
});

Deno.test("the smallest program that showed an order is the one that is merged", () => {
  const orders = new LockOrders(words, m.executor.lockOrders);
  const padding = Array.from({ length: 8 }, (_, i) => `boot p${i} = mkdir(root)`).join("\n");
  show(orders, `${padding}\n${FREEZE}`);
  show(orders, FREEZE);
  show(orders, `${padding}\n${FREEZE}`);
  const { made } = show(orders, SIGNAL);
  const sizes = made.map(({ program }) => program[P_NOPS]);
  assertEquals(Math.max(...sizes), FREEZE.split("\n").length + SIGNAL.trim().split("\n").length);
});
