/** What the patches of v6.15 change. */
import { assert, assertEquals } from "@std/assert";
import { file, makeMachine } from "../../machine/harness.ts";

const m = await makeMachine({
  cpus: 2,
  kernel: "v6.15",
  target: file("test/kernel/probe_target.ts"),
});
const SETUP = `boot a = mkdir(root)\nboot o = obj_cgroup_get_remote(a)`;

Deno.test("a charge that must not wait takes what it needs, and no batch", () => {
  const r = m.run(`
    ${SETUP}
    boot h = css_hold(a)
    cpu0 drain_all_stock(a)
    cpu0 nmi alloc_pages_nolock(h)
    cpu0 usage(a)
    cpu0 stock_pages(cpu0)
    schedule:
    cpu0 until drain_all_stock: mutex_trylock
    cpu0 interrupt
    cpu0 until end
  `);
  assertEquals([r.title, ...r.returns.slice(-2)], [null, 1, 0]);
});

/** What CPU0 does while it has its stock: an NMI arrives there. */
function inTheStock(nmi: string): ReturnType<typeof m.run> {
  return m.run(`
    ${SETUP}
    boot h = css_hold(a)
    boot p = alloc_pages_remote(h, 0, GFP_NOWAIT)
    cpu0 q = alloc_pages_remote(h, 0)
    cpu0 nmi ${nmi}
    cpu0 usage(a)
    cpu0 stock_pages(cpu0)
    schedule:
    cpu0 until consume_stock: READ_ONCE nr_pages
    cpu0 interrupt
    cpu0 until end
  `);
}

Deno.test("an NMI that interrupts the use of the stock does not take it: it charges by itself", () => {
  const r = inTheStock("alloc_pages_nolock(h)");
  assertEquals([r.title, ...r.returns.slice(-2)], [null, 65, 62]);
});

Deno.test("what it cannot put into the stock it uncharges", () => {
  const r = inTheStock("free_pages_nolock(p)");
  assertEquals([r.title, ...r.returns.slice(-2)], [null, 63, 62]);
});

Deno.test("pages of the root are not uncharged: B28", () => {
  const r = m.run(`
    ${SETUP}
    cpu0 rmdir(a)
    cpu0 synchronize_rcu()
    cpu0 synchronize_rcu()
    cpu0 obj_cgroup_charge(o, 8192)
    cpu0 obj_cgroup_uncharge(o, 8192)
    cpu0 drain_all_stock(root)
    cpu0 usage(root)
  `);
  assert(r.title === null, r.text);
  assertEquals(r.returns.at(-1), 2);
});
