import { assertEquals, assertNotEquals } from "@std/assert";
import { makeMachine, OBJCG } from "../machine/harness.ts";

const m = await makeMachine({ cpus: 2, target: OBJCG });
const { rarestCpu, rarestState, stateCounts } = await import(
  "../../src/machine/memory/coverage.ts"
);

const CACHED = `
  boot a = mkdir(root)
  boot o = obj_cgroup_get_remote(a)
  cpu1 obj_cgroup_charge(o, 64)
`;
/** The stock of CPU1 holds the last reference to a dead objcg. */
const LAST = `
  boot p = mkdir(root)
  boot a = mkdir(p)
  boot o = obj_cgroup_get_remote(a)
  boot rmdir(a)
  cpu1 obj_cgroup_charge(o, 64)
  cpu1 obj_cgroup_put(o)
`;

/** The state that a program leads to, and the CPU that is in it. All states are equally common. */
function after(body: string): { state: number; cpu: number } {
  stateCounts.fill(0);
  rarestState();
  assertEquals(m.run(body, { trace: false }).title, null);
  const state = rarestState();
  return { state, cpu: rarestCpu() };
}

Deno.test("a CPU with an empty stock has no state", () => {
  assertEquals(after("boot a = mkdir(root)\ncpu0 synchronize_rcu()").state, 0);
});

Deno.test("the content of a stock is a state of its CPU", () => {
  const { state, cpu } = after(CACHED);
  assertNotEquals(state, 0);
  assertEquals(cpu, 1);
  assertEquals(after(CACHED.replaceAll("cpu1", "cpu0")), { state, cpu: 0 }, "the same on another");
});

Deno.test("the last reference to a dead objcg is a state of its own", () => {
  const last = after(LAST).state;
  const several = after(LAST.replace("cpu1 obj_cgroup_put(o)", "")).state;
  assertEquals(new Set([last, several, after(CACHED).state]).size, 3);
});

Deno.test("the cgroup that the CPU's task charges is a part of the state", () => {
  const alone = after(LAST).state;
  const other = after(`boot b0 = mkdir(root)\nboot attach(cpu1, b0)\n${LAST}`).state;
  const elsewhere = after(`boot b0 = mkdir(root)\nboot attach(cpu0, b0)\n${LAST}`).state;
  assertNotEquals(other, alone);
  assertEquals(elsewhere, alone, "the task of another CPU does not matter");
});

Deno.test("how deep the cgroup of the objcg lies is a part of the state, down to three levels", () => {
  const below = (depth: number) => {
    const mkdirs = Array.from(
      { length: depth },
      (_, i) => `boot a${i + 1} = mkdir(${i === 0 ? "root" : `a${i}`})`,
    );
    return after(`${mkdirs.join("\n")}
      boot o = obj_cgroup_get_remote(a${depth})
      cpu1 obj_cgroup_charge(o, 64)`).state;
  };
  const states = [1, 2, 3, 4].map(below);
  assertEquals(new Set(states.slice(0, 3)).size, 3);
  assertEquals(states[3], states[2]);
});

Deno.test("whom a dead objcg belongs to is a part of the state", () => {
  const deeper = after(LAST.replace("p = mkdir(root)", "q = mkdir(root)\nboot p = mkdir(q)")).state;
  assertNotEquals(after(LAST).state, deeper);
});
