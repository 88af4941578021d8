import { assertEquals } from "@std/assert";
import {
  actionCpu,
  actionOf,
  DEMOTE,
  EVENT_ACTIONS,
  EVENT_WORDS,
  eventAt,
  failBit,
  INTERRUPT,
  KWORKER,
  OP_WORDS,
  operationAt,
  packAction,
  PROGRAM_WORDS,
  S_WALK,
  SOFTIRQ,
  SWITCH,
} from "../../src/prog/layout.ts";
import { LIMITS } from "../../src/prog/types.ts";

Deno.test("EVENT_ACTIONS names every action at its number", () => {
  assertEquals(
    [SWITCH, DEMOTE, INTERRUPT, SOFTIRQ, KWORKER].map((action) => EVENT_ACTIONS[action]),
    ["switch", "demote", "interrupt", "softirq", "kworker"],
  );
  assertEquals(EVENT_ACTIONS.length, 5);
});

Deno.test("actionOf() and actionCpu() undo packAction(), for every action and CPU", () => {
  for (let action = 0; action < EVENT_ACTIONS.length; action++) {
    for (let cpu = 0; cpu < LIMITS.cpus; cpu++) {
      const word = packAction(action, cpu);
      assertEquals([actionOf(word), actionCpu(word)], [action, cpu]);
    }
  }
});

Deno.test("operationAt() and eventAt() end where the packed forms end", () => {
  assertEquals(operationAt(LIMITS.ops - 1) + OP_WORDS, PROGRAM_WORDS);
  assertEquals(eventAt(LIMITS.events - 1) + EVENT_WORDS, S_WALK);
});

Deno.test("failBit() has a bit of its own for each allocation of one word", () => {
  const bits = Array.from({ length: 32 }, (_, i) => failBit(i + 1));
  assertEquals(new Set(bits).size, 32);
  assertEquals(bits.reduce((word, bit) => word | bit, 0), -1);
});
