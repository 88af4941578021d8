import { assert, assertEquals } from "@std/assert";
import { actorCpu } from "../../../src/machine/executor.ts";
import { file, makeMachine } from "../harness.ts";

const m = await makeMachine({ cpus: 3, target: file("test/bench/deadlock01.ts") });

/** The CPUs that let locks go in a program, in order. */
function releasers(body: string): number[] {
  m.run(body, { trace: false });
  const { meetings } = m.executor;
  for (let r = 1; r < meetings.releases; r++) {
    assert(meetings.releasedAt(r) > meetings.releasedAt(r - 1));
  }
  return Array.from({ length: meetings.releases }, (_, r) => actorCpu(meetings.releaser(r)));
}

Deno.test("releases of locks are noted with who lets them go, once a CPU was started", () => {
  assertEquals(releasers("cpu0 ab()\ncpu0 start(cpu1)\ncpu0 ab()\ncpu1 ba()"), [0, 0, 1, 1]);
  assertEquals(m.executor.meetings.starts, 1);
});

Deno.test("a program that starts no CPU has no releases", () => {
  assertEquals(releasers("cpu0 ab()\ncpu1 ab()"), []);
  assertEquals(m.executor.meetings.starts, 0);
});
