/** Jobs of CPU 0's Worker, done here on an executor without a machine. */
import { FakeExecutor, SPEC } from "../../engine/fake/executor.ts";
import type { JobContext } from "../../../src/cli/cpu0/job_context.ts";
import { Board } from "../../../src/cli/protocol/board.ts";
import type { CommonJob, ShardEvent } from "../../../src/cli/protocol/jobs.ts";

export const COMMON: CommonJob = {
  kernel: "posted",
  patches: [],
  target: "fake",
  targetUrl: new URL("../../../fuzz/fake.ts", import.meta.url).href,
  cpus: 3,
  preempt: "full",
  without: [],
  kcsan: "off",
  stepLimit: 20_000,
  everyStep: false,
  hangMs: 1000,
};

/** An update that is lost, with a schedule that loses it. */
export const RACE = `objcg-fuzz 1
title: a race
target: fake
cpus: 2
expect posted: lost update

cpu0  add(2)
cpu1  add(2)

schedule:
cpu0 until add: store
cpu1 until end
cpu0 until end
`;

/** A context for a job, and what it says. */
export function surroundings(executor = new FakeExecutor()) {
  const said: ShardEvent[] = [];
  const context: JobContext = {
    executor,
    target: { name: "fake", doc: "", ops: {} },
    spec: SPEC,
    board: new Board(),
    say: (event) => void said.push(event),
  };
  return { context, said, executor };
}
