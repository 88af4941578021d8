/** Who has the last reference of a dead objcg that is in no stock: a state of its own. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { makeMachine, OBJCG } from "../machine/harness.ts";

const m = await makeMachine({ cpus: 1, kernel: "v6.15", target: OBJCG });
const { rarestState, stateCounts } = await import("../../src/machine/memory/coverage.ts");

/** All states that a program comes to after its boot operations and at its end. */
function states(body: string): Set<number> {
  stateCounts.fill(0);
  rarestState();
  assertEquals(m.run(body, { trace: false }).title, null);
  return new Set(stateCounts.keys().filter((s) => stateCounts[s] > 0));
}

/** A cgroup of that depth has one object or page, is removed, and no stock has its objcg. */
function held(make: string, depth = 1, end = "rmdir(a)"): Set<number> {
  const dirs = depth === 1 ? "boot a = mkdir(root)" : "boot p = mkdir(root)\nboot a = mkdir(p)";
  return states(`${dirs}
    boot h = css_hold(a)
    boot x = ${make}
    boot css_drop(h)
    boot drain_all_stock(a)
    boot synchronize_rcu()
    cpu0 ${end}`);
}

const OBJECT = "kmalloc_remote(h, 64)";
const PAGE = "alloc_pages_nolock(h)";

Deno.test("a dead objcg is in another state than a living one", () => {
  for (const make of [OBJECT, PAGE]) {
    const news = held(make).difference(held(make, 1, "synchronize_rcu()"));
    assertEquals(news.size, 1, make);
  }
});

Deno.test("whether an object or a page has it is a part of the state; whose the objcg is now is not", () => {
  const [object] = held(OBJECT).difference(held(PAGE));
  const [page] = held(PAGE).difference(held(OBJECT));
  assert(object !== undefined && page !== undefined);
  assertNotEquals(object, page);
  assert(held(OBJECT, 2).has(object), "the objcg belongs to a cgroup, not to the root");
});

Deno.test("two objects have no last reference", () => {
  const one = held(OBJECT);
  const two = held(`${OBJECT}\n    boot y = ${OBJECT}`);
  assert(one.difference(two).size > 0);
});
