import { assertEquals } from "@std/assert";
import { Board } from "../../../src/cli/protocol/board.ts";
import { phaseOf } from "../../../src/cli/shard/profile.ts";
import type { Monitor } from "../../../src/machine/executor.ts";

function monitor(phase: ReturnType<Monitor["phase"]>): Monitor {
  return { phase: () => phase, heartbeat: () => 0, input: () => ({} as never) };
}

Deno.test("a sample is what CPU 0 executes; else it chooses the next input", () => {
  const board = new Board();
  assertEquals(phaseOf(board, monitor("boot")), "boot");
  assertEquals(phaseOf(board, monitor("schedule")), "schedule");
  assertEquals(phaseOf(board, monitor("judgement")), "judgement");
  assertEquals(phaseOf(board, monitor("none")), "choosing");
});

Deno.test("executions that follow up a finding are part of that, files are not", () => {
  const board = new Board();
  board.setMinimizing(true);
  assertEquals(phaseOf(board, monitor("schedule")), "minimizing");
  board.writing(() => assertEquals(phaseOf(board, monitor("schedule")), "writing"));
  assertEquals(phaseOf(board, monitor("none")), "minimizing");
});
