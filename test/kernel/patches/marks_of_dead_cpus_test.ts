/** The mend of B15: marks of stocks whose CPU goes down and comes up. */
import { assertEquals } from "@std/assert";
import { ROOT } from "../../system/harness.ts";
import { file, makeMachine } from "../../machine/harness.ts";

const fix = (name: string) => `${ROOT}src/kernel/patches/${name}.ts`;
const m = await makeMachine({
  cpus: 3,
  kernel: "v7.1",
  patches: [fix("b15-mark-of-a-dead-cpu-v6.16"), fix("b15-mark-of-an-isolated-cpu-v6.16")],
  target: file("test/kernel/probe_target.ts"),
});

const PROGRAM = `
  boot a = mkdir(root)
  boot attach(cpu0, a)
  boot kmalloc(0)
  cpu2 cpu_down(cpu0)
  cpu2 cpu_up(cpu0)
  cpu1 drain_all_stock(a)
  schedule: numeric
  order cpu1 cpu2 cpu0
`;
/** Points after which CPU1 has looked at the stock of CPU0, in all preemption models, and not marked it. */
const LOOKED = [6, 7, 8, 9];

Deno.test("a stock that is marked while its CPU comes up is drained", () => {
  for (const preempt of ["none", "full", "rt"] as const) {
    for (const looked of LOOKED) {
      for (let gap = 40; gap < 80; gap++) {
        const schedule = `+${looked} switch cpu2\n+${gap} switch cpu1`;
        const r = m.run(PROGRAM + schedule, { preempt, trace: false });
        assertEquals([r.title, r.text], [null, ""], `${preempt}, ${looked}, ${gap}`);
      }
    }
  }
});
